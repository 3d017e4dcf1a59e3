"""Playing the demonstration: past months, act by act, in the order in which they would have happened.

Every act gets the `now` of its day, so phases open and close by the protocol's own dates. The journal of the process is
marked, and each of its entries says that it is a demonstration. Nothing is kept unless all of it was played.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from deliberate.core.jobs import Job
from deliberate.demonstration.adopting import Adopting
from deliberate.demonstration.data import Data
from deliberate.demonstration.deliberating import Deliberation
from deliberate.demonstration.listening import Listening
from deliberate.demonstration.recruiting import Recruiting
from deliberate.demonstration.stage import Stage
from deliberate.people.acts import make_user
from deliberate.people.rules import Actor
from deliberate.process.acts import create_process, lock_protocol
from deliberate.process.appointments import appoint
from deliberate.process.models import Process
from deliberate.publication.acts import publish
from deliberate.publication.jobs import KIND

Say = Callable[[str], None]


def play(engine: Engine, say: Say) -> str:
    """Replay the whole process in one transaction; returns its slug. `say` hears of each scene as it ends."""
    with engine.connect() as connection:
        whole = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            stage = found(session, say)
            _scenes(stage)
            slug = stage.process.slug
            session.commit()
        whole.commit()
    return slug


def found(session: Session, say: Say) -> Stage:
    """Make the process and its team, and lock the protocol, months ago."""
    data = Data()
    given, now = data.process, data.day("locked")
    cast: dict[str, Actor] = {}
    users = {}
    for person in given["appointments"]:
        role = person["role"]
        instance_role = role if role == "organiser" else ""
        users[person["email"]] = (
            role,
            make_user(session, person["email"], person["name"], now, role=instance_role),
        )
        cast.setdefault(role, Actor(users[person["email"]][1].id))
    process = create_process(
        session,
        cast["organiser"],
        {name: given[name] for name in ("title", "question", "remit", "commissioned_by", "funded_by")},
        data.protocol,
        now,
        slug=given["slug"],
        themes=given["themes"],
        level=given["level"],
        territory=given["territory"],
        demonstration=True,
    )
    for role, user in users.values():
        if role != "organiser":
            appoint(session, cast["organiser"], process, user, role, now)
    lock_protocol(session, cast["organiser"], process, now + timedelta(hours=15))
    say("process created, protocol locked")
    return Stage(session, data, say, process, cast)


def _scenes(stage: Stage) -> None:
    listening, deliberation, recruiting = Listening(stage), Deliberation(stage), Recruiting(stage)
    adopting = Adopting(stage)
    listening.ask(stage.data.day("locked") + timedelta(hours=16))
    stage.perform([*recruiting.cues(), *listening.cues(1)])
    deliberation.deliberate(1)
    stage.perform([*listening.answers.cues(), *listening.cues(2), *adopting.cues(1)])
    deliberation.deliberate(2)
    stage.perform(adopting.cues(2))
    listening.answers.answer(stage.reach(stage.data.day("published") + timedelta(hours=9)))


def publish_played(session: Session, slug: str, bundles: Path) -> None:
    """Write the bundle, on the day the demonstration was published: what its acts asked of the worker is done here."""
    data = Data()
    process = session.scalars(select(Process).where(Process.slug == slug)).one()
    organiser = next(held for held in process.appointments if held.role == "organiser")
    with publish(
        session, Actor(organiser.user_id), process, bundles, data.day("published") + timedelta(hours=12)
    ):
        session.execute(delete(Job).where(Job.kind == KIND))
        session.commit()
