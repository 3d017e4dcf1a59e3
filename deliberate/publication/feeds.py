"""Atom feeds (RFC 4287): what happens in a process, each version of a charter, each change of a clause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from flask import Response, request, url_for
from flask_babel import gettext
from sqlalchemy import select

from charters.comparing.readable import Segment
from deliberate.core.database import db
from deliberate.core.i18n import LANGUAGE_NAMES, language, localized_text, sentence
from deliberate.core.web import site_name
from deliberate.drafting import queries as drafting
from deliberate.drafting.models import CharterVersion
from deliberate.inputs.experience.queries import latest
from deliberate.journal.models import Entry
from deliberate.publication import naming, reading
from deliberate.publication.blueprint import blueprint
from deliberate.publication.clause_pages import Event, life
from deliberate.publication.comparisons import Row, comparison
from deliberate.publication.current import charter_at, process_at, whole_address
from deliberate.publication.evidence.models import NewEvidence
from deliberate.publication.evidence.queries import evidence_on
from deliberate.publication.lineage import Stored
from deliberate.publication.words import IN_FEEDS, entry_in_words

ATOM = "http://www.w3.org/2005/Atom"
LATEST = 100
NEWEST = 20
LONGEST = 20_000
ET.register_namespace("", ATOM)


@dataclass(frozen=True)
class Item:
    """An entry of a feed. `address` is whole, and its id: it never changes. `content` is plain text."""

    address: str
    title: str
    at: datetime
    content: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed: where it stands, the page it belongs to, its title."""

    place: str
    page: str
    title: str


@blueprint.get("/processes/<slug>/feed.atom")
def feed(slug: str) -> Response:
    """What happens in a process: phases, draws, dossiers, votes, versions."""
    process = process_at(slug)
    query = select(Entry).where(Entry.scope == process.slug, Entry.act.in_({act for act, _kind in IN_FEEDS}))
    entries = db.session.scalars(query.order_by(Entry.number.desc()).limit(LATEST))
    journal = url_for("publication.journal", slug=slug)
    items = [
        Item(
            whole_address(f"{journal}#n{entry.number}"),
            _capital(sentence(*entry_in_words(entry.act, entry.object, entry.public, gettext))),
            entry.at,
        )
        for entry in entries
        if (entry.act, entry.object.partition(":")[0]) in IN_FEEDS
    ]
    page = url_for("publication.process", slug=slug)
    return atom(Feed(url_for("publication.feed", slug=slug), page, localized_text(process.title)), items)


@blueprint.get("/processes/<slug>/lessons/feed.atom")
def lessons_feed(slug: str) -> Response:
    """The experiences that were told last, with what they teach."""
    process = process_at(slug)
    items = [
        Item(
            whole_address(url_for("inputs.lesson", slug=slug, key=one.key)),
            localized_text(one.title),
            one.at,
            localized_text(one.teaches),
        )
        for one in latest(db.session(), process, LATEST)
    ]
    here, page = url_for("publication.lessons_feed", slug=slug), url_for("inputs.lessons", slug=slug)
    return atom(Feed(here, page, f"{localized_text(process.title)} — {gettext('Experiences')}"), items)


@blueprint.get("/processes/<slug>/charters/<key>/feed.atom")
def charter_feed(slug: str, key: str) -> Response:
    """Each version of a charter as it is published, with what it changed."""
    _process, charter = charter_at(slug, key)
    found = drafting.published_versions(db.session(), charter)
    pairs = list(zip([None, *found], found, strict=False))[-NEWEST:]
    items = [
        Item(
            whole_address(url_for("publication.version", slug=slug, key=key, number=version.number)),
            gettext("Version %(number)s", number=version.number),
            version.published_at,
            _what_changed(before, version),
        )
        for before, version in reversed(pairs)
        if version.published_at
    ]
    here = url_for("publication.charter_feed", slug=slug, key=key)
    page = url_for("publication.charter", slug=slug, key=key)
    return atom(Feed(here, page, localized_text(charter.title)), items)


@blueprint.get("/processes/<slug>/charters/<key>/clauses/<id>/feed.atom")
def clause_feed(slug: str, key: str, id: str) -> Response:
    """Each version in which a clause came, changed or went, with its words before and after."""
    _process, charter = charter_at(slug, key)
    published = drafting.published_versions(db.session(), charter)
    known = reading.stored(db.session(), charter, published[-1].number) if published else []
    events = life(db.session(), charter, known, id)
    items = [_event_item(slug, key, event) for event in reversed(events[-NEWEST:])]
    items += [_evidence_item(slug, key, one) for one in evidence_on(db.session(), charter, id)]
    items.sort(key=lambda item: item.at, reverse=True)
    here = url_for("publication.clause_feed", slug=slug, key=key, id=id)
    page = url_for("publication.clause", slug=slug, key=key, id=id)
    places = {one.clause.id: one for version in known for one in reading.passages(version)}
    name = naming.passage_name(places[id])
    return atom(Feed(here, page, f"{localized_text(charter.title)} — {name}"), items)


def _evidence_item(slug: str, key: str, one: NewEvidence) -> Item:
    """An experience that was attached to a clause."""
    place = url_for("publication.clause", slug=slug, key=key, id=one.clause, _anchor=one.key)
    said = gettext("New evidence: %(title)s", title=localized_text(one.lesson.title))
    return Item(whole_address(place), said, one.at, localized_text(one.why))


def _event_item(slug: str, key: str, event: Event) -> Item:
    """A moment of a clause; its id names the clause it then was, for a split or a join has two in one version."""
    moment = event.moment
    place = url_for("publication.version", slug=slug, key=key, number=moment.version, _anchor=moment.clause)
    said = gettext("Version %(number)s", number=moment.version)
    languages = sorted(moment.languages, key=lambda code: code != language())
    lines = [
        marked(pieces)
        for name in ("heading", "text", "note")
        for pieces in [moment.words(name, languages[0]) if languages else ()]
        if pieces
    ]
    at = event.version.published_at or event.version.adopted_at
    return Item(whole_address(place), f"{said} — {naming.status_name(moment)}", at, "\n\n".join(lines))


def _what_changed(before: CharterVersion | None, version: CharterVersion) -> str:
    """What a version changed, in plain text in the reader's language; the number of passages for the first one."""
    new = reading.as_stored(version)
    if before is None:
        count = len(reading.passages(new))
        return str(gettext("The first text, in %(count)s passages.", count=count))
    old = reading.as_stored(before)
    found = comparison(old, new, [_shown(new)])
    lines = [f"{', '.join(naming.changes_counted(found.figures))}."]
    lines += [_row_in_words(part) for part in found.parts if isinstance(part, Row)]
    text = "\n\n".join(lines)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _shown(version: Stored) -> str:
    return naming.shown_language(dict.fromkeys(version.document.languages, "x"))


def _row_in_words(row: Row) -> str:
    said = f"{naming.kind_and_number(row.passage)} ({naming.status_name(row.change)})"
    words = [marked(pieces) for pieces in (row.change.heading, row.change.text) if pieces]
    return "\n".join([said, *words])


def marked(pieces: Sequence[Segment]) -> str:
    """A difference as plain text: [-what went-]{+what came+}."""
    marks = {"equal": ("", ""), "delete": ("[-", "-]"), "insert": ("{+", "+}")}
    return "".join(f"{marks[kind][0]}{text}{marks[kind][1]}" for kind, text in pieces)


def atom(feed: Feed, items: Iterable[Item]) -> Response:
    items = list(items)
    root = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": language()})
    latest = max((item.at for item in items), default=datetime(2000, 1, 1, tzinfo=UTC))
    _texts(root, whole_address(feed.place), feed.title, latest)
    # A reader of feeds says no language: the address it was given does, and stays its own.
    asked = request.args.get("lang")
    chosen = f"?lang={asked}" if asked in LANGUAGE_NAMES else ""
    _link(root, "self", f"{whole_address(feed.place)}{chosen}", "application/atom+xml")
    _link(root, "alternate", whole_address(feed.page), "text/html")
    author = ET.SubElement(root, f"{{{ATOM}}}author")
    ET.SubElement(author, f"{{{ATOM}}}name").text = _printable(site_name())
    for item in items:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _texts(entry, item.address, item.title, item.at)
        _link(entry, "alternate", item.address, "text/html")
        if item.content:
            ET.SubElement(entry, f"{{{ATOM}}}content", {"type": "text"}).text = _printable(item.content)
    text = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    response = Response(text, mimetype="application/atom+xml")
    response.vary.update(("Accept-Language", "Cookie"))
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _link(parent: ET.Element, relation: str, address: str, media: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}link", {"rel": relation, "href": address, "type": media})


def _texts(parent: ET.Element, id: str, title: str, at: datetime) -> None:
    for name, text in (("id", id), ("title", _printable(title)), ("updated", at.isoformat())):
        ET.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _printable(text: str) -> str:
    """XML holds no control characters but tabs and ends of lines."""
    return (
        "".join(letter if letter in "\t\n" else max(letter, " ") for letter in text)
        .replace("\ufffe", " ")
        .replace("\uffff", " ")
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
