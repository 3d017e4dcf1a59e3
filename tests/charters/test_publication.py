"""Every format says the same text, that it binds nobody, and how to check it."""

import io
import json
import re
from xml.etree import ElementTree as ET

import docx
import jsonschema
import pypdf
import pytest

import charters
from charters import (
    FORMATS,
    Charter,
    CharterError,
    Clause,
    Inclusion,
    Minority,
    Version,
    export,
    read_markdown,
    version_from_json,
)

PREAMBLE = Version(
    2, Charter("common", {"fr": "Préambule commun"}, (Clause("p", "recital", {"fr": "Nous."}),)), "2026-01-01"
)
TEXT = Charter(
    "time",
    {"fr": "Charte du temps", "en": "Charter of time"},
    (
        Clause("pre", "preamble", {"fr": "Le temps compte 😀 時.", "en": "Time counts."}),
        Clause(
            "t1",
            "article",
            {"fr": "Chacun <b>décide</b> \x07 #set $x$.", "en": "All decide."},
            {"fr": "Le temps choisi"},
            ("authorities",),
            ("ETS 5",),
            clauses=(Clause("t1a", "point", {"fr": "Premier point."}),),
        ),
    ),
    "time",
    Inclusion("common", 2, PREAMBLE.content),
)
VERSION = Version(3, TEXT, "2026-06-14", "act-12")
MINORITY = [
    Minority("t1", "Une part fixée retirerait à certains.", 4, ("A.",)),
    Minority(None, "Trop court.", 1),
]


def published(format: str, lang: str = "fr") -> bytes:
    return export(VERSION, format, lang, minority=MINORITY, preamble=PREAMBLE, address="https://c.example/3")


def readable(format: str) -> str:
    """What a reader sees of a format, on one line."""
    content = published(format)
    if format == "pdf":
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    elif format == "docx":
        text = "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)
    elif format == "akn":
        text = "".join(ET.fromstring(content).itertext())
    else:
        text = content.decode()
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("format", sorted(FORMATS.keys() - {"json"}))
def test_what_people_read_says_it_binds_nobody_its_version_code_minority_and_preamble(format: str) -> None:
    text = readable(format)
    for said in (
        "non contraignant",
        "Une part fixée retirerait à certains.",
        "Trop court.",
        "Nous.",
        "ETS 5",
    ):
        assert said in text
    for code in (VERSION.digest, VERSION.content, PREAMBLE.content):
        assert code in text.replace(" ", "")
    assert "les pouvoirs publics" in text or "authorities" in text


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_version_gives_the_same_bytes(format: str) -> None:
    assert published(format) == published(format)


def test_the_json_follows_the_published_schema_and_reads_back() -> None:
    value = json.loads(published("json"))
    jsonschema.validate(value, charters.schema("version"))
    assert value["non_binding"] is True
    assert version_from_json(value) == VERSION


def test_a_published_version_that_was_changed_is_refused() -> None:
    value = json.loads(published("json").decode().replace("Time counts.", "Time is money."))
    with pytest.raises(CharterError, match="changed after publication"):
        version_from_json(value)


def test_the_markdown_reads_back_in_its_language_without_what_stands_outside() -> None:
    assert read_markdown(published("md").decode()) == charters.in_language(TEXT, "fr")


def test_the_page_shows_typed_signs_as_they_are_and_links_each_clause() -> None:
    page = readable("html")
    assert "&lt;b&gt;décide&lt;/b&gt; [U+0007]" in page
    for link in ('id="t1"', 'href="#t1"', 'id="_preamble-p"'):
        assert link in page
    assert '<html lang="fr">' in page


@pytest.mark.parametrize("format", FORMATS)
def test_a_draft_in_a_language_it_lacks_is_published_all_the_same(format: str) -> None:
    assert export(Version(0, TEXT, ""), format, "pt-BR")


def test_an_unknown_format_and_a_preamble_of_another_version_are_refused() -> None:
    with pytest.raises(CharterError, match="not a format"):
        export(VERSION, "odt", "fr")
    with pytest.raises(CharterError, match="not the one"):
        export(VERSION, "md", "fr", preamble=VERSION)
