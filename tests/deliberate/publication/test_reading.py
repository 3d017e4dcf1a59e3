"""What public pages read of a journey, on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import NotPermitted
from deliberate.core.jobs import Job
from deliberate.people.models import User
from deliberate.people.rules import VISITOR
from deliberate.process.models import Process
from deliberate.publication import queries, reading
from deliberate.publication.acts import publish
from deliberate.publication.jobs import KIND, ask_to_publish


def test_a_day_gives_the_version_that_stood_at_its_end(session: Session, journey: Any) -> None:
    latest = reading.in_force(session, journey.charter)
    assert latest is not None
    assert latest.number == 2
    published = date(2026, 3, 12)
    assert reading.in_force(session, journey.charter, published) is latest
    assert reading.in_force(session, journey.charter, published - timedelta(days=1)) is None


def test_a_passage_knows_what_brought_it_and_whose_words_are_behind_it(
    session: Session, journey: Any
) -> None:
    lives = reading.lives(reading.stored(session, journey.charter))
    assert [(step.version, step.status, step.amendments) for step in lives["t1"]] == [
        (1, "inserted", ()),
        (2, "changed", ("am-1",)),
    ]
    assert [step.status for step in lives["t2"]] == ["inserted"]
    roots = reading.roots(lives["t1"], reading.sources(session, journey.process, journey.charter))
    assert [one.key for one in roots.contributions] == ["c-1"]
    assert [one.key for one in roots.lessons] == ["l-1"]
    assert [ballot.subject for ballot in roots.ballots] == ["amendment:am-1"]


def test_the_words_of_a_passage_are_told_apart_by_what_brought_them(session: Session, journey: Any) -> None:
    known = reading.stored(session, journey.charter)
    words = reading.words_by_clause(known, lambda texts: "fr" if "fr" in texts else "en")
    assert list(words) == ["t1"]
    assert "".join(one.text for one in words["t1"]) == "Chacun dispose librement d’une part de son temps."
    assert [one.origin.amendments for one in words["t1"] if "librement" in one.text] == [("am-1",)]


def test_a_version_shows_the_vote_that_adopted_it_and_the_statements_printed_with_it(
    session: Session, journey: Any
) -> None:
    version = reading.published_version(session, journey.charter, 2)
    ballot = reading.adopting_ballot(session, version)
    assert ballot is not None
    assert ballot.subject == "version:time:2"
    assert list(reading.statements_by_clause(session, journey.charter, 2)) == ["t1"]


def test_the_panel_is_shown_against_volunteers_and_population(session: Session, journey: Any) -> None:
    [gender] = queries.panel_figures(session, journey.process)
    assert [(row["panel"], row["pool"], row["population"]) for row in gender["rows"]] == [
        (0.5, 0.5, 0.51),
        (0.5, 0.5, 0.49),
    ]


def test_there_are_no_figures_before_a_draw(session: Session, process: Process) -> None:
    assert queries.panel_figures(session, process) == []


def test_those_who_combine_roles_come_first_and_members_are_not_named(session: Session, journey: Any) -> None:
    found = queries.holders(session, journey.process, journey.now)
    assert [holder.roles for holder in found] == [("organiser",), ("guarantor",)]


def test_only_organisers_publish_and_asking_twice_publishes_once(
    session: Session, process: Process, organiser: User, now: Any, tmp_path: Any
) -> None:
    with pytest.raises(NotPermitted):
        publish(session, VISITOR, process, tmp_path, now)
    for _ in range(2):
        ask_to_publish(session, process, now, organiser.id)
    assert len(session.scalars(select(Job).where(Job.kind == KIND)).all()) == 1
