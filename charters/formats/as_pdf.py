"""A tagged PDF (PDF/UA-1) set by Typst with the fonts it carries: the same bytes on every machine.

What people typed reaches Typst as data, never as markup. Characters that its fonts cannot draw are shown
by code point and name.
"""

import json
import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst

from charters.formats.layout import by_code_point, lay_out, set_minority, visible
from charters.formats.publication import OF_PREAMBLE, Publication, preamble_title

_TEMPLATE = Path(__file__).with_name("charter.typ").read_bytes()
_NOT_DRAWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_ROUNDS = 12


def write(publication: Publication) -> bytes:
    """The charter as a PDF with title page, text, minority statements, version and code in the footer."""
    data = json.dumps(_data(publication), ensure_ascii=False, sort_keys=True)
    shown: set[str] = set()
    for _ in range(_ROUNDS):
        try:
            return _compile(_with_shown(data, shown), publication.version.date)
        except typst.TypstError as error:
            missing = _not_drawn(f"{error.message}\n{error.diagnostic}") - shown
            if not missing:
                break
            shown |= missing
    return _compile(_with_shown(data, {c for c in data if ord(c) > ord("ÿ")}), publication.version.date)


def _compile(data: str, day: str) -> bytes:
    pdf = typst.Compiler(ignore_system_fonts=True, sys_inputs={"data": data}).compile(
        _TEMPLATE, format="pdf", pdf_standards=["ua-1"], timestamp=_timestamp(day)
    )
    assert isinstance(pdf, bytes)
    return pdf


def _timestamp(day: str) -> datetime:
    """Noon of the day the version was adopted: a PDF carries no trace of when it was made."""
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


def _region(lang: str) -> str | None:
    """The country in a language code, as in pt-BR."""
    return next((part.upper() for part in lang.split("-")[1:] if len(part) == 2), None)


def _data(publication: Publication) -> dict[str, Any]:
    version, preamble, words = publication.version, publication.preamble, publication.words
    data: dict[str, Any] = {
        "lang": publication.lang.split("-")[0],
        "region": _region(publication.lang),
        "title": visible(publication.title),
        "short_title": visible(publication.short_title),
        "adopted": publication.adopted,
        "process": visible(publication.process),
        "by": f"{words['by']} {visible(publication.by)}" if publication.by else "",
        "address": visible(publication.address),
        "number": publication.numbered(version),
        "content": version.content,
        "digest": version.digest,
        "groups": lay_out(version.charter, publication),
        "general": [set_minority(publication, statement) for statement in publication.about(None)],
        "words": dict(words),
        "preamble": None,
    }
    if preamble:
        title = visible(preamble_title(publication, preamble))
        number = publication.numbered(preamble)
        groups = lay_out(preamble.charter, publication, OF_PREAMBLE)
        data["preamble"] = {"title": title, "number": number, "content": preamble.content, "groups": groups}
    return data
