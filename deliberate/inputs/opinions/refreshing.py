"""When a map is computed again: asked for by votes, without any of them waiting for another."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.jobs import Job
from deliberate.inputs.statements.events import VotesChanged
from deliberate.process.acts import PhaseClosed
from deliberate.process.models import Process

KIND = "opinion map"
PAUSE = timedelta(seconds=10)
# The longest that a vote's own transaction may last: a job that starts later reads that vote.
COMMITTED = timedelta(seconds=2)


def ask_map(session: Session, process: Process, round: int, now: datetime) -> None:
    """Have the map of a round computed soon, unless a job that will see this vote is waiting already.

    One look at an index and now and then one new row: votes lock nothing that another vote needs. Two at the same moment
    may each ask; the second job finds nothing left to do.
    """
    payload = {"process": process.id, "round": round}
    waiting = select(Job.payload).where(
        Job.state == "waiting", Job.not_before > now + COMMITTED, Job.kind == KIND
    )
    if payload not in session.scalars(waiting).all():
        jobs.ask(session, KIND, payload, now, at=now + PAUSE)


def hear_votes(session: Session, event: VotesChanged, now: datetime) -> None:
    """Somebody voted, changed a vote or took votes back."""
    ask_map(session, event.process, event.round, now)


def hear_close(session: Session, event: PhaseClosed, now: datetime) -> None:
    """An open phase is over: its last map rests on all its votes."""
    phase = event.phase
    if phase.kind == "open":
        payload = {"process": phase.process_id, "round": phase.round}
        jobs.ask(session, KIND, payload, now, at=now + COMMITTED)


def being_drawn(session: Session, process: Process, round: int) -> bool:
    """Whether a map of the round is waited for."""
    asked = select(Job.payload).where(Job.state.in_(("waiting", "running")), Job.kind == KIND)
    return {"process": process.id, "round": round} in session.scalars(asked).all()
