"""What the scenes of the demonstration share: who plays, in which process, and what time it is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.orm import Session

from deliberate.core.jobs import Job, Run, Work
from deliberate.demonstration.data import Data
from deliberate.people.models import User
from deliberate.people.rules import CLOCK, Actor
from deliberate.process.acts import record_transitions
from deliberate.process.models import Phase, Process

Thing = TypeVar("Thing")
Cue = tuple[datetime, Callable[[datetime], object]]
LEASE = "demonstration"


@dataclass
class Stage:
    """The process being replayed; `cast` is role → actor, `members` the people drawn, by seat."""

    session: Session
    data: Data
    say: Callable[[str], None]
    process: Process
    cast: dict[str, Actor] = field(default_factory=dict)
    members: list[User] = field(default_factory=list)
    reached: datetime | None = None

    def perform(self, cues: Iterable[Cue]) -> None:
        """Do each act at its moment, in the order of time."""
        for moment, act in sorted(cues, key=lambda cue: cue[0]):
            act(self.reach(moment))

    def reach(self, now: datetime) -> datetime:
        """Let the clock come to a moment: phases that opened or closed on the way are journalled at their own."""
        moments = {
            moment for phase in self.process.phases for moment in (phase.opens_at, phase.closes_at) if moment
        }
        for moment in sorted(moments):
            if moment <= now and (self.reached is None or moment > self.reached):
                record_transitions(self.session, CLOCK, moment)
                self.reached = moment
        return now

    def work(self, job_id: int | None, work: Work, now: datetime) -> None:
        """Do here what the worker does for what was asked for in the browser."""
        session = self.session
        job = session.get_one(Job, job_id)
        job.state, job.lease = "running", LEASE
        session.commit()
        work(Run(session, self._beside, job.id, LEASE, job.payload, None, lambda: now))
        job.state, job.lease, job.ended_at = "done", None, now
        session.commit()

    def _beside(self) -> Session:
        return Session(self.session.connection(), join_transaction_mode="create_savepoint")

    def phase(self, kind: str, round: int) -> Phase:
        """A phase by its kind and round."""
        return next(phase for phase in self.process.phases if (phase.kind, phase.round) == (kind, round))

    def member(self, seat: int) -> Actor:
        """The person in a seat, counted from 1."""
        return Actor(self.members[seat - 1].id)


def spread(things: Sequence[Thing], opens: datetime, closes: datetime) -> Iterator[tuple[Thing, datetime]]:
    """Each thing with a moment of its own, evenly between two moments."""
    step: timedelta = (closes - opens) / (len(things) + 1)
    for number, thing in enumerate(things, start=1):
        yield thing, opens + number * step
