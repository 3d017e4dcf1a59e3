"""What the team sees when it types paper and groups: a preview, totals, every fault beside its line; then the record."""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.inputs.entering.models import GroupSession, PaperSheet
from deliberate.inputs.models import Contribution
from deliberate.process.models import Process

PAPER, GROUPS, SHEETS = "/processes/time/paper", "/processes/time/groups", "/processes/time/sheets"
Fields = Callable[[TestResponse], dict[str, str]]
SignIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def team(app: Flask, shown: Process, sign_in: SignIn) -> FlaskClient:
    return sign_in(app.test_client(), "organiser@example.org")


@pytest.fixture
def typed(team: FlaskClient, fields: Fields) -> Callable[..., TestResponse]:
    """Send the entry form with these lines."""

    def typed(action: str = "preview", **given: object) -> TestResponse:
        kept = {**fields(team.get(PAPER)), "received": "2026-03-02", "language": "fr", "action": action}
        return team.post(PAPER, data={**kept, **given})

    return typed


def texts() -> list[str]:
    return list(db.session.scalars(select(Contribution.text).order_by(Contribution.id)))


def test_a_preview_points_out_what_is_said_twice_and_drops_nothing(
    typed: Callable[..., TestResponse],
) -> None:
    typed("record", code="1 well being", lines="Du temps")
    page = typed(code="1/well-being", lines="Du calme\n3;Du calme\nDU TEMPS")
    assert page.status_code == 200
    assert "as on line 1" in page.text
    assert re.search(r"as in c-\w+", page.text)
    assert "They come from 5 people." in page.text
    typed("record", code="1/well-being", lines="Du calme\n3;Du calme\nDU TEMPS")
    assert texts() == ["Du temps", "Du calme", "Du calme", "DU TEMPS"]


def test_a_code_that_no_question_has_is_refused_beside_its_field(typed: Callable[..., TestResponse]) -> None:
    page = typed(code="9/nothing", lines="Du temps")
    assert page.status_code == 422
    assert "is not the code of a question of this round" in page.text
    assert "Du temps" in page.text


def test_a_workbook_with_a_formula_is_refused_with_its_cell_and_what_was_typed_stays(
    typed: Callable[..., TestResponse],
) -> None:
    book, found = Workbook(), io.BytesIO()
    book.active.append(["statement"])  # type: ignore[union-attr]
    book.active.append(["=1+1"])  # type: ignore[union-attr]
    book.save(found)
    found.seek(0)
    page = typed(lines="Du temps", file=(found, "answers.xlsx"))
    assert page.status_code == 422
    assert "Cell A2 holds a formula (=1+1)" in page.text
    assert "Du temps" in page.text


def test_a_file_that_is_too_large_is_refused_with_a_sentence(team: FlaskClient, app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    page = team.post(PAPER, data={"file": (io.BytesIO(b"x" * 5000), "answers.csv")})
    assert page.status_code == 413
    assert "Split the file" in page.text


def test_a_batch_is_taken_back_with_a_reason_that_everyone_reads(
    typed: Callable[..., TestResponse], team: FlaskClient, client: FlaskClient, fields: Fields
) -> None:
    address = typed("record", code="1/well-being", lines="Du temps\nDu calme").location
    page = team.get(address)
    assert "Take 2 answers back" in page.text
    assert team.post(address, data={**fields(page), "reason": ""}).status_code == 422
    team.post(address, data={**fields(page), "reason": "Typed under the wrong question"})
    assert "Typed under the wrong question" in team.get(address).text
    assert texts() == ["", ""]
    assert "Typed under the wrong question" in client.get("/processes/time/journal").text


def test_the_empty_table_to_fill_in_can_be_sent_back(
    typed: Callable[..., TestResponse], team: FlaskClient
) -> None:
    got = team.get(f"{PAPER}/answers.xlsx?lang=fr")
    book = load_workbook(io.BytesIO(got.data))
    book.active.append([2, "Du temps", "A03"])  # type: ignore[union-attr]
    found = io.BytesIO()
    book.save(found)
    found.seek(0)
    page = typed(code="1/well-being", lines="", file=(found, "answers.xlsx"))
    assert "1 answer to record" in page.text
    assert "They come from 2 people." in page.text
    assert team.get(f"{PAPER}/answers.pdf").status_code == 404


def test_a_session_with_a_group_goes_from_its_members_to_the_group_and_is_recorded(
    team: FlaskClient, fields: Fields, client: FlaskClient
) -> None:
    begun = {"question": "1/well-being", "group": "Apprentices", "people": "3", "received": "2026-03-02"}
    screen = team.post(GROUPS, data={**fields(team.get(GROUPS)), **begun}).location
    page = team.get(screen)
    assert "What is well-being?" in page.text
    entry = {**fields(page), "text": "Time", "count": "2", "component": ""}
    for _ in range(2):
        team.post(screen, data=entry)
    assert "2 of 3 people heard" in team.get(screen).text
    wrong = team.post(screen, data={**fields(team.get(screen)), "text": "Rest", "count": "0"})
    assert wrong.status_code == 422
    assert "Rest" in wrong.text
    team.post(f"{screen}/step", data={**fields(team.get(screen)), "step": "together"})
    team.post(screen, data={**fields(team.get(screen)), "text": "Time together", "count": "1"})
    asked = team.get(f"{screen}/close")
    assert "1 answer of the group" in asked.text
    assert texts() == []
    done = team.post(f"{screen}/close", data={**fields(asked), "action": "close"})
    assert texts() == ["Time", "Time together"]
    assert "batches/1" in done.location
    whole = db.session.scalar(select(Contribution.key).where(Contribution.collective))
    page = team.get(f"/processes/time/contributions/{whole}")
    assert "What its members said, each alone" in page.text


def test_a_session_that_is_given_up_is_gone(team: FlaskClient, fields: Fields) -> None:
    begun = {"question": "1/well-being", "group": "Apprentices", "people": "3", "received": "2026-03-02"}
    screen = team.post(GROUPS, data={**fields(team.get(GROUPS)), **begun}).location
    team.post(f"{screen}/close", data={**fields(team.get(f"{screen}/close")), "action": "give up"})
    assert team.get(screen).status_code == 404
    assert db.session.scalar(select(func.count(GroupSession.id))) == 0


def test_a_session_begins_today_while_the_clock_runs_on(
    app: Flask, team: FlaskClient, fields: Fields, now: datetime
) -> None:
    moments = (now + timedelta(milliseconds=tick) for tick in count())
    app.extensions["clock"] = lambda: next(moments)
    begun = {"question": "1/well-being", "group": "apprentices", "people": "3", "received": f"{now:%Y-%m-%d}"}
    assert team.post(GROUPS, data={**fields(team.get(GROUPS)), **begun}).status_code == 302


def test_numbered_sheets_are_shown_once_and_lead_to_the_answer_that_is_typed(
    team: FlaskClient, fields: Fields, typed: Callable[..., TestResponse], client: FlaskClient
) -> None:
    order = {**fields(team.get(SHEETS)), "question": "1/well-being", "number": "2"}
    printed = team.post(SHEETS, data=order)
    assert printed.text.count("Tear this off and keep it.") == 2
    again = team.post(SHEETS, data=order)
    assert again.status_code == 302
    assert db.session.scalar(select(func.count(PaperSheet.id))) == 2
    secret = re.findall(r"<code>([a-z0-9]{4}(?:-[a-z0-9]{2,4}){6})</code>", printed.text)[0]
    code = re.findall(r"<code>([a-z0-9]{4} [a-z0-9]{4})</code>", printed.text)[0]
    assert typed("record", code=code, lines=f"1;Du temps;;{code}").status_code == 302
    assert "Du temps" in client.get(f"/receipts/{secret.replace('-', '')}").text


def test_public_contributions_are_given_out_without_a_live_formula(
    typed: Callable[..., TestResponse], app: Flask, close: Callable[[], None]
) -> None:
    typed("record", code="1/well-being", lines='statement\n"=HYPERLINK(""http://x"")"')
    visitor = app.test_client()
    assert visitor.get("/processes/time/contributions.json").get_json() == []
    close()
    listed = visitor.get("/processes/time/contributions.json").get_json()
    assert [one["text"] for one in listed] == ['=HYPERLINK("http://x")']
    assert "'=HYPERLINK" in visitor.get("/processes/time/contributions.csv").text
    book = load_workbook(io.BytesIO(visitor.get("/processes/time/contributions.xlsx").data))
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)  # type: ignore[union-attr]
