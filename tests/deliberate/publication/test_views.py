"""What a visitor reads, without an account."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from deliberate.app import side_session
from deliberate.core import clock
from deliberate.core.database import db
from deliberate.core.jobs import run_next
from deliberate.process.models import Process
from deliberate.publication.acts import publish
from deliberate.publication.views import bundles

HERE = "/processes/charte-du-temps"


@pytest.fixture
def session(app: Flask) -> Session:
    """The application's own session, so that pages see what a test did."""
    return db.session()


@pytest.fixture
def enter(
    app: Flask, journey: Any, sign_in: Callable[[FlaskClient, str], FlaskClient], now: datetime
) -> Callable[[FlaskClient, str], None]:
    """Sign a browser in: its link was mailed, and used, at the beginning of the journey."""

    def enter(client: FlaskClient, email: str) -> None:
        clock.init_app(app, lambda: now)
        sign_in(client, email)
        clock.init_app(app, lambda: journey.now)

    return enter


@pytest.fixture
def settled(app: Flask, journey: Any) -> Any:
    """The journey, committed, and the clock at its end."""
    db.session.commit()
    clock.init_app(app, lambda: journey.now)
    return journey


def test_an_instance_without_processes_tells_an_organiser_what_to_do(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "No process has begun here yet." in page
    assert "Lock its protocol" in page


def test_home_lists_processes_with_their_phases(client: FlaskClient, process: Process) -> None:
    db.session.commit()
    page = client.get("/").text
    assert "Charter of time" in page
    assert "Listening 1" in page
    assert "Deliberation 2" in page


def test_a_process_says_its_rules_in_words(client: FlaskClient, process: Process) -> None:
    db.session.commit()
    page = client.get(HERE).text
    assert "adopted if at least 3 people in 4 present vote in favour" in page
    assert "at least 2 members in 3 must be present" in page
    assert "The draw has not taken place yet." in page
    assert "The municipality answers in writing." in page
    assert process.protocol_digest is not None
    assert process.protocol_digest in page
    french = client.get(f"{HERE}?lang=fr").text
    assert "adopté si au moins 3 personnes présentes sur 4 votent pour" in french


def test_a_draft_is_nobody_elses(client: FlaskClient, process: Process) -> None:
    process.locked_at = None
    db.session.commit()
    assert client.get(HERE).status_code == 404
    assert "Charter of time" not in client.get("/").text
    assert client.get("/processes.json").json == []


def test_the_process_page_shows_the_panel_and_who_may_do_what(client: FlaskClient, settled: Any) -> None:
    page = client.get(HERE).text
    assert "Women" in page
    assert "50%" in page
    assert "propose amendments" in page
    assert "Gaëlle Garante" in page
    assert "Deliberation 1" in page
    assert "2 contributions" in page
    assert "2 ballots" in page


def test_the_protocol_can_be_read_and_downloaded_with_its_code(client: FlaskClient, process: Process) -> None:
    db.session.commit()
    page = client.get(f"{HERE}/protocol").text
    assert str(process.protocol_digest) in page
    answer = client.get(f"{HERE}/protocol/1.json")
    assert answer.json == process.protocol
    assert "immutable" in answer.headers["Cache-Control"]
    again = client.get(f"{HERE}/protocol/1.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.get(f"{HERE}/protocol/2.json").status_code == 404


def test_the_journal_says_entries_in_words_and_finds_them(client: FlaskClient, settled: Any) -> None:
    page = client.get(f"{HERE}/journal").text
    assert "published the version time:2" in page
    drawn = client.get(f"{HERE}/journal?act=reveal").text
    assert "chance gave “4 2”: draw 1 names its panel number 42" in drawn
    assert "1 entry" in drawn
    assert "No entry matches." in client.get(f"{HERE}/journal?q=nothing-like-it").text
    assert "Page 2 of" in client.get(f"{HERE}/journal?page=2").text


def test_the_journal_downloads_whole(client: FlaskClient, settled: Any) -> None:
    lines = client.get(f"{HERE}/journal.jsonl").text.splitlines()
    pages = client.get(f"{HERE}/journal.json").json
    assert pages is not None
    assert pages["total"] == len(lines)
    assert pages["entries"][0]["digest"] in lines[-1]


def test_a_guarantor_remarks_and_nobody_else_may(
    client: FlaskClient, settled: Any, enter: Callable[[FlaskClient, str], None]
) -> None:
    assert client.post(f"{HERE}/journal", data={"text": "x"}).status_code == 403
    enter(client, "guarantor@example.org")
    page = client.post(f"{HERE}/journal", data={"text": ""})
    assert page.status_code == 422
    assert "Write the remark first." in page.text
    client.post(f"{HERE}/journal", data={"text": "I saw the balls drawn."})
    assert "remarked: I saw the balls drawn." in client.get(f"{HERE}/journal").text


def test_a_charter_shows_its_text_with_where_it_comes_from(client: FlaskClient, settled: Any) -> None:
    page = client.get(f"{HERE}/charters/time").text
    assert "reference document, not binding" in page
    assert "Article 1 — Time of one’s own" in page
    assert "Everyone freely keeps a share of their time." in page
    assert "changed in version 2" in page
    assert "6 for out of 6; 5 were needed" in page
    assert "contribution c-1" in page
    assert "it did not work" in page
    assert "Nous aurions fixé une part." in page
    assert 'title="Decent work for all, equal pay for equal work">SDG 8.5</a>' in page
    assert 'href="#t1"' in page
    assert settled.charter.latest.version_digest in page


def test_a_version_stays_at_its_address_and_a_day_gives_the_version_of_that_day(
    client: FlaskClient, settled: Any
) -> None:
    page = client.get(f"{HERE}/charters/time/versions/1").text
    assert "Everyone keeps a share of their time." in page
    assert "A later version exists." in page
    assert client.get(f"{HERE}/charters/time/versions/3").status_code == 404
    assert (
        "No version was in force on 2 March 2026." in client.get(f"{HERE}/charters/time?at=2026-03-02").text
    )
    assert "in force on 20 March 2026" in client.get(f"{HERE}/charters/time?at=2026-03-20").text
    refused = client.get(f"{HERE}/charters/time?at=yesterday")
    assert refused.status_code == 422
    assert "is not a date" in refused.text


def test_versions_are_compared_as_one_text_and_side_by_side(client: FlaskClient, settled: Any) -> None:
    page = client.get(f"{HERE}/charters/time/compare?from=1&to=2").text
    assert "1 passage differs." in page
    assert "freely" in page
    assert "<ins>" in page
    assert page.count("1 passage unchanged</summary>") == 2
    side = client.get(f"{HERE}/charters/time/compare?from=1&to=2&view=side&all=1").text
    assert "One hour is worth one hour." in side
    assert 'class="before diff"' in side
    assert client.get(f"{HERE}/charters/time/compare?from=1&to=9").status_code == 404


def test_a_clause_tells_its_whole_life(client: FlaskClient, settled: Any) -> None:
    page = client.get(f"{HERE}/charters/time/clauses/t1").text
    assert "Version 2" in page
    assert "Version 1" in page
    assert "So that each may choose." in page
    assert "Du temps pour les miens." in page
    assert "Repris à l’article 1." in page
    assert "<sup>" in page
    assert "amendment am-1" in page
    assert client.get(f"{HERE}/charters/time/clauses/t9").status_code == 404


def test_history_and_the_list_of_charters_lead_to_versions(client: FlaskClient, settled: Any) -> None:
    page = client.get(f"{HERE}/charters/time/history").text
    assert f"{HERE}/charters/time/versions/2" in page
    assert "changed: 1" in page
    listed = client.get(f"{HERE}/charters").text
    assert "Version 2, published on 12 March 2026" in listed


def test_a_version_downloads_in_every_format_and_never_changes(client: FlaskClient, settled: Any) -> None:
    answer = client.get(f"{HERE}/charters/time/versions/2.json")
    assert answer.json is not None
    assert answer.json["version"]["digest"] == settled.charter.latest.version_digest
    assert "immutable" in answer.headers["Cache-Control"]
    for name, start in (
        ("2.fr.pdf", b"%PDF"),
        ("2.en.html", b"<!doctype html>"),
        ("2.fr.md", b"---"),
        ("2.pdf", b"%PDF"),
    ):
        answer = client.get(f"{HERE}/charters/time/versions/{name}")
        assert answer.data.startswith(start)
        again = client.get(answer.request.path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    assert client.get(f"{HERE}/charters/time/versions/2.de.pdf").status_code == 404


def test_a_printed_version_says_how_the_journal_stood_when_it_was_published(
    client: FlaskClient, settled: Any
) -> None:
    entries = client.get(f"{HERE}/journal.json?act=publish&q=version:time:2").json
    assert entries is not None
    response = client.get(f"{HERE}/charters/time/versions/2.en.html")
    assert "style-src 'sha256-" in response.headers["Content-Security-Policy"]
    printed = response.text
    assert entries["entries"][0]["digest"] in printed


def test_feeds_are_atom_with_whole_addresses(client: FlaskClient, settled: Any) -> None:
    for address in (f"{HERE}/feed.atom", f"{HERE}/charters/time/feed.atom"):
        root = ET.fromstring(client.get(address).data)
        entries = root.findall("{http://www.w3.org/2005/Atom}entry")
        assert entries
        found = entries[0].find("{http://www.w3.org/2005/Atom}id")
        assert found is not None
        assert str(found.text).startswith("http://127.0.0.1:8000/processes/")


def test_programs_read_the_same_and_find_it_described(client: FlaskClient, settled: Any) -> None:
    process = client.get(f"{HERE}.json").json
    assert process is not None
    assert process["situation"] == "deliberation"
    assert process["charters"][0]["versions"][1]["number"] == 2
    assert client.get(f"{HERE}/charters/time.json").json == process["charters"][0]
    described = client.get("/openapi.json").json
    assert described is not None
    assert "/processes/{slug}/journal.json" in described["paths"]


def test_what_an_open_phase_brought_is_described_and_is_what_is_described(
    client: FlaskClient, settled: Any
) -> None:
    paths = (client.get("/openapi.json").json or {})["paths"]
    here = f"/processes/{settled.process.slug}"
    names = ("contributions.{kind}", "lessons.{form}", "statements.json", "synthesis.json", "answers.json")
    for name in names:
        described = paths[f"/processes/{{slug}}/{name}"]["get"]["responses"]["200"]["content"]
        answer = client.get(f"{here}/{name.replace('{kind}', 'json').replace('{form}', 'json')}")
        assert (answer.status_code, answer.mimetype) == (200, next(iter(described)))


def test_a_bundle_is_offered_once_published(client: FlaskClient, settled: Any) -> None:
    assert client.get(f"{HERE}/bundle.zip").status_code == 404
    with publish(db.session(), settled.organiser, settled.process, bundles(), settled.now):
        db.session.commit()
    with client.get(f"{HERE}/bundle.zip") as answer:
        assert answer.status_code == 200
        assert answer.data[:2] == b"PK"
    page = client.get("/verification").text
    assert "Download the bundle" in page
    head = (bundles() / "charte-du-temps/HEAD").read_text().split()[1]
    assert head in page
    assert head in client.get(HERE).text
    assert head in client.get(f"{HERE}/charters/time").text


def test_an_organiser_has_the_bundle_published_by_the_worker(
    client: FlaskClient, app: Flask, settled: Any, enter: Callable[[FlaskClient, str], None]
) -> None:
    assert client.get(f"{HERE}/publication").status_code == 403
    enter(client, "organiser@example.org")
    assert "What will happen" in client.get(f"{HERE}/publication").text
    assert client.post(f"{HERE}/publication").status_code == 302
    while run_next(db.session(), side_session(app), lambda: settled.now + timedelta(minutes=1)):
        pass
    with client.get(f"{HERE}/bundle.zip") as answer:
        assert answer.status_code == 200


@pytest.mark.parametrize("address", ["/verification", "/accessibility", "/privacy"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_the_site_says_of_itself_is_there_in_both_languages(
    client: FlaskClient, address: str, language: str
) -> None:
    page = client.get(f"{address}?lang={language}")
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
