"""A territory that decides twice at the same time: one decision is kept, the other is told."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict
from deliberate.drafting.acts import create_charter
from deliberate.drafting.adoption import publish
from deliberate.people.acts import make_user
from deliberate.people.rules import Actor
from deliberate.process.acts import close_phase, create_process, lock_protocol, open_phase
from deliberate.publication.adoption.acts import Decision, decide, enter_territory
from deliberate.publication.adoption.models import Adoption
from tests.conftest import PROTOCOL
from tests.deliberate.publication.adoption.conftest import TIME, published

WHY = {"fr": "Le conseil l’a votée."}
REWORD = {"op": "replace", "clause": "t1", "lang": "fr", "text": "Chacun dispose de son temps."}


def test_following_and_staying_at_once_keeps_one_and_tells_the_other(
    own_engine: Engine, now: datetime
) -> None:
    with Session(own_engine) as session:
        actor = Actor(make_user(session, "o@example.org", "Odile", now, role="organiser").id)
        texts = {"title": {"fr": "Charte du temps"}, "question": {"fr": "Quelle place ?"}}
        process = create_process(session, actor, texts, json.loads(json.dumps(PROTOCOL)), now)
        lock_protocol(session, actor, process, now)
        open_phase(session, actor, process.phases[0], now)
        close_phase(session, actor, process.phases[0], now)
        open_phase(session, actor, process.phases[1], now)
        charter = create_charter(session, actor, process, "time", "time", TIME, "first draft", now)
        publish(session, actor, charter.latest, now)
        entered = enter_territory(session, actor, charter, "Bourg", "municipality", now)
        decide(session, actor, entered, Decision("adopt", 1, (), WHY), now, after=0)
        published(session, charter, actor, now, REWORD)
        session.commit()
        number = entered.id
    ready = Barrier(2)

    def take(what: str) -> str:
        with Session(own_engine) as session:
            if own_engine.dialect.name != "sqlite":
                session.get_one(Adoption, number)
                ready.wait(timeout=30)
            found = session.get_one(Adoption, number)
            try:
                decide(session, actor, found, Decision(what, 0, (), WHY), now, after=1)
            except Conflict as told:
                return str(told)
            session.commit()
            return "kept"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(take, ("follow", "stay")))
    assert said[1] == "kept"
    assert "in the meantime" in said[0]
    with Session(own_engine) as session:
        assert len(session.get_one(Adoption, number).decisions) == 2
