"""What a worker does for a draw, done in the test's one session."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.panels import acts
from deliberate.panels.jobs import compute_draw, find_alternates
from deliberate.panels.models import Draw
from deliberate.people.rules import Actor

WORK = {"draw": compute_draw, "alternates": find_alternates}


class Unheard(jobs.Run):
    """A run whose progress goes nowhere: the test's one session is in use."""

    def report(self, progress: dict[str, Any], checkpoint: dict[str, Any] | None = None) -> None:
        pass


def do_job(session: Session, draw: Draw, now: datetime) -> None:
    """Do the job that a draw waits for."""
    job = session.get_one(jobs.Job, draw.job_id)
    WORK[job.kind](Unheard(session, lambda: session, job.id, "", dict(job.payload), None, lambda: now))
    job.state = "done"


def reveal(session: Session, actor: Actor, draw: Draw, randomness: str, now: datetime) -> None:
    """The panel and then its alternates, as an organiser reveals it and a worker goes on."""
    acts.reveal(session, actor, draw, randomness, now)
    if draw.awaited:
        do_job(session, draw, now)
