"""A dossier is settled on words that nobody is changing at that moment."""

import json
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict
from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.contributing.acts import contribute, correct_contribution
from deliberate.inputs.dossiers.acts import settle_dossier
from deliberate.inputs.models import Contribution
from deliberate.people.acts import make_user
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import close_phase, create_process, lock_protocol, open_phase
from deliberate.process.models import Process
from tests.conftest import PROTOCOL

DAY = timedelta(days=1)
Heard = tuple[Actor, int, int, str]


@pytest.fixture
def heard(own_engine: Engine, now: datetime) -> Heard:
    """A process whose open phase is over, with one answer: organiser, process, contribution, secret of the receipt."""
    with Session(own_engine) as session:
        actor = Actor(make_user(session, "settling@example.org", "Solveig", now, role="organiser").id)
        texts = {"title": {"en": "Settling"}, "question": {"en": "At once?"}}
        protocol = json.loads(json.dumps(PROTOCOL)) | {"moderation": "after", "contest_days": 0}
        process = create_process(session, actor, texts, protocol, now)
        lock_protocol(session, actor, process, now)
        question = add_question(session, actor, process, "q", 1, {"en": "What?"}, now)
        open_phase(session, actor, process.phases[0], now)
        one, secret = contribute(session, VISITOR, process, question, "First", "en", "web", {}, "", now)
        close_phase(session, actor, process.phases[0], now + DAY)
        session.commit()
        return actor, process.id, one.id, secret


def test_a_correction_under_way_is_waited_for_and_stands_in_the_dossier(
    own_engine: Engine, heard: Heard, now: datetime
) -> None:
    actor, process_id, number, secret = heard
    settled: list[str] = []

    def settle() -> None:
        with Session(own_engine) as session:
            process = session.get_one(Process, process_id)
            dossier = settle_dossier(session, actor, process, now + 2 * DAY)
            settled.append(dossier.content["contributions"][0]["commitment"])
            session.commit()

    with Session(own_engine) as session:
        correct_contribution(session, secret, "Second", now + 2 * DAY)
        other = threading.Thread(target=settle)
        other.start()
        other.join(0.3)
        assert settled == []
        session.commit()
    other.join()
    with Session(own_engine) as session:
        assert settled == [session.get_one(Contribution, number).commitment]
        with pytest.raises(Conflict, match="settled"):
            correct_contribution(session, secret, "Third", now + 2 * DAY)
