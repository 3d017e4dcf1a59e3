"""The Word document, read by a library of its own."""

import io

import docx

from charters import Version, export
from tests.charters.published import MINORITY, PREAMBLE, SECOND, random_charter

CONTENT = export(
    SECOND, "docx", "fr", minority=MINORITY, preamble=PREAMBLE, by="La région", address="https://c.example/2"
)
DOCUMENT = docx.Document(io.BytesIO(CONTENT))


def texts(style: str) -> list[str]:
    return [one.text for one in DOCUMENT.paragraphs if one.style is not None and one.style.name == style]


def test_headings_are_real_and_numbers_are_text() -> None:
    assert texts("Title") == ["Charte du temps"]
    assert texts("Heading 1")[:4] == [
        "Préambule commun des chartes", "Préambule", "Partie I — Principes", "Recommandation 1",
    ]  # fmt: skip
    assert "Droit 1 — Le temps choisi" in texts("Heading 2")
    assert "1.\tPremier :" in texts("List Paragraph")
    assert "a)\tlettre." in texts("List Paragraph")


def test_it_says_what_every_format_says() -> None:
    shown = "\n".join(one.text for one in DOCUMENT.paragraphs)
    for said in ("non contraignant", SECOND.digest, SECOND.content, "Engage tous", "S’appuie sur ETS 5 ; SDG 8.5",
                 "Une part fixée retirerait à certains.", "Trop court.", "Nous, tirés au sort.", "Une note."):  # fmt: skip
        assert said in shown


def test_the_footer_carries_version_and_code() -> None:
    footer = "\n".join(one.text for one in DOCUMENT.sections[0].footer.paragraphs)
    assert "Version 2" in footer
    assert SECOND.digest in footer


def test_title_language_and_date_are_properties() -> None:
    properties = DOCUMENT.core_properties
    assert (properties.title, properties.language) == ("Charte du temps", "fr")
    assert properties.created is not None
    assert properties.created.date().isoformat() == "2026-06-14"


def test_any_charter_opens_and_a_language_from_right_to_left_is_marked() -> None:
    for seed in range(3):
        content = export(Version(1, random_charter(seed, 60), ""), "docx", "ar")
        assert "bidi" in docx.Document(io.BytesIO(content)).element.xml
