"""The parts that the report's pages are made of: the page itself, tables, figures, keys."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape

from sortition.report.style import STYLE
from sortition.report.voice import Voice

STYLE_SOURCE = f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
SWATCHES = {
    "curve": '<line class="curve" x1="0" x2="100" y1="15" y2="15"/>',
    "bar": '<rect class="bar" x="25" y="0" width="50" height="30"/>',
    "beyond": '<rect class="bar beyond" x="25" y="2" width="50" height="26"/>',
    "equal": '<line class="equal" x1="0" x2="100" y1="15" y2="15"/>',
    "bound": '<line class="bound" x1="0" x2="100" y1="15" y2="15"/>',
    "mark": '<line class="mark" x1="50" x2="50" y1="0" y2="30"/>',
    "mean": '<rect class="mean" x="0" y="8" width="100" height="14"/>',
    "pool": '<rect class="pool" x="0" y="11" width="100" height="8"/>',
    "population": '<line class="population" x1="50" x2="50" y1="0" y2="30"/>',
    "quota": '<rect class="quota" x="2" y="2" width="96" height="26"/>',
    "range": '<rect class="range" x="2" y="8" width="96" height="14"/>',
    "average": '<line class="average" x1="50" x2="50" y1="0" y2="30"/>',
}


def page(title: str, content: Iterable[str], say: Voice) -> str:
    """A whole page that needs nothing beside it; `title` is escaped already."""
    body = "\n".join(part for part in content if part)
    return (
        f'<!doctype html>\n<html lang="{escape(say.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


def paragraph(text: str, kind: str = "") -> str:
    """A paragraph of escaped text."""
    return f'<p class="{kind}">{text}</p>' if kind else f"<p>{text}</p>"


def key(entries: Iterable[tuple[str, str]]) -> str:
    """What the marks of a chart mean: names of SWATCHES with escaped texts."""
    items = "".join(
        f'<li><svg viewBox="0 0 100 30" preserveAspectRatio="none">{SWATCHES[name]}</svg>{text}</li>'
        for name, text in entries
    )
    return f'<ul class="key" aria-hidden="true">{items}</ul>'


def figure(caption: str, content: str) -> str:
    """A chart with the sentence that says what to see in it."""
    return f"<figure>\n<figcaption>{caption}</figcaption>\n{content}\n</figure>"


def facts(entries: Iterable[tuple[str, str]]) -> str:
    """Large figures with what they are: (term, figure)."""
    return f'<dl class="facts">{_terms(entries, "<div><dt>", "</dt><dd>", "</dd></div>")}</dl>'


def terms(entries: Iterable[tuple[str, str]]) -> str:
    """Terms with their descriptions."""
    return f'<dl class="list">{_terms(entries, "<dt>", "</dt><dd>", "</dd>")}</dl>'


def _terms(entries: Iterable[tuple[str, str]], before: str, between: str, after: str) -> str:
    return "".join(f"{before}{term}{between}{text}{after}" for term, text in entries)


def items(entries: Iterable[str], ordered: bool = False) -> str:
    """A list of escaped texts."""
    tag = "ol" if ordered else "ul"
    return f"<{tag}>" + "".join(f"<li>{entry}</li>" for entry in entries) + f"</{tag}>"


def table(
    caption: str,
    heads: Sequence[str],
    groups: Iterable[tuple[str, Sequence[Sequence[str]]]],
    wide: bool = False,
) -> str:
    """A table in a box of its own that scrolls on a phone, also by keyboard; rows may stand under a group's name."""
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    body = "\n".join(_group(name, rows, len(heads)) for name, rows in groups)
    return (
        f'<div class="scroll{" wide" if wide else ""}" role="region" tabindex="0" aria-label="{caption}">'
        f"<table><caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>\n{body}\n</table></div>"
    )


def _group(name: str, rows: Sequence[Sequence[str]], columns: int) -> str:
    head = f'<tr class="group"><th scope="rowgroup" colspan="{columns}">{name}</th></tr>\n' if name else ""
    lines = "\n".join(
        f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td>{cell}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return f"<tbody>\n{head}{lines}\n</tbody>"
