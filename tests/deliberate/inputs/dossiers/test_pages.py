"""The pages of a dossier: a checklist with links, then a page, a PDF and data that say the same."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pdfua
import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.inputs.dossiers.acts import settle_dossier
from deliberate.inputs.queries import question
from deliberate.inputs.synthesis.acts import place, write_line
from deliberate.people.rules import Actor
from deliberate.process.models import Process
from tests.deliberate.inputs.paper import enter_paper

DOSSIER = "/processes/time/dossiers/1"
SAID = ["Du temps libéré", "Un 🙂 le soir", "<b>=1+1</b>", "وقت مع العائلة"]
Fields = Callable[[TestResponse], dict[str, str]]
SignIn = Callable[[FlaskClient, str], FlaskClient]
Later = Callable[[timedelta], None]


@pytest.fixture
def closed(app: Flask, shown: Process, close: Callable[[], None], later: Later) -> Process:
    """Four answers on paper, one of them on a line, and the phase closed for twenty days."""
    actor, now = Actor(shown.appointments[0].user_id), app.extensions["clock"]()
    asked = question(db.session(), shown, "well-being")
    recorded = enter_paper(db.session(), actor, shown, asked, "\n".join(SAID), "fr", now)
    line = write_line(db.session(), actor, shown, 1, "A06", {"en": "Time at work"}, now)
    place(db.session(), actor, shown, line, recorded[:1], now)
    db.session.commit()
    close()
    later(timedelta(days=20))
    return shown


@pytest.fixture
def team(app: Flask, shown: Process, sign_in: SignIn) -> FlaskClient:
    return sign_in(app.test_client(), "organiser@example.org")


@pytest.fixture
def dossier(app: Flask, closed: Process) -> str:
    """The address of the settled dossier."""
    settle_dossier(db.session(), Actor(closed.appointments[0].user_id), closed, app.extensions["clock"]())
    db.session.commit()
    return DOSSIER


def test_the_checklist_says_what_is_left_and_asks_for_the_statement_on_paper(
    team: FlaskClient, closed: Process, fields: Fields, client: FlaskClient
) -> None:
    page = team.get(f"{DOSSIER}/settle")
    assert "3 contributions stand on no line of the synthesis." in page.text
    assert "synthesis?round=1#unplaced" in page.text
    refused = team.post(f"{DOSSIER}/settle", data=fields(page))
    assert refused.status_code == 422
    assert "State that all paper received in time is typed" in refused.text
    assert client.get(f"{DOSSIER}.pdf").status_code == 404
    done = team.post(f"{DOSSIER}/settle", data={**fields(page), "paper_typed": "y"})
    assert done.location.endswith("/dossiers/1")


def test_page_and_data_hold_the_same_words_and_can_be_searched(client: FlaskClient, dossier: str) -> None:
    page = client.get(dossier)
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in page.text
    assert all(f'id="{anchor}"' in page.text for anchor in ("questions", "synthesis", "contributions"))
    found = client.get(f"{dossier}?words=libere")
    assert "1 contribution holds these words." in found.text
    assert SAID[1] not in found.text
    data = client.get(f"{dossier}.json").get_json()
    assert sorted(data["texts"]["contributions"].values()) == sorted(SAID)
    assert data["digest"] in page.text
    assert all(one["digest"] in page.text for one in data["content"]["contributions"])


def test_the_pdf_is_tagged_says_every_word_and_every_code(
    client: FlaskClient, dossier: str, tmp_path: Path
) -> None:
    answer = client.get(f"{dossier}.pdf?lang=fr")
    assert answer.mimetype == "application/pdf"
    path = tmp_path / "dossier.pdf"
    path.write_bytes(answer.data)
    assert not pdfua.validate(str(path)).findings
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    text = "".join(page.extract_text() for page in pages)
    assert "Du temps libéré" in text
    assert "<b>=1+1</b>" in text
    assert "slightly smiling face" in text
    assert "que ce fichier ne sait pas montrer" in text
    data = client.get(f"{dossier}.json").get_json()
    assert all(one["digest"] in text.replace("\n", "") for one in data["content"]["contributions"])
