"""An exact certificate that no lottery does better, level by level.

For any multipliers μ on the quotas (positive on a maximum, negative on a minimum; the panel size is one more
row, carried by everybody; a household shared is one more, at most 1, carried by its people) let g be the sum of the multipliers of a person's values and y = max(0, g). Then no
panel has Σ y over its members above

    ŷ = Σ max·μ⁺ − Σ min·μ⁻ + Σ over people max(0, −g),

so in any lottery that gives everyone settled earlier at least their stated chance p, somebody among the
others has at most A = (ŷ − Σ over the settled p·y) / Σ over the others y. All numbers are whole or rational:
the solver's duals, rounded, only suggest μ, and rounding can loosen A but never make it false.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sortition.model import Pool
from sortition.relaxation import Level, Relaxed

CHANCE_SCALE = 10**12


@dataclass(frozen=True)
class Statement:
    """What is stated of a level.

    No lottery can give all the people still open more than `bound`; `chance` is the leximin chance of those
    settled at this level, cut after 12 decimals.
    """

    bound: Fraction
    chance: Fraction


def ratio(number: Fraction) -> str:
    """``p/q``, as canonical JSON holds it."""
    return f"{number.numerator}/{number.denominator}"


def statements(pool: Pool, relaxed: Relaxed) -> list[Statement]:
    """One statement per level of `relaxed`, each resting on the chances stated before it."""
    settled: dict[int, Fraction] = {}
    found = []
    for level in relaxed.levels:
        bound = _bound(pool, level, settled)
        chance = Fraction(int(min(Fraction(level.chance), bound) * CHANCE_SCALE), CHANCE_SCALE)
        found.append(Statement(bound, chance))
        settled |= dict.fromkeys(level.types, chance)
    return found


def _bound(pool: Pool, level: Level, settled: Mapping[int, Fraction]) -> Fraction:
    limits = [(quota.min, quota.max) for quota in pool.quotas] + [(pool.size, pool.size)]
    limits += [(0, 1)] * pool.households
    total = Fraction(
        sum(
            (high if multiplier > 0 else low) * multiplier
            for (low, high), multiplier in zip(limits, level.multipliers, strict=True)
        )
    )
    weight = 0
    for number, type_ in enumerate(pool.types):
        gain = sum(level.multipliers[index] for index in type_) + level.multipliers[len(pool.quotas)]
        people = len(pool.members[number])
        total += people * max(0, -gain)
        if number in settled:
            total -= people * max(0, gain) * settled[number]
        else:
            weight += people * max(0, gain)
    return min(total / weight, Fraction(1)) if weight else Fraction(1)


def certificate(
    pool: Pool,
    relaxed: Relaxed,
    stated: Sequence[Statement],
    place: Sequence[int],
    homes: Sequence[int],
) -> list[dict[str, object]]:
    """The levels as canonical JSON.

    `place` gives the position of each person in the published pool, `homes` the household of `pool` that each
    published household is.
    """
    rows = [*range(len(pool.quotas) + 1), *(len(pool.quotas) + 1 + home for home in homes)]
    return [
        {
            "bound": ratio(statement.bound),
            "chance": ratio(statement.chance),
            "multipliers": [level.multipliers[row] for row in rows],
            "people": sorted(place[person] for type_ in level.types for person in pool.members[type_]),
        }
        for level, statement in zip(relaxed.levels, stated, strict=True)
    ]
