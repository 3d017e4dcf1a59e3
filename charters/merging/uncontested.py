"""Which amendments can be adopted together at once, and which ones stand in each other's way."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from charters.amendment import Amendment
from charters.merging.conflicts import Conflict
from charters.merging.effects import Effect, natural
from charters.merging.merge import Merging, effects_of, in_order
from charters.merging.rebasing import Rebased, rebase_all
from charters.model import Charter


@dataclass(frozen=True)
class Uncontested:
    """``amendments``: those in no conflict with any other; ``charter``: the text that they make;
    ``conflicts``: those among the others; ``rest``: each of the others on that text, by id.
    """

    amendments: tuple[Amendment, ...]
    charter: Charter
    conflicts: tuple[Conflict, ...]
    rest: dict[str, Rebased]


def uncontested(base: Charter, amendments: Iterable[Amendment]) -> Uncontested:
    """Part amendments written on ``base`` into those that nobody contests and the rest, which stays alive.

    The same in whatever order they come. Raises CharterError as ``merge`` does.
    """
    by_id = {one.id: one for one in in_order(amendments)}
    effects = effects_of(base, by_id.values())
    *contested, free = _layers(base, effects)
    charter = free.merged.charter()
    kept = {effect.id for effect in free.effects}
    rest = [effect for effect in effects if effect.id not in kept]
    conflicts = Merging(base, rest).conflicts if contested else ()
    return Uncontested(
        tuple(by_id[effect.id] for effect in free.effects), charter, conflicts,
        rebase_all((by_id[effect.id] for effect in rest), base, charter),
    )  # fmt: skip


def rivals(base: Charter, amendments: Iterable[Amendment]) -> tuple[Conflict, ...]:
    """The conflicts of amendments two by two: each names a pair, or more where no two of them conflict.

    A page that lets people choose amendments learns from it which others each choice excludes.
    """
    effects = effects_of(base, amendments)
    by_id = {effect.id: effect for effect in effects}
    found: list[Conflict] = []
    known: set[tuple[str, ...]] = set()
    for conflict in (one for layer in _layers(base, effects) for one in layer.conflicts):
        pairs = [tuple(sorted(pair, key=natural)) for pair in combinations(conflict.amendments, 2)]
        for pair in [pair for pair in pairs if pair not in known]:
            known.add(pair)
            found += Merging(base, [by_id[name] for name in pair]).conflicts
        if not any(set(one.amendments) <= set(conflict.amendments) for one in found):
            found.append(conflict)
    return tuple(found)


def _layers(base: Charter, effects: Sequence[Effect]) -> Iterator[Merging]:
    """Merges of ever fewer amendments, each without those in conflict in the one before; the last has none."""
    left = list(effects)
    while True:
        merging = Merging(base, left)
        yield merging
        if not merging.conflicts:
            return
        named = {name for conflict in merging.conflicts for name in conflict.amendments}
        left = [effect for effect in left if effect.id not in named]
