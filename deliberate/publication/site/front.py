"""Pages of a bundle on the process itself: its front, its rules, its draw, its journal, how to verify it."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from deliberate.core.i18n import language, localized_text
from deliberate.journal.models import Entry
from deliberate.panels.queries import draws
from deliberate.process.models import Process
from deliberate.process.queries import protocol_versions
from deliberate.publication import queries, reading, words
from deliberate.publication.site.places import PER_PAGE
from deliberate.publication.site.rendering import Page, page


def front_pages(session: Session, process: Process, files: Mapping[str, bytes]) -> Iterator[Page]:
    """The front page, the protocol, the panel, the journal, and how to verify them. `files`: the rest of the bundle."""
    rows = [row for row in reading.charter_rows(session, process) if row.versions]
    mapped = [phase.round for phase in process.phases if f"opinions/{phase.round}.json" in files]
    yield page("index", "index", rows=rows, opinions=sorted(set(mapped)))
    versions = protocol_versions(session, process)
    promises = queries.promises(process, language())
    yield page("protocol", "protocol", versions=versions, promises=promises)
    yield _panel(session, process, files)
    yield from _journal(session, process)
    yield page("verification", "verification", listed=sorted(files))


def _panel(session: Session, process: Process, files: Mapping[str, bytes]) -> Page:
    sealed = [draw for draw in draws(session, process, rehearsals=False) if draw.commitment]
    held = {
        draw.number: [path for path in sorted(files) if path.startswith(f"draws/{draw.number}/")]
        for draw in sealed
    }
    return page("panel", "panel", draws=sealed[::-1], held=held, figures=_figures(session, process))


def _figures(session: Session, process: Process) -> list[dict[str, Any]]:
    return [
        {
            "label": localized_text(figure["label"]),
            "rows": [{**row, "label": localized_text(row["label"])} for row in figure["rows"]],
        }
        for figure in queries.panel_figures(session, process)
    ]


def _journal(session: Session, process: Process) -> Iterator[Page]:
    query = select(Entry).where(Entry.scope == process.slug).order_by(Entry.number)
    found = session.scalars(query.options(selectinload(Entry.opening))).all()
    last = max(1, -(-len(found) // PER_PAGE))
    for number in range(1, last + 1):
        shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
        said = [
            (entry, *words.entry_in_words(entry.act, entry.object, entry.public, gettext)) for entry in shown
        ]
        yield page(
            f"journal-{number}", "journal", entries=said, number=number, last=last, actor_names=words.ACTORS
        )
