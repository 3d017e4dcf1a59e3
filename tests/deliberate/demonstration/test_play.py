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
from deliberate.inputs.dossiers.queries import dossier
from deliberate.inputs.entering.queries import made_from, sheet_counts
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating.queries import log_records, said_alike
from deliberate.inputs.statements.models import Participant, Statement
from deliberate.inputs.synthesis.ancestry import heirs, origins
from deliberate.inputs.synthesis.models import Placement, WordingProposal
from deliberate.inputs.synthesis.queries import contests, coverage, line, lines_of, standing_of
from deliberate.journal.queries import chain, search
from deliberate.journal.rules import chain_faults
from deliberate.panels.correspondence import Letter
from deliberate.panels.models import Contest, Registrant, Seat
from deliberate.people.acts import erase
from deliberate.people.models import User
from deliberate.people.rules import OPERATOR
from deliberate.process.models import Process
from deliberate.publication.acts import publish
from deliberate.publication.evidence.queries import evidence_from
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


@pytest.fixture
def process(session: Session) -> Process:
    """The process that was played."""
    return session.scalars(select(Process).where(Process.slug == SLUG)).one()


def heard(session: Session, key: str) -> Contribution:
    return session.scalars(select(Contribution).where(Contribution.key == key)).one()


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
    public = session.query(Contribution).filter_by(state="published").count()
    assert public >= 90
    assert session.query(Lesson).count() >= 25
    assert session.query(Answer).count() == public
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


def test_a_refusal_was_appealed_against_and_lifted_and_another_stands(
    session: Session, process: Process
) -> None:
    told = [one for one in log_records(session, process) if one["decision"] != "published-first"]
    assert [(one["thing"], one["decision"], one["rule"]) for one in told] == [
        ("contribution:c-186", "refused-first", "advertising"),
        ("contribution:c-155", "refused-first", "personal-data"),
        ("contribution:c-155", "overturned", ""),
    ]
    assert "publiée telle quelle" in told[-1]["reason"]
    assert heard(session, "c-155").state == "published"
    assert [one.key for one in said_alike(session, heard(session, "c-153"))] == ["c-184"]


def test_a_group_answered_member_by_member_and_sheets_came_back_from_a_home(
    session: Session, process: Process
) -> None:
    assert made_from(session, process) == {"c-111": ["c-181", "c-182", "c-183"]}
    assert heard(session, "c-111").count == 4
    assert sheet_counts(session, process) == (12, 3)


def test_everything_said_stands_on_a_line_and_those_who_split_and_merged_kept_its_roots(
    session: Session, process: Process
) -> None:
    for number in (1, 2):
        found = coverage(session, process, number)
        assert (found["placed"], found["unread"]) == (found["total"], [])
    assert len(heirs(session, line(session, process, "s-d5"))) == 2
    (merged,) = heirs(session, line(session, process, "s-t5"))
    assert [one.key for one in origins(session, merged)] == ["s-t5", "s-d4"]
    assert {one.contribution.key for one in merged.placements} >= {
        "c-105",
        "c-112",
        "c-146",
        "c-149",
        "c-155",
    }


def test_the_board_bears_every_line_and_dissent_stands_beside_it_in_words(
    session: Session, process: Process
) -> None:
    for number, dissented in ((1, "s-t2"), (2, "s-c6")):
        lines = lines_of(session, process, number)
        assert all(
            sum(sum(said.values()) for said in standing_of(process, one).counts.values()) == 4
            for one in lines
        )
        assert [one.key for one in lines if standing_of(process, one).dissent] == [dissented]
        (said,) = [
            one.words for one in line(session, process, dissented).reviews if one.position == "disagrees"
        ]
        assert said


def test_wordings_and_a_contest_were_answered(session: Session, process: Process) -> None:
    outcomes = {one.line.key: one.outcome for one in session.query(WordingProposal)}
    assert outcomes == {"s-t3": "taken up", "s-c6": "declined"}
    assert line(session, process, "s-t3").wording == 2
    waiting, answered_ones = contests(session, process, 1)
    assert (waiting, [one.contribution.key for one in answered_ones]) == ([], ["c-133"])
    standing = session.scalars(select(Placement).join(Contribution).where(Contribution.key == "c-133"))
    assert {one.line.key for one in standing} == {"s-c3", "s-c4"}


def test_a_lesson_was_corrected_and_attached_to_a_clause(session: Session) -> None:
    lesson = session.scalars(select(Lesson).where(Lesson.key == "l-gift-limits")).one()
    assert [one.content["teaches"]["en"].endswith("the will wears out.") for one in lesson.versions] == [True]
    assert len(lesson.validation) == 2
    (evidence,) = evidence_from(session, lesson)
    assert (evidence.clause, evidence.version_number) == ("t2b", 2)


def test_people_put_a_statement_one_was_retired_and_both_maps_stand_in_their_dossiers(
    session: Session, process: Process
) -> None:
    (proposed,) = session.query(Statement).filter_by(source="participant")
    assert proposed.state == "published"
    assert proposed.votes > 0
    (retired,) = session.query(Statement).filter_by(state="retired")
    assert retired.reason.startswith("Deux idées")
    about = [one.categories for one in session.query(Participant)]
    assert any(about)
    assert not all(about)
    for number in (1, 2):
        settled = dossier(session, process, number)
        assert settled is not None
        assert len(settled.content["opinions"]["groups"]) >= 2


def test_answers_to_a_line_stay_readable_where_someone_was_answered_again(session: Session) -> None:
    earlier = {one.contribution.key: [said.outcome for said in one.earlier] for one in session.query(Answer)}
    again = {"c-103", "c-108", "c-111", "c-114", "c-115"}
    assert {key: said for key, said in earlier.items() if said} == {key: ["partly"] for key in again}
    assert {
        one.answer.outcome for key in ("c-181", "c-182", "c-183") if (one := heard(session, key)).answer
    } == {"partly"}


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
