"""Households: who shares one, who decides of those in doubt, and what the draw makes of them."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from deliberate.core.errors import NotFound, NotPermitted, Refusal
from deliberate.journal.queries import chain
from deliberate.panels.acts import request_draw
from deliberate.panels.erasure import erase_registrant
from deliberate.panels.households import doubts, living, marks
from deliberate.panels.imports import decide_household, sign_pool
from deliberate.panels.lotteries import engine_inputs
from deliberate.panels.models import Registrant
from deliberate.panels.pool import HouseholdDecision
from deliberate.panels.queries import digest_of_pool
from deliberate.panels.recruitment import register
from deliberate.panels.rules import Contact
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.models import Process

ANSWERS = {"gender": "women", "age": "old"}
ADDRESSES = ["12 rue des Lilas, Lyon", "12, r. des lilas LYON", "12 rue des Lillas, Lyon", "3 Long Lane"]


def live(session: Session, process: Process, addresses: list[str], now: datetime) -> list[Registrant]:
    """Volunteers at these addresses, under the rule of one per household."""
    panel = {**process.protocol["panel"], "one_per_household": True}
    process.protocol = {**process.protocol, "panel": panel}
    return [
        register(session, VISITOR, process, ANSWERS, Contact(f"Person {n}", f"p{n}@x.org", "", one), now)[0]
        for n, one in enumerate(addresses)
    ]


@pytest.fixture
def homes(session: Session, process: Process, filled: list[Registrant], now: datetime) -> list[Registrant]:
    return live(session, process, ADDRESSES, now)


def decide(session: Session, organiser: User, process: Process, same: bool, now: datetime) -> None:
    """Decide the first doubt."""
    pair = doubts(session, process)[0]
    decide_household(session, Actor(organiser.id), process, pair.first.mark, pair.second.mark, same, now)


def test_an_address_written_otherwise_is_the_same_home_and_one_nearly_alike_waits(
    session: Session, process: Process, homes: list[Registrant]
) -> None:
    found = marks(session, process)
    first, second, third, alone = (found[one.pseudonym] for one in homes)
    assert first == second
    assert len({first, third, alone}) == 3
    told = living(session, process)
    assert told is not None
    assert told.shared == 2
    pairs = [(pair.first.address, pair.second.address, pair.same) for pair in doubts(session, process)]
    assert {pairs[0][0], pairs[0][1]} <= set(ADDRESSES[:3])
    assert [same for *_, same in pairs] == [None]


def test_without_the_rule_nobody_has_a_household(
    session: Session, process: Process, filled: list[Registrant]
) -> None:
    assert marks(session, process) == {}
    assert living(session, process) is None


def test_what_is_decided_changes_the_draw_the_digest_and_the_journal_without_an_address(
    session: Session, process: Process, organiser: User, homes: list[Registrant], now: datetime
) -> None:
    before = digest_of_pool(session, process)
    decide(session, organiser, process, True, now)
    assert digest_of_pool(session, process) != before
    entry = list(chain(session, process.slug))[-1]
    assert (entry["act"], entry["object"]) == ("join households", "pool")
    assert "ilas" not in str(entry)
    draw = request_draw(session, Actor(organiser.id), process, now, rehearsal=True)
    _, people = engine_inputs(draw)
    home = {one.id: one.household for one in people}
    assert len({home[one.pseudonym] for one in homes[:3]}) == 1
    assert home[homes[0].pseudonym]
    assert home[homes[3].pseudonym] == ""
    decide(session, organiser, process, False, now)
    assert digest_of_pool(session, process) == before
    assert [pair.same for pair in doubts(session, process)] == [False]


def test_a_signed_pool_needs_a_reason_and_only_organisers_decide(
    session: Session,
    process: Process,
    organiser: User,
    guarantor: User,
    homes: list[Registrant],
    now: datetime,
) -> None:
    pair = doubts(session, process)[0]
    marks_of = (pair.first.mark, pair.second.mark)
    with pytest.raises(NotPermitted):
        decide_household(session, Actor(guarantor.id), process, *marks_of, True, now)
    sign_pool(session, Actor(guarantor.id), process, now)
    with pytest.raises(Refusal, match="Say why"):
        decide_household(session, Actor(organiser.id), process, *marks_of, True, now)
    decide_household(session, Actor(organiser.id), process, *marks_of, True, now, reason="They said so")
    assert list(chain(session, process.slug))[-1]["public"]["reason"] == "They said so"
    for first, second in (("x", pair.second.mark), (pair.first.mark, pair.first.mark), ("", pair.first.mark)):
        with pytest.raises(NotFound):
            decide_household(session, Actor(organiser.id), process, first, second, True, now, reason="r")


def test_erasing_a_volunteer_erases_what_was_decided_of_their_address(
    session: Session, process: Process, organiser: User, homes: list[Registrant], now: datetime
) -> None:
    decide(session, organiser, process, True, now)
    erase_registrant(session, Actor(organiser.id), homes[2], now)
    assert session.query(HouseholdDecision).count() == 0


def test_under_the_rule_the_registration_form_needs_an_address(
    session: Session, process: Process, homes: list[Registrant], now: datetime
) -> None:
    with pytest.raises(Refusal, match="postal address") as refusal:
        register(session, VISITOR, process, ANSWERS, Contact("Nomad", "n@x.org"), now)
    assert refusal.value.field == "address"
