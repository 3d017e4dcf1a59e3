"""Publishing in the background: asked for by an act, done by the worker."""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.jobs import Job
from deliberate.drafting.adoption import VersionPublished
from deliberate.journal.acts import Withdrawn
from deliberate.journal.models import Entry
from deliberate.people.acts import Erased
from deliberate.people.rules import CLOCK, Actor
from deliberate.process.models import Process
from deliberate.publication.acts import publish

KIND = "publish"


def ask_to_publish(session: Session, process: Process, now: datetime, user_id: int | None = None) -> None:
    """Have the worker publish a process, once however often it is asked for before it begins."""
    waiting = session.scalars(select(Job).where(Job.kind == KIND, Job.state == "waiting"))
    if not any(job.payload["process"] == process.id for job in waiting):
        jobs.ask(session, KIND, {"process": process.id, "user": user_id}, now)


def publish_version(session: Session, event: VersionPublished, now: datetime) -> None:
    """A version that was published goes into the bundle at once."""
    ask_to_publish(session, event.version.charter.process, now)


def publish_again(session: Session, _event: Erased, now: datetime) -> None:
    """What an erased person leaves public must not stay in the bundles that stand."""
    _publish_again(session, None, now)


def publish_without(session: Session, event: Withdrawn, now: datetime) -> None:
    """Words that were withdrawn or refused must not stay in the bundle that stands."""
    _publish_again(session, event.scopes, now)


def _publish_again(session: Session, within: Collection[str] | None, now: datetime) -> None:
    scopes = select(Entry.scope).where(Entry.act == "publish", Entry.object == "process:" + Entry.scope)
    if within is not None:
        scopes = scopes.where(Entry.scope.in_(within))
    for process in session.scalars(select(Process).where(Process.slug.in_(scopes))):
        ask_to_publish(session, process, now)


def bundles(instance: Path) -> Path:
    """Where an instance keeps its bundles."""
    return instance / "bundles"


def worker(folder: Path) -> Callable[[jobs.Run], None]:
    """What does the jobs of kind `publish`."""

    def work(run: jobs.Run) -> None:
        process = run.session.get_one(Process, run.payload["process"])
        user_id = run.payload["user"]
        actor = Actor(user_id) if user_id else CLOCK
        with publish(run.session, actor, process, folder, run.clock()):
            run.session.commit()

    return work
