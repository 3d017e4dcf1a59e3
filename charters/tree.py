"""The clauses of a charter by id and in their places, resting on the index of the charter they began as."""

from collections.abc import Iterator, Mapping
from itertools import islice

from charters.model import MAX_DEPTH, Charter, Clause
from charters.overlay import Overlay
from charters.problems import CharterError


class Tree:
    """``clauses`` by id, without those below them; ``parent`` of each; ``children``: the order under each parent,
    None being the charter itself. Changes are kept apart from the charter, so that making a tree costs nothing.
    """

    def __init__(self, charter: Charter) -> None:
        self.base = charter
        self.clauses = Overlay(charter.index.bare)
        self.parent = Overlay(charter.index.parent)
        self.children = Overlay(charter.index.children)

    def tops(self) -> tuple[Clause, ...]:
        """The clauses at the top with those below them; what nothing touched is what it was."""
        touched: set[str | None] = set()
        for name in [*self.clauses.own, *self.children.own]:
            if name is None or name in self.clauses:
                touched |= {name, *self.ancestors(name)} if name else {name}
        return tuple(self.whole(name, touched) for name in self.children[None])

    def too_deep(self) -> str | None:
        """A clause that changes of place left too deep, if there is one."""
        for name in self.parent.own:
            if name in self.clauses:
                for inner in (name, *self.below(name)):
                    if len(list(islice(self.ancestors(inner), MAX_DEPTH))) == MAX_DEPTH:
                        return inner
        return None

    def insert(self, parent: str | None, after: str | None, clause: Clause) -> None:
        if clause.id in self.clauses:
            raise CharterError("The id %(clause)s is already that of another clause.", clause=clause.id)
        at = self._place(parent, after)
        if parent is not None and len(list(islice(self.ancestors(parent), 2 * MAX_DEPTH))) == 2 * MAX_DEPTH:
            raise CharterError("The clauses are more than %(depth)d levels deep.", depth=MAX_DEPTH)
        self.clauses[clause.id] = clause.bare()
        self.children[clause.id] = ()
        self._put(clause.id, parent, at)

    def move(self, clause_id: str, parent: str | None, after: str | None) -> None:
        self.known(clause_id)
        if parent is not None and (parent == clause_id or clause_id in self.ancestors(parent)):
            raise CharterError("Clause %(clause)s cannot be moved below itself.", clause=clause_id)
        if after == clause_id:
            raise CharterError("Clause %(clause)s cannot be placed after itself.", clause=clause_id)
        self._place(parent, after)
        self._take_out(clause_id)
        self._put(clause_id, parent, self._place(parent, after))

    def strike(self, clause_id: str) -> None:
        self.known(clause_id)
        self._take_out(clause_id)
        for inner in [clause_id, *self.below(clause_id)]:
            del self.clauses[inner], self.children[inner], self.parent[inner]

    def ancestors(self, clause_id: str) -> Iterator[str]:
        """The ids above a clause, nearest first."""
        return ancestors(clause_id, self.parent)

    def below(self, clause_id: str) -> list[str]:
        """The ids of all clauses below a clause, in reading order."""
        found: list[str] = []
        waiting = list(reversed(self.children[clause_id]))
        while waiting:
            found.append(waiting.pop())
            waiting.extend(reversed(self.children[found[-1]]))
        return found

    def whole(self, clause_id: str, touched: set[str | None]) -> Clause:
        if clause_id not in touched and clause_id in self.base.index.clauses:
            return self.base.index.clauses[clause_id]
        below = tuple(self.whole(child, touched) for child in self.children[clause_id])
        return self.clauses[clause_id].holding(below)

    def _put(self, clause_id: str, parent: str | None, index: int) -> None:
        line = self.children[parent]
        self.children[parent] = (*line[:index], clause_id, *line[index:])
        self.parent[clause_id] = parent

    def _take_out(self, clause_id: str) -> None:
        parent = self.parent[clause_id]
        self.children[parent] = tuple(name for name in self.children[parent] if name != clause_id)

    def known(self, clause_id: str) -> Clause:
        if clause_id not in self.clauses:
            raise CharterError("There is no clause %(clause)s in the text to be changed.", clause=clause_id)
        return self.clauses[clause_id]

    def _place(self, parent: str | None, after: str | None) -> int:
        if parent is not None:
            self.known(parent)
        if after is None:
            return 0
        if after not in self.children[parent]:
            raise CharterError(
                "Clause %(after)s is not directly under %(parent)s, so nothing can be placed after it there.",
                after=after, parent=parent or self.base.id,
            )  # fmt: skip
        return self.children[parent].index(after) + 1


def ancestors(clause_id: str | None, parents: Mapping[str, str | None]) -> Iterator[str]:
    """The ids above a clause, nearest first, by the parent of each; none above the charter itself."""
    above = None if clause_id is None else parents.get(clause_id)
    while above is not None:
        yield above
        above = parents.get(above)
