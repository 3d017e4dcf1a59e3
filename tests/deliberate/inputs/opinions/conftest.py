"""Two camps that vote against each other, and a worker that maps them."""

from collections.abc import Callable, Iterable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.jobs import Run
from deliberate.inputs.opinions.jobs import compute_map
from deliberate.inputs.opinions.models import OpinionMap
from deliberate.inputs.opinions.queries import latest
from deliberate.inputs.opinions.refreshing import KIND
from deliberate.inputs.statements.models import Participant, Statement, StatementVote
from deliberate.process.models import Process

STATEMENTS = 8
Crowd = Callable[..., list[Participant]]
MapNow = Callable[..., OpinionMap | None]


def opinion(person: int, number: int) -> int:
    """People of even number agree with even statements and not with odd ones, the others the other way; all share 8.

    One in five passes on a statement, each on another.
    """
    if number == STATEMENTS:
        return 1
    if person % 5 == 0 and number == person // 5 % (STATEMENTS - 1) + 1:
        return 0
    return 1 if (person + number) % 2 == 0 else -1


def fill(
    session: Session, process: Process, now: datetime, people: Iterable[int], round: int = 1
) -> list[Participant]:
    """Statements 1 to 8 of a round, where they are not there yet, and the votes of these people on all of them."""
    texts = session.query(Statement).filter_by(process_id=process.id, round=round).all() or [
        Statement(
            process_id=process.id, key=f"s-{round}-{number}", round=round, number=number, text={"en": f"Idea {number}"},
            folded=f"idea {number}", language="en", source="team", state="published", at=now,
        )
        for number in range(1, STATEMENTS + 1)
    ]  # fmt: skip
    session.add_all(texts)
    made = {person: Participant(process_id=process.id, at=now) for person in people}
    session.add_all(made.values())
    session.flush()
    for person, participant in made.items():
        for one in texts:
            said = opinion(person, one.number)
            session.add(StatementVote(participant_id=participant.id, statement_id=one.id, value=said, at=now))
            tally = {1: "agrees", -1: "disagrees", 0: "passes"}[said]
            setattr(one, tally, (getattr(one, tally) or 0) + 1)
    session.flush()
    return list(made.values())


@pytest.fixture
def crowd(session: Session, process: Process, now: datetime) -> Crowd:
    """Let so many people vote, the first of them being person number `first`."""

    def crowd(count: int, first: int = 0) -> list[Participant]:
        return fill(session, process, now, range(first, first + count))

    return crowd


@pytest.fixture
def map_now(session: Session, process: Process, now: datetime) -> MapNow:
    """Let a worker map a round at a moment; returns the map as it stands then."""

    def map_now(at: datetime = now, round: int = 1) -> OpinionMap | None:
        payload = {"process": process.id, "round": round}
        job = jobs.ask(session, KIND, payload, at)
        compute_map(Run(session, lambda: session, job.id, "", payload, None, lambda: at))
        job.state = "done"
        session.commit()
        return latest(session, process, round)

    return map_now
