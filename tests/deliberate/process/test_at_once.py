"""Two organisers at once: one act is done, the other is told why not, and the journal says it once."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotPermitted
from deliberate.journal.models import Entry
from deliberate.people.acts import make_user
from deliberate.people.rules import Actor
from deliberate.process.acts import create_process, lock_protocol, open_phase
from deliberate.process.appointments import appoint, dismiss
from deliberate.process.models import Appointment, Process
from tests.conftest import PROTOCOL

Act = Callable[[Session, Actor, Process], object]


@pytest.fixture
def two(own_engine: Engine, now: datetime) -> tuple[int, list[Actor]]:
    """A locked process with two organisers: its id, and them."""
    with Session(own_engine) as session:
        one, other = (
            make_user(session, f"{name}@at-once.example", name, now, role="organiser") for name in "ab"
        )
        texts = {"title": {"en": "At once"}, "question": {"en": "Who first?"}}
        process = create_process(session, Actor(one.id), texts, json.loads(json.dumps(PROTOCOL)), now)
        appoint(session, Actor(one.id), process, other, "organiser", now)
        lock_protocol(session, Actor(one.id), process, now)
        session.commit()
        return process.id, [Actor(one.id), Actor(other.id)]


def together(engine: Engine, process_id: int, actors: list[Actor], act: Act) -> list[str]:
    """Both begin, both have read the process, then both act; what became of each."""
    ready = Barrier(2)

    def run(actor: Actor) -> str:
        # On SQLite the second waits for the first before it can even read.
        with Session(engine) as session:
            if engine.dialect.name != "sqlite":
                process = session.get_one(Process, process_id)
                _ = [phase.opens_at for phase in process.phases], [one.until for one in process.appointments]
                ready.wait(timeout=30)
            try:
                act(session, actor, session.get_one(Process, process_id))
            except (Conflict, NotPermitted):
                return "refused"
            session.commit()
            return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, actors))


def entries(engine: Engine, process_id: int, act: str, object: str) -> int:
    with Session(engine) as session:
        slug = session.get_one(Process, process_id).slug
        found = select(Entry).where(Entry.scope == slug, Entry.act == act, Entry.object == object)
        return len(session.scalars(found).all())


def test_a_phase_opens_once(own_engine: Engine, two: tuple[int, list[Actor]], now: datetime) -> None:
    def act(session: Session, actor: Actor, process: Process) -> Any:
        return open_phase(session, actor, process.phases[0], now)

    assert together(own_engine, *two, act) == ["done", "refused"]
    assert entries(own_engine, two[0], "open", "phase:1") == 1


def test_two_organisers_who_dismiss_each_other_leave_one(
    own_engine: Engine, two: tuple[int, list[Actor]], now: datetime
) -> None:
    def act(session: Session, actor: Actor, process: Process) -> None:
        other = next(
            one for one in process.appointments if one.user_id != actor.user_id and one.role == "organiser"
        )
        dismiss(session, actor, other, now)

    together(own_engine, *two, act)
    with Session(own_engine) as session:
        left = select(Appointment).where(Appointment.process_id == two[0], Appointment.until.is_(None))
        assert len(session.scalars(left).all()) == 1
