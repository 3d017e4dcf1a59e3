"""Several people at once: one version, no amendment lost, the others told why not."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from deliberate.core import events
from deliberate.core.errors import Refusal
from deliberate.deliberation.ballots.acts import BallotClosed, cast_vote, close_ballot
from deliberate.deliberation.ballots.models import Ballot
from deliberate.drafting import queries
from deliberate.drafting.acts import create_charter, propose, put_to_ballot
from deliberate.drafting.adoption import adopt
from deliberate.drafting.folding import fold
from deliberate.drafting.models import Amendment, Charter
from deliberate.drafting.preparing import prepare
from deliberate.drafting.voting import hear_ballot, put_version_to_ballot
from deliberate.journal.queries import chain
from deliberate.journal.rules import chain_faults
from deliberate.people.acts import make_user
from deliberate.people.rules import Actor
from deliberate.process.acts import close_phase, create_process, lock_protocol, open_phase
from deliberate.process.appointments import appoint
from tests.conftest import PROTOCOL
from tests.deliberate.drafting.conftest import charter_of_time

FREELY = "Chacun dispose librement d’une part de son temps pour les activités bénévoles."
Act = Callable[[Session, Charter], object]
Room = tuple[int, Actor, list[Actor]]


@pytest.fixture
def at_once(own_engine: Engine, now: datetime) -> Room:
    """A charter of a panel of two with an accepted amendment, voted as a whole: its id, the rapporteur, the members."""
    events.on(BallotClosed, hear_ballot)
    with Session(own_engine) as session:
        organiser = make_user(session, "o@at-once.example", "O", now, role="organiser")
        actor = Actor(organiser.id)
        texts = {"title": {"en": "At once"}, "question": {"en": "Who first?"}}
        process = create_process(session, actor, texts, json.loads(json.dumps(PROTOCOL)), now)
        lock_protocol(session, actor, process, now)
        open_phase(session, actor, process.phases[0], now)
        close_phase(session, actor, process.phases[0], now)
        open_phase(session, actor, process.phases[1], now)
        people = [make_user(session, f"{n}@at-once.example", n, now) for n in "abr"]
        for person, role in zip(people, ("panel member", "panel member", "rapporteur"), strict=True):
            appoint(session, actor, process, person, role, now)
        *members, rapporteur = [Actor(person.id) for person in people]
        charter = create_charter(
            session, rapporteur, process, "time", "time", charter_of_time(), "first", now
        )
        one = propose(session, members[0], charter, [replacing(FREELY)], {"fr": "Parce que."}, [], now)

        def vote(ballot: Ballot) -> None:
            for member in members:
                cast_vote(session, member, ballot, ["yes"], now)
            close_ballot(session, actor, ballot, now)

        vote(put_to_ballot(session, rapporteur, one, now, present=2))
        vote(put_version_to_ballot(session, rapporteur, charter, [one], now, present=2))
        session.commit()
        return charter.id, rapporteur, members


def replacing(text: str, clause: str = "t1") -> dict[str, str]:
    return {"op": "replace", "clause": clause, "lang": "fr", "text": text}


def together(engine: Engine, charter: int, *acts: Act) -> list[str]:
    """Everyone has read the charter, then all act; what became of each."""
    ready = Barrier(len(acts))

    def run(act: Act) -> str:
        # On SQLite the second waits for the first before it can even read.
        with Session(engine) as session:
            if engine.dialect.name != "sqlite":
                found = session.get_one(Charter, charter)
                _ = [one.number for one in found.versions], [one.state for one in found.amendments]
                ready.wait(timeout=30)
            try:
                act(session, session.get_one(Charter, charter))
            except Refusal:
                return "refused"
            session.commit()
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def sound(session: Session, charter: Charter) -> bool:
    return chain_faults(list(chain(session, charter.process.slug))) == []


def test_a_version_is_adopted_once(own_engine: Engine, at_once: Room, now: datetime) -> None:
    id_, rapporteur, _members = at_once

    def adopting(session: Session, charter: Charter) -> object:
        return adopt(session, rapporteur, charter, queries.amendments(session, charter, "accepted"), now)

    assert together(own_engine, id_, adopting, adopting) == ["done", "refused"]
    with Session(own_engine) as session:
        charter = session.get_one(Charter, id_)
        assert [one.number for one in charter.versions] == [1, 2]
        assert sound(session, charter)


def test_an_amendment_that_arrives_during_an_adoption_stands_on_one_of_the_two_versions(
    own_engine: Engine, at_once: Room, now: datetime
) -> None:
    id_, rapporteur, members = at_once

    def adopting(session: Session, charter: Charter) -> object:
        return adopt(session, rapporteur, charter, queries.amendments(session, charter, "accepted"), now)

    def proposing(session: Session, charter: Charter) -> object:
        steps = [replacing("Une heure vaut bien une heure.", "t2")]
        return propose(session, members[1], charter, steps, {"fr": "Mieux."}, [], now)

    assert together(own_engine, id_, adopting, proposing) == ["done", "done"]
    with Session(own_engine) as session:
        charter = session.get_one(Charter, id_)
        arrived = session.scalars(
            select(Amendment).where(Amendment.charter_id == id_, Amendment.state == "proposed")
        ).one()
        assert (arrived.base_number, charter.latest.number) == (2, 2)
        assert sound(session, charter)


def test_two_changes_taken_in_at_once_are_both_in_or_the_second_is_told(
    own_engine: Engine, at_once: Room, now: datetime
) -> None:
    id_, _rapporteur, members = at_once
    with Session(own_engine) as session:
        charter = session.get_one(Charter, id_)
        steps = [replacing("Une heure vaut bien une heure.", "t2")]
        parent = propose(session, members[0], charter, steps, {"fr": "."}, [], now)
        changes = [
            propose(
                session, members[1], charter, [replacing(text, clause)], {"fr": "."}, [], now, amends=parent
            )
            for clause, text in (
                ("t2", "Une heure vaut toujours bien une heure."),
                ("pre", "Le temps est à nous."),
            )
        ]
        session.commit()
        keys = [one.key for one in changes]

    def folding(key: str) -> Act:
        return lambda session, charter: fold(
            session, members[0], queries.amendment(session, charter.process, key), now
        )

    assert together(own_engine, id_, *map(folding, keys)) == ["done", "done"]
    with Session(own_engine) as session:
        charter = session.get_one(Charter, id_)
        found = queries.amendment(session, charter.process, parent_key(keys))
        assert [step["clause"] for step in found.operations if step["op"] == "replace"][:1] == ["t2"]
        assert {step["clause"] for step in found.operations} == {"t2", "pre"}
        assert sound(session, charter)


def parent_key(keys: list[str]) -> str:
    return f"am-{int(keys[0].removeprefix('am-')) - 1}"


def test_a_change_kept_twice_at_once_is_one_preparation(
    own_engine: Engine, at_once: Room, now: datetime
) -> None:
    id_, _rapporteur, members = at_once

    def keeping(clause: str, text: str) -> Act:
        return lambda session, charter: prepare(session, members[1], charter, [replacing(text, clause)], now)

    acts = keeping("t2", "Une heure vaut bien une heure."), keeping("pre", "Le temps est à nous.")
    assert together(own_engine, id_, *acts) == ["done", "done"]


def test_a_change_taken_in_during_an_adoption_is_not_lost(
    own_engine: Engine, at_once: Room, now: datetime
) -> None:
    id_, rapporteur, members = at_once
    with Session(own_engine) as session:
        charter = session.get_one(Charter, id_)
        steps = [replacing("Une heure vaut bien une heure.", "t2")]
        parent = propose(session, members[0], charter, steps, {"fr": "."}, [], now)
        steps = [replacing("Le temps est à nous.", "pre")]
        change = propose(session, members[1], charter, steps, {"fr": "."}, [], now, amends=parent)
        session.commit()
        keys = parent.key, change.key

    def adopting(session: Session, charter: Charter) -> object:
        return adopt(session, rapporteur, charter, queries.amendments(session, charter, "accepted"), now)

    def folding(session: Session, charter: Charter) -> object:
        return fold(session, members[0], queries.amendment(session, charter.process, keys[1]), now)

    assert together(own_engine, id_, adopting, folding) == ["done", "done"]
    with Session(own_engine) as session:
        charter = session.get_one(Charter, id_)
        parent, change = (queries.amendment(session, charter.process, key) for key in keys)
        assert (parent.base_number, change.state) == (2, "folded")
        assert {step["clause"] for step in parent.operations} == {"t2", "pre"}
        assert sound(session, charter)


def test_a_ballot_that_opens_during_an_adoption_can_be_closed(
    own_engine: Engine, at_once: Room, now: datetime
) -> None:
    id_, rapporteur, members = at_once
    with Session(own_engine) as session:
        charter = session.get_one(Charter, id_)
        steps = [replacing("Une heure vaut bien une heure.", "t2")]
        key = propose(session, members[0], charter, steps, {"fr": "."}, [], now).key
        session.commit()

    def adopting(session: Session, charter: Charter) -> object:
        return adopt(session, rapporteur, charter, queries.amendments(session, charter, "accepted"), now)

    def opening(session: Session, charter: Charter) -> object:
        one = queries.amendment(session, charter.process, key)
        return put_to_ballot(session, rapporteur, one, now, present=2)

    said = together(own_engine, id_, adopting, opening)
    with Session(own_engine) as session:
        charter = session.get_one(Charter, id_)
        one = queries.amendment(session, charter.process, key)
        # Whoever comes first: a version is not adopted under an open ballot.
        assert one.state == "ballot"
        assert one.base_number == charter.latest.number
        assert ("done" in said, len(charter.versions)) == (True, 2 if said == ["done", "done"] else 1)
