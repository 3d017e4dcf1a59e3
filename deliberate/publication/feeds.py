"""Atom feeds: what happens in a process, and each version of a charter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from flask import Response, current_app, url_for
from flask_babel import gettext
from sqlalchemy import select

from deliberate.core.database import db
from deliberate.core.i18n import language, localized_text, sentence
from deliberate.drafting import queries as drafting
from deliberate.journal.models import Entry
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import process_at
from deliberate.publication.words import IN_FEEDS, entry_in_words

ATOM = "http://www.w3.org/2005/Atom"
LATEST = 100
ET.register_namespace("", ATOM)


@dataclass(frozen=True)
class Item:
    """An entry of a feed."""

    address: str
    title: str
    at: datetime


@blueprint.get("/processes/<slug>/feed.atom")
def feed(slug: str) -> Response:
    """What happens in a process: phases, draws, dossiers, votes, versions."""
    process = process_at(slug)
    query = select(Entry).where(Entry.scope == process.slug, Entry.act.in_({act for act, _kind in IN_FEEDS}))
    entries = db.session.scalars(query.order_by(Entry.number.desc()).limit(LATEST))
    items = [
        Item(
            f"{_whole(url_for('publication.journal', slug=slug))}#n{entry.number}",
            _capital(sentence(*entry_in_words(entry.act, entry.object, entry.public, gettext))),
            entry.at,
        )
        for entry in entries
        if (entry.act, entry.object.partition(":")[0]) in IN_FEEDS
    ]
    return _atom(url_for("publication.feed", slug=slug), localized_text(process.title), items)


@blueprint.get("/processes/<slug>/charters/<key>/feed.atom")
def charter_feed(slug: str, key: str) -> Response:
    """Each version of a charter as it is published."""
    charter = drafting.charter(db.session(), process_at(slug), key)
    items = [
        Item(
            _whole(url_for("publication.version", slug=slug, key=key, number=version.number)),
            gettext("Version %(number)s", number=version.number),
            version.published_at,
        )
        for version in reversed(drafting.published_versions(db.session(), charter))
        if version.published_at
    ]
    return _atom(
        url_for("publication.charter_feed", slug=slug, key=key), localized_text(charter.title), items
    )


def _atom(address: str, title: str, items: Iterable[Item]) -> Response:
    items = list(items)
    root = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": language()})
    latest = max((item.at for item in items), default=datetime(2000, 1, 1, tzinfo=UTC))
    _texts(root, _whole(address), title, latest)
    ET.SubElement(root, f"{{{ATOM}}}link", {"rel": "self", "href": _whole(address)})
    for item in items:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _texts(entry, item.address, item.title, item.at)
        ET.SubElement(entry, f"{{{ATOM}}}link", {"href": item.address})
        author = ET.SubElement(entry, f"{{{ATOM}}}author")
        ET.SubElement(author, f"{{{ATOM}}}name").text = title
    text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(text, mimetype="application/atom+xml")


def _texts(parent: ET.Element, id: str, title: str, at: datetime) -> None:
    for name, text in (("id", id), ("title", _printable(title)), ("updated", at.isoformat())):
        ET.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _printable(text: str) -> str:
    """XML holds no control characters."""
    return "".join(max(letter, " ") for letter in text)


def _whole(address: str) -> str:
    """From the configured address of this site, never from what the request says it is."""
    return f"{current_app.config['SETTINGS'].base_url}{address}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
