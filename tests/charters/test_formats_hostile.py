"""What people typed stays text in every format: it never becomes markup, and no export fails on it."""

import io
import json
import zipfile
from html.parser import HTMLParser
from typing import Any

import docx
import pypdf
import pytest
from lxml import etree
from markdown_it import MarkdownIt

from charters import FORMATS, Version, export, in_language, read_akn, read_markdown, version_from_json
from tests.charters.published import CONTROL, TYPED, plain, statements, version_of_words

HOSTILE = version_of_words(TYPED)
HARMLESS = version_of_words([plain(text) for text in TYPED])


def published(version: Version, format: str, words: list[str], **more: Any) -> bytes:
    odd = " ".join(words)[:300].replace("\n", " ")
    return export(
        version,
        format,
        "fr",
        minority=statements(words),
        preamble=None,
        process=odd,
        by=odd,
        address=odd,
        **more,
    )


def both(format: str) -> tuple[bytes, bytes]:
    """The hostile charter and a harmless one with as many clauses and lines."""
    return published(HOSTILE, format, TYPED), published(HARMLESS, format, [plain(text) for text in TYPED])


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *(name for name, _value in attrs)))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def tags(page: bytes) -> list[tuple[str, ...]]:
    parser = Tags()
    parser.feed(page.decode())
    return parser.found


def elements(document: bytes) -> list[str]:
    """Elements of XML in order; characters that XML cannot hold have one of their own, which is no markup."""
    root = etree.fromstring(document)
    return [str(part.tag) for part in root.iter() if "inline" not in str(part.tag)]


def tokens(text: bytes) -> list[str]:
    """What CommonMark, with the tables and strokes of GitHub, makes of a text: blocks, and what is inside them."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    found = []
    for token in parser.parse(text.decode()):
        inside = {child.type for child in token.children or ()} - {"text", "text_special", "softbreak"}
        found.append(f"{token.type} {token.tag} {sorted(inside)}")
    return found


def test_a_web_page_has_the_same_elements_whatever_was_typed() -> None:
    hostile, harmless = both("html")
    assert tags(hostile) == tags(harmless)


def test_a_pair_of_languages_has_the_same_elements_whatever_was_typed() -> None:
    harmless = [plain(text) for text in TYPED]
    assert tags(published(HOSTILE, "html", TYPED, beside="en")) == tags(
        published(HARMLESS, "html", harmless, beside="en")
    )


def test_akoma_ntoso_has_the_same_elements_whatever_was_typed() -> None:
    hostile, harmless = both("akn")
    assert elements(hostile) == elements(harmless)


def test_a_word_document_has_the_same_elements_whatever_was_typed() -> None:
    parts = []
    for content in both("docx"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts.append({name: elements(package.read(name)) for name in package.namelist()})
    assert parts[0] == parts[1]


def test_markdown_has_the_same_structure_whatever_was_typed() -> None:
    hostile, harmless = both("md")
    assert tokens(hostile) == tokens(harmless)


def test_linked_data_never_ends_the_script_it_stands_in() -> None:
    content = published(HOSTILE, "jsonld", TYPED)
    assert b"<" not in content
    assert "<script>alert(1)</script>" in str(json.loads(content))


def test_a_pdf_shows_markup_as_typed_and_makes_no_link_of_it() -> None:
    pages = pypdf.PdfReader(io.BytesIO(published(HOSTILE, "pdf", TYPED))).pages
    text = "".join(page.extract_text() for page in pages)
    for typed in ("<script>alert(1)</script>", '#link("x")[y]', "{{ 7*7 }}", "[x](javascript:alert(1))"):
        assert typed in text
    targets = {
        str(note.get_object()["/A"]["/URI"])
        for page in pages for note in page.get("/Annots", []) if "/A" in note.get_object()
    }  # fmt: skip
    assert targets == set()


@pytest.mark.parametrize("format", FORMATS)
def test_no_format_fails_on_what_people_typed(format: str) -> None:
    words = [*TYPED, *CONTROL]
    try:
        version = version_of_words(words)
    except ValueError:  # the engine may refuse control characters before they come this far
        version = version_of_words(words := TYPED)
    assert published(version, format, words)


def test_formats_that_are_read_again_give_back_what_people_typed() -> None:
    charter, french = HOSTILE.charter, in_language(HOSTILE.charter, "fr")
    assert read_markdown(published(HOSTILE, "md", TYPED).decode()) == french
    assert read_akn(published(HOSTILE, "akn", TYPED)) == french
    assert version_from_json(json.loads(published(HOSTILE, "json", TYPED))).charter == charter


def test_a_word_document_shows_what_people_typed() -> None:
    document = docx.Document(io.BytesIO(published(HOSTILE, "docx", TYPED)))
    shown = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "<script>alert(1)</script>" in shown
    assert "<w:p/><p class='note'/>" in shown
