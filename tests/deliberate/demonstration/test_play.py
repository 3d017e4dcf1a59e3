"""The demonstration plays through the real acts, and what it publishes verifies, also after someone was erased."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from deliberate.app import HANDLERS
from deliberate.core import events
from deliberate.deliberation.tables.models import TablePlan
from deliberate.demonstration.data import Data
from deliberate.demonstration.play import play, publish_played
from deliberate.drafting import queries as drafting
from deliberate.drafting.models import Amendment, Charter, MinorityStatement, Settlement
from deliberate.inputs.answers.models import Answer
from deliberate.inputs.answers.queries import answered
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.models import Contribution
from deliberate.journal.queries import chain, search
from deliberate.journal.rules import chain_faults
from deliberate.panels.correspondence import Letter
from deliberate.panels.models import Contest, Registrant, Seat
from deliberate.people.acts import erase
from deliberate.people.models import User
from deliberate.people.rules import OPERATOR
from deliberate.process.models import Process
from deliberate.publication.acts import publish
from deliberate.publication.verify import verify
from tests.conftest import undone

SLUG = "chartes-bien-etre"


@pytest.fixture(scope="module")
def played(own_engine: Engine) -> Engine:
    """A database in which the demonstration was played."""
    for kind, handler in HANDLERS:
        events.on(kind, handler)
    assert play(own_engine, lambda said: None) == SLUG
    return own_engine


@pytest.fixture
def session(played: Engine) -> Iterator[Session]:
    """A session on it whose work is undone after the test."""
    with undone(played) as session:
        yield session


def test_its_journal_is_whole_goes_forward_in_time_and_says_that_it_is_a_demonstration(
    session: Session,
) -> None:
    entries = list(chain(session, SLUG))
    assert chain_faults(entries) == []
    assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)
    assert all(entry["demonstration"] for entry in entries)


def test_it_has_the_people_the_words_and_the_versions_it_promises(session: Session) -> None:
    assert session.query(Registrant).count() == 400
    assert Counter(seat.state for seat in session.query(Seat)) == {
        "confirmed": 24,
        "declined": 2,
        "waiting": 6,
    }
    assert session.query(Contribution).count() >= 80
    assert session.query(Lesson).count() >= 25
    assert session.query(Answer).count() == session.query(Contribution).count()
    assert {charter.key: len(charter.versions) for charter in session.query(Charter)} == dict.fromkeys(
        ("preamble", "time", "commons", "democracy", "knowledge"), 3
    )


def test_its_amendments_end_as_its_files_say(session: Session) -> None:
    expected = {"adopted": "adopted", "failed": "rejected", "not-chosen": "rejected"}
    told = {one["id"]: expected[one["outcome"]] for n in (1, 2) for one in Data().amendments(n)["amendment"]}
    found = {one.key: one.state for one in session.query(Amendment) if one.key in told}
    assert found == told
    kinds = {step["op"] for one in session.query(Amendment) for step in one.operations}
    assert {"insert", "replace", "move", "strike", "split", "join"} <= kinds


def test_a_conflict_was_settled_by_ballot_and_a_minority_stands_beside_the_text(session: Session) -> None:
    settlement = session.query(Settlement).one()
    assert (settlement.amendments, settlement.kept) == (["am-101", "am-102"], "am-101")
    assert session.query(MinorityStatement).one().clause == "t1"


def test_its_draw_was_written_of_contested_and_answered_and_its_first_session_sits_at_tables(
    session: Session,
) -> None:
    assert Counter(letter.kind for letter in session.query(Letter)) == {"drawn": 24, "alternate": 8}
    contest = session.query(Contest).one()
    assert contest.answered_at is not None
    plan = session.query(TablePlan).one()
    assert (plan.tables, plan.rounds, plan.figures["people"]) == (6, 3, 24)


def test_its_bundle_verifies_and_still_does_after_a_member_was_erased(
    session: Session, tmp_path: Path
) -> None:
    publish_played(session, SLUG, tmp_path)
    assert verify(tmp_path / SLUG).faults == []
    seat = session.scalars(select(Seat).where(Seat.state == "confirmed")).first()
    assert seat is not None
    user = session.get_one(User, seat.user_id)
    process = session.query(Process).one()
    closed = process.phases[-1].closes_at
    assert closed is not None
    later = closed + timedelta(days=60)
    erase(session, user, later)
    with publish(session, OPERATOR, process, tmp_path, later):
        session.flush()
    report = verify(tmp_path / SLUG)
    assert report.faults == []
    assert report.withdrawn


LISTS: dict[str, Callable[[Session, Process], object]] = {
    "the journal": lambda session, process: [one.opening for one in search(session, SLUG)[0]],
    "answers": lambda session, process: [(one.answer, one.question) for one in answered(session, process)[0]],
    "amendments": lambda session, process: [
        one.supports
        for charter in drafting.charters(session, process)[:1]
        for one in drafting.amendments(session, charter)
    ],
    "who does what": lambda session, process: [one.user.name for one in process.appointments],
}


@pytest.mark.parametrize("name", LISTS)
def test_a_long_list_is_read_in_few_statements(played: Engine, session: Session, name: str) -> None:
    process = session.scalars(select(Process).where(Process.slug == SLUG)).one()
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(played, "before_cursor_execute", count)
    LISTS[name](session, process)
    event.remove(played, "before_cursor_execute", count)
    assert 1 <= len(statements) <= 6, statements
