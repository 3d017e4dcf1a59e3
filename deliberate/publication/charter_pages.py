"""Pages that read charters: the list, the version in force, a version for good, its languages side by side."""

from datetime import UTC, date
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.http import http_date

from charters.model import Inclusion
from deliberate.core.database import db
from deliberate.core.errors import NotFound
from deliberate.core.i18n import language
from deliberate.drafting import queries as drafting
from deliberate.drafting.models import Charter, CharterVersion
from deliberate.process.current import allowed
from deliberate.process.models import Process
from deliberate.publication import documents, naming, reading
from deliberate.publication.adoption.queries import by_clause
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import asked_day, charter_at, process_at, whole_address
from deliberate.publication.queries import last_publication
from deliberate.publication.remembering import remembered


@blueprint.get("/processes/<slug>/charters")
@remembered
def charters(slug: str) -> str:
    """The charters of a process, and where each stands."""
    process = process_at(slug)
    rows = reading.charter_rows(db.session(), process)
    return render_template(
        "publication/charters.html",
        process=process,
        rows=rows,
        may_create=allowed(process, "create", "charter"),
    )


@blueprint.get("/processes/<slug>/charters/<key>")
@remembered
def charter(slug: str, key: str) -> Response:
    """The version in force; with `?at=2026-06-01`, the one in force on that day; with `?words=1`, word by word."""
    process, charter = charter_at(slug, key)
    day = asked_day()
    version = reading.in_force(db.session(), charter, day)
    if version is None:
        return make_response(_nothing_yet(process, charter, day))
    return _version_page(process, charter, version, day=day)


def _nothing_yet(process: Process, charter: Charter, day: date | None) -> str:
    published = drafting.published_versions(db.session(), charter)
    return render_template(
        "publication/unpublished.html",
        process=process,
        charter=charter,
        day=day,
        first=published[0] if published else None,
    )


@blueprint.get("/processes/<slug>/charters/<key>/versions/<int:number>")
@remembered
def version(slug: str, key: str, number: int) -> Response:
    """A version at its own address, for good."""
    process, charter = charter_at(slug, key)
    version = reading.published_version(db.session(), charter, number)
    answer = _version_page(process, charter, version, permanent=True)
    if version.published_at is not None:
        answer.headers["Memento-Datetime"] = http_date(version.published_at.astimezone(UTC))
    return answer


def _version_page(process: Process, charter: Charter, version: CharterVersion, **more: Any) -> Response:
    session = db.session()
    known = reading.stored(session, charter, version.number)
    by_word = "words" in request.args
    earlier = [
        one.number for one in drafting.published_versions(session, charter) if one.number < version.number
    ]
    page = render_template(
        "publication/charter.html",
        process=process,
        before=max(earlier, default=None),
        by_word=reading.words_by_clause(known, naming.shown_language) if by_word else None,
        latest=reading.in_force(session, charter),
        published=last_publication(session, process),
        **in_full(session, charter, version),
        **more,
    )
    return _related(make_response(page), process, charter, version)


def in_full(session: Session, charter: Charter, version: CharterVersion) -> dict[str, Any]:
    """A version as its page shows it, here and in the bundle: its passages, and beside each what it came from."""
    known = reading.stored(session, charter, version.number)
    return {
        "charter": charter,
        "version": version,
        "document": known[-1].document,
        "passages": reading.passages(known[-1]),
        "lives": reading.lives(known),
        "sources": reading.sources(session, charter.process, charter),
        "statements": reading.statements_by_clause(session, charter, version.number),
        "adopted": by_clause(session, charter),
        "ballot": reading.adopting_ballot(session, version),
        "preamble": _preamble(session, charter.process, known[-1].document.preamble),
        "formats": naming.formats_in_words(),
        "one_for_all": documents.ONE_FOR_ALL,
        "written": documents.languages(version),
    }


def _related(answer: Response, process: Process, charter: Charter, version: CharterVersion) -> Response:
    """Say to programs which versions stand around this one (RFC 5829, and the original of RFC 7089)."""
    slug, key = process.slug, charter.key

    def at(number: int) -> str:
        return url_for("publication.version", slug=slug, key=key, number=number)

    numbers = [one.number for one in drafting.published_versions(db.session(), charter)]
    place = numbers.index(version.number)
    found = [
        ("latest-version original", url_for("publication.charter", slug=slug, key=key)),
        ("version-history", url_for("publication.history", slug=slug, key=key)),
        ("canonical", at(version.number)),
        *(("predecessor-version", at(one)) for one in numbers[:place][-1:]),
        *(("successor-version", at(one)) for one in numbers[place + 1 :][:1]),
    ]
    answer.headers["Link"] = ", ".join(f'<{whole_address(to)}>; rel="{relation}"' for relation, to in found)
    return answer


def _preamble(
    session: Session, process: Process, inclusion: Inclusion | None
) -> tuple[CharterVersion, list[reading.Passage]] | None:
    """The common preamble at the version that a charter pinned, while it can be read."""
    if inclusion is None:
        return None
    try:
        common = drafting.charter(session, process, inclusion.charter)
        pinned = reading.published_version(session, common, inclusion.version)
    except NotFound:
        return None
    return pinned, reading.passages(reading.as_stored(pinned))


@blueprint.get("/processes/<slug>/charters/<key>/versions/<int:number>/languages")
@remembered
def languages(slug: str, key: str, number: int) -> str:
    """A version in two of its languages, clause beside clause."""
    process, charter = charter_at(slug, key)
    version = reading.published_version(db.session(), charter, number)
    written = documents.languages(version)
    left, right = _two_of(written, request.args.get("left", ""), request.args.get("right", ""))
    known = reading.as_stored(version)
    return render_template(
        "publication/languages.html",
        process=process,
        charter=charter,
        version=version,
        document=known.document,
        passages=reading.passages(known),
        written=written,
        left=left,
        right=right,
    )


def _two_of(written: tuple[str, ...], left: str, right: str) -> tuple[str, str]:
    """Which languages stand side by side: those asked for, else the reader's and another one."""
    preferred = sorted(written, key=lambda code: code != language())
    first = left if left in written else next((one for one in preferred if one != right), preferred[0])
    others = [one for one in preferred if one != first]
    second = right if right in others else next(iter(others), first)
    return first, second
