"""A comparison as a web page that stands alone: readable without colour, by keyboard, and in print."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from charters.comparing.changes import Change, Comparison, Fold, compare
from charters.comparing.comparison_views import Headings
from charters.comparing.comparison_words import SAID, SIGNS, counted, described, summary
from charters.comparing.readable import Segment, altered, paragraphs, sides
from charters.formats.layout import visible
from charters.labels import spoken
from charters.model import Charter

_STYLE = Path(__file__).parents[1].joinpath("formats", "page.css").read_text(encoding="utf-8")
_MARKS = """
main.wrap { max-width: 62rem } .body { grid-column: auto }
ins { text-decoration: underline; text-decoration-thickness: .12em; background: #dff2e5; color: #14532b }
del + ins { margin-left: .25em }
del { text-decoration: line-through; background: #f9e1e0; color: #8a1f1f }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.change { border-top: 1px solid var(--line); padding-block: .4rem 1rem } .change h2 { font-size: 1.25rem; margin: .8em 0 .1em }
.fate { font: 600 .94rem/1.5 var(--sans); margin: 0 } .sign { display: inline-block; min-width: 1.2em }
.fold { color: var(--ink-soft); font: .94rem/1.5 var(--sans); border-top: 1px solid var(--line); padding-block: .6rem } .fold summary { min-height: 24px }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem } .sides h3 { font: 600 .88rem/1.5 var(--sans); margin: .4em 0 0 }
.sides p { margin: .3em 0; min-width: 0; white-space: pre-line } .text { white-space: pre-line } .steps a { margin-right: 1.2rem }
.list { font: .94rem/1.6 var(--sans); columns: 18rem; padding-left: 1.2rem } .list a { display: inline-block; min-height: 24px }
@media (prefers-color-scheme: dark) { ins { background: #17402a; color: #c9f2d8 } del { background: #4a2020; color: #f6cfcd } }
@media (max-width: 40rem) { .sides { grid-template-columns: 1fr } .sides .head { display: none } .sides p:empty { display: none } }
@media print { nav { display: none } ins { background: none; color: #000 } del { background: none; color: #333 } .steps, .skip { display: none } .change { break-inside: avoid-page } }
"""


def as_html(old: Charter, new: Charter, lang: str, side_by_side: bool = False, context: int = 0) -> str:
    """The whole page."""
    found = compare(old, new, lang, context)
    said = SAID[spoken(lang)]
    title = escape(visible(new.title.get(lang) or next(iter(new.title.values()))))
    head = f'<!doctype html>\n<html lang="{spoken(lang)}"><head><meta charset="utf-8"><title>{title}</title>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    skip = f'<a class="skip" href="#changes">{said["skip"]}</a>'
    body = "\n".join(_body(found, Headings(old, new, lang), title, side_by_side))
    page = f'<body>{skip}<main class="wrap">\n{body}\n</main></body></html>\n'
    return f"{head}{view}<style>\n{_STYLE}{_MARKS}</style></head>\n{page}"


def _body(found: Comparison, headings: Headings, title: str, side_by_side: bool) -> Iterator[str]:
    said = SAID[spoken(found.lang)]
    yield f'<h1 lang="{escape(found.lang)}">{title}</h1>'
    if found.same:
        yield f"<p>{said['nothing']}</p>"
        return
    yield f'<p class="figures">{summary(found.figures, found.lang)}.</p><p class="quiet">{said["legend"]}</p>'
    if altered(found.title):
        yield f'<p lang="{escape(found.lang)}">{said["title"]} — {_marked(found.title, said)}</p>'
    yield from (f"<p>{said[name]}</p>" for name in found.described)
    touched = [change for change in found.changes if not change.untouched]
    yield f'<nav aria-labelledby="list"><h2 id="list">{said["changes"]}</h2><ul class="list">'
    yield from (
        f'<li><a href="#{one.clause}">{escape(visible(headings.line(one)))}</a></li>' for one in touched
    )
    yield '</ul></nav><div id="changes">'
    order = [change.clause for change in touched]
    for part in found.parts:
        if isinstance(part, Fold):
            yield f'<p class="fold">… {counted("fold", len(part.clauses), found.lang)}</p>'
        else:
            yield from _section(part, headings, found.lang, side_by_side)
            yield _steps(part, order, said)
    yield "</div>"


def _section(change: Change, headings: Headings, lang: str, side_by_side: bool) -> Iterator[str]:
    said = SAID[spoken(lang)]
    name = escape(visible(headings.line(change)))
    yield f'<section class="change" id="{change.clause}"><h2 lang="{escape(lang)}">{name}</h2>'
    sign = f'<span class="sign" aria-hidden="true">{SIGNS[change.status]}</span>'
    yield f'<p class="fate">{sign} {escape(headings.fate(change))}</p>'
    for label, before, after in described(change, lang):
        yield f'<p class="quiet">{label} — <del>{escape(before)}</del> → <ins>{escape(after)}</ins></p>'
    shown = [pieces for pieces in (change.heading, change.text, change.note) if _shows(pieces, change)]
    if side_by_side:
        yield f'<div class="body sides" lang="{escape(lang)}">{_sides(shown, said)}</div>'
    else:
        rows = "".join(f'<p class="text">{_marked(pieces, said)}</p>' for pieces in shown)
        yield f'<div class="body" lang="{escape(lang)}">{rows}</div>'
    yield "</section>"


def _shows(pieces: Sequence[Segment], change: Change) -> bool:
    """A text is always shown, a heading or a note where it changed."""
    return pieces is change.text or altered(pieces)


def _steps(change: Change, order: Sequence[str], said: dict[str, str]) -> str:
    """Links to the passages before and after, so that a keyboard goes from change to change."""
    if change.clause not in order:
        return ""
    at = order.index(change.clause)
    near = [(at - 1, "previous"), (at + 1, "next")]
    links = [f'<a href="#{order[n]}">{said[name]}</a>' for n, name in near if 0 <= n < len(order)]
    return f'<p class="steps quiet">{"".join(links)}</p>'


def _sides(texts: Sequence[Sequence[Segment]], said: dict[str, str]) -> str:
    heads = f'<h3 class="head">{said["before"]}</h3><h3 class="head">{said["after"]}</h3>'
    rows = (side for pieces in texts for row in paragraphs(pieces) for side in sides(row))
    return heads + "".join(f"<p>{_marked(side, said)}</p>" for side in rows)


def _marked(pieces: Sequence[Segment], said: dict[str, str]) -> str:
    named = {"delete": ("del", said["deleted"]), "insert": ("ins", said["added"])}
    found = ""
    for tag, text in pieces:
        inner = escape("\n".join(visible(line) for line in text.split("\n")))
        if tag == "equal":
            found += inner
        else:
            element, word = named[tag]
            said_end = f'<span class="said">{said["end"]}</span>'
            found += f'<{element}><span class="said">{word}</span>{inner}{said_end}</{element}>'
    return found
