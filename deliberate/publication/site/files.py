"""Every page of a bundle, in every language, with the style they share."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from deliberate.core.config import LANGUAGES
from deliberate.core.web import PACKAGE
from deliberate.process.models import Process
from deliberate.publication.front import catalogue
from deliberate.publication.site.charters import charter_pages
from deliberate.publication.site.front import front_pages
from deliberate.publication.site.known import places
from deliberate.publication.site.listening import listening_pages
from deliberate.publication.site.opinions import opinion_pages
from deliberate.publication.site.places import SHEETS
from deliberate.publication.site.rendering import Page, page, speaking


def site_files(session: Session, process: Process, files: Mapping[str, bytes]) -> Iterator[Page]:
    """The pages of a bundle that otherwise holds `files`; the same bytes for the same content."""
    for name in SHEETS:
        yield name, Path(PACKAGE / "static" / name).read_bytes()
    session.flush()
    # Read apart, in the same transaction: a session of the web asks the application under way for its database.
    with Session(session.connection(), join_transaction_mode="rollback_only") as reader:
        yield from _pages(reader, reader.get_one(Process, process.id), files)


def _pages(session: Session, process: Process, files: Mapping[str, bytes]) -> Iterator[Page]:
    known = places(session, process)
    for language in LANGUAGES:
        with speaking(process, known, language):
            yield from front_pages(session, process, files)
            yield from charter_pages(session, process, known)
            yield from listening_pages(session, process)
            yield from opinion_pages(session, process, files)
    first = next((code for code in process.title if code in LANGUAGES), LANGUAGES[0])
    with speaking(process, known, first):
        _path, text = page("start", "start", say={code: catalogue(code).gettext for code in LANGUAGES})
        yield "index.html", text
