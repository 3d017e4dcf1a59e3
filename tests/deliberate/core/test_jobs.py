"""Jobs: done once, taken up again after a worker was killed, ended together with their result."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, delete, select
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.database import Base, OnceToken, prepare_engine
from deliberate.core.errors import Refusal
from deliberate.core.jobs import LEASE, MAX_ATTEMPTS, Cancelled, Job, Run, ask, cancel, run_next


class Killed(BaseException):
    """What ends a worker from outside: nothing in it gets the chance to tidy up."""


class Office:
    """A database with jobs in it, a clock that is moved by hand, and workers that do one job at a time."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.engine = engine
        self.now = now

    def ask(self, kind: str, payload: dict[str, Any] | None = None, at: datetime | None = None) -> int:
        with Session(self.engine) as session:
            job = ask(session, kind, payload or {}, self.now, at)
            session.commit()
            return job.id

    def work(self) -> bool:
        """Let a worker do one job that is due; False when there is none."""
        with Session(self.engine) as session:
            return run_next(session, lambda: Session(self.engine), lambda: self.now)

    def cancel(self, job_id: int) -> None:
        with Session(self.engine) as session:
            cancel(session, job_id, self.now)
            session.commit()

    def job(self, job_id: int) -> Job:
        with Session(self.engine) as session:
            job = session.get_one(Job, job_id)
            session.expunge(job)
            return job

    def results(self) -> list[str]:
        """What the handlers of these tests wrote."""
        with Session(self.engine) as session:
            return list(session.scalars(select(OnceToken.token).order_by(OnceToken.token)))


@pytest.fixture
def office(engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(jobs, "_work", {})
    monkeypatch.setattr(jobs, "_failure", {})
    yield Office(engine, now)
    with Session(engine) as session:
        session.execute(delete(Job))
        session.execute(delete(OnceToken))
        session.commit()


def writes(token: str) -> Callable[[Run], None]:
    """A handler whose result is one row."""

    def work(run: Run) -> None:
        run.session.add(OnceToken(token=token, outcome="/", at=run.clock()))
        run.session.flush()

    return work


def test_a_job_is_done_once(office: Office) -> None:
    jobs.register("write", writes("result"))
    job_id = office.ask("write")
    assert office.work()
    assert not office.work()
    assert office.results() == ["result"]
    assert (office.job(job_id).state, office.job(job_id).ended_at) == ("done", office.now)


def test_a_job_asked_for_in_an_act_that_is_undone_was_never_asked_for(office: Office) -> None:
    with Session(office.engine) as session:
        ask(session, "write", {}, office.now)
        session.rollback()
    assert not office.work()


def test_a_job_that_runs_is_left_alone_by_other_workers(office: Office) -> None:
    seen = []
    jobs.register("look", lambda run: seen.append(office.work()))
    office.ask("look")
    assert office.work()
    assert seen == [False]


def test_the_job_due_first_is_done_first_and_none_before_its_time(office: Office) -> None:
    done: list[str] = []
    jobs.register("note", lambda run: done.append(run.payload["name"]))
    office.ask("note", {"name": "later"}, at=office.now + timedelta(hours=1))
    office.ask("note", {"name": "now"})
    assert office.work()
    assert not office.work()
    office.now += timedelta(hours=1)
    assert office.work()
    assert done == ["now", "later"]


def test_a_killed_worker_s_job_goes_on_from_its_checkpoint_once_the_lease_is_over(office: Office) -> None:
    found = []

    def work(run: Run) -> None:
        found.append(run.checkpoint)
        if run.checkpoint is None:
            run.report({"done": 1}, checkpoint={"row": 40})
            raise Killed

    jobs.register("long", work)
    job_id = office.ask("long")
    with pytest.raises(Killed):
        office.work()
    office.now += LEASE
    assert not office.work()
    office.now += timedelta(seconds=1)
    assert office.work()
    assert found == [None, {"row": 40}]
    assert (office.job(job_id).state, office.job(job_id).attempts) == ("done", 2)


def test_a_worker_that_lost_its_lease_writes_nothing(office: Office) -> None:
    begun: list[bool] = []

    def work(run: Run) -> None:
        if not begun:
            begun.append(True)
            office.now += LEASE + timedelta(seconds=1)
            assert office.work()
            run.report({"done": 1})
        writes("the other worker’s")(run)

    jobs.register("slow", work)
    office.ask("slow")
    assert office.work()
    assert office.results() == ["the other worker’s"]


def test_a_waiting_job_that_is_cancelled_is_never_begun(office: Office) -> None:
    jobs.register("write", writes("result"))
    job_id = office.ask("write")
    office.cancel(job_id)
    assert not office.work()
    assert office.job(job_id).state == "cancelled"


def test_a_running_job_hears_at_its_next_report_that_it_was_cancelled(office: Office) -> None:
    heard = []

    def work(run: Run) -> None:
        run.report({"done": 1})
        office.cancel(run.job_id)
        try:
            run.report({"done": 2})
        except Cancelled:
            heard.append("cancelled")
            raise

    jobs.register("long", work)
    job_id = office.ask("long")
    assert office.work()
    assert heard == ["cancelled"]
    assert (office.job(job_id).state, office.job(job_id).progress) == ("cancelled", {"done": 1})


def test_a_job_cancelled_while_it_writes_leaves_nothing_written(office: Office) -> None:
    def work(run: Run) -> None:
        office.cancel(run.job_id)
        writes("result")(run)

    jobs.register("write", work)
    office.ask("write")
    assert office.work()
    assert office.results() == []


def test_work_that_has_ended_cannot_be_cancelled(office: Office) -> None:
    jobs.register("write", writes("result"))
    job_id = office.ask("write")
    office.work()
    with pytest.raises(Refusal, match="already ended"):
        office.cancel(job_id)


def test_a_failing_job_leaves_nothing_tries_again_and_at_last_tells_its_hook(office: Office) -> None:
    told: list[tuple[dict[str, Any], str]] = []

    def work(run: Run) -> None:
        writes("half")(run)
        raise ValueError("the disk is full")

    jobs.register("fail", work, lambda _session, payload, error, _now: told.append((payload, error)))
    job_id = office.ask("fail", {"draw": 7})
    for attempt in range(1, MAX_ATTEMPTS):
        assert office.work()
        assert (office.job(job_id).state, office.job(job_id).attempts) == ("waiting", attempt)
        assert not office.work(), "it waits before it tries again"
        office.now += jobs.RETRY_AFTER[attempt - 1]
    assert office.work()
    assert office.job(job_id).state == "failed"
    assert told == [({"draw": 7}, "ValueError: the disk is full")]
    assert office.results() == []
    office.now += timedelta(days=1)
    assert not office.work()


def test_a_job_that_kills_its_worker_each_time_fails_in_the_end_and_says_so(office: Office) -> None:
    begun: list[int] = []
    told: list[tuple[dict[str, Any], str]] = []

    def work(run: Run) -> None:
        begun.append(run.job_id)
        raise Killed

    jobs.register("deadly", work, lambda _session, payload, error, _now: told.append((payload, error)))
    job_id = office.ask("deadly", {"draw": 7})
    for _attempt in range(MAX_ATTEMPTS):
        with pytest.raises(Killed):
            office.work()
        assert (office.job(job_id).state, told) == ("running", [])
        office.now += LEASE + timedelta(seconds=1)
    assert office.work()
    assert (office.job(job_id).state, office.job(job_id).error) == ("failed", jobs.DIED)
    assert told == [({"draw": 7}, jobs.DIED)]
    assert len(begun) == MAX_ATTEMPTS
    office.now += timedelta(days=1)
    assert not office.work()


def test_a_refusal_is_final_and_kept_as_a_sentence(office: Office) -> None:
    def work(run: Run) -> None:
        raise Refusal("The quotas cannot be met.")

    jobs.register("refuse", work)
    job_id = office.ask("refuse")
    assert office.work()
    assert (office.job(job_id).state, office.job(job_id).error) == ("failed", "The quotas cannot be met.")


def test_what_the_failure_hook_writes_is_kept_with_the_failure(office: Office) -> None:
    def refuse(run: Run) -> None:
        raise Refusal("The quotas cannot be met.")

    def hook(session: Session, payload: dict[str, Any], error: str, now: datetime) -> None:
        session.add(OnceToken(token="told", outcome=error, at=now))

    jobs.register("refuse", refuse, hook)
    office.ask("refuse")
    office.work()
    assert office.results() == ["told"]


WORKER = """
import sys, time
from datetime import datetime
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from deliberate.core import jobs
from deliberate.core.database import OnceToken, prepare_engine

engine = create_engine(sys.argv[1])
prepare_engine(engine)
now = datetime.fromisoformat(sys.argv[2])

def work(run):
    run.report({"done": 1}, checkpoint={"row": 40})
    run.session.add(OnceToken(token="half", outcome="/", at=now))
    run.session.flush()
    print("half-way", flush=True)
    time.sleep(600)

jobs.register("long", work)
jobs.run_next(Session(engine), lambda: Session(engine), lambda: now)
"""


def test_a_worker_process_killed_at_once_loses_nothing_and_leaves_nothing(
    tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_work", {})
    address = f"sqlite:///{tmp_path / 'jobs.sqlite3'}"
    engine = create_engine(address)
    prepare_engine(engine)
    Base.metadata.create_all(engine)
    office = Office(engine, now)
    job_id = office.ask("long")
    command = [sys.executable, "-c", WORKER, address, now.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "half-way\n"
        worker.kill()
    assert office.results() == []
    found = []
    jobs.register("long", lambda run: found.append(run.checkpoint))
    office.now += LEASE + timedelta(seconds=1)
    assert office.work()
    assert found == [{"row": 40}]
    assert office.job(job_id).state == "done"
    engine.dispose()
