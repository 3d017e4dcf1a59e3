"""What changed in the clauses that a territory adopted: from the version it holds to, to the one in force."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from charters.canonical import digest
from charters.model import Charter as Document
from charters.plain import clause_to_json
from deliberate.publication.comparisons import Comparison, Row, comparison
from deliberate.publication.lineage import Stored


def covered(document: Document, clauses: Collection[str]) -> set[str]:
    """These clauses and those below them; every clause of the charter where none is named."""
    found: set[str] = set()
    for clause, parent, _depth in document.walk():
        if not clauses or clause.id in clauses or parent in found:
            found.add(clause.id)
    return found


def clause_digests(document: Document, clauses: Iterable[str]) -> dict[str, str]:
    """The digest of each clause with what stands below it, by id. Raises CharterError for an unknown one."""
    return {name: digest("clause", clause_to_json(document.clause(name))) for name in clauses}


def changes_since(old: Stored, new: Stored, clauses: Collection[str], languages: Sequence[str]) -> Comparison:
    """What became of adopted clauses: changed, moved, struck, split, joined, and new ones below them."""
    mine = covered(old.document, clauses) | covered(new.document, clauses)
    found = comparison(old, new, languages)
    rows = [row for row in found.parts if isinstance(row, Row) and _names(row) & mine]
    return replace(found, parts=tuple(replace(row, rank=rank) for rank, row in enumerate(rows, start=1)))


def changed(old: Stored, new: Stored, clauses: Collection[str]) -> set[str]:
    """The adopted clauses, or those they became, that differ in any language."""
    languages = tuple(dict.fromkeys((*old.document.languages, *new.document.languages)))
    found = changes_since(old, new, clauses, languages)
    return {row.change.clause for row in found.parts if isinstance(row, Row)}


def _names(row: Row) -> set[str]:
    return {name for change in row.changes for name in (change.clause, *change.others)}
