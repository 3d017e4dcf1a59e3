"""Pages of charters in a bundle: each version, its history, comparisons, the life of every clause, amendments."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from deliberate.core.i18n import best_language, language
from deliberate.drafting import queries as drafting
from deliberate.drafting.models import Charter, CharterVersion, MinorityStatement
from deliberate.process.models import Process
from deliberate.publication import naming, reading
from deliberate.publication.adoption.queries import by_clause
from deliberate.publication.charter_pages import in_full
from deliberate.publication.comparisons import comparison
from deliberate.publication.lineage import Stored, lives_of
from deliberate.publication.site.places import Places
from deliberate.publication.site.rendering import Page, page


def charter_pages(session: Session, process: Process, places: Places) -> Iterator[Page]:
    """Every page of every published charter."""
    found = [one for one in drafting.charters(session, process) if one.key in places.versions]
    yield page("charters", "charters", rows=reading.charter_rows(session, process))
    for charter in found:
        versions = drafting.published_versions(session, charter)
        yield from _versions(session, charter, versions)
        yield _history(session, charter)
        yield from _comparisons(charter, versions, places)
        yield _lives(session, charter, versions)
        yield _amendments(session, process, charter)
    yield _recommendations(session, found)
    yield _minority(session, found)


def _versions(session: Session, charter: Charter, versions: Sequence[CharterVersion]) -> Iterator[Page]:
    """Each version, the one in force, and that one with where each word comes from."""
    for version in versions:
        values = {**in_full(session, charter, version), "latest": versions[-1]}
        yield page(f"version-{charter.key}-{version.number}", "charter", **values, by_word=None)
    yield page(f"charter-{charter.key}", "charter", **values, by_word=None)
    known = reading.stored(session, charter, versions[-1].number)
    marked = reading.words_by_clause(known, naming.shown_language)
    yield page(f"words-{charter.key}", "charter", **values, by_word=marked)


def _history(session: Session, charter: Charter) -> Page:
    past = reading.history(session, charter)[::-1]
    rows = [(one.version, naming.changes_counted(one.changed), one.ballot) for one in past]
    return page(f"history-{charter.key}", "history", charter=charter, rows=rows, latest=past[0].version)


def _comparisons(charter: Charter, versions: Sequence[CharterVersion], places: Places) -> Iterator[Page]:
    stored = {version.number: reading.as_stored(version) for version in versions}
    for old, new in places.compared(charter.key):
        shown = (_shown(stored[new]),)
        found = comparison(stored[old], stored[new], shown)
        name = f"compare-{charter.key}-{old}-{new}"
        yield page(name, "compare", charter=charter, old=old, new=new, found=found, shown=shown)


def _lives(session: Session, charter: Charter, versions: Sequence[CharterVersion]) -> Page:
    known = reading.stored(session, charter, versions[-1].number)
    lives = lives_of(known)
    names = {passage.clause.id: passage for version in known for passage in reading.passages(version)}
    statements: dict[str | None, list[MinorityStatement]] = {}
    for version in versions:
        for clause, said in reading.statements_by_clause(session, charter, version.number).items():
            statements.setdefault(clause, []).extend(said)
    return page(
        f"lives-{charter.key}",
        "lives",
        charter=charter,
        lives={clause: lives.of(clause) for clause in names},
        names=names,
        statements=statements,
        standing={passage.clause.id for passage in reading.passages(known[-1])},
        adopted=by_clause(session, charter),
        shown=_shown(known[-1]),
    )


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


def _shown(version: Stored) -> str:
    return best_language(dict.fromkeys(version.document.languages, "x")) or language()
