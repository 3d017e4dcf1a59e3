"""Language versions of one charter, put side by side by the ids of their clauses."""

from collections.abc import Sequence
from dataclasses import replace

from charters.model import Charter, Clause
from charters.problems import CharterError


def aligned(charters: Sequence[Charter]) -> Charter:
    """One charter that holds the words of several, each in languages of its own.

    They agree in everything but words: ids, order, kinds, addressees, references. Raises CharterError naming the first
    clause in which they do not.
    """
    first, *others = charters
    for other in others:
        first = replace(
            first,
            title={**first.title, **other.title},
            clauses=_side_by_side(first.clauses, other.clauses, first.id),
        )
    return first


def _side_by_side(some: tuple[Clause, ...], others: tuple[Clause, ...], parent: str) -> tuple[Clause, ...]:
    ids, other_ids = [clause.id for clause in some], [clause.id for clause in others]
    if ids != other_ids:
        raise CharterError(
            "Under %(parent)s the languages do not have the same clauses: %(ids)s here, %(others)s there.",
            parent=parent, ids=", ".join(ids), others=", ".join(other_ids),
        )  # fmt: skip
    return tuple(_joined(one, other) for one, other in zip(some, others, strict=True))


def _joined(one: Clause, other: Clause) -> Clause:
    if (one.kind, one.commits, one.references) != (other.kind, other.commits, other.references):
        raise CharterError(
            "Clause %(clause)s does not have the same kind, addressees and references in every language.",
            clause=one.id,
        )
    return replace(
        one,
        text={**one.text, **other.text},
        heading={**one.heading, **other.heading},
        note={**one.note, **other.note},
        stale=(*one.stale, *other.stale),
        clauses=_side_by_side(one.clauses, other.clauses, one.id),
    )
