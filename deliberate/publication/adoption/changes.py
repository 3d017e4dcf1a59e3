"""What changed in the clauses that a territory adopted: from the version it holds to, to the one in force."""

from collections.abc import Collection, Iterable

from charters.canonical import digest
from charters.changes import Change
from charters.model import Charter as Document
from charters.plain import clause_to_json
from deliberate.publication.lineage import Stored, compared


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


def changes_since(old: Stored, new: Stored, clauses: Collection[str], language: str) -> list[Change]:
    """What became of adopted clauses, in a language: changed, moved, struck, split, joined, and new ones below them."""
    mine = covered(old.document, clauses) | covered(new.document, clauses)
    if not clauses:
        mine |= {clause.id for clause, _parent, _depth in new.document.walk()}
    return [
        change
        for change in compared(old, new, language)
        if (change.status != "unchanged" or change.moved) and ({change.clause, *change.others} & mine)
    ]


def changed(old: Stored, new: Stored, clauses: Collection[str]) -> set[str]:
    """The adopted clauses, or those they became, that differ in any language."""
    languages = dict.fromkeys((*old.document.languages, *new.document.languages))
    return {change.clause for language in languages for change in changes_since(old, new, clauses, language)}
