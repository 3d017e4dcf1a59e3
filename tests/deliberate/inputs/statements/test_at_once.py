"""Many votes at once, several of them by the same person: none is lost, none doubled, and tallies follow."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from deliberate.core.errors import Refusal
from deliberate.inputs.statements import acts, making, queries
from deliberate.inputs.statements.models import Participant, Statement, StatementVote
from deliberate.people.acts import make_user
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import create_process, lock_protocol, open_phase
from deliberate.process.models import Process
from tests.conftest import PROTOCOL

PEOPLE, STATEMENTS = 6, 4


@pytest.fixture
def process_id(own_engine: Engine, now: datetime) -> int:
    """A process in its open phase with some statements."""
    with Session(own_engine) as session:
        actor = Actor(make_user(session, "crowd@example.org", "Cora", now, role="organiser").id)
        texts = {"title": {"en": "A crowd"}, "question": {"en": "All at once?"}}
        process = create_process(session, actor, texts, json.loads(json.dumps(PROTOCOL)), now)
        lock_protocol(session, actor, process, now)
        open_phase(session, actor, process.phases[0], now)
        for number in range(STATEMENTS):
            making.add_statement(session, actor, process, {"en": f"Idea {number}"}, "en", now)
        session.commit()
        return process.id


def test_votes_at_once_are_all_there_and_counted_once(
    own_engine: Engine, process_id: int, now: datetime
) -> None:
    def run(task: tuple[int, int, int]) -> None:
        person, statement, value = task
        with Session(own_engine) as session:
            process = session.get_one(Process, process_id)
            found = queries.statements_of(session, process, 1)[statement]
            acts.vote(session, VISITOR, process, found, value, now, secret=f"person {person} of {process_id}")
            session.commit()

    # Everyone votes on everything three times over, in a muddle: the first votes of a person meet each other too.
    tasks = [
        (p, s, (p + s + again) % 3 - 1)
        for again in range(3)
        for s in range(STATEMENTS)
        for p in range(PEOPLE)
    ]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(run, tasks))
    with Session(own_engine) as session:
        people = session.scalars(select(Participant).where(Participant.process_id == process_id)).all()
        assert len(people) == PEOPLE
        for statement in session.scalars(select(Statement).where(Statement.process_id == process_id)):
            votes = session.scalars(
                select(StatementVote.value).where(StatementVote.statement_id == statement.id)
            ).all()
            counted = Counter(votes)
            assert len(votes) == PEOPLE
            assert (statement.agrees, statement.passes, statement.disagrees) == (
                counted[1], counted[0], counted[-1],
            )  # fmt: skip


def test_people_who_withdraw_at_once_leave_tallies_at_nothing(
    own_engine: Engine, process_id: int, now: datetime
) -> None:
    secrets = [f"leaver {person} of {process_id}" for person in range(PEOPLE)]
    with Session(own_engine) as session:
        process = session.get_one(Process, process_id)
        for secret in secrets:
            for at, statement in enumerate(queries.statements_of(session, process, 1)):
                acts.vote(session, VISITOR, process, statement, at % 3 - 1, now, secret=secret)
        session.commit()

    def leave(secret: str) -> None:
        with Session(own_engine) as session:
            acts.withdraw_votes(session, queries.holder_of(session, secret), now)
            session.commit()

    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(leave, secrets))
    with Session(own_engine) as session:
        for statement in session.scalars(select(Statement).where(Statement.process_id == process_id)):
            assert statement.votes == 0


def test_somebody_who_withdraws_twice_at_once_is_told_so_the_second_time(
    own_engine: Engine, process_id: int, now: datetime
) -> None:
    secret = f"hasty of {process_id}"
    with Session(own_engine) as session:
        process = session.get_one(Process, process_id)
        acts.vote(
            session, VISITOR, process, queries.statements_of(session, process, 1)[0], 1, now, secret=secret
        )
        session.commit()

    def leave(_time: int) -> str:
        with Session(own_engine) as session:
            try:
                acts.withdraw_votes(session, queries.holder_of(session, secret), now)
            except Refusal as refusal:
                return type(refusal).__name__
            session.commit()
            return "withdrawn"

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(leave, range(4)))
    assert said.count("withdrawn") == 1
    assert set(said) <= {"withdrawn", "Conflict", "NotFound"}
