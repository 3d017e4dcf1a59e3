"""Where amendments cannot all be followed, and what somebody decided about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from charters.amendment import Amendment
from charters.draft import Draft
from charters.model import Charter
from charters.operations import (
    Describe,
    Insert,
    Join,
    Move,
    Operation,
    Replace,
    Split,
    Strike,
    operation_to_json,
    operations_from_json,
)  # fmt: skip
from charters.plain import known, list_of, optional_id_of, optional_text_of, text_of
from charters.problems import CharterError, Problem
from charters.tree import ancestors

WHY = {
    "text": "These amendments change the same words of the clause in different ways.",
    "split": "These amendments cut or rewrite the same place of the clause in different ways.",
    "strike": "One amendment strikes the clause, another one changes it or puts something below it.",
    "join": "One amendment joins the clause to another one, another amendment changes it in its own right.",
    "move": "These amendments move the clause to different places.",
    "cycle": "These amendments move clauses below one another: no clause would be left to hang them from.",
    "depth": "These amendments together put the clause deeper than a charter can be.",
    "insert": "These amendments bring different new clauses under the same id.",
    "kind": "These amendments make the clause a different kind of clause.",
    "title": "These amendments together leave the charter without a title.",
    "theme": "These amendments give the charter different themes.",
    "preamble": "These amendments include different preambles.",
}


@dataclass(frozen=True)
class Conflict:
    """``clause``: its id, None for the charter itself. ``words``: what the base ("base") and each amendment
    say there, in ``lang``; ``field`` is text, heading, note or title when words clash.
    """

    clause: str | None
    amendments: tuple[str, ...]
    kind: str
    why: Problem
    words: Mapping[str, str] = field(default_factory=dict)
    lang: str | None = None
    field: str | None = None


@dataclass(frozen=True)
class Resolution:
    """A decision about one conflict: the amendment to ``keep`` there (None: none of them).

    What the other amendments do at that place is set aside; ``operations`` are applied after the merge,
    for words that no amendment had. A resolution is part of the record of the version.
    """

    clause: str | None
    kind: str
    keep: str | None = None
    lang: str | None = None
    field: str | None = None
    operations: tuple[Operation, ...] = ()


def conflict_to_json(conflict: Conflict) -> dict[str, Any]:
    value: dict[str, Any] = {
        "clause": conflict.clause, "amendments": list(conflict.amendments), "kind": conflict.kind,
        "words": dict(conflict.words), "why": str(conflict.why),
    }  # fmt: skip
    return value | {k: v for k, v in (("lang", conflict.lang), ("field", conflict.field)) if v is not None}


def resolution_to_json(resolution: Resolution) -> dict[str, Any]:
    value: dict[str, Any] = {"clause": resolution.clause, "kind": resolution.kind, "keep": resolution.keep}
    place = {"lang": resolution.lang, "field": resolution.field}
    value |= {key: item for key, item in place.items() if item is not None}
    return value | {"operations": [operation_to_json(step) for step in resolution.operations]}


def resolution_from_json(value: Any) -> Resolution:
    """Read a resolution; raises CharterError naming the part that is wrong."""
    known(value, {"clause", "kind", "keep", "lang", "field", "operations"}, "the resolution")
    kind = text_of(value, "kind")
    if kind not in WHY:
        raise CharterError(
            "“%(kind)s” is not a kind of conflict. Choose one of: %(kinds)s.", kind=kind, kinds=", ".join(WHY)
        )
    return Resolution(
        optional_id_of(value, "clause"), kind, optional_id_of(value, "keep"),
        optional_text_of(value, "lang"), optional_text_of(value, "field"),
        operations_from_json(list_of(value, "operations")),
    )  # fmt: skip


def set_aside(
    base: Charter, amendments: Sequence[Amendment], resolutions: Sequence[Resolution]
) -> list[Amendment]:
    """The amendments without the operations that the resolutions set aside, nor those that depended on them.

    What was placed after a clause that does not come there stands first under its parent.
    """
    ids = {amendment.id for amendment in amendments}
    for resolution in resolutions:
        if resolution.keep is not None and resolution.keep not in ids:
            raise CharterError(
                "A resolution keeps the amendment %(amendment)s, which is not one of those merged.",
                amendment=resolution.keep,
            )
    left = [_without(amendment, resolutions, base.index.parent) for amendment in amendments]
    return [
        one
        if one.operations == amendment.operations
        else replace(one, operations=_possible(base, one.operations))
        for one, amendment in zip(left, amendments, strict=True)
    ]


def _without(
    amendment: Amendment, resolutions: Sequence[Resolution], parents: Mapping[str, str | None]
) -> Amendment:
    lost: set[str] = set()
    kept: list[Operation] = []
    others = [resolution for resolution in resolutions if resolution.keep != amendment.id]
    for step in amendment.operations:
        changed = _trim(step, others) if isinstance(step, Replace | Describe) else step
        if changed is None or _names(step) & lost or any(_concerns(step, other, parents) for other in others):
            lost |= _brings(step)
        else:
            kept.append(changed)
    return replace(amendment, operations=tuple(kept))


def _possible(base: Charter, steps: Sequence[Operation]) -> tuple[Operation, ...]:
    """The steps that can still be taken now that others are set aside."""
    draft = Draft(base)
    kept: list[Operation] = []
    for step in steps:
        placed_first = [replace(step, after=None)] if isinstance(step, Insert | Move) else []
        for one in (step, *placed_first):
            try:
                draft.apply(one)
            except CharterError:
                continue
            kept.append(one)
            break
    return tuple(kept)


def _trim(step: Replace | Describe, resolutions: Sequence[Resolution]) -> Operation | None:
    """A change of words without what resolutions decide; None when nothing is left."""
    trimmed: Replace | Describe = step
    for resolution in resolutions:
        here = step.clause if isinstance(step, Replace) else None
        name = resolution.field or resolution.kind
        same_lang = resolution.lang is None or resolution.lang == step.lang
        if here == resolution.clause and same_lang and getattr(step, name, None) is not None:
            trimmed = _left_alone(trimmed, name)
    empty = Replace(step.clause, step.lang) if isinstance(step, Replace) else Describe(step.lang)
    return None if trimmed == empty and trimmed != step else trimmed


def _left_alone(step: Replace | Describe, name: str) -> Replace | Describe:
    if isinstance(step, Describe):
        return Describe(**{**vars(step), name: None})
    return Replace(**{**vars(step), name: None})


def _concerns(step: Operation, resolution: Resolution, parents: Mapping[str, str | None]) -> bool:
    """Whether a step other than a change of words is what the resolution decides."""
    clause, kind = resolution.clause, resolution.kind
    if clause is None:
        return False
    if isinstance(step, Insert | Move):
        return clause in _places(step, kind, parents)
    if isinstance(step, Strike) and kind == "strike":
        return clause == step.clause or step.clause in ancestors(clause, parents)
    kinds = {"strike", "join", "text", "split"} if isinstance(step, Split | Join) else {"strike", "join"}
    return kind in kinds and clause in _names(step)


def _places(step: Insert | Move, kind: str, parents: Mapping[str, str | None]) -> set[str | None]:
    """The clauses about which a conflict of this kind is settled by leaving such a step out."""
    placed = step.clause if isinstance(step, Move) else step.clause.id
    match kind:
        case "strike" | "join":
            return {*_names(step), step.parent}
        case "cycle" | "depth":
            return {placed, step.parent, *ancestors(step.parent, parents)}
    return {placed} if kind == type(step).__name__.lower() else set()


def _names(step: Operation) -> set[str]:
    """The clauses that a step cannot do without."""
    match step:
        case Insert():
            return {name for name in (step.parent, step.after) if name is not None}
        case Join():
            return set(step.clauses)
        case Describe():
            return set()
    return {step.clause}


def _brings(step: Operation) -> set[str]:
    if isinstance(step, Insert):
        return {step.clause.id}
    return set(step.ids) if isinstance(step, Split) else set()
