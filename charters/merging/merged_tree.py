"""Where clauses stand once all effects are followed."""

from collections.abc import Iterator, Mapping, Sequence

from charters.draft import Draft
from charters.merging.effects import Effect


class MergedTree:
    """The places of clauses in a merge, written into ``merged`` by ``hang``.

    ``gone``: clauses struck or joined into another one; ``break_order``: the rank of the parts of clauses
    that several amendments split.
    """

    def __init__(
        self, merged: Draft, effects: Sequence[Effect], gone: set[str], break_order: Mapping[str, int]
    ) -> None:
        self.merged = merged
        self.base = merged.base.index
        self.effects = effects
        self.gone = gone
        self.break_order = break_order
        self.placed: dict[str, list[Effect]] = {}
        for effect in effects:
            for name in effect.placed:
                self.placed.setdefault(name, []).append(effect)
        self.following = self._following()
        self.leader = {name: root for root, parts in self.following.items() for name in parts}

    def rings(self) -> Iterator[tuple[str, list[Effect]]]:
        """Where clauses would end up below one another: a clause of each ring, and the effects that close it."""
        known: set[frozenset[str]] = set()
        for name in sorted(self.placed):
            ring = self._way_up(name)
            if ring and frozenset(ring) not in known:
                known.add(frozenset(ring))
                movers = {
                    e.id: e for one in ring for e in self.placed.get(one, ()) if e.placed[one][0] in ring
                }
                yield name, list(movers.values())

    def _way_up(self, name: str) -> list[str]:
        """The clauses from this one up to itself; empty when no way leads there."""
        ways: dict[str, str] = {}
        waiting = [name]
        while waiting:
            below = waiting.pop()
            for above in self._parents(below):
                if above == name:
                    return _back(below, name, ways)
                if above not in ways:
                    ways[above] = below
                    waiting.append(above)
        return []

    def _parents(self, name: str) -> set[str]:
        """The clauses above one, as effects want it: several when they place it differently."""
        name = self.leader.get(name, name)
        wanted = {effect.placed[name][0] for effect in self.placed.get(name, ())} or {
            self.base.parent.get(name)
        }
        return {parent for parent in wanted if parent is not None}

    def hang(self) -> None:
        """Put every clause in its place; there must be no conflict."""
        lines = self._lines()
        for name in self.gone:
            del self.merged.clauses[name], self.merged.children[name], self.merged.parent[name]
        for effect in self.effects:
            for name in effect.new:
                self.merged.children.setdefault(name, ())
        for parent, line in lines.items():
            self.merged.children[parent] = line
            for name in line:
                if self.base.parent.get(name, "") != parent:
                    self.merged.parent[name] = parent

    def _lines(self) -> dict[str | None, tuple[str, ...]]:
        """The order of the clauses under each parent where it is not that of the base."""
        runs = self._runs()
        uprooted = {name for name in (*self.gone, *self.placed) if name in self.base.parent}
        touched = {*runs, *(self.base.parent[name] for name in (*uprooted, *self.following))}
        return {parent: self._line(parent, runs.get(parent, {}), uprooted) for parent in touched - self.gone}

    def _line(
        self, parent: str | None, runs: Mapping[str | None, list[str]], uprooted: set[str]
    ) -> tuple[str, ...]:
        line: list[str] = []
        for anchor in (None, *self.base.children.get(parent, ())):
            if anchor is not None and anchor not in uprooted:
                line.append(anchor)
            line += runs.get(anchor, ())
        return tuple(name for one in dict.fromkeys(line) for name in (one, *self.following.get(one, ())))

    def _runs(self) -> dict[str | None, dict[str | None, list[str]]]:
        """Clauses placed anew, by their parent and by the sibling they follow (None: first)."""
        runs: dict[str | None, dict[str | None, list[str]]] = {}
        for effect in self.effects:
            for name, (parent, anchor) in effect.placed.items():
                runs.setdefault(parent, {}).setdefault(anchor, []).append(name)
        return runs

    def _following(self) -> dict[str, list[str]]:
        """Parts that follow the clause they were split from, wherever it goes."""
        found: dict[str, list[str]] = {}
        splits: dict[str, int] = {}
        absorbed = {name: into for effect in self.effects for name, into in effect.absorbed.items()}
        for effect in self.effects:
            for root, parts in effect.attached.items():
                found.setdefault(absorbed.get(root, root), []).extend(parts)
                splits[root] = splits.get(root, 0) + 1
        return {
            root: sorted(dict.fromkeys(parts), key=lambda name: self.break_order.get(name, len(parts)))
            if splits.get(root, 0) > 1
            else list(dict.fromkeys(parts))
            for root, parts in found.items()
        }


def _back(name: str, first: str, ways: Mapping[str, str]) -> list[str]:
    """The way from ``name`` down to ``first``."""
    way = [name]
    while way[-1] != first:
        way.append(ways[way[-1]])
    return way
