"""The pages of recruitment, draw and seats, as visitors, volunteers, organisers and guarantors see them."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.database import db
from deliberate.journal.queries import chain
from deliberate.panels.acts import request_draw
from deliberate.panels.models import Draw, Registrant
from deliberate.panels.queries import draws, seats
from deliberate.panels.quotas import set_quotas
from deliberate.panels.rules import QuotaRow
from deliberate.panels.seats import answer_seat, confirm_seat
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Process
from sortition import verify_lottery
from tests.deliberate.panels.work import reveal

ANSWERS = {
    "name": "Wanda Willing",
    "email": "wanda@example.org",
    "answer_0": "women",
    "answer_1": "old",
    "consent": "y",
}


@pytest.fixture
def session(app: Flask) -> Session:
    """The application's own session, so that the fixtures of the acts fill the pages."""
    return db.session()


def link_in(page: str) -> str:
    """The secret link on a receipt."""
    found = re.search(r"/processes/[a-z-]+/receipt/[\w-]+", page)
    assert found is not None
    return found.group(0)


def test_a_rehearsal_is_marked_and_hidden_from_the_public(
    app: Flask, desk: FlaskClient, session: Session, process: Process, filled: list[Registrant], compute: Any
) -> None:
    session.commit()
    answer = desk.post(
        f"/processes/{process.slug}/draws", data={"source_en": "Two dice", "action": "rehearsal"}
    )
    assert "Waiting for a worker" in desk.get(answer.location).text
    compute(draws(session, process)[0])
    session.commit()
    assert json.loads(desk.get(f"{answer.location}/progress.json").data)["finished"] is True
    desk.post(f"{answer.location}/reveal", data={"randomness": "12", "step": "reveal"})
    page = desk.get(answer.location).text
    assert "Rehearsal, without value" in page
    assert seats(session, draws(session, process)[0]) == []
    assert app.test_client().get(answer.location).status_code == 404


def test_the_seal_is_public_before_the_draw_and_verifies_after_it(
    app: Flask,
    desk: FlaskClient,
    session: Session,
    process: Process,
    prepared: Draw,
    filled: list[Registrant],
    compute: Any,
) -> None:
    session.commit()
    visitor = app.test_client()
    page = visitor.get(f"/processes/{process.slug}/panel").text
    assert prepared.commitment is not None
    assert prepared.commitment in page
    assert "Two balls drawn in public" in page
    ceremony = f"/processes/{process.slug}/draws/1/reveal"
    assert "42" in desk.post(ceremony, data={"randomness": "42"}).text
    assert prepared.state == "prepared"
    assert desk.post(ceremony, data={"randomness": "42", "step": "reveal", "once": "a"}).status_code == 302
    compute(prepared)
    session.commit()
    folder = f"/processes/{process.slug}/draws/1"
    files = {
        name: json.loads(visitor.get(f"{folder}/{name}.json").data)
        for name in ("lottery", "reveal", "alternates")
    }
    findings = verify_lottery(
        files["lottery"], None, files["reveal"], files["alternates"], prepared.commitment
    )
    assert [str(finding) for finding in findings if finding.outcome == "failed"] == []
    assert "Volunteer" not in visitor.get(f"{folder}/lottery.json").text
    assert visitor.get(f"{folder}/attributes.json").status_code == 403
    assert visitor.get(f"{folder}/key.csv").status_code in (302, 401)
    assert "drawn by lot among 30 volunteers" in visitor.get(f"/processes/{process.slug}/panel").text


def test_a_reveal_sent_twice_is_done_once_and_a_second_one_is_refused(
    desk: FlaskClient, session: Session, process: Process, prepared: Draw
) -> None:
    session.commit()
    ceremony = f"/processes/{process.slug}/draws/1/reveal"
    form = {"randomness": "42", "step": "reveal", "once": "same"}
    for _ in range(2):
        assert desk.post(ceremony, data=form).status_code == 302
    assert [entry["act"] for entry in chain(session, process.slug)].count("reveal") == 1
    assert len(seats(session, prepared)) == 6
    refused = desk.post(ceremony, data={"randomness": "43", "step": "reveal", "once": "other"})
    assert refused.status_code == 409
    assert "already revealed" in refused.text
    assert prepared.ticket == 42


def test_the_guarantor_reads_the_rows_and_the_organiser_the_names(
    desk: FlaskClient,
    witness: FlaskClient,
    session: Session,
    process: Process,
    prepared: Draw,
    organiser: User,
    now: datetime,
) -> None:
    reveal(session, Actor(organiser.id), prepared, "42", now)
    session.commit()
    folder = f"/processes/{process.slug}/draws/1"
    attributes = json.loads(witness.get(f"{folder}/attributes.json").data)
    findings = verify_lottery(
        prepared.lottery, attributes, prepared.outcome["reveal"], None, prepared.commitment
    )
    assert "Every panel meets every quota." in [str(finding) for finding in findings]
    assert witness.get(f"{folder}/selected.csv").status_code == 403
    assert desk.get(f"{folder}/selected.csv").text.count("volunteer-") == 6
    assert desk.get(f"{folder}/remaining.csv").text.count("volunteer-") == 22
    assert desk.get(f"{folder}/chances.csv").text.count("/100,") == 30


def test_a_volunteer_reads_their_chance_and_accepts_by_the_button(
    client: FlaskClient,
    app: Flask,
    desk: FlaskClient,
    session: Session,
    process: Process,
    prepared: Draw,
    organiser: User,
    now: datetime,
) -> None:
    reveal(session, Actor(organiser.id), prepared, "42", now)
    session.commit()
    letters = desk.post(f"/processes/{process.slug}/seats/letters").text
    link = link_in(letters)
    visitor = app.test_client()
    page = visitor.get(link).text
    assert re.search(r"Your chance was \d+ in 100", page)
    assert "I accept my place" in page
    assert visitor.post(f"{link}/answer", data={"answer": "accepted"}).status_code == 302
    assert "You accepted" in visitor.get(link).text
    assert [seat.state for seat in seats(session, prepared)].count("accepted") == 1


def test_a_code_is_printed_once_and_signs_the_member_in(
    app: Flask,
    desk: FlaskClient,
    session: Session,
    process: Process,
    prepared: Draw,
    organiser: User,
    now: datetime,
) -> None:
    reveal(session, Actor(organiser.id), prepared, "42", now)
    answer_seat(session, Actor(organiser.id), seats(session, prepared)[0], "accepted", now)
    session.commit()
    page = desk.post(f"/processes/{process.slug}/seats/1/confirm", data={"once": "c"}).text
    assert re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", page)
    again = desk.post(f"/processes/{process.slug}/seats/1/confirm", data={"once": "c"})
    assert again.status_code == 302
    assert "New code" in desk.get(f"/processes/{process.slug}/seats").text


def test_an_abandoned_draw_stays_on_the_public_page(
    app: Flask, desk: FlaskClient, session: Session, process: Process, prepared: Draw
) -> None:
    session.commit()
    desk.post(f"/processes/{process.slug}/draws/1/abandon", data={"reason": "The hall was flooded"})
    page = app.test_client().get(f"/processes/{process.slug}/panel").text
    assert "The hall was flooded" in page
    assert prepared.commitment is not None
    assert prepared.commitment in page


def test_a_killed_job_resumes_with_the_same_commitment(
    app: Flask, session: Session, process: Process, organiser: User, filled: list[Registrant], now: datetime
) -> None:
    """The first worker dies at its first report; the row is claimed again once its lease has run out."""
    draw = request_draw(session, Actor(organiser.id), process, now, rehearsal=True)
    draw_id, entropy = draw.id, draw.entropy
    session.commit()
    db.session.remove()

    def side() -> Session:
        return Session(db.engine)

    class Killed(BaseException):
        """What a kill does to a worker: nothing after it runs."""

    def killed(self: jobs.Run, progress: dict[str, Any], checkpoint: dict[str, Any] | None = None) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch, side() as worker:
        patch.setattr(jobs.Run, "report", killed)
        with pytest.raises(Killed):
            jobs.run_next(worker, side, lambda: now)
    with side() as worker:
        assert worker.get_one(Draw, draw_id).state == "computing"
        assert jobs.run_next(worker, side, lambda: now + jobs.LEASE * 2)
        found = worker.get_one(Draw, draw_id)
        assert (found.state, found.entropy) == ("prepared", entropy)
        commitment = found.commitment
        found.state, found.commitment = "computing", None
        job = worker.get_one(jobs.Job, found.job_id)
        job.state = "waiting"
        worker.commit()
        assert jobs.run_next(worker, side, lambda: now + jobs.LEASE * 4)
        assert worker.get_one(Draw, draw_id).commitment == commitment


def test_an_impossible_draw_says_why_and_where_to_mend_it(
    desk: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    filled: list[Registrant],
    now: datetime,
    compute: Any,
) -> None:
    rows = [QuotaRow("gender", "women", 5, 6), QuotaRow("gender", "men", 3, 3)]
    ages = [QuotaRow("age", "young", 2, 3), QuotaRow("age", "old", 3, 4)]
    set_quotas(session, Actor(organiser.id), process, [*rows, *ages], now)
    draw = request_draw(session, Actor(organiser.id), process, now, rehearsal=True)
    compute(draw)
    session.commit()
    page = desk.get(f"/processes/{process.slug}/draws/1").text
    assert "No panel of this pool meets every quota" in page
    assert "/quotas?check=1" in page


def test_the_desk_shows_what_members_can_do_next(
    desk: FlaskClient,
    witness: FlaskClient,
    session: Session,
    process: Process,
    prepared: Draw,
    organiser: User,
    now: datetime,
) -> None:
    actor = Actor(organiser.id)
    reveal(session, actor, prepared, "42", now)
    found = seats(session, prepared)
    answer_seat(session, actor, found[0], "accepted", now)
    confirm_seat(session, actor, found[0], now)
    session.commit()
    address = f"/processes/{process.slug}/seats"
    assert (
        desk.post(f"{address}/2/answer", data={"answer": "declined", "channel": "telephone"}).status_code
        == 302
    )
    assert "to be confirmed by the person or a guarantor" in desk.get(address).text
    page = witness.get(address).text
    assert "I confirm this refusal" in page
    assert "Volunteer " not in page
    witness.post(f"{address}/2/confirm-refusal")
    desk.post(f"{address}/call")
    assert [seat.state for seat in seats(session, prepared)].count("offered") == 5
    desk.post(f"{address}/1/give-up", data={"reason": "Moved away"})
    assert seats(session, prepared)[0].state == "given up"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_answers_in_both_languages(
    language: str, desk: FlaskClient, session: Session, process: Process, prepared: Draw
) -> None:
    session.commit()
    base = f"/processes/{process.slug}"
    for path in (
        "panel", "register", "register/form", "register/check", "register/received", "pool", "pool/add", "pool/import",
        "quotas?check=1", "quotas/import", "draws", "draws/1", "draws/1/reveal", "seats",
    ):  # fmt: skip
        separator = "&" if "?" in path else "?"
        page = desk.get(f"{base}/{path}{separator}lang={language}")
        assert page.status_code == 200, path
        assert f'<html lang="{language}">' in page.text
