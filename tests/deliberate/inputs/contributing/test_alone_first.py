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


def pages(app: Flask, key: str) -> list[str]:
    """Every address of the process that needs nothing but its name, that of its question or of its answer."""
    known = {"slug": "time", "number": "1", "kind": "json"}
    found = []
    for rule in app.url_map.iter_rules():
        here = known | {"key": "well-being" if "/questions/" in rule.rule else key}
        if "GET" in (rule.methods or ()) and "slug" in rule.arguments <= here.keys():
            values = {name: here[name] for name in rule.arguments}
            found.append(rule.build(values)[1])  # type: ignore[index]
    return sorted(found)


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
    asked = {"words": "mots", "q": "mots"}
    answers = {page: newcomer.get(page, query_string=asked).text for page in pages(app, str(key))}
    assert len(answers) > 50
    assert [page for page, text in answers.items() if WORDS in text] == []
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
