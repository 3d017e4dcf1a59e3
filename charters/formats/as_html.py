"""A page that stands alone: accessible, printable, with a permanent link for each clause."""

import base64
import hashlib
from html import escape
from pathlib import Path
from typing import Any

from charters.formats.layout import lay_out, set_minority, visible
from charters.formats.publication import OF_PREAMBLE, Publication, direction, preamble_title

_STYLE = "\n" + Path(__file__).with_name("page.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"


def write(publication: Publication) -> bytes:
    """The charter as one HTML file without script, font or image of its own."""
    words = publication.words
    title = escape(visible(publication.title))
    groups = lay_out(publication.version.charter, publication)
    process = f'<p class="quiet">{escape(visible(publication.process))}</p>' if publication.process else ""
    body = [
        f'<a class="skip" href="#_text">{words["skip"]}</a>',
        f'<main id="_text" class="wrap{" two" if publication.beside else ""}"><header>{process}<h1>{title}</h1>',
        f'<p class="quiet">{publication.adopted}{_by(publication)}</p>',
        f'<p class="standing"><strong>{escape(words["non_binding"])}</strong></p></header>',
        f'<div class="charter">{_contents(groups, publication)}<div class="body">',
        _preamble(publication),
        _groups(groups, publication),
        _general(publication),
        f"</div></div></main>{_about(publication)}",
    ]
    head = (
        f'<!doctype html>\n<html{_language(publication.lang)}>\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{title} — {publication.adopted}</title>\n<style>{_STYLE}</style></head>\n<body>\n"
    )
    return (head + "\n".join(part for part in body if part) + "\n</body>\n</html>\n").encode()


def _language(lang: str) -> str:
    turned = ' dir="rtl"' if direction(lang) == "rtl" else ""
    return f' lang="{escape(lang)}"{turned}'


def _by(publication: Publication) -> str:
    return f" · {publication.words['by']} {escape(visible(publication.by))}" if publication.by else ""


def _contents(groups: list[dict[str, Any]], publication: Publication) -> str:
    sections = [group["section"] for group in groups if "section" in group]
    if len(sections) < 2:
        return ""
    name = publication.words["contents"]
    return f'<nav class="toc" aria-label="{name}"><b>{name}</b>{_entries(sections, 2)}</nav>'


def _entries(sections: list[dict[str, Any]], depth: int) -> str:
    entries = []
    for section in sections:
        inner = [group["section"] for group in section["below"] if "section" in group] if depth > 1 else []
        below = _entries(inner, depth - 1) if inner else ""
        entries.append(f'<li><a href="#{section["id"]}">{escape(section["title"])}</a>{below}</li>')
    return f"<ol>{''.join(entries)}</ol>"


def _preamble(publication: Publication) -> str:
    version = publication.preamble
    if version is None:
        return ""
    heading = visible(preamble_title(publication, version))
    number = publication.numbered(version)
    inner = _groups(lay_out(version.charter, publication, OF_PREAMBLE), publication, deeper=1)
    return (
        f'<section class="included" aria-labelledby="_included"><h2 id="_included">{escape(heading)}</h2>'
        f'<p class="quiet">{number} · <code>{version.content}</code></p>{inner}</section>'
    )


def _groups(groups: list[dict[str, Any]], publication: Publication, deeper: int = 0) -> str:
    return "".join(
        _items(group["items"], publication, deeper)
        if "items" in group
        else _section(group["section"], publication, deeper)
        for group in groups
    )


def _section(section: dict[str, Any], publication: Publication, deeper: int) -> str:
    level = min(section["level"] + 1 + deeper, 6)
    title = escape(section["title"]) + _link(section, publication)
    if "beside" in section:
        second = escape(section["beside"]["title"])
        title += f' <span class="second"{_language(publication.beside)}>{second}</span>'
    heading = f"<h{level}>{title}</h{level}>"
    inner = _groups(section["below"], publication, deeper)
    kind = " recommendation" if section["kind"] == "recommendation" else ""
    words = _words(section, publication)
    return f'<section class="clause{kind}" id="{section["id"]}">{heading}{words}{inner}</section>\n'


def _items(items: list[dict[str, Any]], publication: Publication, deeper: int) -> str:
    written = []
    for item in items:
        inner = _groups(item["below"], publication, deeper)
        words = _words(item, publication, _link(item, publication))
        mark = f'<span class="mark">{escape(item["number"])}</span>'
        written.append(f'<li id="{item["id"]}">{mark}<div>{words}{inner}</div></li>')
    return f'<ol class="items" role="list">{"".join(written)}</ol>'


def _link(section: dict[str, Any], publication: Publication) -> str:
    name = escape(f"{publication.words['permalink']}{publication.words['colon']}{section['title']}")
    return f' <a class="here" href="#{section["id"]}" aria-label="{name}">¶</a>'


def _words(section: dict[str, Any], publication: Publication, link: str = "") -> str:
    """The words of a section, beside those of the second language if there is one."""
    own = _said(section, publication) + link
    if "beside" not in section:
        return own
    other = _said(section["beside"], publication.other)
    return f'<div class="pair"><div>{own}</div><div{_language(publication.beside)}>{other}</div></div>'


def _said(section: dict[str, Any], publication: Publication) -> str:
    words = publication.words
    text = _paragraphs(section["paragraphs"])
    for state in ("missing", "stale"):
        text += f'<p class="state">{words[state]}</p>' if section[state] else ""
    facts = "".join(f"<li>{escape(label)} {escape(value)}</li>" for label, value in section["facts"])
    text += f'<ul class="facts">{facts}</ul>' if facts else ""
    if section["note"]:
        text += f'<div class="note"><b>{words["note"]}</b>{_paragraphs(section["note"])}</div>'
    return text + "".join(_minority(statement, publication) for statement in section["minority"])


def _minority(statement: dict[str, Any], publication: Publication) -> str:
    name = publication.words["minority"]
    return (
        f'<div class="minority" role="note"><p><b>{name}</b> ({escape(statement["held"])})</p>'
        f"{_paragraphs(statement['paragraphs'])}</div>"
    )


def _general(publication: Publication) -> str:
    statements = publication.about(None)
    if not statements:
        return ""
    inner = "".join(_minority(set_minority(publication, statement), publication) for statement in statements)
    return f"<section><h2>{publication.words['general_minority']}</h2>{inner}</section>"


def _about(publication: Publication) -> str:
    words = publication.words
    codes = "".join(f"<dt>{label}</dt><dd><code>{code}</code></dd>" for label, code in publication.codes)
    if publication.address:
        address = escape(visible(publication.address))
        linked = (
            f'<a href="{address}">{address}</a>' if address.startswith(("https://", "http://")) else address
        )
        codes += f"<dt>{words['address']}</dt><dd>{linked}</dd>"
    return (
        f'<footer class="about wrap"><h2>{words["about"]}</h2><p>{escape(words["non_binding"])}</p>'
        f"<dl>{codes}</dl><p>{words['code_help']}</p></footer>"
    )


def _paragraphs(texts: list[list[str]]) -> str:
    return "".join(f"<p>{'<br>'.join(escape(line) for line in lines)}</p>" for lines in texts)
