"""From votes to maps: when one is asked for, what it says, what remains of those who take their votes back."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.app import HANDLERS
from deliberate.core.jobs import Job
from deliberate.inputs.opinions.categories import by_category
from deliberate.inputs.opinions.exporting import polis_files
from deliberate.inputs.opinions.mapping.polis_reading import read
from deliberate.inputs.opinions.mapping.reference import Reference, reference
from deliberate.inputs.opinions.mapping.votes import votes
from deliberate.inputs.opinions.models import OpinionMap
from deliberate.inputs.opinions.numbering import numbered, votes_digest
from deliberate.inputs.opinions.publishing import map_document
from deliberate.inputs.opinions.queries import extremity, final_map, left_out, maps_of, rows_of
from deliberate.inputs.opinions.refreshing import (
    COMMITTED,
    KIND,
    PAUSE,
    ask_map,
    being_drawn,
    hear_close,
    hear_votes,
)
from deliberate.inputs.statements.acts import withdraw_votes
from deliberate.inputs.statements.events import VotesChanged
from deliberate.inputs.statements.models import Participant, Statement
from deliberate.journal.canonical import digest
from deliberate.journal.models import Entry, PrivatePart
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.acts import PhaseClosed, close_phase
from deliberate.process.models import Process

Crowd = Callable[..., list[Participant]]
MapNow = Callable[..., OpinionMap | None]


def asked(session: Session) -> list[Job]:
    return list(session.scalars(select(Job).where(Job.kind == KIND, Job.state == "waiting")))


def test_many_votes_ask_for_one_map(session: Session, process: Process, now: datetime) -> None:
    for second in range(5):
        ask_map(session, process, 1, now + timedelta(seconds=second))
    assert [job.not_before for job in asked(session)] == [now + PAUSE]
    assert being_drawn(session, process, 1)
    assert not being_drawn(session, process, 2)


def test_a_vote_just_before_a_map_is_read_asks_for_another_since_it_may_commit_too_late(
    session: Session, process: Process, now: datetime
) -> None:
    ask_map(session, process, 1, now)
    ask_map(session, process, 1, now + PAUSE - COMMITTED)
    assert len(asked(session)) == 2


def test_a_map_already_read_after_a_job_was_due_is_not_computed_again(
    session: Session, process: Process, crowd: Crowd, map_now: MapNow, now: datetime
) -> None:
    crowd(20)
    map_now(now + timedelta(minutes=2))
    crowd(2, first=20)
    found = map_now(now + timedelta(minutes=1))
    assert found is not None
    assert found.shown_votes == 20 * 8


def test_of_fewer_than_ten_people_there_is_no_map(crowd: Crowd, map_now: MapNow) -> None:
    crowd(9)
    assert map_now() is None


def test_two_camps_are_two_groups_and_what_all_share_is_found(
    session: Session, process: Process, crowd: Crowd, map_now: MapNow
) -> None:
    crowd(24)
    found = map_now()
    assert found is not None
    said = found.report
    assert [group["size"] for group in said["groups"]] == [12, 12]
    assert [one["number"] for one in said["shared"]] == [8]
    assert {one["number"] for one in said["divides"]} == {1, 2, 3, 4, 5, 6, 7}
    assert all(said["holds"][group["letter"]] for group in said["groups"])
    assert len(found.picture["dots"]) == 24
    assert set(extremity(session, process, 1)) == {one.id for one in session.scalars(select(Statement))}


def test_a_few_new_votes_are_folded_in_and_a_tenth_more_makes_a_new_reference(
    session: Session, process: Process, crowd: Crowd, map_now: MapNow, now: datetime
) -> None:
    crowd(40)
    first = map_now()
    assert first is not None
    axes = first.reference
    crowd(2, first=40)
    folded = map_now(now + timedelta(minutes=1))
    assert folded is not None
    assert (folded.number, folded.votes, folded.shown_votes) == (1, 320, 336)
    assert folded.reference == axes
    assert folded.report["participants"] == len(folded.picture["dots"]) == 42
    crowd(4, first=42)
    second = map_now(now + timedelta(minutes=2))
    assert second is not None
    assert (second.number, second.votes) == (2, 46 * 8)
    assert [one.number for one in maps_of(session, process, 1)] == [1, 2]
    assert maps_of(session, process, 1)[0].reference == {}


def test_between_two_maps_nobody_changes_letter_by_the_picture_alone(
    crowd: Crowd, map_now: MapNow, now: datetime
) -> None:
    crowd(40)
    first = map_now()
    assert first is not None
    before = dict(zip(first.display["participants"], first.display["colours"], strict=True))
    crowd(14, first=41)
    second = map_now(now + timedelta(minutes=1))
    assert second is not None
    assert second.number == 2
    after = dict(zip(second.display["participants"], second.display["colours"], strict=True))
    assert {who: after[who] for who in before} == before


def test_a_statement_that_was_refused_moves_nobody_any_more(
    session: Session, process: Process, crowd: Crowd, map_now: MapNow, now: datetime
) -> None:
    crowd(24)
    map_now()
    session.scalars(select(Statement).where(Statement.number == 3)).one().state = "refused"
    assert left_out(session, process, 1) == [3]
    found = map_now(now + timedelta(minutes=1))
    assert found is not None
    assert 3 not in found.reference["statements"]
    assert 3 not in [row["number"] for row in found.report["statements"]]


def test_who_withdraws_their_votes_leaves_no_dot_and_no_id(
    session: Session, process: Process, crowd: Crowd, map_now: MapNow, now: datetime
) -> None:
    people = crowd(24)
    map_now()
    gone = people[0].id
    withdraw_votes(session, people[0], now)
    found = map_now(now + timedelta(minutes=1))
    assert found is not None
    assert len(found.picture["dots"]) == 23
    kept = [json.dumps([one.reference, one.display]) for one in maps_of(session, process, 1)[:-1]]
    assert kept == [json.dumps([{}, {}])] * len(kept)
    assert gone not in found.display["participants"]


def test_when_so_many_withdraw_that_too_few_are_left_the_maps_go(
    session: Session, process: Process, crowd: Crowd, map_now: MapNow, now: datetime
) -> None:
    people = crowd(12)
    assert map_now() is not None
    for one in people[:5]:
        withdraw_votes(session, one, now)
    assert map_now(now + timedelta(minutes=1)) is None
    assert maps_of(session, process, 1) == []


# The close


def test_closing_an_open_phase_asks_for_its_last_map(
    session: Session, process: Process, now: datetime
) -> None:
    hear_close(session, PhaseClosed(process.phases[0]), now)
    hear_close(session, PhaseClosed(process.phases[1]), now)
    assert [job.payload for job in asked(session)] == [{"process": process.id, "round": 1}]


@pytest.fixture
def closed(
    session: Session,
    open_process: Process,
    organiser: User,
    crowd: Crowd,
    map_now: MapNow,
    now: datetime,
) -> OpinionMap:
    """The map of a round whose open phase has closed."""
    crowd(24)
    map_now()
    close_phase(session, Actor(organiser.id), open_process.phases[0], now + timedelta(hours=1))
    found = map_now(now + timedelta(hours=2))
    assert found is not None
    return found


def test_the_map_of_a_closed_round_stands_in_the_journal_by_its_digest(
    session: Session, process: Process, closed: OpinionMap
) -> None:
    entry = session.scalars(select(Entry).where(Entry.act == "map")).one()
    assert entry.object == "opinion map:1"
    assert entry.public["digest"] == closed.digest
    assert entry.public["participants"] == 24
    found = final_map(session, process, 1)
    assert found is not None
    assert found["digest"] == closed.digest
    assert digest("anything", found), "it has a canonical form"


def test_a_closed_round_is_journalled_once_however_often_it_is_mapped(
    session: Session, closed: OpinionMap, map_now: MapNow, now: datetime
) -> None:
    map_now(now + timedelta(hours=3))
    assert len(session.scalars(select(Entry).where(Entry.act == "map")).all()) == 1


def test_the_published_votes_recount_to_the_map_and_to_what_the_journal_commits_to(
    session: Session, process: Process, closed: OpinionMap
) -> None:
    conversation, faults = read(polis_files(session, process, 1, votes=True))
    assert conversation is not None
    assert not faults
    part = session.scalars(select(PrivatePart).where(PrivatePart.person == f"opinions:{process.id}/1")).one()
    assert part.content == {"votes": votes_digest(sorted(conversation.rows))}
    published = map_document(closed, rows_of(session, process, 1))
    assert published is not None
    assert digest("opinions", published) == closed.digest
    recounted = reference(votes(conversation.rows), previous=Reference.from_data(published["map"]))
    assert recounted.to_data() == published["map"]


def test_numbers_of_participants_follow_from_their_votes_alone() -> None:
    rows = [(71, 1, 1), (71, 2, -1), (5, 1, -1), (5, 2, 0), (9, 1, 1)]
    named, people = numbered(rows)
    assert people == [5, 9, 71]
    assert numbered([(who * 100 % 37, number, value) for who, number, value in reversed(rows)])[0] == named


def test_without_votes_the_export_has_statements_and_figures_alone(
    session: Session, process: Process, crowd: Crowd
) -> None:
    crowd(12)
    files = polis_files(session, process, 1, votes=False)
    assert set(files) == {"comments.csv", "summary.csv"}
    whole = polis_files(session, process, 1, votes=True)
    assert files["comments.csv"] == whole["comments.csv"]
    assert b"voters,\r\n" in files["summary.csv"]


def test_votes_in_the_export_say_a_day_and_no_hour(session: Session, process: Process, crowd: Crowd) -> None:
    crowd(12)
    lines = polis_files(session, process, 1, votes=True)["votes.csv"].decode().splitlines()[1:]
    assert len(lines) == 12 * 8
    assert all("00:00:00" in line for line in lines)


def test_a_vote_is_heard_where_the_application_is_composed(
    session: Session, process: Process, now: datetime
) -> None:
    assert (VotesChanged, hear_votes) in HANDLERS
    assert (PhaseClosed, hear_close) in HANDLERS
    hear_votes(session, VotesChanged(process, 1), now)
    assert being_drawn(session, process, 1)


# By what people said of themselves


def test_categories_are_told_of_five_people_and_more(
    session: Session, process: Process, crowd: Crowd
) -> None:
    people = crowd(24)
    for place, one in enumerate(people):
        one.categories = {"age": "16-29" if place < 20 else "75+", "gender": "woman"} if place > 4 else {}
    session.flush()
    shared = session.scalars(select(Statement).where(Statement.number == 8)).one()
    told = by_category(session, shared)
    assert told["gender"] == {"woman": {"agree": 19, "disagree": None, "pass": None}}
    assert "75+" not in told.get("age", {})
    people[0].categories = {"gender": "woman"}
    session.flush()
    assert by_category(session, shared) == {}, "what leaves four others, whose votes would then be known"
