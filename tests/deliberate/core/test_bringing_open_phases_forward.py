"""A process that was heard before everything in `0005_open_phases` was there goes on, with all that it kept."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from deliberate.core.database import db
from deliberate.core.fulltext import following
from deliberate.core.jobs import Job, register, run_next
from deliberate.core.migration import migrate
from deliberate.inputs.contributing.acts import withdraw_contribution
from deliberate.inputs.dossiers.acts import settle_dossier
from deliberate.inputs.dossiers.queries import dossier
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.moderating.models import Decision
from deliberate.inputs.queries import contribution
from deliberate.inputs.searching.queries import search
from deliberate.inputs.synthesis.acts import answer_contest, contest_placement
from deliberate.inputs.synthesis.models import LineWording, SynthesisLine
from deliberate.journal.queries import chain
from deliberate.journal.rules import chain_faults
from deliberate.people.models import User
from deliberate.people.rules import OPERATOR, Actor
from deliberate.process.acts import close_phase
from deliberate.process.models import Process
from deliberate.publication.acts import publish
from deliberate.publication.verify import verify
from tests.deliberate.core.populated import app_on, content, fill, rows_of

# A process of two rounds: the first heard, placed, contested, settled and answered, the second being heard.
REVISION = "0004"
ROWS = rows_of(REVISION)
PAGES = (
    "",
    "/journal",
    "/questions",
    "/questions/next",
    "/contributions",
    "/contributions?round=1",
    "/contributions/c-one",
    "/contributions/c-gone",
    "/contributions/search?words=temps",
    "/lessons",
    "/lessons/l-bank",
    "/statements",
    "/vote",
    "/opinions",
    "/synthesis?round=1",
    "/synthesis/s-love",
    "/synthesis/document?round=1",
    "/synthesis/categories?round=1",
    "/grid",
    "/dossiers/1",
    "/dossiers/1?words=temps",
    "/dossiers/1.json",
    "/dossiers/1.pdf",
    "/answers",
    "/moderation/log",
)
OF_THE_TEAM = (
    "/moderation",
    "/moderation/alike",
    "/appeals",
    "/paper",
    "/groups",
    "/sheets",
    "/statements/desk",
    "/synthesis/contests",
    "/answers/missing",
    "/set-up/questions",
    "/lessons/l-bank/correct",
    "/dossiers/2/settle",
)


def secret_of(key: str) -> str:
    return f"secret-of-{key}-0123456789"


def test_every_row_stays_as_it_was(empty: list[Engine]) -> None:
    database = empty[0]
    fill(database, REVISION, ROWS)
    before = content(database, ROWS)
    migrate(database)
    assert content(database, ROWS) == before


def test_what_was_decided_and_written_is_read_as_today(empty: list[Engine]) -> None:
    database = empty[0]
    fill(database, REVISION, ROWS)
    migrate(database)
    with Session(database) as session:
        decided = {one.thing: (one.decision, one.reason) for one in session.scalars(select(Decision))}
        moderated = [one for one in ROWS["contribution"] if one["moderated_at"]]
        assert set(decided) == {f"contribution:{one['key']}" for one in moderated}
        assert decided["contribution:c-refused"] == ("refuse", "Names a neighbour.")
        for line in session.scalars(select(SynthesisLine)):
            assert [(one.number, one.text) for one in line.wordings] == [(1, line.text)]
        assert session.query(LineWording).count() == len(ROWS["synthesis_line"])
        assert chain_faults(list(chain(session, "heard"))) == []


def test_what_was_said_before_there_was_an_index_is_found(empty: list[Engine], now: datetime) -> None:
    database = empty[0]
    fill(database, REVISION, ROWS)
    migrate(database)
    with Session(database) as session:
        process = session.scalars(select(Process)).one()
        register(following.KIND, following.work)
        assert run_next(session, lambda: Session(database), lambda: datetime.now(now.tzinfo))
        assert [job.state for job in session.scalars(select(Job))] == ["done"]
        assert {one.key for one in search(session, process, "ma fille").found} == {"c-one"}
        assert search(session, process, "voleur").total == 0


@pytest.fixture
def app(tmp_path: Path, now: datetime) -> Iterator[Flask]:
    """The application on the database brought forward."""
    with app_on(tmp_path, REVISION, now) as app:
        yield app


@pytest.fixture
def heard(app: Flask) -> Process:
    """The process."""
    return db.session.scalars(select(Process)).one()


def actor_of(email: str) -> Actor:
    return Actor(db.session.scalars(select(User).where(User.email == email)).one().id)


def test_every_page_is_shown(app: Flask, sign_in: Callable[[FlaskClient, str], FlaskClient]) -> None:
    organiser = sign_in(app.test_client(), "organiser@example.org")
    answers = {page: organiser.get(f"/processes/heard{page}").status_code for page in (*PAGES, *OF_THE_TEAM)}
    answers |= {
        key: app.test_client().get(f"/receipts/{secret_of(key)}").status_code
        for key in ("c-one", "c-refused", "c-gone", "c-waiting")
    }
    assert {page: status for page, status in answers.items() if status != 200} == {}
    dossier_ = app.test_client().get("/processes/heard/dossiers/1").text
    assert "Du temps avec ma fille, le matin." in dossier_
    assert "Neighbours" not in dossier_
    assert "It works with a rule." in dossier_


def test_words_of_a_settled_dossier_can_still_be_withdrawn(app: Flask, heard: Process, now: datetime) -> None:
    withdraw_contribution(db.session(), secret_of("c-one"), now)
    db.session.commit()
    read = app.test_client().get("/processes/heard/dossiers/1.json")
    assert "ma fille" not in read.text
    assert read.json is not None
    assert read.json["digest"] == ROWS["dossier"][0]["digest"]


def test_a_round_begun_before_is_finished_and_the_bundle_verifies(
    heard: Process, now: datetime, tmp_path: Path
) -> None:
    session, organiser = db.session(), actor_of("organiser@example.org")
    closed, later = now + timedelta(days=1), now + timedelta(days=20)
    moderate(session, organiser, heard, contribution(session, heard, "c-waiting"), "publish", "", now)
    close_phase(session, organiser, heard.phases[2], closed)
    (placement,) = contribution(session, heard, "c-three").placements
    contest_placement(session, secret_of("c-three"), placement, "Ce n’est pas un lieu.", closed)
    answer_contest(session, organiser, heard, placement, "C’est un lieu de la commune.", closed)
    settle_dossier(session, organiser, heard, later)
    with publish(session, OPERATOR, heard, tmp_path / "bundles", later):
        session.commit()
    first, second = (dossier(session, heard, number) for number in (1, 2))
    assert first is not None
    assert second is not None
    assert ("version" in first.content, second.content["version"]) == (False, 2)
    report = verify(tmp_path / "bundles" / "heard")
    assert report.faults == []
