"""What somebody types into a search: words, "phrases" and pref*. Whatever is typed is a question; none is an error. Pure."""

import re
from dataclasses import dataclass

from deliberate.core.fulltext.words import STOP_WORDS, stems, words_of

LONGEST = 200
MOST = 10
PART = re.compile(r'["“”«»]([^"“”«»]*)["“”«»]?|([^\s"“”«»]+)')


@dataclass(frozen=True)
class Term:
    """What must be found: a word in any of its forms, the beginning of one, or words that follow one another."""

    kind: str  # "word", "prefix" or "phrase"
    words: tuple[str, ...]

    @property
    def stems(self) -> list[str]:
        """The stems of a word, one per language."""
        return stems(self.words[0])


def read(asked: str) -> tuple[Term, ...]:
    """The terms of what was typed, all of which a text must hold; none where nothing was asked for.

    Words that stand in every text (`le`, `of`) are left out, unless there is no other.
    """
    terms = [term for part in PART.finditer(asked[:LONGEST]) for term in _terms(part)]
    telling = [term for term in terms if term.kind != "word" or term.words[0] not in STOP_WORDS]
    return tuple(dict.fromkeys(telling or terms))[:MOST]


def _terms(part: re.Match[str]) -> list[Term]:
    phrase, plain = part[1], part[2]
    if phrase is not None:
        words = tuple(words_of(phrase))
        return [Term("phrase" if len(words) > 1 else "word", words)] if words else []
    words = tuple(words_of(plain))
    terms = [Term("word", (word,)) for word in words]
    if terms and plain.endswith("*"):
        terms[-1] = Term("prefix", words[-1:])
    return terms


def as_fts5(terms: tuple[Term, ...]) -> str:
    """The terms for SQLite: https://www.sqlite.org/fts5.html#full_text_query_syntax"""
    return " AND ".join(_fts5(term) for term in terms)


def _fts5(term: Term) -> str:
    if term.kind == "word":
        return "{title stems} : (" + " OR ".join(f'"{one}"' for one in term.stems) + ")"
    return f'words : "{" ".join(term.words)}"' + ("*" if term.kind == "prefix" else "")


def as_tsqueries(terms: tuple[Term, ...]) -> tuple[str, str]:
    """The terms for PostgreSQL: one query on stems, one on words as written; either may be empty."""
    by_stem = [
        "(" + "|".join(f"'{one}'" for one in term.stems) + ")" for term in terms if term.kind == "word"
    ]
    as_written = [_tsquery(term) for term in terms if term.kind != "word"]
    return "&".join(by_stem), "&".join(as_written)


def _tsquery(term: Term) -> str:
    if term.kind == "prefix":
        return f"'{term.words[0]}':*"
    return "(" + "<->".join(f"'{word}'" for word in term.words) + ")"
