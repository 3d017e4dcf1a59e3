"""The web shell: what every page carries, what errors say, and forms sent twice or too late."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort, redirect, render_template_string, request, session
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from deliberate.core import charts, i18n, web
from deliberate.core.config import Settings
from deliberate.core.database import Base, OnceToken, prepare_engine
from deliberate.core.errors import Conflict, NotPermitted, Refusal

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
FRENCH = {"Accept-Language": "fr"}


class Proposal(FlaskForm):
    title = StringField("Titre", [DataRequired("Donnez un titre.")])
    text = TextAreaField("Texte")
    opinion = RadioField(
        "Avis",
        choices=[SelectChoice("yes", "Oui"), SelectChoice("no", "Non")],
        validators=[DataRequired("Choisissez.")],
    )


FORM_PAGE = """
{% extends "base.html" %}
{% from "macros/forms.html" import post_form, error_summary, field, submit, live_diff %}
{% block title %}Proposer{% endblock %}
{% block lead %}<h1>Proposer</h1>{% endblock %}
{% block content %}
{{ error_summary(form) }}
{% call post_form("/propose", drafts="proposal") %}
{{ field(form.title, help="Quelques mots.") }}{{ field(form.text, counter=2000) }}{{ field(form.opinion) }}
{{ submit("Envoyer") }}
{% endcall %}
{% endblock %}
"""


def make_app(instance: Path, **changes: Any) -> Flask:
    app = Flask("deliberate", template_folder=str(web.template_folder()))
    app.testing = True
    settings = replace(Settings(instance=instance, secret_key="k" * 40, upload_megabytes=1), **changes)
    app.config.update(SECRET_KEY=settings.secret_key, SETTINGS=settings)
    i18n.init_app(app)
    web.init_app(app)
    app.add_url_rule("/propose", "propose", propose, methods=["GET", "POST"])
    app.add_url_rule("/refused", "refused", refused)
    app.add_url_rule("/abort/<int:code>", "stop", abort)
    app.add_url_rule("/fault", "fault", lambda: str(1 // 0))
    app.add_url_rule("/signed-in", "signed_in", signed_in)
    app.add_url_rule("/received", "received", lambda: "done", methods=["POST"])
    return app


def propose() -> Any:
    form = Proposal()
    if form.validate_on_submit():
        if form.title.data != "déjà pris":
            return redirect("/propose")
        web.show_refusal(form, Conflict("There is nothing at this address", field="title"))
        web.show_refusal(form, Refusal("This was not done"))
    return render_template_string(FORM_PAGE, form=form), 422 if form.errors else 200


def refused() -> str:
    raise NotPermitted("from %(date)s", date=NOW.date())


def signed_in() -> str:
    session["_user_id"] = "someone"
    return render_template_string(
        "{% extends 'base.html' %}{% block title %}{{ drafts_owner() }}{% endblock %}"
    )


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return make_app(tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found.group(1)


def test_no_script_or_style_may_stand_inside_a_page(client: FlaskClient) -> None:
    policy = client.get("/propose").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy


def test_no_template_carries_an_inline_style_or_script() -> None:
    inline = re.compile(r'\sstyle="|<style|\son[a-z]+="|<script(?![^>]*\bsrc=)')
    found = [path for path in web.template_folder().rglob("*.html") if inline.search(path.read_text("utf-8"))]
    assert found == []


def test_the_frame_asks_for_encryption_only_where_there_is_some(tmp_path: Path, client: FlaskClient) -> None:
    secure = make_app(tmp_path, base_url="https://charters.example.org").test_client()
    page = secure.get("/propose?lang=fr")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=")
    assert all("Secure" in cookie for cookie in page.headers.getlist("Set-Cookie"))
    assert "Strict-Transport-Security" not in client.get("/propose").headers


def test_a_page_read_by_a_visitor_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/abort/404").headers


def test_the_pages_of_someone_signed_in_are_not_kept_by_the_browser(client: FlaskClient) -> None:
    assert client.get("/signed-in").headers["Cache-Control"] == "no-store"


def test_drafts_belong_to_one_person_without_naming_them(client: FlaskClient) -> None:
    owner = re.search("<title>([0-9a-f]{16}) —", client.get("/signed-in").text)
    assert owner
    assert "someone" not in owner.group(1)


def test_a_static_file_is_kept_for_a_year_under_an_address_that_changes_with_it(client: FlaskClient) -> None:
    address = re.search(r'href="(/static/style\.css\?v=[0-9a-f]{12})"', client.get("/abort/404").text)
    assert address
    with client.get(address.group(1)) as named, client.get("/static/style.css") as bare:
        assert "immutable" in named.headers["Cache-Control"]
        assert bare.headers["Cache-Control"] == "no-cache"


def test_the_look_stays_small() -> None:
    folder = web.PACKAGE / "static"
    assert (folder / "style.css").stat().st_size < 30_000
    larger = {"drafts.js", "statements.js"}  # what was typed or voted waits there for the network
    for path in folder.glob("*.js"):
        assert path.stat().st_size < (5_000 if path.name in larger else 3_000), path.name


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 422, 429, 500])
def test_every_error_says_what_happened_and_what_to_do(client: FlaskClient, code: int) -> None:
    page = client.get(f"/abort/{code}", headers=FRENCH)
    assert page.status_code == code
    assert re.search(r"<h1>\S.+</h1>\s+<p class=\"lead\">\S.+\.</p>", page.text)
    assert f"Erreur {code}" in page.text


def test_a_fault_shows_no_trace_of_the_code(app: Flask) -> None:
    app.testing = False
    page = app.test_client().get("/fault", headers=FRENCH)
    assert page.status_code == 500
    assert "de notre côté" in page.text
    assert "ZeroDivisionError" not in page.text


def test_a_program_gets_its_error_as_json(client: FlaskClient) -> None:
    answer = client.get("/abort/404", headers={"Accept": "application/json", **FRENCH})
    assert answer.status_code == 404
    assert answer.get_json()["error"] == "Il n’y a rien à cette adresse"


def test_a_refusal_that_no_view_caught_is_said_in_the_language_of_the_reader(client: FlaskClient) -> None:
    page = client.get("/refused", headers=FRENCH)
    assert page.status_code == 403
    assert "à partir du 3 mars 2026" in page.text


def test_a_refusal_stands_beside_the_field_it_names_and_in_the_summary(client: FlaskClient) -> None:
    token = token_in(client.get("/propose").text)
    sent = {"csrf_token": token, "title": "déjà pris", "opinion": "yes", "text": "Mon texte"}
    page = client.post("/propose", data=sent, headers=FRENCH)
    assert page.status_code == 422
    assert '<p class="error" id="title-error">Il n’y a rien à cette adresse</p>' in page.text
    assert '<a href="#title">Titre</a>' in page.text
    assert "<li>Cela n’a pas été fait</li>" in page.text
    assert "Mon texte" in page.text


def test_a_wrong_field_is_tied_to_its_help_and_its_error(client: FlaskClient) -> None:
    token = token_in(client.get("/propose").text)
    page = client.post("/propose", data={"csrf_token": token}, headers=FRENCH).text
    title = re.search(r"<input[^>]*id=\"title\"[^>]*>", page)
    assert title
    assert 'aria-describedby="title-help title-error"' in title.group()
    assert 'aria-invalid="true"' in title.group()
    assert 'aria-describedby="opinion-error"' in page
    assert '<a href="#opinion-0">Avis</a>' in page


def test_what_was_typed_before_the_session_ended_comes_back_to_be_sent_again(client: FlaskClient) -> None:
    typed = {
        "title": "Le <temps>",
        "text": "donné",
        "once": "abc",
        "password": "s3cret",
        "vote_choice": "yes",
    }
    page = client.post("/propose?x=1", data=typed, headers={**SAME_SITE, **FRENCH})
    assert page.status_code == 400
    assert 'action="/propose?x=1"' in page.text
    assert 'name="title" value="Le &lt;temps&gt;"' in page.text
    assert 'name="once" value="abc"' in page.text
    assert "s3cret" not in page.text
    assert "vote_choice" not in page.text
    again = {"csrf_token": token_in(page.text), "title": "Le temps", "opinion": "yes"}
    assert client.post("/propose", data=again).status_code == 302


def test_a_file_lost_with_the_session_is_named(client: FlaskClient) -> None:
    typed = {"title": "Import", "file": (BytesIO(b"a;b"), "volontaires.csv")}
    page = client.post("/propose", data=typed, headers={**SAME_SITE, **FRENCH})
    assert "volontaires.csv" in page.text


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_site_cannot_prepare_what_is_sent_again(client: FlaskClient, headers: dict[str, str]) -> None:
    page = client.post("/propose", data={"title": "prepared"}, headers=headers)
    assert page.status_code == 400
    assert "prepared" not in page.text
    assert "csrf_token" not in page.text


def test_a_form_on_a_shared_laptop_is_never_given_back(client: FlaskClient) -> None:
    page = client.post("/propose", data={"title": "private", "no_echo": "1"}, headers=SAME_SITE)
    assert "private" not in page.text


def test_a_file_that_is_too_large_is_refused_with_the_limit(client: FlaskClient) -> None:
    kind = "multipart/form-data; boundary=x"
    page = client.post("/received", data=b"x" * 2_000_000, content_type=kind, headers=FRENCH)
    assert page.status_code == 413
    assert "1 Mo" in page.text


def test_a_form_that_was_done_lets_the_browser_forget_its_draft(client: FlaskClient) -> None:
    token = token_in(client.get("/propose").text)
    done = client.post("/propose", data={"csrf_token": token, "title": "a", "opinion": "yes", "once": "t1"})
    assert any(cookie.startswith("received=t1") for cookie in done.headers.getlist("Set-Cookie"))
    wrong = client.post("/propose", data={"csrf_token": token, "once": "t2"})
    assert not any(cookie.startswith("received=") for cookie in wrong.headers.getlist("Set-Cookie"))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    prepare_engine(engine)
    Base.metadata.create_all(engine, tables=[Base.metadata.tables["once_token"]])
    with Session(engine) as session_:
        yield session_
    engine.dispose()


def test_a_form_sent_twice_is_done_once_and_leads_to_the_same_place(app: Flask, database: Session) -> None:
    sent = {"method": "POST", "data": {"once": "token"}}
    with app.test_request_context("/propose", **sent):
        assert web.once(database, NOW) is None
        web.once_done(database, "/proposals/7")
        database.commit()
    with app.test_request_context("/propose", **sent):
        assert web.once(database, NOW) == "/proposals/7"
        assert "received" in str(session["_flashes"]) or "reçue" in str(session["_flashes"])
    assert database.scalar(select(func.count()).select_from(OnceToken)) == 1


def test_a_form_that_was_refused_can_be_corrected_and_sent(app: Flask, database: Session) -> None:
    for _time in range(2):
        with app.test_request_context("/propose", method="POST", data={"once": "token"}):
            assert web.once(database, NOW) is None
            database.rollback()


def test_a_form_without_token_is_simply_done(app: Flask, database: Session) -> None:
    with app.test_request_context("/propose", method="POST"):
        assert web.once(database, NOW) is None
        web.once_done(database, "/x")


def test_an_address_that_does_not_exist_yet_is_none(app: Flask) -> None:
    with app.test_request_context("/"):
        assert web.url_if("nowhere.at_all") is None
        assert web.url_if("propose", page=2) == "/propose?page=2"


def test_a_letter_carries_the_configured_address_whatever_the_host_header_says(tmp_path: Path) -> None:
    app = make_app(tmp_path, base_url="https://charters.example.org")
    with app.test_request_context("/", headers={"Host": "evil.example"}):
        assert web.outside_address("propose") == "https://charters.example.org/propose"
        assert request.host == "evil.example"


def test_the_frame_shows_the_navigation_of_the_process_it_is_given(app: Flask) -> None:
    app.add_url_rule("/p/<slug>", "publication.process", lambda slug: slug)
    with app.test_request_context("/p/temps?lang=fr"):
        page = render_template_string(
            "{% extends 'base.html' %}{% block title %}T{% endblock %}{% block aside %}À côté{% endblock %}"
            "{% block content %}Texte{% endblock %}",
            process={"slug": "temps", "title": {"fr": "Le temps"}},
        )
    assert '<a href="/p/temps" aria-current="page">La démarche</a>' in page
    assert "<title>T — Le temps — Chartes citoyennes</title>" in page
    assert page.count("Texte") == 1
    assert page.count("À côté") == 1


def test_the_curve_of_chances_keeps_its_ends_however_many_volunteers() -> None:
    points = charts.chance_steps([0.5] * 5000 + [0.0, 1.0]).split()
    assert len(points) <= 2 * charts.STEPS
    assert points[0] == "0.0,120.0"
    assert points[-1] == "400.0,0.0"


def test_the_curve_of_chances_rises_to_the_top_it_is_given() -> None:
    assert charts.chance_steps([0.1, 0.2], top=0.2) == "0.0,60.0 200.0,60.0 200.0,0.0 400.0,0.0"


def test_the_table_of_chances_reads_the_people_in_order() -> None:
    assert charts.chance_table([0.4, 0.1, 0.2]) == {
        "lowest": 0.1, "tenth": 0.1, "median": 0.2, "ninetieth": 0.4, "highest": 0.4,
    }  # fmt: skip


def test_bars_share_a_scale_that_is_never_zero() -> None:
    assert charts.largest_of(None, 0) == 1
    assert charts.width_of(0.2, charts.largest_of(0.1, 0.4, None)) == 50
    assert charts.width_of(None, 1) == 0
