"""The worker: does the jobs that pages ask for, and what the clock brings.

It looks at the table of jobs once a second, so nothing but the database stands between an act and its work. Any number
of workers may run; a job is held by one of them at a time.
"""

import logging
import sys
import threading
from collections.abc import Callable
from datetime import datetime

from flask import Flask
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from deliberate.app import side_session
from deliberate.core import clock, housekeeping
from deliberate.core.current import settings
from deliberate.core.database import db
from deliberate.core.jobs import run_next
from deliberate.inputs.contributing.contacts import forget_in_time
from deliberate.inputs.statements.acts import unlink_in_time
from deliberate.people.acts import forget_attempts
from deliberate.people.rules import CLOCK
from deliberate.process.acts import record_transitions

PAUSE_SECONDS = 1.0
log = logging.getLogger(__name__)


def work(app: Flask, stop: threading.Event) -> None:
    """Do jobs until told to stop. A database that does not answer is waited for."""
    side = side_session(app)
    tidied: datetime | None = None
    while not stop.is_set():
        try:
            busy = _one_round(app, side)
            tidied = _tidied(app, tidied)
        except OperationalError:
            log.exception("the database does not answer; trying again")
            busy = False
        if not busy:
            stop.wait(PAUSE_SECONDS)


def _one_round(app: Flask, side: Callable[[], Session]) -> bool:
    with app.app_context():
        if record_transitions(db.session(), CLOCK, clock.now()):
            db.session.commit()
        else:
            db.session.rollback()
        return run_next(db.session(), side, clock.now)


def _tidied(app: Flask, before: datetime | None) -> datetime | None:
    """Clear away what is over, when that was last done long enough ago; returns when it was done last."""
    with app.app_context():
        now = clock.now()
        if before is not None and now < before + housekeeping.EVERY:
            return before
        housekeeping.clear(db.session(), now, settings().kept_days)
        forget_in_time(db.session(), now)
        unlink_in_time(db.session(), now)
        forget_attempts(db.session(), now)
        db.session.commit()
        return now


def stop_at_end_of_input(stop: threading.Event) -> None:
    """Stop when whoever started this process is gone: its end of the pipe closes, on every system."""

    def watch() -> None:
        sys.stdin.buffer.read()
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
