"""Pages of the opinion map, as visitors and organisers meet them."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.core.jobs import run_next
from deliberate.inputs.opinions.importing import packed
from deliberate.inputs.opinions.models import OpinionMap
from deliberate.inputs.statements.models import StatementVote
from deliberate.people.acts import make_user
from deliberate.people.rules import Actor
from deliberate.process.appointments import appoint
from deliberate.process.models import Process
from tests.deliberate.inputs.opinions.conftest import fill
from tests.deliberate.inputs.opinions.test_importing import COMMENTS, FILES

MAP = "/processes/time/opinions"
Client = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def work(app: Flask, now: datetime) -> Callable[[], None]:
    """Do every job that is due within the hour."""

    def work() -> None:
        with Session(db.engine) as session:
            while run_next(session, lambda: Session(db.engine), lambda: now + timedelta(hours=1)):
                pass

    return work


@pytest.fixture
def voted(shown: Process, now: datetime) -> None:
    """24 people have voted."""
    fill(db.session(), shown, now, range(24))
    db.session.commit()


@pytest.fixture
def closed(voted: None, close: Callable[[], None], work: Callable[[], None]) -> None:
    """The open phase has closed, and its map is there."""
    close()
    work()


def test_before_anyone_voted_the_page_says_when_a_map_appears(
    client: FlaskClient, shown: Process, close: Callable[[], None]
) -> None:
    close()
    page = client.get(MAP)
    assert page.status_code == 200
    assert "The map appears when at least 10 people have voted" in page.text


def test_nobody_sees_the_map_before_voting_the_team_included(
    client: FlaskClient, sign_in: Client, shown: Process, voted: None
) -> None:
    for reader in (client, sign_in(client, "organiser@example.org")):
        page = reader.get(MAP)
        assert "everyone votes before seeing what others think" in page.text
        assert "Votes received so far: 192." in page.text
        assert "<svg" not in page.text
        assert reader.get(f"{MAP}.json").status_code == 403
        assert reader.get(f"{MAP}.zip").status_code == 403


def test_the_map_shows_its_groups_and_says_the_same_in_words(client: FlaskClient, closed: None) -> None:
    page = client.get(MAP).text
    assert page.count('href="#dot-A"') == page.count('href="#dot-B"') == 12
    assert "<b>Group A</b>, 12 people" in page
    shared = page.partition("What all groups share")[2].partition("<h2")[0]
    assert "Idea 8" in shared
    assert "All groups agree: A 100%, B 100%" in shared
    assert "12 of 12 in this group, 0 of 12 elsewhere" in page
    assert "have no meaning of their own, political or other" in page
    assert re.search(r"sha256:[0-9a-f]{64}", page)
    assert len(page.encode()) < 100_000


def test_statements_are_searched_and_put_in_order(client: FlaskClient, closed: None) -> None:
    found = client.get(MAP, query_string={"words": "idea 8"}).text.partition('id="every"')[2]
    assert re.findall(r'<li id="s(\d+)"', found) == ["8"]
    ordered = client.get(MAP, query_string={"order": "agree"}).text.partition('id="every"')[2]
    assert re.findall(r'<li id="s(\d+)"', ordered)[0] == "8"
    assert "Nothing matches" in client.get(MAP, query_string={"words": "nowhere"}).text


def test_the_map_is_there_in_french(client: FlaskClient, closed: None) -> None:
    page = client.get(MAP, query_string={"lang": "fr"}).text
    assert "Ce que tous les groupes partagent" in page
    assert "Groupe A" in page


def test_a_round_or_a_map_that_is_not_there_is_said_so(client: FlaskClient, closed: None) -> None:
    for asked in ({"round": "9"}, {"map": "7"}):
        assert client.get(MAP, query_string=asked).status_code == 404
    assert client.get(f"{MAP}.json", query_string={"round": "2"}).status_code in {403, 404}


def test_the_same_figures_are_there_as_plain_data(client: FlaskClient, closed: None) -> None:
    found = client.get(f"{MAP}.json").json
    assert found is not None
    assert found["participants"] == len(found["dots"]) == 24
    assert found["shared"][0]["number"] == 8


def names(answer: TestResponse) -> set[str]:
    return set(zipfile.ZipFile(io.BytesIO(answer.data)).namelist())


def test_single_votes_are_the_teams_alone_unless_the_protocol_makes_them_public(
    client: FlaskClient, sign_in: Client, shown: Process, closed: None, now: datetime
) -> None:
    assert names(client.get(f"{MAP}.zip")) == {"comments.csv", "summary.csv"}
    shown.protocol = {**shown.protocol, "votes_public": True}
    assert "votes.csv" in names(client.get(f"{MAP}.zip"))
    shown.protocol = {**shown.protocol, "votes_public": False}
    app = client.application
    assert "votes.csv" in names(sign_in(app.test_client(), "organiser@example.org").get(f"{MAP}.zip"))
    organiser = Actor(shown.appointments[0].user_id)
    for role in ("guarantor", "panel member", "board citizen"):
        person = make_user(db.session(), f"{role[0]}@example.org", role, now)
        appoint(db.session(), organiser, shown, person, role, now)
        db.session.commit()
        assert "votes.csv" not in names(
            sign_in(app.test_client(), f"{role[0]}@example.org").get(f"{MAP}.zip")
        )


# Bringing a conversation in


def test_a_conversation_is_looked_at_then_recorded_then_mapped(
    client: FlaskClient, sign_in: Client, shown: Process, fields: Callable[[TestResponse], dict[str, str]]
) -> None:
    sign_in(client, "organiser@example.org")
    zipped = (io.BytesIO(packed(FILES)), "export.zip")
    preview = client.post(f"{MAP}/import", data={"files": [zipped], "language": "en"})
    assert preview.status_code == 200
    assert "Rivers, first" in preview.text
    assert db.session.query(StatementVote).count() == 0
    sent = fields(preview) | {"language": "fr"}
    assert client.post(f"{MAP}/import", data=sent).status_code == 302
    assert client.post(f"{MAP}/import", data=sent).status_code == 302
    assert db.session.query(StatementVote).count() == 4
    assert "4 statements, 2 participants, 4 votes, brought in on" in client.get(MAP).text


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "Choose the files of the export first"),
        ([("comments.csv", COMMENTS)], "votes.csv is missing"),
        ([("photo.png", "PNG")], "comments.csv is missing"),
    ],
)
def test_files_that_are_no_export_are_refused_in_words(
    client: FlaskClient, sign_in: Client, shown: Process, files: list[tuple[str, str]], said: str
) -> None:
    sign_in(client, "organiser@example.org")
    sent = [(io.BytesIO(text.encode()), name) for name, text in files]
    page = client.post(f"{MAP}/import", data={"files": sent, "language": "en"})
    assert page.status_code == 422
    assert said in page.text
    assert db.session.query(OpinionMap).count() == 0


def test_a_preview_that_was_tampered_with_is_refused(
    client: FlaskClient, sign_in: Client, shown: Process
) -> None:
    sign_in(client, "organiser@example.org")
    sent = {"held": "not base64 at all", "record": "1", "language": "en"}
    assert client.post(f"{MAP}/import", data=sent).status_code == 422


def test_a_visitor_cannot_bring_anything_in(client: FlaskClient, shown: Process) -> None:
    assert client.get(f"{MAP}/import").status_code == 403
    assert client.post(f"{MAP}/import").status_code == 403
