"""The fairest chances that panels can give: the relaxation attained, or leximin over the panels where it is not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from sortition.engine.attain import Distribution, Heard, attain
from sortition.engine.certificate import first_bound
from sortition.engine.columns import leximin_over_panels
from sortition.engine.cuts import prove
from sortition.engine.objectives import LEVELS, OF_THE_ABLE, relaxed_chances
from sortition.engine.relaxation import Relaxed
from sortition.model import Cut, Floats, Pool
from sortition.problems import SortitionError

Told = Callable[[float, float | None, Floats | None], None]

# Beyond so many types no mixture is completed: the list of panels itself is made to meet the target.
MOST_TYPES = 500


@dataclass(frozen=True)
class Fairest:
    """The target chances, the pool with the cuts that prove them, and a mixture of panels near them.

    `distribution` is None for pools of more than `MOST_TYPES` types. `attained` says that the mixture gives the target
    and that the target is proved the best; by the objectives without levels the target is else what the nearest
    mixture gives.
    """

    pool: Pool
    relaxed: Relaxed
    distribution: Distribution | None
    attained: bool


def fairest(pool: Pool, objective: str, heard: Told) -> Fairest:
    """The best chances by `objective`.

    `heard` receives a fraction from 0 to 1, the proven limit of the least chance where one is known, and the chances
    reached per type. Raises SortitionError when no panel meets the quotas.
    """
    relaxed = relaxed_chances(pool, objective)
    if objective in OF_THE_ABLE and not relaxed.chances.all():
        pool = replace(pool, cuts=(_absence(pool, np.flatnonzero(relaxed.chances == 0)),))
        relaxed = relaxed_chances(pool, objective)
    bound = _bound(pool, relaxed, objective)
    heard(0.0, bound, None)
    if len(pool.types) > MOST_TYPES:
        return Fairest(pool, relaxed, None, attained=False)
    distribution = attain(pool, relaxed.chances, _part(heard, bound, 0.05, 0.6))
    while cuts := [_absence(pool, [type_]) for type_ in distribution.absent]:
        pool = replace(pool, cuts=pool.cuts + tuple(cuts))
        relaxed = relaxed_chances(pool, objective)
        bound = _bound(pool, relaxed, objective)
        distribution = attain(pool, relaxed.chances, _part(heard, bound, 0.6, 0.7))
    levels = LEVELS.get(objective, 0)
    if distribution.attained:
        return Fairest(pool, relaxed, distribution, attained=True)
    if not levels:
        reached = distribution.weights @ distribution.panels / pool.multiplicity
        return Fairest(pool, replace(relaxed, chances=reached), distribution, attained=False)
    found = leximin_over_panels(pool, distribution.panels, levels, _part(heard, bound, 0.7, 1.0))
    return Fairest(found.pool, found.relaxed, found.distribution, found.proved)


def _bound(pool: Pool, relaxed: Relaxed, objective: str) -> float | None:
    """The proven limit of the least chance, by the objectives that raise it."""
    return float(first_bound(pool, relaxed)) if objective in LEVELS else None


def _absence(pool: Pool, types: Iterable[int]) -> Cut:
    """That these types fit no panel. Raises SortitionError when it could not be proved."""
    only = np.zeros(len(pool.types), dtype=np.int64)
    only[list(types)] = 1
    cut = prove(pool, [int(one) for one in only], 0)
    if not isinstance(cut, Cut):
        raise SortitionError(
            "Some volunteers seem to fit no panel, and the work allowed did not prove it. Loosen a quota a little."
        )
    return cut


def _part(heard: Told, bound: float | None, first: float, last: float) -> Heard:
    """Hear a part of the work as a fraction of the whole."""
    return lambda fraction, reached: heard(first + (last - first) * fraction, bound, reached)
