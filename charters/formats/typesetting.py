"""Setting a document with Typst and the fonts it carries: the same tagged PDF (PDF/UA-1) on every machine.

What people typed reaches Typst as data, never as markup. Characters that its fonts cannot draw are shown
by code point and name.
"""

import json
import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst

from charters.formats.layout import by_code_point

_HOUSE = Path(__file__).with_name("house.typ").read_text("utf-8")
_NOT_DRAWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_ROUNDS = 12


def set_pdf(template: str, data: dict[str, Any], day: str) -> bytes:
    """The document that a template makes of data, in the style of the house.

    `data` is plain data with at least `lang` and `region`; `day` (ISO) is the day the document is of.
    """
    said = json.dumps(data, ensure_ascii=False, sort_keys=True)
    shown: set[str] = set()
    for _ in range(_ROUNDS):
        try:
            return _compile(template, _with_shown(said, shown), day)
        except typst.TypstError as error:
            missing = _not_drawn(f"{error.message}\n{error.diagnostic}") - shown
            if not missing:
                break
            shown |= missing
    return _compile(template, _with_shown(said, {c for c in said if ord(c) > ord("ÿ")}), day)


def region(lang: str) -> str | None:
    """The country in a language code, as in pt-BR."""
    return next((part.upper() for part in lang.split("-")[1:] if len(part) == 2), None)


def _compile(template: str, data: str, day: str) -> bytes:
    pdf = typst.Compiler(ignore_system_fonts=True, sys_inputs={"data": data}).compile(
        f"{_HOUSE}\n{template}".encode(), format="pdf", pdf_standards=["ua-1"], timestamp=_timestamp(day)
    )
    assert isinstance(pdf, bytes)
    return pdf


def _timestamp(day: str) -> datetime:
    """Noon of that day: a PDF carries no trace of when it was made."""
    return datetime.combine(date.fromisoformat(day or "2000-01-01"), time(12), UTC)


def _with_shown(data: str, characters: set[str]) -> str:
    """Replace characters inside JSON text; none of them is part of its syntax."""
    return data.translate({ord(c): by_code_point(c) for c in characters})


def _not_drawn(message: str) -> set[str]:
    """The characters beyond ASCII of the clusters that Typst names in its diagnostics."""
    found = "".join(_ESCAPE.sub(_unescaped, cluster) for cluster in _NOT_DRAWN.findall(message))
    return {character for character in found if not character.isascii()}


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else match[2]
