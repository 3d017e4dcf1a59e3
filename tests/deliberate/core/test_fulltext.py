"""Full text: what is found, in which order, and what is found no more; the same on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from deliberate.core.fulltext import asking
from deliberate.core.fulltext.index import Found, Spoken, found, index, matches, wipe
from deliberate.core.fulltext.passages import passage

TEXTS: dict[str, list[Spoken]] = {
    "water": [
        Spoken("fr", "Les chevaux boivent l’eau des rivières. Délibérer prend du temps.", "Charte de l’eau"),
        Spoken("en", "Horses drink the water of the rivers.", "Water charter"),
    ],
    "horse": [Spoken("fr", "La délibération, un cheval de bataille pour l'égalité. Œuvres et travaux.")],
    "arabic": [Spoken("ar", "الوقت حق للجميع")],
    "long": [Spoken("en", "time " * 3000 + "at the very end: marmalade", more="Finland")],
}


@pytest.fixture
def bank(session: Session) -> Session:
    """A session whose index holds a few texts of process 1, and one of process 2."""
    for key, spoken in TEXTS.items():
        index(session.connection(), "lesson", 1, key, spoken)
    index(session.connection(), "lesson", 2, "other", [Spoken("fr", "Un cheval ailleurs")])
    return session


def search(session: Session, asked: str, language: str = "fr") -> list[Found]:
    terms = asking.read(asked)
    if not terms:
        return []
    match = matches(session, 1, ["lesson"], terms, language)
    ids = session.scalars(select(match.c.id).order_by(match.c.rank, match.c.key)).all()
    return found(session, ids, asked)


def keys(session: Session, asked: str) -> list[str]:
    return [one.key for one in search(session, asked)]


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("charte", ["water"]),
        ("chartes", ["water"]),
        ("CHARTES", ["water"]),
        ("chevaux", ["horse", "water"]),
        ("cheval", ["horse", "water"]),
        ("délibération", ["horse", "water"]),
        ("deliberer", ["horse", "water"]),
        ("l'eau", ["water"]),
        ("eaux", ["water"]),
        ("rivière cheval", ["water"]),
        ("oeuvre", ["horse"]),
        ("travail", ["horse"]),
        ("égalités", ["horse"]),
        ("riv*", ["water"]),
        ("riv", []),
        ('"cheval de bataille"', ["horse"]),
        ("« bataille de cheval »", []),
        ("horse", ["water"]),
        ("rivers", ["water"]),
        ("وقت", []),
        ("الوقت", ["arabic"]),
        ("marmalade", ["long"]),
        ("finland", ["long"]),
        ("le cheval et la rivière", ["water"]),
        ("nothing", []),
        ("", []),
        ("   ", []),
        ('"', []),
        ("* AND OR NOT NEAR(", []),
        ("'; DROP TABLE indexed_text; --", []),
        ("a:b & c | !d <-> e:*", []),
        ("\\", []),
        ("x" * 5000, []),
    ],
)
def test_what_was_typed_finds_what_was_meant(bank: Session, asked: str, held: list[str]) -> None:
    assert sorted(keys(bank, asked)) == held


def test_a_word_in_a_title_comes_before_the_same_word_in_a_text(session: Session) -> None:
    index(session.connection(), "lesson", 1, "told", [Spoken("fr", "Nous parlons du temps, ici", "Autre")])
    index(session.connection(), "lesson", 1, "named", [Spoken("fr", "Nous parlons ici, voilà", "Le temps")])
    assert keys(session, "temps") == ["named", "told"]


def test_a_thing_told_in_two_languages_is_found_once_in_the_language_of_the_reader(bank: Session) -> None:
    index(bank.connection(), "lesson", 1, "both", [Spoken("en", "Radio"), Spoken("fr", "La radio")])
    (french,), (english,) = search(bank, "radio", "fr"), search(bank, "radio", "en")
    assert (french.language, english.language) == ("fr", "en")


def test_words_that_were_replaced_are_found_no_more(bank: Session) -> None:
    index(bank.connection(), "lesson", 1, "horse", [Spoken("fr", "Un âne")])
    assert keys(bank, "cheval") == ["water"]
    assert keys(bank, "ânes") == ["horse"]


def test_withdrawn_words_are_nowhere_in_the_index(bank: Session) -> None:
    index(bank.connection(), "lesson", 1, "horse", [])
    wipe(bank.connection())  # as every commit does
    tables = ["indexed_text"]
    if bank.get_bind().dialect.name == "sqlite":
        assert not bank.scalar(
            text("SELECT count(*) FROM indexed_text_words WHERE indexed_text_words MATCH 'bataille'")
        )
        tables.append("indexed_text_words_data")
    for table in tables:
        rows = bank.execute(text(f"SELECT * FROM {table}"))
        assert not any("bataill" in str(cell) for row in rows for cell in row)


def test_a_passage_begins_before_the_first_hit_and_marks_every_one() -> None:
    said = "mot " * 100 + "l’égalité des Égalités " + "fin " * 100
    pieces = passage(said, asking.read("égalité"), "fr")
    assert [words for hit, words in pieces if hit] == ["égalité", "Égalités"]
    assert pieces[0] == (False, "… ")
    assert pieces[-1] == (False, " …")
    assert sum(len(words) for _hit, words in pieces) < 260


def test_a_passage_without_a_hit_is_the_beginning() -> None:
    assert passage("Rien de tel", asking.read("cheval"), "fr") == ((False, "Rien de tel"),)


def test_words_that_stand_everywhere_count_only_when_nothing_else_was_typed() -> None:
    assert [term.words for term in asking.read("le temps de la vie")] == [("temps",), ("vie",)]
    assert [term.words for term in asking.read("of the")] == [("of",), ("the",)]
