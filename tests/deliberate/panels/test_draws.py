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
from typing import Any

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
from deliberate.panels.models import Draw, Registrant, RegistrantLink
from deliberate.panels.places import place_of
from deliberate.panels.queries import seats
from deliberate.people.models import User
from deliberate.people.rules import Actor, secret_hash
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


# The ceremony


def test_balls_are_typed_one_by_one_read_again_and_revealed_once(
    desk: FlaskClient, visitor: FlaskClient, session: Session, process: Process, prepared: Draw
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/draws/1"
    page = desk.get(f"{address}/reveal").text
    assert page.count('name="ball"') == 2
    assert str(prepared.commitment) in page
    again = desk.post(f"{address}/reveal", data={"ball": ["4", "2"]}).text
    assert "<li>4</li><li>2</li>" in again
    assert 'name="randomness" value="4 2"' in again
    assert prepared.state == "prepared"
    done = desk.post(f"{address}/reveal", data={"randomness": "4 2", "step": "reveal", "once": "a"})
    assert done.location.endswith("/draws/1/ceremony")
    shown = visitor.get(f"{address}/ceremony").text
    assert "Panel number 42 was drawn." in shown
    drawn = prepared.outcome["reveal"]["people"]
    assert all(f"<code>{person}</code>" in shown for person in drawn)
    assert len(drawn) == prepared.size
    assert "Volunteer" not in shown
    assert desk.get(f"{address}/reveal").location.endswith("/draws/1/ceremony")


@pytest.mark.parametrize("typed", [{"ball": ["4", ""]}, {"ball": ["4", "x"]}, {"randomness": "427"}])
def test_what_cannot_name_a_panel_is_refused_before_it_is_read_again(
    typed: dict[str, Any], desk: FlaskClient, session: Session, process: Process, prepared: Draw
) -> None:
    session.commit()
    page = desk.post(f"/processes/{process.slug}/draws/1/reveal", data=typed)
    assert page.status_code == 422
    assert "This lottery awaits 2 digits" in page.text
    assert prepared.state == "prepared"


def test_everyone_sees_the_seal_and_the_rule_while_they_wait(
    visitor: FlaskClient, session: Session, process: Process, prepared: Draw
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/draws/1/ceremony"
    page = visitor.get(address).text
    assert "numbered from 00 to 99" in page
    assert str(prepared.commitment) in page
    assert "Type what was drawn" not in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert visitor.get(f"{address}.json").json == {"finished": False}


def test_the_certificate_waits_to_be_filled_in_and_names_nobody(
    visitor: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    prepared: Draw,
    now: datetime,
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/draws/1/certificate"
    before = visitor.get(address).text
    assert before.count("by-hand") == 4
    assert "signed by a guarantor" in before
    reveal(session, Actor(organiser.id), prepared, "42", now)
    session.commit()
    after = visitor.get(address).text
    assert after.count("by-hand") == 1
    assert "number 42" in text_of(after)
    assert str(prepared.commitment) in after
    assert after.count("name and signature") == 4
    assert "Volunteer" not in after


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


# One's own chance


def own_page(session: Session, process: Process, registrant: Registrant, now: datetime) -> str:
    """The secret address of a volunteer's chance."""
    session.add(RegistrantLink(hash=secret_hash("own"), registrant_id=registrant.id, made_at=now))
    session.commit()
    return f"/processes/{process.slug}/receipt/own/chance"


def test_ones_own_chance_is_there_before_the_draw_and_can_be_checked_by_hand(
    visitor: FlaskClient,
    session: Session,
    process: Process,
    prepared: Draw,
    filled: list[Registrant],
    now: datetime,
) -> None:
    address = own_page(session, process, filled[0], now)
    place = place_of(session, prepared, filled[0])
    assert place is not None
    page = visitor.get(address).text
    said = text_of(page)
    assert f"Your chance is {len(place.panels)} in 100." in said
    assert "Nothing is drawn yet" in said
    assert "if all 30 volunteers had the same chance, it would be 20.0%" in said.replace("If all", "if all")
    assert all(f"<li>{number}</li>" in page for number in place.panels)
    found = hashlib.sha256(bytes.fromhex(place.nonce) + place.said.encode()).hexdigest()
    assert found in page
    assert found in prepared.lottery["commitments"]
    own = json.loads(visitor.get(address.replace("/chance", "/person.json")).data)
    assert own["panels"] == place.panels
    findings = verify_lottery(prepared.lottery, person=own, commitment=prepared.commitment)
    assert [str(one) for one in findings if one.outcome == "failed"] == []
    others = [pseudonym for pseudonym in prepared.key if pseudonym != place.pseudonym]
    assert not any(pseudonym in page for pseudonym in others)


def test_after_the_draw_everyone_reads_what_became_of_them(
    visitor: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    prepared: Draw,
    filled: list[Registrant],
    now: datetime,
) -> None:
    reveal(session, Actor(organiser.id), prepared, "42", now)
    drawn = next(one for one in filled if one.pseudonym in prepared.outcome["panel"])
    page = text_of(visitor.get(own_page(session, process, drawn, now)).text)
    assert "You were drawn." in page
    assert "Panel 42 was drawn: it is in your list." in page


def test_before_the_seal_the_page_says_what_will_be_there(
    visitor: FlaskClient, session: Session, process: Process, filled: list[Registrant], now: datetime
) -> None:
    page = visitor.get(own_page(session, process, filled[0], now)).text
    assert "The draw is not sealed yet" in page


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
