"""Answering: what is said is kept, can be corrected and taken back, and nothing beside it stays for long."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core import events
from deliberate.core.errors import Conflict, NotFound, NotPermitted, TooMany
from deliberate.core.jobs import Job
from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.contributing import acts
from deliberate.inputs.contributing.acts import (
    contribute,
    contribution_of,
    correct_contribution,
    forget_contributions,
    withdraw_contribution,
)
from deliberate.inputs.contributing.contacts import follow, forget_in_time, mail_receipt, stop_following
from deliberate.inputs.contributing.models import AnswerSource, ContributorContact
from deliberate.inputs.contributing.queries import add_held, bursts
from deliberate.inputs.events import ContributionTakenBack
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.statements.making import add_statement, forget_drawn
from deliberate.journal.queries import chain, openings
from deliberate.journal.rules import chain_faults
from deliberate.people.acts import Erased, make_user
from deliberate.people.models import User
from deliberate.people.queries import DataRequested
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import close_phase, open_phase
from deliberate.process.models import Process

SAID = "Du temps avec ma fille."
DAY = timedelta(days=1)


@pytest.fixture
def question(session: Session, process: Process, organiser: User, now: datetime) -> Question:
    text = {"fr": "Pour vous, qu’est-ce que le bien-être ?", "en": "For you, what is well-being?"}
    question = add_question(session, Actor(organiser.id), process, "well-being", 1, text, now)
    open_phase(session, Actor(organiser.id), process.phases[0], now)
    return question


def said(
    session: Session,
    process: Process,
    question: Question,
    now: datetime,
    text: str = SAID,
    secret: str = "",
    source: str = "",
) -> tuple[Contribution, str]:
    return contribute(
        session, VISITOR, process, question, text, "fr", "web", {}, "time", now, secret=secret, source=source
    )


def published(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> tuple[Contribution, str]:
    contribution, secret = said(session, process, question, now)
    moderate(session, Actor(organiser.id), process, contribution, "publish", "", now)
    return contribution, secret


def kept(session: Session, table: type[ContributorContact] | type[AnswerSource]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_answer_waits_for_moderation_and_only_the_hash_of_its_receipt_is_kept(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    contribution, secret = said(session, process, question, now)
    assert contribution.state == "waiting"
    assert secret not in str(vars(contribution))
    assert contribution_of(session, secret) is contribution
    entry_ = list(chain(session, process.slug))[-1]
    assert entry_["act"] == "contribute"
    assert SAID not in str(entry_)
    assert openings(session, process.slug) == {}


def test_with_moderation_after_publication_an_answer_is_public_at_once(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    process.protocol = {**process.protocol, "moderation": "after"}
    assert said(session, process, question, now)[0].state == "published"


def test_an_answer_outside_the_open_phase_of_its_round_is_refused(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    close_phase(session, Actor(organiser.id), process.phases[0], now + DAY)
    with pytest.raises(NotPermitted, match="not being collected"):
        said(session, process, question, now + DAY)


def test_a_receipt_corrects_and_the_first_words_are_forgotten(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    contribution, secret = published(session, process, question, organiser, now)
    correct_contribution(session, secret, "Du temps, et du silence.", now)
    assert contribution.state == "waiting"
    moderate(session, Actor(organiser.id), process, contribution, "publish", "", now)
    assert [opening["content"]["text"] for opening in openings(session, process.slug).values()] == [
        "Du temps, et du silence."
    ]
    assert chain_faults(list(chain(session, process.slug))) == []


def test_correcting_forgets_the_first_words_wherever_they_were_repeated(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    events.on(ContributionTakenBack, forget_drawn)
    contribution, secret = published(session, process, question, organiser, now)
    drawn = add_statement(
        session, Actor(organiser.id), process, {"fr": "Avec ma fille."}, "fr", now, contribution=contribution
    )
    correct_contribution(session, secret, "Du temps.", now)
    assert (drawn.state, drawn.text, drawn.folded) == ("withdrawn", {}, "")


def test_a_receipt_withdraws_the_words_and_leaves_the_place(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    contribution, secret = published(session, process, question, organiser, now)
    withdraw_contribution(session, secret, now)
    assert (contribution.state, contribution.text, contribution.folded) == ("withdrawn", "", "")
    assert openings(session, process.slug) == {}
    assert chain_faults(list(chain(session, process.slug))) == []
    with pytest.raises(Conflict):
        withdraw_contribution(session, secret, now)
    with pytest.raises(NotFound):
        withdraw_contribution(session, "guess", now)


def test_erasing_a_person_withdraws_what_they_contributed(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    user = make_user(session, "eve@example.org", "Eve", now)
    contribution, _ = contribute(session, Actor(user.id), process, question, SAID, "fr", "web", {}, "", now)
    forget_contributions(session, Erased(user), now)
    assert (contribution.state, contribution.text, contribution.user_id) == ("withdrawn", "", None)


def test_a_refused_answer_can_be_put_in_other_words_and_waits_again(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    process.protocol = {**process.protocol, "moderation": "after"}
    contribution, secret = said(session, process, question, now)
    moderate(session, Actor(organiser.id), process, contribution, "refuse", "Names a neighbour.", now)
    correct_contribution(session, secret, "Du temps.", now)
    assert (contribution.state, contribution.text) == ("waiting", "Du temps.")
    assert openings(session, process.slug) == {}


def test_a_receipt_is_used_for_one_answer_only(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    said(session, process, question, now, secret="k" * 26)
    with pytest.raises(Conflict, match="already recorded under this receipt"):
        said(session, process, question, now, "Autre chose", secret="k" * 26)


def test_a_network_may_send_the_answers_of_a_workshop_but_no_flood(
    session: Session, process: Process, question: Question, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "ANSWERS_PER_SOURCE", 3)
    for number in range(3):
        said(session, process, question, now, f"Réponse {number}", source="room")
    with pytest.raises(TooMany, match="from your network"):
        said(session, process, question, now, "De trop", source="room")
    said(session, process, question, now, "D’ailleurs", source="elsewhere")
    said(session, process, question, now + timedelta(minutes=16), "Plus tard", source="room")


def test_moderators_are_told_of_many_answers_from_one_network_and_of_nothing_else(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    many = [said(session, process, question, now, f"Réponse {n}", source="one")[0] for n in range(20)]
    few = said(session, process, question, now, "Seule", source="two")[0]
    late = said(session, process, question, now + timedelta(hours=2), "Après", source="one")[0]
    assert bursts(session, process, [*many, few, late], now) == {one.key: 20 for one in many}
    assert bursts(session, process, many, now + 8 * DAY) == {}


def test_an_address_is_kept_only_by_those_who_ask_and_goes_with_their_words(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    contribution, secret = said(session, process, question, now, source="one")
    mail_receipt(session, secret, "eve@example.org", "Receipt", "…", now)
    assert session.scalars(select(Job.payload)).one()["to"] == "eve@example.org"
    assert kept(session, ContributorContact) == 0
    follow(session, secret, "eve@example.org", "fr", now)
    follow(session, secret, "eve@example.net", "en", now)
    assert session.get_one(ContributorContact, contribution.id).address == "eve@example.net"
    assert "eve@example" not in str(list(chain(session, process.slug)))
    withdraw_contribution(session, secret, now)
    assert (kept(session, ContributorContact), kept(session, AnswerSource)) == (0, 0)
    with pytest.raises(Conflict, match="were withdrawn"):
        follow(session, secret, "eve@example.org", "fr", now)


def test_an_address_can_be_deleted_by_the_receipt(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    _, secret = said(session, process, question, now)
    follow(session, secret, "eve@example.org", "fr", now)
    stop_following(session, secret)
    assert kept(session, ContributorContact) == 0


def test_a_receipt_sends_three_letters_at_most_in_a_quarter_of_an_hour(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    _, secret = said(session, process, question, now)
    for number in range(3):
        mail_receipt(session, secret, f"eve{number}@example.org", "Receipt", "…", now)
    with pytest.raises(TooMany):
        mail_receipt(session, secret, "eve@example.org", "Receipt", "…", now)


def test_networks_are_forgotten_after_a_week_and_addresses_when_the_protocol_says(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    _, secret = said(session, process, question, now, source="one")
    follow(session, secret, "eve@example.org", "fr", now)
    forget_in_time(session, now + 6 * DAY)
    assert (kept(session, ContributorContact), kept(session, AnswerSource)) == (1, 1)
    forget_in_time(session, now + 8 * DAY)
    assert (kept(session, ContributorContact), kept(session, AnswerSource)) == (1, 0)
    forget_in_time(session, now + 729 * DAY)
    assert kept(session, ContributorContact) == 1
    assert forget_in_time(session, now + 731 * DAY) == 1


def test_what_is_held_about_a_person_names_the_address_they_left_and_erasing_takes_it(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    user = make_user(session, "eve@example.org", "Eve", now)
    _, secret = contribute(session, Actor(user.id), process, question, SAID, "fr", "web", {}, "", now)
    follow(session, secret, "eve@example.net", "fr", now)
    request = DataRequested(user)
    add_held(session, request, now)
    assert [one["address"] for one in request.held["contribution_contacts"]] == ["eve@example.net"]
    forget_contributions(session, Erased(user), now)
    assert kept(session, ContributorContact) == 0
