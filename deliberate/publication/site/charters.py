"""Pages of charters in a bundle: each version, its history, comparisons, the life of every clause, amendments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy.orm import Session

from charters.changes import Change
from charters.model import Clause
from deliberate.core.errors import NotFound
from deliberate.core.i18n import best_language, language
from deliberate.drafting import queries as drafting
from deliberate.drafting.models import Charter, CharterVersion, MinorityStatement
from deliberate.process.models import Process
from deliberate.publication import documents, naming, reading
from deliberate.publication.adoption.queries import by_clause
from deliberate.publication.lineage import Stored, compared, touching
from deliberate.publication.site.places import Places
from deliberate.publication.site.rendering import Page, page


@dataclass(frozen=True)
class Moment:
    """A version in which a clause came, changed or went, and the amendments that did it."""

    version: CharterVersion
    change: Change
    amendments: tuple[str, ...]


def charter_pages(session: Session, process: Process, places: Places) -> Iterator[Page]:
    """Every page of every published charter."""
    found = [one for one in drafting.charters(session, process) if one.key in places.versions]
    yield page("charters", "charters", rows=reading.charter_rows(session, process))
    for charter in found:
        versions = drafting.published_versions(session, charter)
        yield from _versions(session, process, charter, versions)
        yield _history(session, charter, versions)
        yield from _comparisons(charter, versions, places)
        yield _lives(session, charter, versions)
        yield _amendments(session, process, charter)
    yield _recommendations(session, found)
    yield _minority(session, found)


def _versions(
    session: Session, process: Process, charter: Charter, versions: Sequence[CharterVersion]
) -> Iterator[Page]:
    sources = reading.sources(session, process, charter)
    adopted = by_clause(session, charter)
    for version in versions:
        known = reading.stored(session, charter, version.number)
        names = [f"charter-{charter.key}-{version.number}"]
        if version is versions[-1]:
            names.append(f"charter-{charter.key}")
        for name in names:
            yield page(
                name,
                "charter",
                charter=charter,
                version=version,
                versions=versions,
                document=known[-1].document,
                passages=reading.passages(known[-1]),
                lives=reading.lives(known),
                sources=sources,
                statements=reading.statements_by_clause(session, charter, version.number),
                ballot=reading.adopting_ballot(session, version),
                latest=versions[-1],
                preamble=_preamble(session, process, known[-1]),
                adopted=adopted if version is versions[-1] else {},
                formats=naming.formats_in_words(),
                one_for_all=documents.ONE_FOR_ALL,
                written=documents.languages(version),
            )


def _preamble(
    session: Session, process: Process, version: Stored
) -> tuple[CharterVersion, list[reading.Passage]] | None:
    pinned = version.document.preamble
    if pinned is None:
        return None
    try:
        common = drafting.charter(session, process, pinned.charter)
        found = reading.published_version(session, common, pinned.version)
    except NotFound:
        return None
    return found, reading.passages(reading.as_stored(found))


def _history(session: Session, charter: Charter, versions: Sequence[CharterVersion]) -> Page:
    rows = []
    for position, version in enumerate(versions):
        before = reading.as_stored(versions[position - 1]) if position else None
        counts = reading.counted(before, reading.as_stored(version)) if before else {}
        rows.append((version, naming.changes_counted(counts), reading.adopting_ballot(session, version)))
    return page(f"history-{charter.key}", "history", charter=charter, rows=rows[::-1], latest=versions[-1])


def _comparisons(charter: Charter, versions: Sequence[CharterVersion], places: Places) -> Iterator[Page]:
    stored = {version.number: reading.as_stored(version) for version in versions}
    for old, new in places.compared(charter.key):
        shown = _shown(stored[new])
        found = compared(stored[old], stored[new], shown)
        yield page(
            f"compare-{charter.key}-{old}-{new}",
            "compare",
            charter=charter,
            old=old,
            new=new,
            changes=[change for change in found if _differs(change)],
            total=len(found),
            shown=shown,
            status_names=naming.STATUS_NAMES,
        )


def _lives(session: Session, charter: Charter, versions: Sequence[CharterVersion]) -> Page:
    shown = _shown(reading.as_stored(versions[-1]))
    lives: dict[str, list[Moment]] = {}
    for version, changes in _steps(versions, shown):
        for change in changes:
            moment = Moment(
                version, change, touching(reading.as_stored(version).version.amendments, change.clause)
            )
            lives.setdefault(change.clause, []).append(moment)
    statements: dict[str | None, list[MinorityStatement]] = {}
    for version in versions:
        for clause, said in reading.statements_by_clause(session, charter, version.number).items():
            statements.setdefault(clause, []).extend(said)
    return page(
        f"lives-{charter.key}",
        "lives",
        charter=charter,
        lives=lives,
        names=_names(versions),
        statements=statements,
        standing={passage.clause.id for passage in reading.passages(reading.as_stored(versions[-1]))},
        adopted=by_clause(session, charter),
        shown=shown,
        status_names=naming.STATUS_NAMES,
    )


def _steps(versions: Sequence[CharterVersion], shown: str) -> Iterator[tuple[CharterVersion, list[Change]]]:
    first = reading.as_stored(versions[0])
    yield (
        versions[0],
        [_first(passage.clause, passage.depth, shown) for passage in reading.passages(first)],
    )
    for before, after in pairwise(versions):
        found = compared(reading.as_stored(before), reading.as_stored(after), shown)
        yield after, [change for change in found if _differs(change)]


def _first(clause: Clause, depth: int, shown: str) -> Change:
    said = clause.text.get(shown, "")
    heading = clause.heading.get(shown, "")
    return Change(
        clause.id, "inserted", depth, None, clause,
        (("equal", heading),) if heading else (), (("equal", said),) if said else (),
    )  # fmt: skip


def _names(versions: Sequence[CharterVersion]) -> dict[str, reading.Passage]:
    """The last passage that each clause was, those struck out since among them."""
    return {
        passage.clause.id: passage
        for version in versions
        for passage in reading.passages(reading.as_stored(version))
    }


def _amendments(session: Session, process: Process, charter: Charter) -> Page:
    sources = reading.sources(session, process, charter)
    return page(f"amendments-{charter.key}", "amendments", charter=charter, sources=list(sources.values()))


def _recommendations(session: Session, found: Sequence[Charter]) -> Page:
    rows = [
        (charter, version, passage)
        for charter in found
        for version in drafting.published_versions(session, charter)[-1:]
        for passage in reading.passages(reading.as_stored(version))
        if passage.clause.kind == "recommendation"
    ]
    return page("recommendations", "recommendations", rows=rows)


def _minority(session: Session, found: Sequence[Charter]) -> Page:
    rows = [
        (charter, version, statement)
        for charter in found
        for version in drafting.published_versions(session, charter)
        for statement in drafting.printed_statements(session, charter, version.number)
    ]
    return page("minority", "minority", rows=rows)


def _differs(change: Change) -> bool:
    return change.status != "unchanged" or change.moved


def _shown(version: Stored) -> str:
    return best_language(dict.fromkeys(version.document.languages, "x")) or language()
