"""Merge: a base and any number of amendments give one charter, or conflicts, in whatever order they come.

Each amendment is read as its effect on the base. Different effects are all followed, identical ones count
once, and only effects that cannot both be had conflict. Rules where order could have mattered:

- new clauses at the same place are all kept, those of am-2 before those of am-10;
- different words inserted at the same place of a text conflict;
- a clause split by several amendments is cut at every place they chose;
- a change of words follows a clause that is moved, split or joined elsewhere.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from charters.amendment import Amendment
from charters.conflicts import WHY, Conflict, Resolution, set_aside
from charters.draft import Draft, apply
from charters.effects import Effect, natural
from charters.merged_words import MergedWords, several_values
from charters.model import Charter, Clause
from charters.problems import CharterError, Problem


@dataclass(frozen=True)
class Merge:
    """``charter`` is None as long as there are conflicts."""

    charter: Charter | None
    conflicts: tuple[Conflict, ...]


def merge(base: Charter, amendments: Iterable[Amendment], resolutions: Sequence[Resolution] = ()) -> Merge:
    """Merge amendments written on ``base``. Raises CharterError when one cannot be applied to it at all."""
    ordered = sorted(amendments, key=lambda amendment: natural(amendment.id))
    for one, other in itertools.pairwise(ordered):
        if one.id == other.id:
            raise CharterError(
                "Two amendments have the id %(amendment)s. Give each its own.", amendment=one.id
            )
    effects = [Effect(base, amendment) for amendment in set_aside(base, ordered, resolutions)]
    merging = _Merging(base, effects)
    charter = merging.charter()
    if charter is None:
        return Merge(None, tuple(sorted(merging.conflicts, key=merging.reading_order)))
    last_words = [step for resolution in resolutions for step in resolution.operations]
    return Merge(apply(charter, last_words), ())


class _Merging:
    def __init__(self, base: Charter, effects: list[Effect]) -> None:
        self.effects = effects
        self.base = Draft(base)
        self.conflicts: list[Conflict] = []
        self.struck = {name for effect in effects for name in effect.struck}
        self.absorbed = {name: into for effect in effects for name, into in effect.absorbed.items()}
        self.place = {clause.id: n for n, (clause, _p, _d) in enumerate(base.walk())}

    def reading_order(self, conflict: Conflict) -> tuple[int, str, str, str]:
        at = -1 if conflict.clause is None else self.place.get(conflict.clause, len(self.place))
        return at, conflict.clause or "", conflict.kind, f"{conflict.lang} {conflict.field}"

    def charter(self) -> Charter | None:
        """The merged charter; None when conflicts were found."""
        self._strikes()
        self._joins()
        self._moves()
        self._inserts()
        words = MergedWords(self.base, self.effects, self.struck, self.absorbed)
        self.conflicts += words.conflicts
        tree = self._tree(words)
        if self.conflicts or tree is None:
            return None
        title, theme, preamble = words.title, words.theme, words.preamble
        return Charter(self.base.id, title, tree, theme, preamble)

    def _conflict(self, clause: str, kind: str, effects: Iterable[Effect]) -> None:
        ids = tuple(effect.id for effect in effects)
        states = [("base", self.base), *((e.id, e.result) for e in self.effects if e.id in ids)]
        texts = {name: draft.clauses[clause].text for name, draft in states if clause in draft.clauses}
        differing = [
            lang for lang in texts.get("base", {}) if len({text.get(lang) for text in texts.values()}) > 1
        ]
        lang = next(iter(differing or texts.get("base", {})), None)
        words = {name: text.get(lang, "") for name, text in texts.items()} if lang else {}
        self.conflicts.append(Conflict(clause, ids, kind, Problem(WHY[kind]), words, lang))

    def _strikes(self) -> None:
        for name in self.struck:
            for_ = [effect for effect in self.effects if name in effect.struck]
            against = [e for e in self.effects if e not in for_ and name in e.reworded | e.reshaped]
            if against:
                self._conflict(name, "strike", [e for e in self.effects if e in for_ or e in against])

    def _joins(self) -> None:
        for name in self.absorbed:
            joining = [effect for effect in self.effects if name in effect.absorbed]
            others = [e for e in self.effects if e not in joining and name in e.reshaped]
            if others or len({effect.absorbed[name] for effect in joining}) > 1:
                self._conflict(name, "join", [e for e in self.effects if e in joining or e in others])

    def _moves(self) -> None:
        moved = dict.fromkeys(name for effect in self.effects for name in effect.moved)
        for name in moved:
            movers = [effect for effect in self.effects if name in effect.moved]
            if len({effect.moved[name] for effect in movers}) > 1:
                self._conflict(name, "move", movers)

    def _inserts(self) -> None:
        for name in dict.fromkeys(name for effect in self.effects for name in effect.new):
            makers = [effect for effect in self.effects if name in effect.new]
            if several_values(
                (
                    effect.result.clauses[name],
                    effect.result.parent[name],
                    effect.placed.get(name),
                )
                for effect in makers
            ):
                self._conflict(name, "insert", makers)

    def _tree(self, words: MergedWords) -> tuple[Clause, ...] | None:
        """The merged tree; None, with conflicts, when clauses would end up below one another."""
        children = self._children(words)
        built: set[str] = set()

        def hang(parent: str | None) -> tuple[Clause, ...]:
            ids = [name for name in children.get(parent, []) if name in words.clauses]
            built.update(ids)
            return tuple(replace(words.clauses[name], clauses=hang(name)) for name in ids)

        tree = hang(None)
        adrift = words.clauses.keys() - built
        if adrift and not self.conflicts:
            for name in sorted(adrift):
                if movers := [effect for effect in self.effects if name in effect.moved]:
                    self._conflict(name, "move", movers)
        return None if adrift else tree

    def _children(self, words: MergedWords) -> dict[str | None, list[str]]:
        """The order of the clauses under each parent."""
        moved = {name for effect in self.effects for name in effect.moved}
        gone = self.struck | self.absorbed.keys() | moved
        following = self._following(words)
        order: dict[str | None, list[str]] = {}
        for parent in dict.fromkeys([*self.base.children, *(name for e in self.effects for name in e.new)]):
            stay = self.base.children.get(parent, [])
            line: list[str] = []
            runs = self._runs(parent)
            for at, anchor in enumerate([None, *stay]):
                if anchor is not None and anchor not in gone:
                    line.append(anchor)
                line += runs.get(at, [])
            order[parent] = [
                follower for name in dict.fromkeys(line) for follower in (name, *following.get(name, []))
            ]
        return order

    def _runs(self, parent: str | None) -> dict[int, list[str]]:
        """Clauses placed anew under a parent, by the rank of the sibling they follow (0: first)."""
        rank = {name: n for n, name in enumerate(self.base.children.get(parent, []), start=1)}
        runs: dict[int, list[str]] = {}
        for effect in self.effects:
            for name, (under, anchor) in effect.placed.items():
                if under == parent:
                    runs.setdefault(rank[anchor] if anchor else 0, []).append(name)
        return runs

    def _following(self, words: MergedWords) -> dict[str, list[str]]:
        """Parts that follow the clause they were split from, wherever it goes."""
        found: dict[str, list[str]] = {}
        for effect in self.effects:
            for root, parts in effect.attached.items():
                found.setdefault(self.absorbed.get(root, root), []).extend(parts)
        return {
            root: sorted(dict.fromkeys(parts), key=lambda name: words.break_order.get(name, len(parts)))
            if sum(bool(effect.attached.get(root)) for effect in self.effects) > 1
            else list(dict.fromkeys(parts))
            for root, parts in found.items()
        }
