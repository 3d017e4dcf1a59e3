"""A comparison of two charters as text and as JSON; ``comparison_page`` makes a web page of it."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from charters.comparing.changes import Change, Comparison, Fold, compare
from charters.comparing.comparison import diff
from charters.comparing.comparison_words import SAID, SIGNS, counted, described, fate, summary
from charters.comparing.readable import Segment, altered, paragraphs, sides
from charters.labels import heading_line, label, numbers, spoken
from charters.model import Charter
from charters.operations import operation_to_json

_MARKS = {"equal": ("", ""), "delete": ("[-", "-]"), "insert": ("{+", "+}")}
_COLUMN = 48


class Headings:
    """How each clause is called in a version: "Article 3 — Le temps choisi"."""

    def __init__(self, old: Charter, new: Charter, lang: str) -> None:
        self._lang = lang
        self._clauses = {**old.index.bare, **new.index.bare}
        self._numbers = {**numbers(old), **numbers(new)}

    def line(self, change: Change) -> str:
        """As it is called now, or was when it is struck."""
        return heading_line(self._clauses[change.clause], self._numbers.get(change.clause), self._lang)

    def fate(self, change: Change) -> str:
        """What became of it, in words."""
        ids = [name for name in change.others if name != change.clause]
        others = [label(self._clauses[name].kind, self._numbers.get(name), self._lang) for name in ids]
        return fate(change, others, self._lang)


def as_json(old: Charter, new: Charter, lang: str, side_by_side: bool = False, context: int = 0) -> str:
    """The operations that lead from one to the other, figures, and the view in one language."""
    found = compare(old, new, lang, context)
    headings = Headings(old, new, lang)
    value = {
        "lang": lang, "figures": dict(found.figures), "title": _pieces(found.title, side_by_side),
        "described": list(found.described), "operations": [operation_to_json(step) for step in diff(old, new)],
        "parts": [
            {"unchanged": list(part.clauses)} if isinstance(part, Fold) else _plain(part, headings, side_by_side)
            for part in found.parts
        ],
    }  # fmt: skip
    return json.dumps(value, ensure_ascii=False, indent=1)


def as_text(old: Charter, new: Charter, lang: str, side_by_side: bool = False, context: int = 0) -> str:
    """What changed, with [-deleted-] and {+inserted+} words; unchanged clauses are counted."""
    found = compare(old, new, lang, context)
    if found.same:
        return SAID[spoken(lang)]["nothing"]
    lines = [summary(found.figures, lang), *_charter_lines(found), ""]
    headings = Headings(old, new, lang)
    for part in found.parts:
        if isinstance(part, Fold):
            lines += [f"  … {counted('fold', len(part.clauses), lang)}", ""]
        else:
            lines += [*_lines(part, headings, lang, side_by_side), ""]
    return "\n".join(lines).rstrip()


def _charter_lines(found: Comparison) -> list[str]:
    said = SAID[spoken(found.lang)]
    title = [f"{said['title']}{said['colon']}{marked(found.title)}"] if altered(found.title) else []
    return [f"~ {line}" for line in (*title, *(said[name] for name in found.described))]


def _lines(change: Change, headings: Headings, lang: str, side_by_side: bool) -> Iterator[str]:
    said = SAID[spoken(lang)]
    yield f"{SIGNS[change.status]} {headings.line(change)} ({change.clause}){said['colon']}{headings.fate(change)}"
    yield from (
        f"  {name}{said['colon']}{before} → {after}" for name, before, after in described(change, lang)
    )
    for name, pieces in (
        ("", change.heading),
        ("", change.text),
        (f"{said['note']}{said['colon']}", change.note),
    ):
        if pieces and (pieces is change.text or altered(pieces)):
            rows = _columns(pieces) if side_by_side else f"{name}{marked(pieces)}".split("\n")
            yield from (f"  {row}".rstrip() for row in rows)


def _columns(pieces: Sequence[Segment]) -> Iterator[str]:
    for row in paragraphs(pieces):
        left, right = ([*textwrap.wrap(marked(side), _COLUMN)] for side in sides(row))
        for before, after in zip_longest(left, right, fillvalue=""):
            yield f"{before:<{_COLUMN}} | {after}"


def marked(pieces: Sequence[Segment]) -> str:
    """[-deleted-] and {+inserted+} words."""
    return "".join(f"{_MARKS[tag][0]}{text}{_MARKS[tag][1]}" for tag, text in pieces)


def _plain(change: Change, headings: Headings, side_by_side: bool) -> dict[str, Any]:
    return {
        "clause": change.clause, "called": headings.line(change), "status": change.status,
        "moved": change.moved, "depth": change.depth, "others": list(change.others),
        "fields": list(change.fields), "doubt": change.doubt or None,
        "heading": _pieces(change.heading, side_by_side), "text": _pieces(change.text, side_by_side),
        "note": _pieces(change.note, side_by_side),
    }  # fmt: skip


def _pieces(pieces: Sequence[Segment], side_by_side: bool) -> list[Any]:
    """The pieces, or rows of the two sides."""
    if not side_by_side:
        return [list(piece) for piece in pieces]
    return [[[list(piece) for piece in side] for side in sides(row)] for row in paragraphs(pieces)]
