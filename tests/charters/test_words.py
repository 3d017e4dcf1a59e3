"""Differences by word that read well."""

import pytest

from charters.comparing.readable import segments
from charters.comparing.words import tokens


def marked(old: str, new: str) -> str:
    marks = {"equal": "%s", "delete": "[-%s-]", "insert": "{+%s+}"}
    return "".join(marks[tag] % text for tag, text in segments(old, new))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("l'action d’une", ["l'", "action", " ", "d’", "une"]),
        ("aujourd'hui peut-être", ["aujourd'hui", " ", "peut-être"]),
        ("citoyen·ne·s don't 3,5", ["citoyen·ne·s", " ", "don't", " ", "3,5"]),
        ("«\u00a0Oui\u00a0!\u00a0»", ["«", "\u00a0", "Oui", "\u00a0", "!", "\u00a0", "»"]),
    ],
)
def test_words_are_those_that_a_reader_sees(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Chacun décide.", "Chacun décide librement.", "Chacun décide{+ librement+}."),
        ("Le temps de l'action.", "Le temps de l’espoir.", "Le temps de [-l'action-]{+l’espoir+}."),
        ("Un peut-être.", "Un aujourd'hui.", "Un [-peut-être-]{+aujourd'hui+}."),
        ("le droit de vote", "la liberté de choix", "[-le droit de vote-]{+la liberté de choix+}"),
        ("Un. Deux.", "Un. Trois. Deux.", "Un. {+Trois. +}Deux."),
    ],
)
def test_a_change_is_shown_in_as_few_pieces_as_it_can_be(old: str, new: str, shown: str) -> None:
    assert marked(old, new) == shown


def test_a_rewritten_sentence_is_shown_as_a_sentence_beside_one_that_stayed() -> None:
    old = "Le temps de vie est la ressource que tous reçoivent. Il compte."
    new = "La ressource la plus rare, c'est le temps, que nul ne rattrape. Il compte."
    assert sum(tag != "equal" for tag, _ in segments(old, new)) == 2
    assert segments(old, new)[-1][1].endswith(" Il compte.")
