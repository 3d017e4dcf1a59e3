"""Work that outlasts a page: a job is a row, written in the same transaction as the act that asks for it.

A worker claims a row by a lease and renews it while it works; when a worker is killed its lease runs out and another
worker takes the row again, from the last checkpoint. Nothing else holds a job, so nothing else can lose one. A job
that takes its worker down each time ends as failed after MAX_ATTEMPTS, as one that raises each time does.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, Text, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.core.database import Base
from deliberate.core.errors import N_, Refusal

LEASE = timedelta(seconds=60)
RETRY_AFTER = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
MAX_ATTEMPTS = len(RETRY_AFTER) + 1
DIED = "the worker was killed each time it tried"
log = logging.getLogger(__name__)


class Job(Base):
    """A piece of work: `waiting`, `running` (while its lease holds), then `done`, `failed` or `cancelled`."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state in ('waiting','running','done','failed','cancelled')", name="state"),
        Index("ix_job_due", "state", "not_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    lease: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    checkpoint: Mapped[dict[str, Any] | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Cancelled(Exception):
    """Someone cancelled the job, or its lease went to another worker: stop and write nothing."""


@dataclass
class Run:
    """What a job's handler is given.

    `session` is the handler's own: commit before computing for long, so that nobody waits for a lock.
    """

    session: Session
    side: Callable[[], Session]
    job_id: int
    lease: str
    payload: dict[str, Any]
    checkpoint: dict[str, Any] | None
    clock: Callable[[], datetime]

    def report(self, progress: dict[str, Any], checkpoint: dict[str, Any] | None = None) -> None:
        """Say how far the work is, renew the lease and keep a checkpoint. Raises Cancelled."""
        values: dict[str, Any] = {"progress": progress, "lease_until": self.clock() + LEASE}
        if checkpoint is not None:
            values["checkpoint"] = checkpoint
        with self.side() as session:
            held = session.execute(
                update(Job)
                .where(Job.id == self.job_id, Job.lease == self.lease, Job.state == "running")
                .values(values)
            )
            session.commit()
        if not held.rowcount:  # type: ignore[attr-defined]
            raise Cancelled


Work = Callable[[Run], None]
Failure = Callable[[Session, dict[str, Any], str, datetime], None]
_work: dict[str, Work] = {}
_failure: dict[str, Failure] = {}


def register(kind: str, work: Work, failure: Failure | None = None) -> None:
    """Say what does a kind of job, and what hears of it when it fails for good."""
    _work[kind] = work
    if failure:
        _failure[kind] = failure


def ask(
    session: Session, kind: str, payload: dict[str, Any], now: datetime, at: datetime | None = None
) -> Job:
    """Write a job in the running transaction; it starts after the commit, not before `at`."""
    job = Job(kind=kind, payload=payload, not_before=at or now, created_at=now, progress={})
    session.add(job)
    session.flush()
    return job


def cancel(session: Session, job_id: int, now: datetime) -> None:
    """Stop a job that waits or runs; a running handler hears of it at its next report."""
    job = session.get(Job, job_id)
    if job is None or job.state not in ("waiting", "running"):
        raise Refusal(N_("This work has already ended; there is nothing to cancel."))
    job.state, job.ended_at, job.lease = "cancelled", now, None


def run_next(session: Session, side: Callable[[], Session], clock: Callable[[], datetime]) -> bool:
    """Claim one due job and do it; False when none was due. A handler's error is kept on its row.

    A job that has taken down MAX_ATTEMPTS workers is not tried again: it fails, and its failure hook hears DIED.
    """
    job = _claim(session, clock())
    if job is None:
        session.rollback()
        return False
    run = Run(session, side, job.id, job.lease or "", dict(job.payload), job.checkpoint, clock)
    kind, attempts = job.kind, job.attempts
    session.commit()
    if attempts > MAX_ATTEMPTS:
        log.error("job %s (%s) failed: %s", run.job_id, kind, DIED)
        _fail(run, kind, DIED, final=True)
        return True
    try:
        with _KeptAlive(run):
            _work[kind](run)
            _done(run)
    except Cancelled:
        session.rollback()
    except Refusal as refusal:
        session.rollback()
        _fail(run, kind, str(refusal), final=True)
    except Exception as error:  # the edge of the worker: whatever a handler raises is kept on its row
        log.exception("job %s (%s) failed", run.job_id, kind)
        session.rollback()
        _fail(run, kind, f"{type(error).__name__}: {error}", final=attempts >= MAX_ATTEMPTS)
    return True


def _claim(session: Session, now: datetime) -> Job | None:
    due = or_(Job.state == "waiting", (Job.state == "running") & (Job.lease_until < now))
    query = select(Job).where(due, Job.not_before <= now).order_by(Job.not_before, Job.id).limit(1)
    job = session.scalars(query.with_for_update(skip_locked=True)).first()
    if job is not None:
        job.state, job.lease, job.lease_until = "running", secrets.token_hex(16), now + LEASE
        job.attempts += 1
    return job


def _done(run: Run) -> None:
    """End the job in the handler's own transaction: its result and its end are written together or not at all."""
    held = run.session.execute(
        update(Job)
        .where(Job.id == run.job_id, Job.lease == run.lease, Job.state == "running")
        .values(state="done", error=None, ended_at=run.clock(), lease=None)
    )
    if not held.rowcount:  # type: ignore[attr-defined]
        raise Cancelled
    run.session.commit()


def _fail(run: Run, kind: str, error: str, final: bool) -> None:
    job = run.session.get(Job, run.job_id)
    if job is None or job.lease != run.lease:
        run.session.rollback()
        return
    job.error, job.lease = error, None
    if final:
        job.state, job.ended_at = "failed", run.clock()
        if kind in _failure:
            _failure[kind](run.session, run.payload, error, run.clock())
    else:
        job.state, job.not_before = "waiting", run.clock() + RETRY_AFTER[job.attempts - 1]
    run.session.commit()


class _KeptAlive:
    """Renews a lease in the background while a handler computes without reporting."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join()

    def _beat(self) -> None:
        while not self.stop.wait(LEASE.total_seconds() / 3):
            with self.run.side() as session:
                session.execute(
                    update(Job)
                    .where(Job.id == self.run.job_id, Job.lease == self.run.lease)
                    .values(lease_until=self.run.clock() + LEASE)
                )
                session.commit()
