"""A comparison of two charters as text, JSON and a web page."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from charters.changes import Change, changes
from charters.comparison import diff
from charters.formats.layout import visible
from charters.labels import heading_line, numbers, spoken
from charters.model import Charter
from charters.operations import operation_to_json
from charters.readable import Segment

STATUS = {
    "fr": {
        "inserted": "ajouté", "struck": "supprimé", "split": "partagé", "joined": "réuni à un autre passage",
        "changed": "modifié", "moved": "déplacé", "unchanged": "inchangé",
    },
    "en": {
        "inserted": "added", "struck": "struck", "split": "split", "joined": "joined to another passage",
        "changed": "changed", "moved": "moved", "unchanged": "unchanged",
    },
}  # fmt: skip
_NOTHING = {"fr": "Aucune différence dans cette langue.", "en": "No difference in this language."}
_STYLE = Path(__file__).parent.joinpath("formats", "page.css").read_text(encoding="utf-8")
_MARKS = "ins { background: #dff2e5; color: #1c6b3a } del { background: #f9e1e0; color: #9b2c2c }\n"


def as_json(old: Charter, new: Charter, lang: str) -> str:
    """The operations that lead from one to the other, and the view in one language."""
    value = {
        "operations": [operation_to_json(step) for step in diff(old, new)],
        "changes": [_plain(change) for change in changes(old, new, lang)],
    }
    return json.dumps(value, ensure_ascii=False, indent=1)


def as_text(old: Charter, new: Charter, lang: str) -> str:
    """Changed clauses only, with [-deleted-] and {+inserted+} words."""
    lines: list[str] = []
    for change, title, status in _changed(old, new, lang):
        lines += [f"{title} ({change.clause}): {status}"]
        lines += [f"  {line}" for words in (change.heading, change.text) if (line := _marked(words))] + [""]
    return "\n".join(lines).rstrip() or _NOTHING[spoken(lang)]


def as_html(old: Charter, new: Charter, lang: str) -> str:
    """A page that stands alone, readable without colour."""
    title = escape(visible(new.title.get(lang) or next(iter(new.title.values()))))
    parts = [
        f'<section class="clause" id="{change.clause}"><h2>{escape(visible(name))}</h2>'
        f'<p class="quiet">{status}</p>{_paragraph(change.heading)}{_paragraph(change.text)}</section>'
        for change, name, status in _changed(old, new, lang)
    ] or [f"<p>{_NOTHING[spoken(lang)]}</p>"]
    head = f'<!doctype html>\n<html lang="{escape(lang)}"><head><meta charset="utf-8"><title>{title}</title>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    body = f'<body><main class="wrap body"><h1>{title}</h1>\n{"".join(parts)}</main></body></html>\n'
    return f"{head}{view}<style>\n{_STYLE}{_MARKS}</style></head>\n{body}"


def _changed(old: Charter, new: Charter, lang: str) -> list[tuple[Change, str, str]]:
    """Changed clauses with their heading line and what became of them."""
    ranks = {True: numbers(new), False: numbers(old)}
    words = STATUS[spoken(lang)]
    found = []
    for change in changes(old, new, lang):
        clause = change.new or change.old
        if clause and change.status != "unchanged":
            number = ranks[change.new is not None].get(change.clause)
            moved = f", {words['moved']}" if change.moved and change.status != "moved" else ""
            found.append((change, heading_line(clause, number, lang), words[change.status] + moved))
    return found


def _marked(pieces: Sequence[Segment]) -> str:
    marks = {"equal": ("", ""), "delete": ("[-", "-]"), "insert": ("{+", "+}")}
    return "".join(f"{marks[tag][0]}{text}{marks[tag][1]}" for tag, text in pieces)


def _paragraph(pieces: Sequence[Segment]) -> str:
    tags = {"equal": ("", ""), "delete": ("<del>", "</del>"), "insert": ("<ins>", "</ins>")}
    inner = "".join(f"{tags[tag][0]}{escape(visible(text))}{tags[tag][1]}" for tag, text in pieces)
    return f"<p>{inner}</p>" if inner else ""


def _plain(change: Change) -> dict[str, Any]:
    return {
        "clause": change.clause, "status": change.status, "moved": change.moved,
        "others": list(change.others), "fields": list(change.fields),
        "heading": [list(piece) for piece in change.heading], "text": [list(piece) for piece in change.text],
    }  # fmt: skip
