"""Differences by word that read well, and never lose a sign."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charters.comparing.readable import paragraphs, segments, sides, typographic
from charters.comparing.sentences import sentences
from charters.comparing.words import hunks, tokens

CASES = json.loads(Path(__file__).with_name("readable.json").read_text("utf-8"))
WORDS = st.sampled_from(
    ["le", "temps", "de", "vie,", "l'action", "l’heure", "d'une", "part.", "Chacun", "1 000", "«\u00a0oui\u00a0!\u00a0»", "\n- un"]
)  # fmt: skip
PROSE = st.lists(WORDS, max_size=14).map(" ".join)


def marked(old: str, new: str) -> str:
    marks = {"equal": "%s", "delete": "[-%s-]", "insert": "{+%s+}"}
    return "".join(marks[tag].replace("%s", text) for tag, text in segments(old, new))


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_a_change_is_shown_as_a_reader_would_say_it(case: dict[str, str]) -> None:
    assert marked(case["old"], case["new"]) == case["shown"]


@settings(deadline=None, max_examples=150)
@given(PROSE, PROSE)
def test_refusing_every_change_gives_the_old_text_and_accepting_every_change_the_new(
    old: str, new: str
) -> None:
    before, after = sides(segments(old, new))
    assert "".join(text for _tag, text in before) == old
    assert "".join(text for _tag, text in after) == new


@settings(deadline=None, max_examples=60)
@given(PROSE, PROSE)
def test_pieces_alternate_and_none_is_empty(old: str, new: str) -> None:
    tags = [tag for tag, text in segments(old, new) if text]
    assert len(tags) == len(segments(old, new))
    assert all((one, other) != ("equal", "equal") and one != other for one, other in pairwise(tags))


def test_rows_side_by_side_hold_the_same_words_as_the_text() -> None:
    old, new = "- un toit ;\n- un repas ;\n- un lit.", "- un toit ;\n- deux repas ;\n- un lit."
    rows = paragraphs(segments(old, new))
    assert ["".join(text for _tag, text in sides(row)[0]) for row in rows] == old.split("\n")
    assert ["".join(text for _tag, text in sides(row)[1]) for row in rows] == new.split("\n")


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Il compte. Il dure.", ["Il compte. ", "Il dure."]),
        ("Selon l’art. 5 et M. Dupont, oui. Non.", ["Selon l’art. 5 et M. Dupont, oui. ", "Non."]),
        ("«\u00a0Oui\u00a0!\u00a0» Puis non\u00a0?", ["«\u00a0Oui\u00a0!\u00a0» ", "Puis non\u00a0?"]),
        ("“Yes.” Then no… and so on.", ["“Yes.” ", "Then no… and so on."]),
        ("un ;\n- deux ;", ["un ;\n", "- deux ;"]),
        ("", []),
    ],
)
def test_sentences_are_those_that_a_reader_sees(text: str, cut: list[str]) -> None:
    words = tokens(text)
    edges = sentences(words)
    assert ["".join(words[i:j]) for i, j in pairwise(edges)] == cut


def test_a_difference_of_typography_alone_is_known_as_such() -> None:
    assert typographic("l'heure !", "l’heure\u00a0!")
    assert not typographic("l'heure", "l'heure")
    assert not typographic("l'heure", "heure")


def test_a_very_long_text_is_aligned_sentence_by_sentence() -> None:
    old = " ".join(f"La commune numéro {n} publie ses comptes chaque année." for n in range(9000))
    new = "Un. " + old.replace("numéro 4321 publie", "numéro 4321 montre") + " Fin."
    assert marked(old, new).count("[-") == 1
    assert len(hunks(tokens(old), tokens(new))) == 3


def test_a_long_text_without_sentences_that_changed_everywhere_is_one_change() -> None:
    old, new = " ".join(f"a{n}" for n in range(25_000)), " ".join(f"a{n} b" for n in range(1, 25_000))
    assert [tag for tag, _ in segments(old, new)] == ["delete", "insert"]
