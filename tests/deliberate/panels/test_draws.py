"""The draw's pages: what is lacking, progress, failures, the ceremony, the certificate, the report, one's own chance."""

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.database import db
from deliberate.journal.queries import chain
from deliberate.panels.acts import abandon_draw, request_draw
from deliberate.panels.erasure import erase_registrant
from deliberate.panels.imports import sign_pool
from deliberate.panels.jobs import REHEARSAL
from deliberate.panels.lotteries import fail_draw
from deliberate.panels.models import Draw, Registrant
from deliberate.panels.queries import seats
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Process
from deliberate.publication.contents import content_files
from sortition import verify_lottery
from tests.deliberate.panels.work import reveal

SignIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def session(app: Flask) -> Session:
    """The application's own session, so that the fixtures of the acts fill the pages."""
    return db.session()


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """The browser of somebody without an account."""
    return app.test_client()


@pytest.fixture
def rehearsed(
    session: Session,
    process: Process,
    organiser: User,
    filled: list[Registrant],
    compute: Callable[[Draw], None],
    now: datetime,
) -> Draw:
    """A sealed rehearsal."""
    draw = request_draw(session, Actor(organiser.id), process, now, rehearsal=True)
    compute(draw)
    return draw


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


# Before


def test_what_is_lacking_for_a_draw_is_listed_with_where_to_mend_it(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    page = desk.get(f"/processes/{process.slug}/draws").text
    said = text_of(page)
    assert "ready: Quotas: 4 groups" in said
    assert "ready: Volunteers: 30" in said
    assert "to be checked: The quotas can be met" in said
    assert "lacking: A guarantor has not signed the pool yet" in said
    assert f"/processes/{process.slug}/quotas?check=1" in page
    assert "Prepare the draw" not in page
    assert 'value="rehearsal"' in page


def test_once_sealed_the_next_draw_lacks_that_there_be_no_other(
    desk: FlaskClient, session: Session, process: Process, prepared: Draw
) -> None:
    session.commit()
    said = text_of(desk.get(f"/processes/{process.slug}/draws").text)
    assert "ready: A guarantor has signed the pool as it is." in said
    assert "lacking: No other draw: draw 1 is under way or done" in said


# While it is computed


def test_progress_gives_the_stage_the_bound_and_what_was_reached(
    desk: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    filled: list[Registrant],
    now: datetime,
) -> None:
    draw = request_draw(session, Actor(organiser.id), process, now, rehearsal=True)
    job = session.get_one(jobs.Job, draw.job_id)
    job.progress = {"stage": "panels", "done": 430, "total": 1000, "bound": 43210, "attained": 39900}
    session.commit()
    page = desk.get(f"/processes/{process.slug}/draws/1").text
    assert "least chance reached: 3.99% of at most 4.32%" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    state = desk.get(f"/processes/{process.slug}/draws/1/progress.json").json
    assert state is not None
    assert (state["done"], state["total"], state["finished"]) == (430, 1000, False)


def test_a_draw_that_counts_is_stopped_with_a_reason_that_stays_public(
    desk: FlaskClient,
    visitor: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    guarantor: User,
    filled: list[Registrant],
    now: datetime,
) -> None:
    sign_pool(session, Actor(guarantor.id), process, now)
    draw = request_draw(session, Actor(organiser.id), process, now)
    session.commit()
    address = f"/processes/{process.slug}/draws/1"
    assert visitor.get(address).status_code == 404
    desk.post(f"{address}/cancel", data={"reason": " ", "once": "a"})
    assert "Say why the draw is stopped" in desk.get(address).text
    assert draw.state == "requested"
    desk.post(f"{address}/cancel", data={"reason": "The wrong file was imported", "once": "b"})
    assert draw.state == "cancelled"
    assert "The wrong file was imported" in visitor.get(address).text
    assert "The wrong file was imported" in visitor.get(f"/processes/{process.slug}/panel").text
    assert list(chain(session, process.slug))[-1]["public"] == {"reason": "The wrong file was imported"}


def test_a_computation_that_kills_its_worker_says_what_to_do(
    desk: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    filled: list[Registrant],
    now: datetime,
) -> None:
    draw = request_draw(session, Actor(organiser.id), process, now, rehearsal=True)
    fail_draw(session, {"draw": draw.id}, jobs.DIED, now)
    session.commit()
    page = desk.get(f"/processes/{process.slug}/draws/1").text
    assert "It was begun 5 times" in page
    assert "more memory, or lower the number of panels" in page
    assert "Nothing was sealed" in page


WORKER = """
import sys
from datetime import datetime
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from deliberate.app import WORK
from deliberate.core import jobs
from deliberate.core.database import prepare_engine

engine = create_engine(sys.argv[1])
prepare_engine(engine)
now = datetime.fromisoformat(sys.argv[2])
report = jobs.Run.report

def report_and_stay(run, progress, checkpoint=None):
    report(run, progress, checkpoint)
    if progress["stage"] == sys.argv[3]:
        print("computing", flush=True)
        sys.stdin.read()

jobs.Run.report = report_and_stay
for kind, (work, failure) in WORK.items():
    jobs.register(kind, work, failure)
jobs.run_next(Session(engine), lambda: Session(engine), lambda: now)
"""


@pytest.mark.parametrize("stage", ["panels", "sealing"])
def test_a_worker_killed_in_the_middle_of_a_draw_is_followed_by_another_that_gives_the_same_bytes(
    stage: str,
    app: Flask,
    session: Session,
    process: Process,
    organiser: User,
    filled: list[Registrant],
    now: datetime,
) -> None:
    draw = request_draw(session, Actor(organiser.id), process, now, rehearsal=True)
    draw_id = draw.id
    session.commit()
    address = db.engine.url.render_as_string(hide_password=False)
    db.session.remove()
    command = [sys.executable, "-c", WORKER, address, now.isoformat(), stage]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "computing\n"
        worker.kill()

    def side() -> Session:
        return Session(db.engine)

    with side() as second:
        found = second.get_one(Draw, draw_id)
        assert (found.state, found.lottery) == ("computing", {})
        assert not jobs.run_next(second, side, lambda: now), "the lease still holds"
        assert jobs.run_next(second, side, lambda: now + jobs.LEASE + timedelta(seconds=1))
        assert found.state == "prepared"
        first = found.commitment
        job = second.get_one(jobs.Job, found.job_id)
        found.state, found.commitment, job.state = "computing", None, "waiting"
        second.commit()
        assert jobs.run_next(second, side, lambda: now + jobs.LEASE * 4)
        assert second.get_one(Draw, draw_id).commitment == first


# What everyone may read


def test_the_report_is_public_and_carries_nobodys_row(
    visitor: FlaskClient, session: Session, process: Process, prepared: Draw, filled: list[Registrant]
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/draws/1/report.html"
    answer = visitor.get(address)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    hashed = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert f"'sha256-{hashed}'" in policy
    assert "style=" not in answer.text
    assert "Under 40" in answer.text
    assert "Population in proportion" in answer.text
    assert not any(one.pseudonym in answer.text for one in filled)
    assert not any(pseudonym in answer.text for pseudonym in prepared.key)
    french = visitor.get(f"{address}?lang=fr").text
    assert "Moins de 40 ans" in french
    assert "Ce que veulent dire ces nombres" in french
    assert "attachment" in visitor.get(f"{address}?download=1").headers["Content-Disposition"]


def test_one_folder_holds_all_that_verifies_and_rows_only_for_guarantors(
    app: Flask,
    visitor: FlaskClient,
    sign_in: SignIn,
    guarantor: User,
    session: Session,
    process: Process,
    organiser: User,
    prepared: Draw,
    now: datetime,
) -> None:
    reveal(session, Actor(organiser.id), prepared, "42", now)
    session.commit()
    address = f"/processes/{process.slug}/draws/1/folder.zip"

    def folder(browser: FlaskClient) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(browser.get(address).data)) as content:
            return {name: content.read(name) for name in content.namelist()}

    public = folder(visitor)
    assert sorted(public) == [
        f"draw-1/{name}"
        for name in (
            "alternates.json",
            "commitment.txt",
            "lottery.json",
            "report.html",
            "reveal.json",
            "verify.py",
        )
    ]
    whole = folder(sign_in(app.test_client(), guarantor.email))
    assert set(whole) - set(public) == {"draw-1/alternates-sets.json", "draw-1/attributes.json"}
    findings = verify_lottery(
        json.loads(whole["draw-1/lottery.json"]),
        json.loads(whole["draw-1/attributes.json"]),
        json.loads(whole["draw-1/reveal.json"]),
        commitment=whole["draw-1/commitment.txt"].decode().strip(),
    )
    assert [str(one) for one in findings if one.outcome == "failed"] == []


def test_a_rehearsal_is_marked_on_every_page_file_and_entry(
    desk: FlaskClient, visitor: FlaskClient, session: Session, process: Process, rehearsed: Draw
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/draws/1"
    for path in ("", "/ceremony", "/reveal", "/certificate", "/report.html"):
        assert "Rehearsal, without value" in desk.get(f"{address}{path}").text, path
        assert visitor.get(f"{address}{path}").status_code in (302, 401, 404), path
    assert rehearsed.lottery["randomness"]["source"].startswith(REHEARSAL)
    named = desk.get(f"{address}/lottery.json").headers["Content-Disposition"]
    assert 'filename="rehearsal-1-lottery.json"' in named
    assert 'filename="rehearsal-1.zip"' in desk.get(f"{address}/folder.zip").headers["Content-Disposition"]
    assert {entry["object"] for entry in list(chain(session, process.slug))[-2:]} == {"rehearsal:1"}
    journal = visitor.get(f"/processes/{process.slug}/journal").text
    assert "computed rehearsal 1, without value" in journal
    desk.post(f"{address}/reveal", data={"randomness": "42", "step": "reveal", "once": "r"})
    assert rehearsed.state == "revealed"
    assert seats(session, rehearsed) == []


def test_an_abandoned_draw_stays_public_with_its_seal_and_its_reason(
    visitor: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    prepared: Draw,
    now: datetime,
) -> None:
    abandon_draw(session, Actor(organiser.id), prepared, "The hall was flooded", now)
    session.commit()
    for path in ("", "/ceremony", "/certificate"):
        page = visitor.get(f"/processes/{process.slug}/draws/1{path}").text
        assert "The hall was flooded" in page, path
        assert str(prepared.commitment) in page, path


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_of_a_draw_answers_in_both_languages(
    language: str, desk: FlaskClient, session: Session, process: Process, prepared: Draw
) -> None:
    session.commit()
    for path in (
        "draws",
        "draws/1",
        "draws/1/ceremony",
        "draws/1/certificate",
        "draws/1/reveal",
        "draws/1/report.html",
    ):
        page = desk.get(f"/processes/{process.slug}/{path}?lang={language}")
        assert page.status_code == 200, path
        assert f'<html lang="{language}">' in page.text


def test_answers_offered_to_everyone_are_not_once_somebody_was_erased(
    session: Session,
    visitor: FlaskClient,
    process: Process,
    organiser: User,
    prepared: Draw,
    filled: list[Registrant],
    now: datetime,
) -> None:
    panel = process.protocol["panel"] | {"attributes_public": True}
    process.protocol = process.protocol | {"panel": panel}
    reveal(session, Actor(organiser.id), prepared, "42", now)
    session.commit()
    address, file = f"/processes/{process.slug}/draws/{prepared.number}/attributes.json", "attributes.json"
    assert visitor.get(address).status_code == 200
    assert any(path.endswith(file) for path in content_files(session, process))
    erase_registrant(session, Actor(organiser.id), filled[0], now)
    session.commit()
    assert visitor.get(address).status_code == 403
    assert not any(path.endswith(file) for path in content_files(session, process))
