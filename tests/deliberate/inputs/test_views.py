"""What people see when they answer, take back, type, moderate and read."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.inputs.models import Contribution
from deliberate.inputs.synthesis.models import SynthesisLine
from deliberate.process.models import Process

QUESTION = "/processes/time/questions/well-being"
Answer = Callable[..., TestResponse]
Fields = Callable[[TestResponse], dict[str, str]]
SignIn = Callable[[FlaskClient, str], FlaskClient]
Later = Callable[[timedelta], None]


def recorded() -> int:
    return db.session.scalar(select(func.count(Contribution.id))) or 0


@pytest.fixture
def team(app: Flask, shown: Process, sign_in: SignIn) -> FlaskClient:
    return sign_in(app.test_client(), "organiser@example.org")


def test_bulk_entry_shows_every_error_at_once_and_writes_nothing(team: FlaskClient, fields: Fields) -> None:
    data = {
        **fields(team.get("/processes/time/paper")), "question": "1/well-being", "channel": "paper",
        "received": "2026-03-02", "language": "fr", "lines": "deux;Du temps\n1;Du calme;Z9\n1;",
    }  # fmt: skip
    for action in ("preview", "record"):
        page = team.post("/processes/time/paper", data={**data, "action": action})
        assert page.status_code == 422
        assert all(f"Line {number}" in page.text for number in (1, 2, 3))
        assert "Du calme;Z9" in page.text
    assert recorded() == 0


def test_bulk_entry_is_looked_at_before_it_is_recorded(team: FlaskClient, fields: Fields) -> None:
    data = {
        **fields(team.get("/processes/time/paper")), "question": "1/well-being", "channel": "group",
        "received": "2026-03-02", "language": "fr", "group_answer": "Du temps ensemble",
    }  # fmt: skip
    upload = (io.BytesIO("statement,count,component\nDu temps libéré,2,A06\n".encode()), "table.csv")
    seen = team.post("/processes/time/paper", data={**data, "lines": "", "file": upload, "action": "preview"})
    assert seen.status_code == 200
    assert "1 answer to record" in seen.text
    assert recorded() == 0
    lines = "statement,count,component\nDu temps libéré,2,A06\n"
    done = team.post("/processes/time/paper", data={**data, "lines": lines, "action": "record"})
    assert done.status_code == 302
    assert [(one.text, one.count) for one in db.session.scalars(select(Contribution))] == [
        ("Du temps libéré", 2), ("Du temps ensemble", 2),
    ]  # fmt: skip


def test_bulk_entry_is_for_the_team(client: FlaskClient, shown: Process) -> None:
    assert client.get("/processes/time/paper").status_code == 403


def test_words_are_placed_contested_and_the_dossier_waits_for_the_answer(
    client: FlaskClient,
    team: FlaskClient,
    answer: Answer,
    fields: Fields,
    close: Callable[[], None],
    later: Later,
) -> None:
    receipt = answer(client).location
    board = "/processes/time/synthesis"
    hidden = fields(team.get(board))
    team.post(board, data={**hidden, "dimension": "A06", "theme": "", "text_en": "Time at work"})
    line = db.session.scalar(select(SynthesisLine))
    key = db.session.scalar(select(Contribution.key))
    assert line is not None
    assert key is not None
    assert key in team.get(board).text
    placed = team.post(
        f"{board}/place", data={**fields(team.get(board)), "line": line.key, "contribution": key}
    )
    assert placed.status_code == 302
    close()
    page = client.get(receipt)
    assert "Time at work" in page.text
    client.post(f"{receipt}/contest/1", data={**fields(page), "reason": "I meant time with friends"})
    later(timedelta(days=20))
    settle = "/processes/time/dossiers/1/settle"
    waits = team.post(settle, data=fields(team.get(settle)))
    assert waits.status_code == 409
    assert "still wait for an answer: 1." in waits.text
    team.post(f"{board}/placements/1", data={**fields(team.get(board)), "answer": "The line covers both"})
    assert "The line covers both" in client.get(receipt).text
    assert team.post(settle, data={**fields(team.get(settle)), "paper_typed": "y"}).status_code == 302
    assert "Du temps" in client.get("/processes/time/dossiers/1").text
    loaded = client.get("/processes/time/dossiers/1.json").get_json()
    assert loaded["words"] == {key: "Du temps"}
    assert loaded["content"]["synthesis"][0]["contributions"] == [key]
    client.post(f"{receipt}/withdraw", data=fields(client.get(f"{receipt}/withdraw")))
    assert "Du temps" not in client.get("/processes/time/dossiers/1").text
    assert client.get("/processes/time/dossiers/1.json").get_json()["digest"] == loaded["digest"]


def test_the_dossier_is_not_settled_while_something_waits(
    client: FlaskClient,
    team: FlaskClient,
    answer: Answer,
    shown: Process,
    fields: Fields,
    close: Callable[[], None],
) -> None:
    shown.protocol = {**shown.protocol, "moderation": "before"}
    db.session.commit()
    answer(client)
    close()
    settle = "/processes/time/dossiers/1/settle"
    waits = team.post(settle, data=fields(team.get(settle)))
    assert waits.status_code == 409
    assert "still wait for moderation: 1." in waits.text


def test_an_organiser_who_opens_the_deliberation_too_early_is_told_to_settle_the_dossier_first(
    client: FlaskClient, team: FlaskClient, answer: Answer, shown: Process, close: Callable[[], None]
) -> None:
    answer(client)
    close()
    early = team.post("/processes/time/phases/2/open")
    assert early.status_code == 409
    assert "Settle the dossier first" in early.text
    assert shown.phases[1].opens_at is None


def test_every_public_page_of_an_empty_process_says_what_will_be_there(
    client: FlaskClient, shown: Process
) -> None:
    for page in (
        "contributions",
        "answers",
        "answers/missing",
        "lessons",
        "synthesis",
        "moderation",
        "grid",
        "questions",
    ):
        assert client.get(f"/processes/time/{page}").status_code == 200
    assert "not settled yet" in client.get("/processes/time/dossiers/1").text
    assert client.get("/processes/time/dossiers/1.json").status_code == 404
