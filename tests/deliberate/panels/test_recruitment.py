"""Volunteers: who enters the pool, who leaves it, and what is left of them when they ask to be erased."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotFound, NotPermitted, Refusal
from deliberate.journal.models import PrivatePart
from deliberate.journal.queries import chain
from deliberate.journal.rules import chain_faults
from deliberate.panels.erasure import erase_by_link, erase_registrant
from deliberate.panels.imports import import_registrants, sign_pool
from deliberate.panels.models import Draw, Registrant, RegistrantContact
from deliberate.panels.queries import digest_of_pool, pool, pool_counts, registrant, registrant_by_link
from deliberate.panels.quotas import FaultyQuotas, set_quotas
from deliberate.panels.recruitment import (
    correct_by_link,
    register,
    remove_registrant,
    withdraw_by_link,
)
from deliberate.panels.rules import Contact, QuotaRow
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.models import Process
from sortition import Respondent

ANSWERS = {"gender": "women", "age": "old"}
WANDA = Contact("Wanda Willing", "wanda@example.org", "0123", "1 Long Street")


def test_a_registration_gives_a_number_and_a_link_and_is_journalled_without_a_name(
    session: Session, process: Process, filled: list[Registrant], now: datetime
) -> None:
    wanda, secret = register(session, VISITOR, process, ANSWERS, WANDA, now)
    assert registrant_by_link(session, process, secret) is wanda
    assert registrant(session, process, wanda.pseudonym.lower().replace("-", " ")) is wanda
    entry = list(chain(session, process.slug))[-1]
    assert (entry["act"], entry["actor"]) == ("register", "visitor")
    assert "Wanda" not in str(entry)
    assert "women" not in str(entry)
    assert entry["private"].startswith("sha256:")


def test_an_answer_that_no_group_has_is_refused(
    session: Session, process: Process, filled: list[Registrant], now: datetime
) -> None:
    with pytest.raises(Refusal, match="Choose one") as refusal:
        register(session, VISITOR, process, {"gender": "women", "age": "middle"}, WANDA, now)
    assert refusal.value.field == "age"


def test_nobody_registers_before_the_window_or_after_it_or_twice(
    session: Session, process: Process, filled: list[Registrant], now: datetime
) -> None:
    for moment in (now - timedelta(days=2), now + timedelta(days=40)):
        with pytest.raises(NotPermitted, match="Registration is not open"):
            register(session, VISITOR, process, ANSWERS, WANDA, moment)
    register(session, VISITOR, process, ANSWERS, WANDA, now)
    with pytest.raises(Conflict, match="already registered"):
        register(session, VISITOR, process, ANSWERS, WANDA, now)


def test_two_people_may_share_an_address_but_not_be_unreachable(
    session: Session, process: Process, filled: list[Registrant], now: datetime
) -> None:
    wanda, _ = register(session, VISITOR, process, ANSWERS, WANDA, now)
    other, _ = register(
        session, VISITOR, process, ANSWERS, Contact("Walt", "wanda@example.org", "", "1, long STREET"), now
    )
    assert wanda.household == other.household != ""
    with pytest.raises(Refusal, match="Give a name"):
        register(session, VISITOR, process, ANSWERS, Contact("Nobody"), now)


def test_a_paper_form_received_in_time_is_typed_after_the_window(
    session: Session, process: Process, organiser: User, filled: list[Registrant], now: datetime
) -> None:
    later = now + timedelta(days=40)
    found, _ = register(session, Actor(organiser.id), process, ANSWERS, WANDA, later, source="paper")
    assert found.source == "paper"
    with pytest.raises(NotPermitted):
        register(session, VISITOR, process, ANSWERS, WANDA, later, source="paper")


def test_whoever_holds_the_link_withdraws_and_corrects(
    session: Session, process: Process, filled: list[Registrant], now: datetime
) -> None:
    wanda, secret = register(session, VISITOR, process, ANSWERS, WANDA, now)
    correct_by_link(session, process, secret, {"gender": "women", "age": "young"}, WANDA, now)
    assert wanda.values["age"] == "young"
    withdraw_by_link(session, process, secret, now)
    assert wanda not in pool(session, process)
    with pytest.raises(Conflict):
        withdraw_by_link(session, process, secret, now)
    with pytest.raises(NotFound):
        withdraw_by_link(session, process, "wrong", now)


def test_answers_do_not_change_once_the_draw_has_begun(
    session: Session, process: Process, prepared: Draw, filled: list[Registrant], now: datetime
) -> None:
    with pytest.raises(Conflict, match="draw has begun"):
        register(session, VISITOR, process, ANSWERS, WANDA, now)


def test_a_signed_pool_changes_with_a_reason_that_everyone_reads(
    session: Session,
    process: Process,
    organiser: User,
    guarantor: User,
    filled: list[Registrant],
    now: datetime,
) -> None:
    signature = sign_pool(session, Actor(guarantor.id), process, now)
    assert signature.digest == digest_of_pool(session, process)
    with pytest.raises(Refusal, match="Say why it changes"):
        register(session, Actor(organiser.id), process, ANSWERS, WANDA, now, source="paper")
    with pytest.raises(Refusal, match="Say why"):
        remove_registrant(session, Actor(organiser.id), filled[0], "", now)
    remove_registrant(session, Actor(organiser.id), filled[0], "Lives in another country", now)
    assert list(chain(session, process.slug))[-1]["public"] == {"reason": "Lives in another country"}
    assert signature.digest != digest_of_pool(session, process)


def test_only_a_guarantor_signs(
    session: Session, process: Process, organiser: User, filled: list[Registrant], now: datetime
) -> None:
    with pytest.raises(NotPermitted):
        sign_pool(session, Actor(organiser.id), process, now)


def test_a_file_is_entered_once_and_brings_known_people_up_to_date(
    session: Session, process: Process, organiser: User, filled: list[Registrant], now: datetime
) -> None:
    people = [
        Respondent(
            "n1",
            ANSWERS,
            {"id": "n1", "gender": "women", "Nom": "Anne", "email": "a@example.org", "note": "x"},
        ),
        Respondent("n2", ANSWERS, {"id": "n2", "gender": "women", "Nom": "Bea"}),
    ]
    done = import_registrants(session, Actor(organiser.id), process, people, now)
    assert (done.added, done.changed, done.unchanged) == (2, 0, 0)
    people[1] = Respondent("n2", {"gender": "men", "age": "old"}, {"id": "n2", "Nom": "Bob"})
    done = import_registrants(session, Actor(organiser.id), process, people, now)
    assert (done.added, done.changed, done.unchanged) == (0, 1, 1)
    assert len(pool(session, process)) == 32
    anne = next(one for one in pool(session, process) if one.reference == "n1")
    assert anne.contact is not None
    assert (anne.contact.name, anne.contact.email, anne.columns["note"]) == ("Anne", "a@example.org", "x")


def test_first_and_last_names_in_two_columns_make_one_name(
    session: Session, process: Process, organiser: User, filled: list[Registrant], now: datetime
) -> None:
    row = {"id": "7", "first_name": "Ada", "last_name": "Byron", "Adresse": "1 rue Longue"}
    ada = Respondent("7", {"gender": "women", "age": "old"}, row)
    import_registrants(session, Actor(organiser.id), process, [ada], now)
    found = session.query(Registrant).filter_by(reference="7").one()
    assert found.contact is not None
    assert (found.contact.name, found.contact.address) == ("Ada Byron", "1 rue Longue")
    assert found.columns == {"id": "7"}


def test_erasing_leaves_no_answer_no_contact_and_a_whole_chain(
    session: Session, process: Process, organiser: User, filled: list[Registrant], now: datetime
) -> None:
    wanda, secret = register(session, VISITOR, process, ANSWERS, WANDA, now)
    assert erase_by_link(session, process, secret, now) == 1
    assert (wanda.values, wanda.nonce, wanda.household, wanda.state) == ({}, "", "", "erased")
    assert session.get(RegistrantContact, wanda.id) is None
    assert session.query(PrivatePart).filter_by(person=wanda.person).count() == 0
    assert chain_faults(list(chain(session, process.slug))) == []
    with pytest.raises(NotFound):
        registrant_by_link(session, process, secret)


def test_a_sealed_draw_holds_a_registration_until_it_is_revealed(
    session: Session,
    process: Process,
    organiser: User,
    prepared: Draw,
    filled: list[Registrant],
    now: datetime,
) -> None:
    with pytest.raises(Conflict, match="until it is revealed"):
        erase_registrant(session, Actor(organiser.id), filled[0], now)


def test_quotas_that_contradict_themselves_are_refused_with_every_fault(
    session: Session, process: Process, organiser: User, now: datetime
) -> None:
    rows = [QuotaRow("gender", "women", 4, 3), QuotaRow("gender", "Women", 1, 1, "half")]
    with pytest.raises(FaultyQuotas) as refusal:
        set_quotas(session, Actor(organiser.id), process, rows, now)
    assert [index for index, _ in refusal.value.faults] == [0, 1, 1]


def test_a_group_that_volunteers_belong_to_is_not_left_out(
    session: Session, process: Process, organiser: User, filled: list[Registrant], now: datetime
) -> None:
    rows = [QuotaRow("gender", "women", 0, 6), QuotaRow("age", "young", 0, 6), QuotaRow("age", "old", 0, 6)]
    with pytest.raises(Conflict, match="men"):
        set_quotas(session, Actor(organiser.id), process, rows, now)
    assert pool_counts(session, process)["gender", "men"] == 12
