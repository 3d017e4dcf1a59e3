"""The pool written from two places at once: everybody is entered once, and nobody signs what they were not shown."""

import json
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict
from deliberate.panels.acts import request_draw
from deliberate.panels.imports import Imported, import_registrants, sign_pool
from deliberate.panels.models import Registrant
from deliberate.panels.queries import digest_of_pool, pool_size
from deliberate.panels.quotas import set_quotas
from deliberate.panels.recruitment import register, remove_registrant
from deliberate.panels.rules import Contact
from deliberate.people.acts import make_user
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import create_process, lock_protocol
from deliberate.process.appointments import appoint
from deliberate.process.models import Process
from sortition import Respondent
from tests.conftest import PROTOCOL
from tests.deliberate.panels.conftest import ROWS, fill

FILE = [Respondent(f"n{number}", {"gender": "women", "age": "old"}, {}) for number in range(20)]


def test_a_file_sent_twice_at_once_is_entered_once(own_engine: Engine, now: datetime) -> None:
    with Session(own_engine) as session:
        user = make_user(session, "twice@at-once.example", "Twice", now, role="organiser")
        texts = {"title": {"en": "A file twice"}, "question": {"en": "Who?"}}
        process = create_process(session, Actor(user.id), texts, json.loads(json.dumps(PROTOCOL)), now)
        set_quotas(session, Actor(user.id), process, ROWS, now)
        lock_protocol(session, Actor(user.id), process, now)
        session.commit()
        number, actor = process.id, Actor(user.id)
    ready = Barrier(2)

    def enter(_: int) -> Imported:
        with Session(own_engine) as session:
            if own_engine.dialect.name != "sqlite":
                session.get_one(Process, number)
                ready.wait(timeout=30)
            done = import_registrants(session, actor, session.get_one(Process, number), FILE, now)
            session.commit()
            return done

    with ThreadPoolExecutor(2) as pool:
        done = sorted(one.added for one in pool.map(enter, range(2)))
    assert done == [0, 20]
    with Session(own_engine) as session:
        assert pool_size(session, session.get_one(Process, number)) == 20


def test_nothing_slips_between_the_check_of_a_pool_and_the_draw_from_it(
    own_engine: Engine, now: datetime
) -> None:
    with Session(own_engine) as session:
        user = make_user(session, "slips@at-once.example", "Slips", now, role="organiser")
        texts = {"title": {"en": "A draw"}, "question": {"en": "Who?"}}
        actor = Actor(user.id)
        process = create_process(session, actor, texts, json.loads(json.dumps(PROTOCOL)), now)
        set_quotas(session, actor, process, ROWS, now)
        lock_protocol(session, actor, process, now)
        fill(session, process, 10, now)
        guarantor = make_user(session, "signs@at-once.example", "Signs", now)
        appoint(session, actor, process, guarantor, "guarantor", now)
        sign_pool(session, Actor(guarantor.id), process, now)
        session.commit()
        number = process.id

    def someone_registers() -> None:
        with Session(own_engine) as session:
            contact = Contact("Late Comer", "late@example.org")
            values = {"gender": "women", "age": "old"}
            register(session, VISITOR, session.get_one(Process, number), values, contact, now)
            session.commit()

    def quotas_change() -> None:
        with Session(own_engine) as session:
            set_quotas(session, actor, session.get_one(Process, number), ROWS[:2], now)
            session.commit()

    with Session(own_engine) as session, ThreadPoolExecutor(2) as others:
        draw = request_draw(session, actor, session.get_one(Process, number), now)
        late = [others.submit(act) for act in (someone_registers, quotas_change)]
        wait(late, timeout=1)
        session.commit()
        assert [type(one.exception()) for one in late] == [Conflict, Conflict]
        assert len(draw.inputs["respondents"]) == 10


def test_a_guarantor_signs_what_they_were_shown_and_nothing_else(
    session: Session,
    process: Process,
    organiser: User,
    guarantor: User,
    filled: list[Registrant],
    now: datetime,
) -> None:
    seen = digest_of_pool(session, process)
    remove_registrant(session, Actor(organiser.id), filled[0], "twice in the list", now)
    with pytest.raises(Conflict, match="has changed since you were shown it"):
        sign_pool(session, Actor(guarantor.id), process, now, seen)
    assert (
        sign_pool(session, Actor(guarantor.id), process, now, digest_of_pool(session, process)).people == 29
    )
