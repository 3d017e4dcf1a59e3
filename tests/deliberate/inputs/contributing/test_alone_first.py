"""Everyone answers alone first: no road leads to the others' answers before."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from deliberate.core.database import db
from deliberate.inputs.models import Contribution
from deliberate.process.models import Process
from deliberate.publication.contents import content_files

WORDS = "Mes mots à moi"
PAGES = (
    "contributions",
    "contributions?words=mots",
    "contributions?round=1",
    "questions",
    "questions/well-being",
    "synthesis",
    "answers",
    "answers/missing",
    "coverage",
    "journal",
    "journal.jsonl",
    "moderation",
    "dossiers/1",
    "",
)


def published(process: Process) -> str:
    return "".join(
        content.decode("utf-8", "replace") for content in content_files(db.session(), process).values()
    )


def test_no_page_and_no_bundle_tells_the_answers_of_a_round_under_way_to_newcomers(
    app: Flask,
    client: FlaskClient,
    answer: Callable[..., TestResponse],
    shown: Process,
    close: Callable[[], None],
) -> None:
    answer(client, WORDS)
    key = db.session.scalar(select(Contribution.key))
    newcomer = app.test_client()
    for page in PAGES:
        assert WORDS not in newcomer.get(f"/processes/time/{page}", follow_redirects=True).text, page
    assert newcomer.get(f"/processes/time/contributions/{key}").status_code == 403
    assert WORDS not in published(shown)
    assert WORDS in client.get("/processes/time/contributions").text
    assert WORDS in client.get("/processes/time/journal").text
    close()
    for page in ("contributions", "journal", f"contributions/{key}"):
        assert WORDS in newcomer.get(f"/processes/time/{page}").text
    assert WORDS in published(shown)


def test_a_protocol_that_shows_answers_from_the_start_publishes_them_too(
    client: FlaskClient, answer: Callable[..., TestResponse], shown: Process
) -> None:
    answer(client, WORDS)
    shown.protocol = {**shown.protocol, "answers_visible": True}
    db.session.commit()
    assert WORDS in published(shown)
