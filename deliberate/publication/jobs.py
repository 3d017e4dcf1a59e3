"""Publishing in the background: asked for by an act, done by the worker."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.jobs import Job
from deliberate.people.rules import CLOCK, Actor
from deliberate.process.models import Process
from deliberate.publication.acts import publish

KIND = "publish"


def ask_to_publish(session: Session, process: Process, now: datetime, user_id: int | None = None) -> None:
    """Have the worker publish a process, once however often it is asked for before it begins."""
    waiting = session.scalars(select(Job).where(Job.kind == KIND, Job.state == "waiting"))
    if not any(job.payload["process"] == process.id for job in waiting):
        jobs.ask(session, KIND, {"process": process.id, "user": user_id}, now)


def worker(bundles: Path) -> Callable[[jobs.Run], None]:
    """What does the jobs of kind `publish`."""

    def work(run: jobs.Run) -> None:
        process = run.session.get_one(Process, run.payload["process"])
        user_id = run.payload["user"]
        actor = Actor(user_id) if user_id else CLOCK
        with publish(run.session, actor, process, bundles, run.clock()):
            run.session.commit()

    return work
