"""Pages of the experience bank, as visitors, whoever told a lesson, and the team see them."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.inputs.experience.models import Lesson
from deliberate.process.models import Process

Fields = Callable[[TestResponse], dict[str, str]]
BANK = "/processes/time/lessons"


@pytest.fixture
def team(
    client: FlaskClient, shown: Process, sign_in: Callable[[FlaskClient, str], FlaskClient]
) -> FlaskClient:
    """The organiser's browser."""
    return sign_in(client.application.test_client(), "organiser@example.org")


@pytest.fixture
def told(client: FlaskClient, shown: Process, fields: Fields) -> Callable[..., TestResponse]:
    """Tell a lesson as a visitor."""

    def told(**more: object) -> TestResponse:
        hidden = fields(client.get(f"{BANK}/new"))
        said = {"language": "en", "title": "An hour is an hour", "outcome": "failed", "tried": "Hours"}
        return client.post(f"{BANK}/new", data={**hidden, **said, "teaches": "Trust", **more})

    return told


def test_a_lesson_is_told_checked_found_and_downloaded(
    client: FlaskClient, team: FlaskClient, told: Callable[..., TestResponse], fields: Fields
) -> None:
    wrong = told(sdg="99", outcome="")
    assert wrong.status_code == 422
    assert "Say how it ended" in wrong.text
    assert "An hour is an hour" in wrong.text
    assert told(sdg=["8", "10"], country="France").status_code == 302
    key = db.session.scalar(select(Lesson.key))
    page = team.get(f"{BANK}/{key}")
    check = {"language": "en", "criterion": "Visited", "who": "Two of us"}
    team.post(f"{BANK}/{key}", data={**fields(page), **check})
    assert "Two of us" in client.get(f"{BANK}/{key}").text
    assert "Fewer inequalities" in client.get(f"{BANK}/{key}").text
    found = client.get(f"{BANK}?outcome=failed&sdg=8&words=trusting").text
    assert "An hour" in found
    assert "<mark>Trust</mark>" in found
    nothing = client.get(f"{BANK}?outcome=failed&country=France&words=submarine").text
    assert "Nothing matches" in nothing
    assert "1 without the words" in nothing
    assert client.get(f"{BANK}.json").get_json()[0]["sdg"] == [8, 10]
    assert "title_en" in client.get(f"{BANK}.csv").text
    assert client.get(f"{BANK}.xlsx").data.startswith(b"PK")
    assert client.get(f"{BANK}/example.csv").status_code == 200
    assert client.get(f"{BANK}.exe").status_code == 404


def test_whoever_told_a_lesson_follows_corrects_and_withdraws_it_by_the_receipt(
    client: FlaskClient, told: Callable[..., TestResponse], fields: Fields
) -> None:
    receipt = told().headers["Location"]
    page = client.get(receipt)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Correct it" in page.text
    form = client.get(f"{receipt}/correct")
    assert "An hour is an hour" in form.text
    new = {"title": "Two hours", "outcome": "mixed", "tried": "Hours", "teaches": "Patience"}
    assert client.post(f"{receipt}/correct", data={**fields(form), **new}).status_code == 302
    assert "Two hours" in client.get(BANK).text
    client.get(f"{receipt}/withdraw")
    assert "Two hours" in client.get(BANK).text
    client.post(f"{receipt}/withdraw", data=fields(client.get(f"{receipt}/withdraw")))
    assert "Two hours" not in client.get(BANK).text
    key = db.session.scalar(select(Lesson.key))
    assert "withdrew it" in client.get(f"{BANK}/{key}").text
    assert client.get("/lesson-receipts/nothing").status_code == 404


def test_similar_lessons_are_shown_before_one_is_sent(
    client: FlaskClient, told: Callable[..., TestResponse]
) -> None:
    told()
    again = told(title="An hour is one hour")
    assert "Not sent yet" in again.text
    assert told(title="An hour is one hour", seen="1").status_code == 302
    assert db.session.scalar(select(func.count(Lesson.id))) == 2


def test_a_program_that_fills_every_field_is_told_so_and_nothing_is_recorded(
    told: Callable[..., TestResponse],
) -> None:
    page = told(website="https://spam.example")
    assert "as programs do" in page.text
    assert db.session.scalar(select(func.count(Lesson.id))) == 0


def test_the_team_translates_a_lesson_and_what_it_said_before_stays_readable(
    client: FlaskClient, team: FlaskClient, told: Callable[..., TestResponse], fields: Fields
) -> None:
    told()
    key = db.session.scalar(select(Lesson.key))
    form = team.get(f"{BANK}/{key}/correct?language=fr")
    french = {"title": "Une heure", "outcome": "mixed", "tried": "Des heures", "teaches": "La confiance"}
    data = {**fields(form), **french, "language": "fr"}
    assert team.post(f"{BANK}/{key}/correct?language=fr", data=data).status_code == 422
    assert (
        team.post(f"{BANK}/{key}/correct?language=fr", data={**data, "reason": "Traduit"}).status_code == 302
    )
    page = client.get(f"{BANK}/{key}").text
    assert "An hour is an hour" in page
    assert "Corrected because: Traduit" in page
    assert "It failed" in page.partition("What it said before")[2]
    assert "Une heure" in client.get(f"{BANK}/{key}", headers={"Accept-Language": "fr"}).text


def test_importing_says_every_error_then_shows_what_would_be_recorded_then_records(
    team: FlaskClient, fields: Fields
) -> None:
    data = fields(team.get(f"{BANK}/import"))
    wrong = team.post(f"{BANK}/import", data={**data, "content": '[{"outcome": "?"}, {"sdg": [40]}]'})
    assert wrong.status_code == 422
    assert "Entry 1" in wrong.text
    assert "Entry 2" in wrong.text
    example = team.get(f"{BANK}/example.xlsx").data
    preview = team.post(
        f"{BANK}/import",
        data={**data, "file": (io.BytesIO(example), "lessons.xlsx")},
        content_type="multipart/form-data",
    )
    assert "1 new experience" in preview.text
    assert db.session.scalar(select(func.count(Lesson.id))) == 0
    content = preview.text.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
    recorded = {**fields(preview), "content": content.replace("&#34;", '"').strip(), "step": "record"}
    assert team.post(f"{BANK}/import", data=recorded).status_code == 302
    assert db.session.scalar(select(Lesson.key)) == "repair-cafe"


def test_a_spreadsheet_with_a_formula_is_refused_with_its_cell(team: FlaskClient, fields: Fields) -> None:
    book, out = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.append(["outcome", "title_en", "tried_en", "teaches_en"])
    sheet.append(["worked", "=1+1", "x", "y"])
    book.save(out)
    out.seek(0)
    page = team.post(
        f"{BANK}/import",
        data={**fields(team.get(f"{BANK}/import")), "file": (out, "lessons.xlsx")},
        content_type="multipart/form-data",
    )
    assert page.status_code in (400, 422)
    assert "B2" in page.text
    assert "formula" in page.text


def test_visitors_neither_import_nor_bring_in_nor_correct(
    client: FlaskClient, told: Callable[..., TestResponse]
) -> None:
    told()
    key = db.session.scalar(select(Lesson.key))
    for place in ("import", "elsewhere", f"{key}/correct"):
        assert client.get(f"{BANK}/{place}").status_code == 403


def test_an_empty_bank_says_what_will_be_there(client: FlaskClient, shown: Process) -> None:
    assert "No experience yet" in client.get(BANK).text
