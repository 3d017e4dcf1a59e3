"""Finding words in the charters in force: all words asked for must stand in a passage, accents and case do not count."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from deliberate.drafting.models import Charter
from deliberate.publication.reading import Current, Passage

AROUND = 90
MOST = 100
LONGEST = 100
Piece = tuple[bool, str]  # whether it was asked for, and the words


@dataclass(frozen=True)
class Found:
    """A passage that holds every word asked for: the language it was found in, and the words around the first."""

    charter: Charter
    passage: Passage
    language: str
    pieces: tuple[Piece, ...]


def asked_words(asked: str) -> tuple[str, ...]:
    """The words to look for, folded, each once."""
    return tuple(dict.fromkeys(fold(asked[:LONGEST]).split()))


def find(texts: Iterable[Current], asked: str, language: str) -> list[Found]:
    """The passages that hold all the words, in reading order; a reader's own language is looked into first."""
    words = asked_words(asked)
    if not words:
        return []
    return [
        Found(text.charter, passage, *found)
        for text in texts
        for passage in text.passages
        if (found := _in_passage(passage, words, language))
    ]


def _in_passage(
    passage: Passage, words: tuple[str, ...], language: str
) -> tuple[str, tuple[Piece, ...]] | None:
    clause = passage.clause
    spoken = {*clause.text, *clause.heading, *clause.note}
    for lang in sorted(spoken, key=lambda code: (code != language, code)):
        text = " — ".join(_said((clause.heading, clause.text, clause.note), lang))
        if all(word in fold(text) for word in words):
            return lang, tuple(_excerpt(text, words))
    return None


def _said(fields: Iterable[Mapping[str, str]], lang: str) -> Iterator[str]:
    return (texts[lang].replace("\n", " ") for texts in fields if texts.get(lang))


def fold(text: str) -> str:
    """Letters as a search compares them: without accents, case or typographic apostrophes."""
    return "".join(map(_plain, text))


@cache
def _plain(letter: str) -> str:
    if letter in "’ʼ":
        return "'"
    bare = "".join(one for one in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(one))
    return bare.casefold()


def _excerpt(text: str, words: tuple[str, ...]) -> Iterator[Piece]:
    """The words around the first that was found, cut between words, with each one found marked."""
    plain, places = _mapped(text)
    first = min(plain.find(word) for word in words)
    start, end = _cut(text, places[first])
    at = start
    for low, high in _hits(plain, places, words):
        if start <= low and high <= end and low >= at:
            yield False, ("…" if at == start and start else "") + text[at:low]
            yield True, text[low:high]
            at = high
    yield False, text[at:end] + ("…" if end < len(text) else "")


def _mapped(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place of the one it comes from; one place more at the end."""
    folded = [_plain(letter) for letter in text]
    places = [place for place, letters in enumerate(folded) for _ in letters]
    return "".join(folded), [*places, len(text)]


def _cut(text: str, at: int) -> tuple[int, int]:
    start = max(0, at - AROUND)
    end = min(len(text), at + 2 * AROUND)
    start = 0 if not start else text.find(" ", start, at) + 1 or at
    space = text.rfind(" ", at, end)
    return start, len(text) if end == len(text) or space < 0 else space


def _hits(plain: str, places: list[int], words: tuple[str, ...]) -> list[tuple[int, int]]:
    found = set()
    for word in words:
        at = plain.find(word)
        while at >= 0:
            found.add((places[at], places[at + len(word) - 1] + 1))
            at = plain.find(word, at + len(word))
    return sorted(found)
