"""Languages: every sentence has its French; dates, numbers and texts are written as the language does."""

import ast
import builtins
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import flask_babel
import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from flask import Flask, render_template_string
from markupsafe import Markup

from deliberate.core import i18n, web
from deliberate.core.config import Settings

ROOT = Path(__file__).parents[3]
FRENCH = ROOT / "deliberate" / "translations" / "fr"
CALLS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "N_": None,
    "ngettext": (1, 2),
}
ENGINE_NAMES = ("sentence", "template", "WHY")
NAMES_IN_TEXT = re.compile(r"%\((\w+)\)")
JINJA_OPTIONS = {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}
BANNED = re.compile(r"\b(panel|énoncé|empreinte|gel)s?\b", re.IGNORECASE)


def refusals() -> set[str]:
    """The names of `Refusal` and of every class that descends from it: their first argument is a sentence."""
    found = {"Refusal"}
    classes = [
        (node.name, {base.id for base in node.bases if isinstance(base, ast.Name)})
        for path in (ROOT / "deliberate").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    for _depth in range(4):
        found |= {name for name, bases in classes if bases & found}
    return found


def sentences() -> dict[Any, list[str]]:
    """Every message of code and templates, with the places it stands in. A plural is a pair."""
    calls = CALLS | dict.fromkeys(refusals())
    places: dict[Any, list[str]] = defaultdict(list)
    for path, method in source_files():
        options: dict[str, str] = JINJA_OPTIONS if method.startswith("jinja2") else {}
        with path.open("rb") as source:
            for line, message, _comments, _context in extract(method, source, calls, options=options):
                places[message].append(f"{path.relative_to(ROOT)}:{line}")
    for path in python_files("sortition", "charters"):
        for constant in problem_texts(ast.parse(path.read_text("utf-8"))):
            places[constant.value].append(f"{path.relative_to(ROOT)}:{constant.lineno}")
    return places


def problem_texts(module: ast.Module) -> Iterator[ast.Constant]:
    """The sentences of an engine: what `Problem` and the errors are made of, directly or through a name."""
    for node in ast.walk(module):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if says_a_problem(name):
                yield from texts_in(first)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in ENGINE_NAMES:
                yield from texts_in(value)


def says_a_problem(name: str) -> bool:
    return name == "Problem" or (name.endswith("Error") and not hasattr(builtins, name))


def texts_in(node: ast.expr) -> Iterator[ast.Constant]:
    if any(isinstance(part, ast.JoinedStr) for part in ast.walk(node)):
        return
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and " " in part.value:
            yield part


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def source_files() -> Iterator[tuple[Path, str]]:
    yield from ((path, "python") for path in python_files("deliberate"))
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            yield path, "jinja2.ext:babel_extract"


def parts() -> dict[str, list[Message]]:
    catalogues = {}
    for path in sorted(FRENCH.glob("*.po")):
        with path.open("rb") as source:
            catalogues[path.name] = [message for message in read_po(source, locale="fr") if message.id]
    return catalogues


def as_tuple(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def test_every_sentence_has_its_french() -> None:
    translated = {
        as_tuple(m.id) for messages in parts().values() for m in messages if all(as_tuple(m.string))
    }
    missing = [
        f"{places[0]}  {message!r}"
        for message, places in sentences().items()
        if as_tuple(message) not in translated
    ]
    assert not missing, "\n".join([f"{len(missing)} sentences have no French:", *missing])


def test_a_translation_uses_the_names_of_its_source() -> None:
    wrong = [
        f"{name}: {message.id!r} → {text!r}"
        for name, messages in parts().items()
        for message in messages
        for text in as_tuple(message.string)
        if not set(NAMES_IN_TEXT.findall(text)) <= names(message)
        or (isinstance(message.id, str) and set(NAMES_IN_TEXT.findall(text)) != names(message))
    ]
    assert not wrong, "\n".join(wrong)


def names(message: Message) -> set[str]:
    return {name for text in as_tuple(message.id) for name in NAMES_IN_TEXT.findall(text)}


def test_the_same_sentence_has_one_french() -> None:
    said: dict[Any, dict[Any, str]] = defaultdict(dict)
    for name, messages in parts().items():
        for message in messages:
            said[as_tuple(message.id)][as_tuple(message.string)] = name
    twice = [f"{message!r}: {texts}" for message, texts in said.items() if len(texts) > 1]
    assert not twice, "\n".join(twice)


def test_the_french_speaks_to_citizens() -> None:
    wrong = [
        f"{name}: {text!r}"
        for name, messages in parts().items()
        for message in messages
        for text in as_tuple(message.string)
        if BANNED.search(NAMES_IN_TEXT.sub("", text))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    app = Flask("deliberate", template_folder=str(web.template_folder()))
    app.testing = True
    app.config.update(
        SECRET_KEY="k" * 40, SETTINGS=Settings(instance=tmp_path, secret_key="k" * 40, language="fr")
    )
    i18n.init_app(app)
    web.init_app(app)
    app.add_url_rule("/page", "page", lambda: render_template_string("{% extends 'base.html' %}"))
    app.add_url_rule(
        "/answer", "answer", lambda: render_template_string("{% extends 'base.html' %}"), methods=["POST"]
    )
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.mark.parametrize(
    ("address", "accepted", "expected"),
    [
        ("/page", "fr-CA, en;q=0.5", "fr"),
        ("/page", "en-US", "en"),
        ("/page", "de", "fr"),
        ("/page?lang=en", "fr", "en"),
        ("/page?lang=xx", "fr", "fr"),
    ],
)
def test_the_language_follows_the_address_then_the_browser_then_the_instance(
    app: Flask, address: str, accepted: str, expected: str
) -> None:
    page = app.test_client().get(address, headers={"Accept-Language": accepted})
    assert f'<html lang="{expected}">' in page.text
    assert page.headers["Content-Language"] == expected


def test_a_language_once_switched_stays(app: Flask) -> None:
    client = app.test_client()
    client.get("/page?lang=en", headers={"Accept-Language": "fr"})
    assert '<html lang="en">' in client.get("/page", headers={"Accept-Language": "fr"}).text


def test_the_switch_leads_to_the_same_page_and_keeps_its_question(app: Flask) -> None:
    page = app.test_client().get("/page?q=temps+libre&q=2&lang=en").text
    assert 'href="/page?q=temps+libre&amp;q=2&amp;lang=fr"' in page


def test_the_switch_never_leaves_the_site(app: Flask) -> None:
    with app.test_request_context("/page") as context:
        context.request.environ["PATH_INFO"] = context.request.path = "//evil.example/x"
        context.request.url_rule = None
        assert i18n.address_in("en") == "/evil.example/x?lang=en"


def test_a_page_that_answers_a_form_offers_the_home_page_in_the_other_language(app: Flask) -> None:
    page = app.test_client().post("/answer", headers={"Accept-Language": "fr"}).text
    assert 'href="/?lang=en"' in page


@pytest.mark.parametrize(
    ("code", "day", "style", "expected"),
    [
        ("fr", date(2026, 3, 3), "long", "3 mars 2026"),
        ("fr", date(2026, 9, 1), "short", "1ᵉʳ sept."),
        ("fr", date(2026, 9, 1), "month", "septembre 2026"),
        ("fr", date(2026, 1, 1), "weekday", "jeudi 1ᵉʳ janvier 2026"),
        ("fr", date(2026, 1, 11), "long", "11 janvier 2026"),
        ("en", date(2026, 9, 1), "long", "1 September 2026"),
        ("fr", datetime(2026, 3, 31, 23, 0, tzinfo=UTC), "long", "1ᵉʳ avril 2026"),
        ("fr", None, "long", ""),
    ],
)
def test_a_date_is_written_as_the_language_does(
    app: Flask, code: str, day: date | None, style: str, expected: str
) -> None:
    with app.test_request_context(f"/page?lang={code}"):
        assert i18n.localdate(day, style) == expected


def test_a_time_is_said_in_the_zone_of_the_process_and_can_name_it(app: Flask) -> None:
    moment = datetime(2026, 7, 1, 16, 5, tzinfo=UTC)
    with app.test_request_context("/page?lang=fr"):
        assert (
            i18n.localdatetime(moment, named=True) == "1ᵉʳ juillet 2026 à 18\u00a0h\u00a005 (heure de Paris)"
        )
        i18n.use_time_zone("America/Guadeloupe")
        assert (
            i18n.localdatetime(moment, named=True)
            == "1ᵉʳ juillet 2026 à 12\u00a0h\u00a005 (heure de Guadeloupe)"
        )
    with app.test_request_context("/page?lang=en"):
        assert i18n.localdatetime(moment) == "1 July 2026 at 18:05"


def test_a_range_of_dates_may_be_open(app: Flask) -> None:
    with app.test_request_context("/page?lang=fr"):
        assert i18n.daterange(date(2026, 3, 3), date(2026, 4, 30)) == "3 mars – 30 avr."
        assert i18n.daterange(date(2026, 3, 3), None) == "à partir du 3 mars"
        assert i18n.daterange(None, date(2026, 3, 3)) == "jusqu’au 3 mars"
        assert i18n.daterange(None, None) == ""


def test_numbers_follow_the_language(app: Flask) -> None:
    with app.test_request_context("/page?lang=fr"):
        assert i18n.localnumber(1234.5) == "1\u202f234,5"
        assert i18n.localnumber(3.14159, 1) == "3,1"
        assert i18n.percent(0.21) == "21\u00a0%"
        assert i18n.percent(None) == "–"
    with app.test_request_context("/page?lang=en"):
        assert i18n.localnumber(1234.5) == "1,234.5"
        assert i18n.percent(0.031, 1) == "3.1%"


@pytest.mark.parametrize(
    ("code", "said"), [("fr", "1\N{NARROW NO-BREAK SPACE}108 votes"), ("en", "1,108 votes")]
)
def test_how_many_is_written_as_the_language_does(app: Flask, code: str, said: str) -> None:
    with app.test_request_context(f"/?lang={code}"):
        assert render_template_string("{{ ngettext('%(num)s vote', '%(num)s votes', 1108) }}") == said
        assert flask_babel.ngettext("%(num)s vote", "%(num)s votes", 1108) == said
        assert flask_babel.ngettext("%(num)d vote", "%(num)d votes", 1108).startswith("1108")


def test_a_text_in_another_language_says_which(app: Flask) -> None:
    with app.test_request_context("/page?lang=fr"):
        assert i18n.localized({"fr": "Temps <choisi>", "en": "Time"}) == "Temps &lt;choisi&gt;"
        assert i18n.localized({"fr": "", "en": "<Time>"}) == '<span lang="en" dir="ltr">&lt;Time&gt;</span>'
        assert i18n.localized({"ar": "وقت"}) == '<span lang="ar" dir="rtl">وقت</span>'
        assert i18n.localized({"x-unknown-xx": "?"}) == '<span lang="x-unknown-xx" dir="auto">?</span>'
        assert i18n.localized(None) == Markup("")
        assert i18n.localized_text({"en": "Time"}) == "Time"


def test_a_sentence_that_comes_as_data_is_said_in_the_language_of_the_reader(app: Flask) -> None:
    with app.test_request_context("/page?lang=fr"):
        values = {"date": date(2026, 9, 1), "time": ["8 h", "9 h"]}
        assert i18n.sentence("%(date)s at %(time)s", values) == "1ᵉʳ septembre 2026 à 8 h et 9 h"


def test_a_mail_can_be_written_in_the_language_of_another_person(app: Flask) -> None:
    with app.test_request_context("/page?lang=en"):
        with i18n.in_language("fr"):
            assert i18n.language() == "fr"
            assert i18n.sentence("Skip to the text") == "Aller au texte"
        assert i18n.language() == "en"


def test_no_translation_outlives_its_sentence() -> None:
    used = {message[0] if isinstance(message, tuple) else message for message in sentences()}
    left = []
    # The engines’ sentences are data: their own tests hold their files to what the code says.
    for path in sorted(FRENCH.glob("*.po")):
        if not path.stem.startswith(("charters", "sortition")):
            with path.open("rb") as source:
                ids = [
                    message.id[0] if isinstance(message.id, tuple) else message.id
                    for message in read_po(source)
                ]
            left += [f"{path.name}: {one}" for one in ids if one and one not in used]
    assert left == []


def test_numbers_with_decimals_in_a_sentence_are_written_as_the_language_does(app: Flask) -> None:
    with app.test_request_context("/?lang=fr"):
        assert i18n.sentence("a %(share).2f %% b %(name)s", {"share": 1234.5, "name": "1.5"}).endswith(
            "234,50 % b 1.5"
        )
    with app.test_request_context("/?lang=en"):
        assert i18n.sentence("%(share).2f %%", {"share": 2.5}) == "2.50 %"
    assert i18n.sentence("100 %%") == "100 %%"
