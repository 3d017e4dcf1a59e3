"""The PDF: tagged for PDF/UA-1, the same bytes every time, and never refused for what people typed."""

import io
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfua
import pypdf
import pytest

from charters import Charter, Clause, Minority, Version, export
from tests.charters.published import (
    CONTROL,
    FIRST,
    MINORITY,
    PREAMBLE,
    SECOND,
    TYPED,
    random_charter,
    statements,
    version_of_words,
)

NOT_EVALUATED = {"UA-14-001"}  # fails on a number in an array; headings are checked here instead


@cache
def samples() -> dict[str, bytes]:
    """Documents of several shapes: full, empty, without dates, typed by people, at random."""
    empty = Version(0, Charter("c", {"fr": "Charte"}), "")
    return {
        "full": export(
            SECOND, "pdf", "fr", minority=MINORITY, preamble=PREAMBLE, address="https://c.example/2", by="La région"
        ),
        "english": export(FIRST, "pdf", "en", minority=MINORITY, preamble=PREAMBLE),
        "empty": export(empty, "pdf", "pt-BR"),
        "typed": export(version_of_words(TYPED), "pdf", "fr", minority=statements(TYPED)),
        "random": export(Version(0, random_charter(5, 150), ""), "pdf", "fr"),
    }  # fmt: skip


NAMES = ("full", "english", "empty", "typed", "random")


def catalog(name: str) -> Any:
    return pypdf.PdfReader(io.BytesIO(samples()[name])).trailer["/Root"]


def structure(element: Any) -> Iterator[Any]:
    """The elements of the structure tree, in reading order."""
    element = element.get_object()
    if isinstance(element, list):
        for child in element:
            yield from structure(child)
    elif isinstance(element, dict):
        if "/S" in element:
            yield element
        if "/K" in element:
            yield from structure(element["/K"])


def kinds(name: str) -> list[str]:
    return [str(element["/S"]) for element in structure(catalog(name)["/StructTreeRoot"])]


@pytest.mark.parametrize("name", NAMES)
def test_a_checker_of_pdf_ua_finds_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / "charter.pdf"
    path.write_bytes(samples()[name])
    report = pdfua.validate(str(path))
    assert not report.findings
    assert {one.rule_id for one in report.outcomes if one.skipped} <= NOT_EVALUATED


@pytest.mark.parametrize("name", NAMES)
def test_the_document_is_tagged_and_names_its_language_title_and_standard(name: str) -> None:
    root = catalog(name)
    assert bool(root["/MarkInfo"]["/Marked"])
    assert str(root["/Lang"]) == {"english": "en", "empty": "pt-BR"}.get(name, "fr")
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    metadata = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part[>=\"]+1", metadata)
    assert "<dc:title>" in metadata


@pytest.mark.parametrize("name", NAMES)
def test_headings_begin_at_one_skip_no_level_and_are_never_empty(name: str) -> None:
    found = [
        one for one in structure(catalog(name)["/StructTreeRoot"]) if re.fullmatch(r"/H\d", str(one["/S"]))
    ]
    levels = [int(str(one["/S"])[2:]) for one in found]
    assert levels[:1] in ([], [1])
    assert all(below - above <= 1 for above, below in pairwise(levels))
    assert all("/K" in one for one in found)


def test_lists_contents_and_links_are_what_they_are() -> None:
    found = set(kinds("full"))
    assert {"/L", "/LI", "/Lbl", "/LBody", "/TOC", "/TOCI", "/Link", "/P"} <= found


@pytest.mark.parametrize("name", NAMES)
def test_every_font_is_in_the_file_and_every_page_is_read_in_the_order_of_its_tags(name: str) -> None:
    for page in pypdf.PdfReader(io.BytesIO(samples()[name])).pages:
        assert "/StructParents" in page
        assert page.get("/Annots") is None or str(page["/Tabs"]) == "/S"
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[attr-defined]
            inner = font.get_object().get("/DescendantFonts", [font])[0].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())


def test_it_says_what_every_format_says() -> None:
    pages = pypdf.PdfReader(io.BytesIO(samples()["full"])).pages
    text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
    for said in ("non contraignant", SECOND.digest, SECOND.content, "Engage tous", "ETS 5", "Une part fixée",
                 "Trop court.", "Nous, tirés au sort.", "https://c.example/2", "À la demande de La région"):  # fmt: skip
        assert said in text


def test_characters_that_no_font_draws_are_named() -> None:
    version = Version(
        1, Charter("c", {"fr": "C"}, (Clause("t", "article", {"fr": "😀 \u0378"}),)), "2026-06-14"
    )
    text = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(export(version, "pdf", "fr"))).pages)
    assert "[U+1F600 grinning face]" in re.sub(r"\s+", " ", text)
    assert "[U+0378]" in text


@pytest.mark.parametrize(
    "typed", [*CONTROL, "نص عربي ו עברית 123", "नमस्ते", "👩‍👩‍👧", "".join(map(chr, range(0x3041, 0x3097)))]
)
def test_no_writing_of_the_world_makes_it_fail(typed: str) -> None:
    words = typed
    try:
        text = Charter("c", {"fr": words + "t"}, (Clause("t1", "point", {"fr": words}, {"fr": words}),))
    except ValueError:  # the engine refuses some control characters before they come this far
        text = Charter("c", {"fr": "t"})
    content = export(
        Version(1, text, "2026-06-14"), "pdf", "fr", minority=[Minority(None, typed, 1, (typed,))]
    )
    assert content.startswith(b"%PDF")
