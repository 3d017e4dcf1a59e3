"""A list of operations with the same effect and nothing in it that a later one undoes."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from charters.model import WORDS
from charters.operations import Confirm, Describe, Insert, Join, Move, Operation, Replace, Split, Strike

_FIELDS = ("kind", "commits", "references")


def compact(operations: Iterable[Operation]) -> tuple[Operation, ...]:
    """Words written over are written once; what is inserted is inserted as it ends; what is inserted and struck
    again is left out.
    """
    kept: list[Operation] = []
    for step in operations:
        if isinstance(step, Replace):
            _rewrite(kept, step)
        elif isinstance(step, Strike):
            _strike(kept, step)
        else:
            kept.append(step)
    return tuple(kept)


def _rewrite(kept: list[Operation], step: Replace) -> None:
    """Write a change into the last step that it can be one with, or put it at the end."""
    for n in reversed(range(len(kept))):
        earlier = kept[n]
        if isinstance(earlier, Replace) and earlier.clause == step.clause:
            if None in {earlier.lang, step.lang} or earlier.lang == step.lang:
                kept[n] = replace(step, **(_given(earlier) | _given(step)))
                return
        elif isinstance(earlier, Insert) and earlier.clause.id == step.clause:
            kept[n] = replace(earlier, clause=replace(earlier.clause, **_written(earlier, step)))
            return
        elif isinstance(earlier, Split | Join | Strike | Confirm) and step.clause in named(earlier):
            break
    kept.append(step)


def _strike(kept: list[Operation], step: Strike) -> None:
    naming = [n for n, earlier in enumerate(kept) if step.clause in named(earlier)]
    if len(naming) == 1 and _inserts(kept[naming[0]], step.clause):
        del kept[naming[0]]
    else:
        kept.append(step)


def _inserts(step: Operation, clause: str) -> bool:
    return isinstance(step, Insert) and step.clause.id == clause


def _given(step: Replace) -> dict[str, Any]:
    return {name: value for name, value in vars(step).items() if value is not None}


def _written(insert: Insert, step: Replace) -> dict[str, Any]:
    clause, given = insert.clause, _given(step)
    words = {name: {**getattr(clause, name), step.lang: given[name]} for name in WORDS if name in given}
    return words | {name: given[name] for name in _FIELDS if name in given}


def named(step: Operation) -> set[str | None]:
    """Every clause that a step names."""
    match step:
        case Insert():
            return {step.parent, step.after, step.clause.id}
        case Move():
            return {step.clause, step.parent, step.after}
        case Split():
            return {step.clause, *step.ids}
        case Join():
            return set(step.clauses)
        case Describe():
            return set()
    return {step.clause}
