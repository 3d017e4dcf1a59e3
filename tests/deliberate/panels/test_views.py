"""The pages of recruitment, draw and seats, as visitors, volunteers, organisers and guarantors see them."""

import io
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
from deliberate.panels.queries import draws, pool, quotas, seats
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


def test_a_volunteer_registers_and_keeps_number_and_link(
    client: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/register"
    form = client.get(address).text
    assert "Under 40" in form
    page = client.post(address, data=ANSWERS)
    assert page.status_code == 200
    receipt = client.get(link_in(page.text)).text
    assert "Wanda Willing" in receipt
    number = pool(session, process)[-1].pseudonym
    assert "is in the pool" in client.get(f"{address}/check?number={number}").text
    assert client.get(f"{address}/check?number=R-AAAA-AAAA").status_code == 404
    letter = session.query(jobs.Job).filter_by(kind="mail").one().payload
    assert letter["to"] == "wanda@example.org"
    assert link_in(letter["body"]) == link_in(page.text)


def test_a_form_with_gaps_says_each_of_them_and_records_nothing(
    client: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    page = client.post(f"/processes/{process.slug}/register", data={"name": "Wanda", "email": "wanda"})
    assert page.status_code == 422
    assert page.text.count("This is needed.") >= 3
    assert "does not look like an e-mail address" in page.text
    assert 'value="Wanda"' in page.text
    assert len(pool(session, process)) == 30


def test_a_machine_that_fills_the_hidden_field_is_refused(
    client: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    page = client.post(f"/processes/{process.slug}/register", data=ANSWERS | {"website": "http://spam"})
    assert page.status_code == 422
    assert len(pool(session, process)) == 30


def test_a_form_sent_twice_registers_once(
    client: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/register"
    assert client.post(address, data=ANSWERS | {"once": "t1"}).status_code == 200
    again = client.post(address, data=ANSWERS | {"once": "t1"})
    assert again.location.endswith("/register/received")
    assert "recorded once only" in client.get(again.location).text
    assert len(pool(session, process)) == 31


def test_the_receipt_link_withdraws_only_by_the_button(
    client: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    link = link_in(client.post(f"/processes/{process.slug}/register", data=ANSWERS).text)
    assert client.get(link).status_code == 200
    assert "cannot be undone" in client.get(f"{link}/withdraw").text
    assert len(pool(session, process)) == 31
    assert client.post(f"{link}/withdraw").status_code == 302
    assert len(pool(session, process)) == 30
    assert "withdrawn" in client.get(link).text


def test_a_volunteer_corrects_and_erases_themselves(
    client: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    link = link_in(client.post(f"/processes/{process.slug}/register", data=ANSWERS).text)
    assert "Wanda Willing" in client.get(f"{link}/correct").text
    client.post(f"{link}/correct", data=ANSWERS | {"name": "Wanda W.", "answer_1": "young"})
    assert "Wanda W." in client.get(link).text
    assert "is deleted" in client.post(f"{link}/erase").text
    assert client.get(link).status_code == 404


def test_names_are_for_organisers_and_not_for_guarantors(
    desk: FlaskClient,
    witness: FlaskClient,
    app: Flask,
    session: Session,
    process: Process,
    filled: list[Registrant],
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/pool"
    assert "Volunteer 1<" in desk.get(address).text
    assert "Volunteer 1<" not in witness.get(address).text
    assert filled[0].pseudonym in witness.get(f"{address}?q=nobody").text
    assert app.test_client().get(address).status_code in (302, 401)
    shown = re.search(r'name="digest" value="([^"]+)"', witness.get(f"{address}/sign").text)
    assert shown
    assert witness.post(f"{address}/sign", data={"digest": shown[1]}).status_code == 302
    assert "A guarantor signed this pool of 30 people" in desk.get(address).text


def test_a_malformed_file_lists_every_problem_at_once_and_writes_nothing(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    table = "id,gender,age\n1,women,ancient\n1,men,old\n3,,young\n"
    address = f"/processes/{process.slug}/pool/import"
    page = desk.post(address, data={"file": (io.BytesIO(table.encode()), "people.csv")})
    assert page.status_code == 422
    assert "“ancient” has no quota" in page.text
    assert "already in row 2" in page.text
    assert "Row 4 of people.csv has nothing in column “gender”" in page.text
    assert len(pool(session, process)) == 30


def test_a_file_is_shown_before_it_is_entered(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    table = "id;Gender;age;name\nx1;Women;OLD;Ann\nx2;men;young;Bob\n"
    address = f"/processes/{process.slug}/pool/import"
    page = desk.post(address, data={"file": (io.BytesIO(table.encode()), "people.csv")}).text
    assert "2 people were read" in page
    assert len(pool(session, process)) == 30
    hidden = re.search(r'name="confirmed" value="([^"]+)"', page)
    assert hidden is not None
    assert desk.post(address, data={"confirmed": hidden.group(1), "name": "people.csv"}).status_code == 302
    assert len(pool(session, process)) == 32
    exported = desk.get(f"/processes/{process.slug}/pool/respondents.csv").text
    assert "Ann" in exported


def quota_form(session: Session, process: Process, **changed: str) -> dict[str, str]:
    form: dict[str, str] = {}
    for index, quota in enumerate(quotas(session, process)):
        form |= {f"category-{index}": quota.category, f"value-{index}": quota.value}
        form |= {f"minimum-{index}": str(quota.minimum), f"maximum-{index}": str(quota.maximum)}
        form |= {f"label_en-{index}": quota.label["en"], f"population-{index}": "50"}
    return form | {name.replace("_", "-"): value for name, value in changed.items()}


def test_a_quota_that_cannot_be_met_says_first_to_recruit(
    desk: FlaskClient,
    session: Session,
    process: Process,
    organiser: User,
    filled: list[Registrant],
    now: datetime,
) -> None:
    rows = [
        QuotaRow("gender", "women", 2, 3),
        QuotaRow("gender", "men", 2, 3),
        QuotaRow("gender", "other", 1, 2),
    ]
    ages = [QuotaRow("age", "young", 2, 3), QuotaRow("age", "old", 3, 4)]
    set_quotas(session, Actor(organiser.id), process, [*rows, *ages], now)
    session.commit()
    page = desk.get(f"/processes/{process.slug}/quotas?check=1").text
    recruit, lower = page.index("Recruit more of them first"), page.index("lower the minimum")
    assert recruit < lower
    assert page.index("First, recruit") < page.index("smallest relaxation")
    assert 'name="set" value="minimum-2=0"' in page
    assert (
        desk.post(
            f"/processes/{process.slug}/quotas", data=quota_form_of(page) | {"set": "minimum-2=0"}
        ).status_code
        == 302
    )
    assert [quota.minimum for quota in quotas(session, process)] == [2, 2, 0, 2, 3]


def quota_form_of(page: str) -> dict[str, str]:
    """What a browser would send from the page."""
    fields = re.findall(r'<input[^>]* name="([\w-]+)"[^>]* value="([^"]*)"', page)
    return {name: value for name, value in fields if re.search(r"-\d+$", name)}


def test_each_problem_of_the_quota_table_stands_beside_its_cell(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    address = f"/processes/{process.slug}/quotas"
    page = desk.post(address, data=quota_form(session, process, minimum_0="three", population_1="many"))
    assert page.status_code == 422
    assert 'id="minimum-0-error"' in page.text
    assert 'id="population-1-error"' in page.text
    assert 'value="three"' in page.text
    page = desk.post(address, data=quota_form(session, process, minimum_0="5"))
    assert page.status_code == 422
    assert "exchange or correct them" in page.text
    for giant in ({"minimum_0": "9" * 5000}, {"maximum_0": "9" * 12}, {"population_0": "1e9999999"}):
        page = desk.post(address, data=quota_form(session, process, **giant))
        assert page.status_code == 422
        assert f'id="{next(iter(giant)).replace("_", "-")}-error"' in page.text


def test_quotas_come_and_go_as_a_file(
    desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    table = desk.get(f"/processes/{process.slug}/quotas/categories.csv").data
    address = f"/processes/{process.slug}/quotas/import"
    bad = desk.post(address, data={"file": (io.BytesIO(b"category,name,min,max\na,b,x,1\na,c,3,2"), "c.csv")})
    assert bad.status_code == 422
    assert "not a whole number" in bad.text
    assert "above the maximum" in bad.text
    page = desk.post(address, data={"file": (io.BytesIO(table), "categories.csv")}).text
    hidden = re.search(r'name="confirmed" value="([^"]+)"', page)
    assert hidden is not None
    assert (
        desk.post(address, data={"confirmed": hidden.group(1), "name": "categories.csv"}).status_code == 302
    )
    assert quotas(session, process)[0].label == {"en": "Women", "fr": "Femmes"}


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


def test_one_address_may_register_a_workshop_but_not_a_flood(
    client: FlaskClient,
    session: Session,
    process: Process,
    filled: list[Registrant],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session.commit()
    monkeypatch.setattr("deliberate.panels.views.register.PER_ADDRESS", 2)
    answers = [
        client.post(f"/processes/{process.slug}/register", data=ANSWERS | {"name": name}).status_code
        for name in ("Ann", "Bea", "Cleo")
    ]
    assert answers == [200, 200, 429]


def test_what_a_volunteer_typed_is_no_formula_in_the_organisers_spreadsheet(
    client: FlaskClient, desk: FlaskClient, session: Session, process: Process, filled: list[Registrant]
) -> None:
    session.commit()
    typed = {"name": "=cmd()", "phone": "+33 6 12 34", "email": ""}
    client.post(f"/processes/{process.slug}/register", data=ANSWERS | typed)
    exported = desk.get(f"/processes/{process.slug}/pool/respondents.csv").text
    assert ",'=cmd(),,+33 6 12 34," in exported
    filled[0].columns = {"=1+1": "note"}
    session.commit()
    exported = desk.get(f"/processes/{process.slug}/pool/respondents.csv").text
    assert ",'=1+1" in exported.splitlines()[0]
