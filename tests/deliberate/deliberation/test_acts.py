"""A day in a room: who is there, what is put before them, what they decide."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from deliberate.core import events
from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.deliberation.ballots.acts import (
    BallotClosed,
    CountsDiffer,
    cast_vote,
    close_ballot,
    count_paper,
    enter_votes,
    forget,
    open_ballot,
)
from deliberate.deliberation.ballots.models import Ballot
from deliberate.deliberation.ballots.queries import ballot_content, ballots_due, content_digest, turnout
from deliberate.deliberation.evidence.acts import add_evidence
from deliberate.deliberation.models import Sitting
from deliberate.deliberation.notes.acts import add_note
from deliberate.deliberation.queries import present_ids
from deliberate.deliberation.sittings.acts import mark_attendance, open_sitting
from deliberate.journal.queries import chain, openings
from deliberate.journal.rules import chain_faults
from deliberate.people.acts import Erased
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.appointments import dismiss
from deliberate.process.models import Process
from deliberate.process.queries import appointed

HOUR = timedelta(hours=1)
Opening = Callable[..., Ballot]


@pytest.fixture
def sitting(session: Session, room: Process, facilitator: User, now: datetime) -> Sitting:
    title = {"fr": "Première journée", "en": "First day"}
    return open_sitting(
        session, Actor(facilitator.id), room, title, now + HOUR, now, place="Namur", agenda=[title]
    )


@pytest.fixture
def opening(session: Session, room: Process, facilitator: User, now: datetime) -> Opening:
    def opening(**changes: Any) -> Ballot:
        given = {
            "subject": "amendment:am-1",
            "question": {"en": "Accept?"},
            "rule": "amendment",
            "present": 6,
            "now": now,
        }
        return open_ballot(session, Actor(facilitator.id), room, **{**given, **changes})

    return opening


@pytest.fixture
def heard() -> Iterator[list[Ballot]]:
    """The ballots that were announced as closed."""
    found: list[Ballot] = []

    def hear(session: Session, event: BallotClosed, now: datetime) -> None:
        found.append(event.ballot)

    events.on(BallotClosed, hear)
    yield found
    events._handlers[BallotClosed].remove(hear)


def test_presence_is_counted_from_those_in_the_room_when_a_ballot_opens(
    session: Session,
    sitting: Sitting,
    members: list[User],
    facilitator: User,
    opening: Opening,
    now: datetime,
) -> None:
    chair = Actor(facilitator.id)
    ids = [member.id for member in members]
    mark_attendance(session, chair, sitting, ids[:5], now)
    mark_attendance(session, chair, sitting, ids[1:5], now + HOUR)
    ballot = opening(sitting=sitting, present=None, now=now + 2 * HOUR)
    assert (ballot.present, ballot.seated) == (4, 6)
    assert present_ids(sitting, now) == set(ids[:5])
    with pytest.raises(NotPermitted, match="present when this ballot opened"):
        cast_vote(session, Actor(ids[0]), ballot, ["yes"], now + 3 * HOUR)


def test_a_person_without_a_seat_is_not_marked_present(
    session: Session, sitting: Sitting, members: list[User], facilitator: User, now: datetime
) -> None:
    with pytest.raises(Refusal, match="no seat"):
        mark_attendance(session, Actor(facilitator.id), sitting, [facilitator.id], now)


def test_a_ballot_does_not_open_while_presence_is_unknown(opening: Opening, members: list[User]) -> None:
    with pytest.raises(Refusal, match="present first"):
        opening(present=None)
    with pytest.raises(Refusal, match="cannot be right"):
        opening(present=7)


def test_a_ballot_keeps_the_rule_of_the_protocol_as_it_was(
    opening: Opening, room: Process, members: list[User]
) -> None:
    ballot = opening()
    assert ballot.rule["threshold"] == "3/4"
    room.protocol = {**room.protocol, "rules": {}}
    assert ballot.rule["threshold"] == "3/4"


def test_votes_are_counted_and_the_result_stands_in_the_journal(
    session: Session, room: Process, members: list[User], facilitator: User, opening: Opening, heard: list[Ballot],
    now: datetime,
) -> None:  # fmt: skip
    ballot = opening()
    for member, choice in zip(members, ["yes"] * 5 + ["no"], strict=True):
        cast_vote(session, Actor(member.id), ballot, [choice], now)
    close_ballot(session, Actor(facilitator.id), ballot, now + HOUR)
    assert ballot.counts == {"yes": 5, "no": 1, "abstain": 0}
    assert ballot.adopted
    assert heard == [ballot]
    entries = list(chain(session, room.slug))
    assert entries[-1]["public"]["counts"] == ballot.counts
    assert entries[-1]["public"]["digest"] == content_digest(ballot)
    assert chain_faults(entries) == []


def test_a_member_who_votes_twice_is_counted_once_with_the_last_vote(
    session: Session, members: list[User], facilitator: User, opening: Opening, now: datetime
) -> None:
    ballot = opening()
    cast_vote(session, Actor(members[0].id), ballot, ["yes"], now)
    cast_vote(session, Actor(members[0].id), ballot, ["no"], now)
    assert turnout(session, ballot).voted == 1
    close_ballot(session, Actor(facilitator.id), ballot, now + HOUR)
    assert ballot.counts == {"yes": 0, "no": 1, "abstain": 0}


def test_a_vote_after_the_closing_is_refused_and_changes_nothing(
    session: Session, members: list[User], facilitator: User, opening: Opening, now: datetime
) -> None:
    ballot = opening()
    cast_vote(session, Actor(members[0].id), ballot, ["yes"], now)
    close_ballot(session, Actor(facilitator.id), ballot, now + HOUR)
    counts, published = ballot.counts, ballot_content(ballot)
    with pytest.raises(Conflict, match="closed"):
        cast_vote(session, Actor(members[1].id), ballot, ["no"], now + 2 * HOUR)
    session.refresh(ballot)
    assert (ballot.counts, ballot_content(ballot)) == (counts, published)


def test_a_ballot_closes_once(
    session: Session, members: list[User], facilitator: User, opening: Opening, now: datetime
) -> None:
    ballot = opening()
    close_ballot(session, Actor(facilitator.id), ballot, now)
    with pytest.raises(Conflict):
        close_ballot(session, Actor(facilitator.id), ballot, now)


def test_one_ballot_at_a_time_is_open_on_a_thing(opening: Opening, members: list[User]) -> None:
    opening()
    with pytest.raises(Conflict, match="already open"):
        opening()


def test_a_member_whose_term_ended_does_not_vote(
    session: Session, room: Process, members: list[User], organiser: User, opening: Opening, now: datetime
) -> None:
    ballot = opening()
    seat = appointed(session, room, "panel member", now)[0]
    dismiss(session, Actor(organiser.id), seat, now + HOUR)
    with pytest.raises(NotPermitted):
        cast_vote(session, Actor(seat.user_id), ballot, ["yes"], now + 2 * HOUR)


def test_no_more_votes_are_taken_than_there_were_people_present(
    session: Session, members: list[User], opening: Opening, now: datetime
) -> None:
    ballot = opening(present=1)
    cast_vote(session, Actor(members[0].id), ballot, ["yes"], now)
    with pytest.raises(Conflict, match="As many votes"):
        cast_vote(session, Actor(members[1].id), ballot, ["yes"], now)


def test_votes_raised_by_hand_are_typed_in_for_the_room(
    session: Session, members: list[User], facilitator: User, opening: Opening, now: datetime
) -> None:
    ballot = opening()
    chair = Actor(facilitator.id)
    enter_votes(session, chair, ballot, {member.id: ["yes"] for member in members}, now)
    close_ballot(session, chair, ballot, now)
    assert ballot.counts == {"yes": 6, "no": 0, "abstain": 0}


def test_a_closed_ballot_can_be_counted_again_by_anyone(
    session: Session, members: list[User], facilitator: User, opening: Opening, now: datetime
) -> None:
    ballot = opening()
    for member in members[:5]:
        cast_vote(session, Actor(member.id), ballot, ["yes"], now)
    close_ballot(session, Actor(facilitator.id), ballot, now)
    content = ballot_content(ballot)
    assert len(content["votes"]) == 5
    assert content["votes"] == sorted(content["votes"], key=lambda vote: vote["voter"])
    assert "user_id" not in str(content)
    assert [vote["choice"] for vote in content["votes"]] == [["yes"]] * 5


@pytest.fixture
def secret(room: Process, opening: Opening, members: list[User]) -> Ballot:
    rules = room.protocol["rules"]
    room.protocol = {
        **room.protocol,
        "rules": {**rules, "amendment": {**rules["amendment"], "secrecy": "secret"}},
    }
    return opening()


def test_a_secret_ballot_is_not_voted_on_a_screen(
    session: Session, secret: Ballot, members: list[User], facilitator: User, now: datetime
) -> None:
    with pytest.raises(Refusal, match="on paper"):
        cast_vote(session, Actor(members[0].id), secret, ["yes"], now)
    with pytest.raises(Refusal, match="not who voted what"):
        enter_votes(session, Actor(facilitator.id), secret, {members[0].id: ["yes"]}, now)


def test_two_counts_that_differ_are_shown_and_do_not_close_the_ballot(
    session: Session, secret: Ballot, organiser: User, facilitator: User, now: datetime
) -> None:
    one, two = Actor(organiser.id), Actor(facilitator.id)
    count_paper(session, one, secret, {"yes": 5, "no": 1}, now)
    with pytest.raises(Conflict, match="Two people"):
        close_ballot(session, one, secret, now)
    count_paper(session, two, secret, {"yes": 4, "no": 2}, now)
    with pytest.raises(CountsDiffer) as refusal:
        close_ballot(session, one, secret, now)
    assert refusal.value.differences == {"yes": (5, 4), "no": (1, 2)}
    assert secret.state == "open"
    count_paper(session, two, secret, {"yes": 5, "no": 1}, now)
    close_ballot(session, two, secret, now)
    assert secret.adopted
    assert ballot_content(secret)["papers"] == ["no"] + ["yes"] * 5


def test_a_count_of_more_papers_than_people_is_refused(
    session: Session, secret: Ballot, facilitator: User, now: datetime
) -> None:
    with pytest.raises(Refusal, match="more papers"):
        count_paper(session, Actor(facilitator.id), secret, {"yes": 7}, now)


def test_a_choice_between_options_takes_several_approvals(
    session: Session, members: list[User], facilitator: User, opening: Opening, now: datetime
) -> None:
    options = [{"key": key, "label": {"en": key}} for key in ("am-1", "am-2", "none")]
    ballot = opening(subject="conflict:time:t1", rule="conflict", options=options)
    for member, choice in zip(
        members, [["am-1", "am-2"], ["am-1"], ["am-1"], ["am-1"], ["none"], []], strict=True
    ):
        cast_vote(session, Actor(member.id), ballot, choice, now)
    close_ballot(session, Actor(facilitator.id), ballot, now)
    assert ballot.outcome is not None
    assert (ballot.outcome["winner"], ballot.outcome["figures"]["papers"]) == ("am-1", 6)


def test_a_member_sees_the_ballots_that_wait_for_them(
    session: Session, room: Process, members: list[User], opening: Opening, now: datetime
) -> None:
    ballot = opening()
    assert ballots_due(session, room, members[0].id, now) == [ballot]
    cast_vote(session, Actor(members[0].id), ballot, ["yes"], now)
    assert ballots_due(session, room, members[0].id, now) == []


def test_evidence_needs_a_source_and_is_public_until_its_author_is_erased(
    session: Session, room: Process, members: list[User], now: datetime
) -> None:
    actor = Actor(members[0].id)
    with pytest.raises(Refusal, match="others can check"):
        add_evidence(session, actor, room, {"en": "It works."}, " ", "for", now)
    item = add_evidence(session, actor, room, {"en": "It works."}, "Report, p. 4", "for", now, about="t1")
    assert item.key == "e-1"
    assert [part["content"]["claim"] for part in openings(session, room.slug).values()] == [
        {"en": "It works."}
    ]


def test_a_table_leaves_its_notes(
    session: Session, sitting: Sitting, facilitator: User, now: datetime
) -> None:
    note = add_note(session, Actor(facilitator.id), sitting, "2", {"fr": "Le soin d'abord."}, now)
    assert note.sitting_id == sitting.id
    with pytest.raises(Refusal):
        add_note(session, Actor(facilitator.id), sitting, "2", {"fr": " "}, now)


def test_a_vote_of_an_erased_person_still_counts_under_nobodys_name(
    session: Session, members: list[User], facilitator: User, opening: Opening, now: datetime
) -> None:
    ballot = opening()
    vote = cast_vote(session, Actor(members[0].id), ballot, ["yes"], now)
    forget(session, Erased(members[0]), now)
    session.refresh(vote)
    assert vote.user_id is None
    close_ballot(session, Actor(facilitator.id), ballot, now)
    assert ballot.counts == {"yes": 1, "no": 0, "abstain": 0}
