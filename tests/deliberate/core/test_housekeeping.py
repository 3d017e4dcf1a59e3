"""Finished work and tokens of forms are cleared away after the days that the instance keeps them."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate import worker
from deliberate.core.database import OnceToken, db
from deliberate.core.housekeeping import clear
from deliberate.core.jobs import Job, ask

Work = Callable[[str, int], Job]


def kept(session: Session) -> set[str]:
    return {*session.scalars(select(Job.kind)), *session.scalars(select(OnceToken.token))}


@pytest.fixture
def work(session: Session, now: datetime) -> Work:
    """Some work that ended so many days ago."""

    def work(state: str, days: int) -> Job:
        job = ask(session, f"{state} {days}", {}, now - timedelta(days=days))
        job.state = state
        job.ended_at = None if state in ("waiting", "running") else now - timedelta(days=days)
        session.flush()
        return job

    return work


def test_what_ended_long_ago_goes_and_what_failed_or_waits_stays(
    session: Session, work: Work, now: datetime
) -> None:
    for state in ("done", "cancelled", "failed", "waiting", "running"):
        for days in (29, 31):
            work(state, days)
    for days in (29, 31):
        session.add(OnceToken(token=f"token {days}", outcome="/", at=now - timedelta(days=days)))
    session.flush()
    assert clear(session, now, 30) == 3
    gone = {"done 31", "cancelled 31", "token 31"}
    assert not gone & kept(session)
    assert {"failed 31", "waiting 31", "running 31", "done 29", "token 29"} <= kept(session)


def test_a_worker_clears_away_what_is_over_as_it_goes(app: Flask, now: datetime) -> None:
    db.session.add(OnceToken(token="old", outcome="/", at=now - timedelta(days=31)))
    db.session.add(OnceToken(token="new", outcome="/", at=now))
    db.session.commit()
    stop = threading.Event()

    class Once(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            stop.set()
            return True

    stop.wait = Once().wait  # type: ignore[method-assign]
    worker.work(app, stop)
    assert list(db.session.scalars(select(OnceToken.token))) == ["new"]
