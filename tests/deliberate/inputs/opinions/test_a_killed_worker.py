"""A worker killed in the middle of a map is followed by another, which gives the map that the first would have given."""

import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.database import db
from deliberate.inputs.opinions import queries
from deliberate.inputs.opinions.computing import compute
from deliberate.inputs.opinions.numbering import Row
from deliberate.inputs.opinions.queries import latest, left_out, rows_of
from deliberate.inputs.opinions.refreshing import ask_map
from deliberate.process.models import Process
from tests.deliberate.inputs.opinions.conftest import fill

WORKER = """
import sys
from datetime import datetime
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from deliberate.app import WORK
from deliberate.core import jobs
from deliberate.core.database import prepare_engine
from deliberate.inputs.opinions import jobs as mapping

engine = create_engine(sys.argv[1])
prepare_engine(engine)
now = datetime.fromisoformat(sys.argv[2])
keep = mapping._keep

def keep_and_stay(*given):
    kept = keep(*given)
    print("written, not committed", flush=True)
    sys.stdin.read()
    return kept

mapping._keep = keep_and_stay
for kind, (work, failure) in WORK.items():
    jobs.register(kind, work, failure)
jobs.run_next(Session(engine), lambda: Session(engine), lambda: now)
"""


def side() -> Session:
    return Session(db.engine)


def test_a_worker_killed_in_the_middle_of_a_map_is_followed_by_another_that_gives_the_same(
    app: Flask, shown: Process, now: datetime
) -> None:
    fill(db.session(), shown, now, range(24))
    ask_map(db.session(), shown, 1, now)
    db.session.commit()
    would_be = compute(rows_of(db.session(), shown, 1), left_out(db.session(), shown, 1), None, closed=False)
    address = db.engine.url.render_as_string(hide_password=False)
    due = now + timedelta(minutes=1)
    db.session.remove()
    command = [sys.executable, "-c", WORKER, address, due.isoformat()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "written, not committed\n"
        worker.kill()
    with side() as second:
        process = second.get_one(Process, 1)
        assert latest(second, process, 1) is None, "nothing of the first one's map was kept"
        assert not jobs.run_next(second, side, lambda: due), "the lease still holds"
        assert jobs.run_next(second, side, lambda: due + jobs.LEASE + timedelta(seconds=1))
        found = latest(second, process, 1)
        assert found is not None
        assert would_be is not None
        assert (found.reference, found.report) == (would_be.reference, would_be.report)
        assert not jobs.run_next(second, side, lambda: due + jobs.LEASE * 4), "and nothing is left to do"


def test_while_a_worker_reads_votes_others_vote_on(
    app: Flask, shown: Process, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite one transaction writes at a time: reading a million votes must not be one that could."""
    fill(db.session(), shown, now, range(24))
    ask_map(db.session(), shown, 1, now)
    db.session.commit()
    read = queries.rows_of
    written: list[int] = []

    def read_and_write(session: Session, process: Process, round: int) -> list[Row]:
        rows = read(session, process, round)
        with side() as other:
            other.connection().exec_driver_sql("pragma busy_timeout = 100")
            jobs.ask(other, "vote", {}, now)
            other.commit()
            written.append(len(rows))
        return rows

    monkeypatch.setattr(queries, "rows_of", read_and_write)
    db.session.remove()
    with side() as worker:
        assert jobs.run_next(worker, side, lambda: now + timedelta(minutes=1))
    assert written == [24 * 8]
    assert latest(db.session(), db.session.get_one(Process, 1), 1) is not None
