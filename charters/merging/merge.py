"""Merge: a base and any number of amendments give one charter, or conflicts, in whatever order they come.

Each amendment is read as its effect on the base. Different effects are all followed, identical ones count
once, and only effects that cannot both be had conflict. Rules where order could have mattered:

- new clauses at the same place are all kept, those of am-2 before those of am-10;
- different words inserted at the same place of a text conflict;
- a clause split by several amendments is cut at every place they chose;
- a change of words follows a clause that is moved, split or joined elsewhere.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from charters.amendment import Amendment, check_bases
from charters.draft import Draft, apply
from charters.merging.conflicts import WHY, Conflict, Resolution, set_aside
from charters.merging.effects import Effect, natural
from charters.merging.merged_tree import MergedTree
from charters.merging.merged_words import MergedWords, several_values
from charters.model import Charter
from charters.problems import CharterError, Problem


@dataclass(frozen=True)
class Merge:
    """``charter`` is None as long as there are conflicts."""

    charter: Charter | None
    conflicts: tuple[Conflict, ...]


def merge(base: Charter, amendments: Iterable[Amendment], resolutions: Sequence[Resolution] = ()) -> Merge:
    """Merge amendments written on ``base``. Raises CharterError when one cannot be applied to it at all, with
    its id as ``error.amendment``, and for amendments to amendments that were not folded (``folded``).
    """
    merging = Merging(base, effects_of(base, set_aside(base, tuple(amendments), resolutions)))
    if merging.conflicts:
        return Merge(None, merging.conflicts)
    last_words = [step for resolution in resolutions for step in resolution.operations]
    charter = merging.merged.charter()
    return Merge(apply(charter, last_words) if last_words else charter, ())


def effects_of(base: Charter, amendments: Iterable[Amendment]) -> list[Effect]:
    """The effects of amendments on the text they were written for, in the order of their ids."""
    ordered = in_order(amendments)
    check_bases(ordered, base)
    for one in ordered:
        if one.amends:
            raise CharterError(
                "Amendment %(amendment)s changes amendment %(amends)s, not the text. Fold it into that one first.",
                amendment=one.id, amends=one.amends,
            )  # fmt: skip
    return [Effect(base, one.id, one.operations) for one in ordered]


def in_order(amendments: Iterable[Amendment]) -> list[Amendment]:
    """Amendments in the order of their ids, am-2 before am-10; raises CharterError when two share an id."""
    ordered = sorted(amendments, key=lambda amendment: natural(amendment.id))
    for one, other in itertools.pairwise(ordered):
        if one.id == other.id:
            raise CharterError(
                "Two amendments have the id %(amendment)s. Give each its own.", amendment=one.id
            )
    return ordered


class Merging:
    """The merge of effects (in the order of their ids): ``merged``, unless there are ``conflicts``."""

    def __init__(self, base: Charter, effects: Sequence[Effect]) -> None:
        self.effects = effects
        self.base = base.index
        self.merged = Draft(base)
        self._found: list[Conflict] = []
        self.disputed: set[str] = set()  # clauses whose join conflicts: their words wait until it is settled
        self.struck = _by_clause(effects, lambda effect: effect.struck)
        self.absorbed = _by_clause(effects, lambda effect: effect.absorbed)
        self.moved = _by_clause(effects, lambda effect: effect.moved)
        self._strikes()
        self._joins()
        self._moves()
        self._inserts()
        self._words()
        self.conflicts = tuple(sorted(self._found, key=_Reading(base)))

    def _conflict(self, clause: str, kind: str, effects: Iterable[Effect]) -> None:
        involved = sorted(effects, key=lambda effect: natural(effect.id))
        states = [("base", self.base.bare), *((e.id, e.result.clauses) for e in involved)]
        texts = {name: clauses[clause].text for name, clauses in states if clause in clauses}
        langs = list(dict.fromkeys(lang for text in texts.values() for lang in text))
        differing = [lang for lang in langs if len({text.get(lang) for text in texts.values()}) > 1]
        lang = next(iter(differing or langs), None)
        words = {name: text.get(lang, "") for name, text in texts.items()} if lang else {}
        ids = tuple(effect.id for effect in involved)
        self._found.append(Conflict(clause, ids, kind, Problem(WHY[kind]), words, lang))

    def _strikes(self) -> None:
        changing = _by_clause(self.effects, lambda effect: effect.reworded | effect.reshaped)
        for name, for_ in self.struck.items():
            if against := [effect for effect in changing.get(name, ()) if name not in effect.struck]:
                self._conflict(name, "strike", [*for_, *against])

    def _joins(self) -> None:
        reshaping = _by_clause(self.effects, lambda effect: effect.reshaped)
        for name, joining in self.absorbed.items():
            others = [effect for effect in reshaping.get(name, ()) if name not in effect.absorbed]
            if others or len({effect.absorbed[name] for effect in joining}) > 1:
                self._conflict(name, "join", [*joining, *others])
                self.disputed |= {name, *(effect.absorbed[name] for effect in joining)}

    def _moves(self) -> None:
        for name, movers in self.moved.items():
            if len({effect.moved[name] for effect in movers}) > 1:
                self._conflict(name, "move", movers)

    def _inserts(self) -> None:
        for name, makers in _by_clause(self.effects, lambda effect: effect.new).items():
            if several_values(
                (effect.result.clauses[name], effect.result.parent[name], effect.placed.get(name))
                for effect in makers
            ):
                self._conflict(name, "insert", makers)

    def _words(self) -> None:
        """Merge what clauses say, and hang them where they belong unless there is a conflict."""
        gone = self.struck.keys() | self.absorbed.keys()
        into: dict[str, list[str]] = {}
        rank = {name: n for n, name in enumerate(self.base.bare)} if self.absorbed else {}
        for name in sorted(self.absorbed.keys() - self.disputed, key=rank.__getitem__):
            into.setdefault(self.absorbed[name][0].absorbed[name], []).append(name)
        touching = _by_clause(self.effects, lambda effect: effect.touched)
        words = MergedWords(self.merged, self.effects, touching)
        words.merge(into, gone, self.disputed)
        self._found += words.conflicts
        tree = MergedTree(self.merged, self.effects, gone, words.break_order)
        for name, movers in tree.rings():
            self._conflict(name, "cycle", movers)
        if not self._found:
            tree.hang()
            if (deep := self.merged.too_deep()) is not None:
                above = {deep, *self.merged.ancestors(deep)}
                self._conflict(deep, "depth", [e for e in self.effects if not above.isdisjoint(e.placed)])


class _Reading:
    """The reading order of conflicts: the charter itself, its clauses, then clauses that come."""

    def __init__(self, base: Charter) -> None:
        self.place = {name: n for n, name in enumerate(base.index.bare)}

    def __call__(self, conflict: Conflict) -> tuple[int, str, str, str]:
        at = -1 if conflict.clause is None else self.place.get(conflict.clause, len(self.place))
        return at, conflict.clause or "", conflict.kind, f"{conflict.lang} {conflict.field}"


def _by_clause(
    effects: Iterable[Effect], read: Callable[[Effect], Iterable[str]]
) -> Mapping[str, list[Effect]]:
    """Effects by the clauses that something is read of, in the order of the effects."""
    found: dict[str, list[Effect]] = {}
    for effect in effects:
        for name in read(effect):
            found.setdefault(name, []).append(effect)
    return found
