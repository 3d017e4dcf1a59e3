"""What an amendment does to a charter, read from the state it leads to.

Only what the amendment touched is looked at: reading five hundred effects costs what they change.
"""

import re
from collections.abc import Sequence
from functools import cached_property

from charters.comparing.comparison import steady
from charters.draft import Draft, applied
from charters.model import Charter
from charters.operations import Join, Move, Operation, Split
from charters.problems import CharterError

Placement = tuple[str | None, str | None]
_FIELDS = ("heading", "note", "kind", "commits", "references")


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A sorting key that puts am-2 before am-10."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name))


class Effect:
    """The effect of an amendment's operations on ``base``; everything is stated by clause id.

    Raises CharterError, with the id of the amendment in it, when the amendment cannot be applied.
    """

    def __init__(self, base: Charter, id: str, operations: Sequence[Operation]) -> None:
        self.id = id
        self.operations = operations
        self.base = base.index
        try:
            self.result: Draft = applied(base, operations)
        except CharterError as error:
            error.amendment = id
            raise
        self._follow_parts()

    def _follow_parts(self) -> None:
        """Find the clauses that were split and joined, whatever the steps that led there."""
        origin: dict[str, str] = {}
        parts: dict[str, list[str]] = {}
        absorbed: dict[str, str] = {}
        for step in self.operations:
            if isinstance(step, Split):
                root = origin.get(step.clause, step.clause)
                origin |= dict.fromkeys(step.ids, root)
                siblings = parts.setdefault(root, [])
                at = siblings.index(step.clause) + 1 if step.clause in siblings else 0
                siblings[at:at] = step.ids
            elif isinstance(step, Join):
                root = origin.get(step.clauses[0], step.clauses[0])
                absorbed |= {name: root for name in step.clauses[1:] if name != root}
        self.parts = {
            root: [name for name in ids if name in self.result.clauses]
            for root, ids in parts.items()
            if self._kept(root)
        }
        self.absorbed: dict[str, str] = {}
        for name in absorbed:
            into, seen = name, set[str]()
            while into in absorbed and into not in self.result.clauses and into not in seen:
                seen.add(into)
                into = absorbed[into]
            if name in self.base.clauses and name not in self.result.clauses and self._kept(into):
                self.absorbed[name] = into

    def _kept(self, name: str) -> bool:
        return name in self.base.clauses and name in self.result.clauses

    @cached_property
    def struck(self) -> set[str]:
        return self.result.clauses.removed - self.absorbed.keys()

    @cached_property
    def new(self) -> list[str]:
        return self.result.clauses.added

    @cached_property
    def touched(self) -> list[str]:
        """Clauses of the base that are in another state, though they may stand where they stood."""
        return self.result.clauses.kept

    @cached_property
    def attached(self) -> dict[str, list[str]]:
        """Parts that directly follow the clause they were split from."""
        found: dict[str, list[str]] = {}
        for root, parts in self.parts.items():
            siblings = self.result.children[self.result.parent[root]]
            for name in siblings[siblings.index(root) + 1 :]:
                if name not in parts:
                    break
                found.setdefault(root, []).append(name)
        return found

    @cached_property
    def placed(self) -> dict[str, Placement]:
        """Clauses inserted or moved: the parent, and the sibling that stayed in place before them."""
        named = {step.clause for step in self.operations if isinstance(step, Move)}
        following = {name for parts in self.attached.values() for name in parts}
        found: dict[str, Placement] = {}
        for parent, siblings in self.result.children.own.items():
            kept = _steady(self.base.children.get(parent, ()), siblings, named)
            anchor: str | None = None
            for name in siblings:
                if name in kept:
                    anchor = name
                elif name not in following:
                    found[name] = (parent, anchor)
        return found

    @cached_property
    def moved(self) -> dict[str, Placement]:
        return {name: place for name, place in self.placed.items() if name in self.base.clauses}

    @cached_property
    def reworded(self) -> set[str]:
        """Clauses of the base whose text changed in some language."""
        return {name for name in self.touched if self._changed(name, "text")} | set(self.parts)

    @cached_property
    def reshaped(self) -> set[str]:
        """Clauses of the base changed otherwise: moved, joined, with other fields or new clauses below."""
        below = {parent for parent, _anchor in self.placed.values() if parent is not None}
        fields = {name for name in self.touched if any(self._changed(name, field) for field in _FIELDS)}
        joined = set(self.absorbed) | set(self.absorbed.values())
        return (below | fields | joined | set(self.moved)) & self.base.clauses.keys()

    def _changed(self, name: str, field: str) -> bool:
        old, new = self.base.clauses[name], self.result.clauses[name]
        return bool(getattr(old, field) != getattr(new, field))


def _steady(before: Sequence[str], after: Sequence[str], moved: set[str]) -> set[str]:
    """As ``steady``, without its search where the order is that of before."""
    places, present = set(before), set(after)
    common = [name for name in after if name in places]
    if common == [name for name in before if name in present]:
        return set(common)
    return steady(before, after, moved)
