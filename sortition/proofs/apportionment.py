"""Sharing a number of letters among strata: largest remainders, and no stratum above its size.

The standard library alone, so that whoever verifies an invitation can recompute it.
"""

from collections.abc import Sequence
from fractions import Fraction


def apportion(number: int, weights: Sequence[Fraction], most: Sequence[int]) -> list[int] | None:
    """Whole shares of `number` in proportion to `weights`, none above its entry in `most`.

    A share that reaches its limit stays there, and what is left is shared again among the others. Then each has the
    whole part of its share, and the rest goes to the largest remainders (Hamilton's method; among equal remainders
    the larger weight first, then the earlier place). None when the limits, or weights of zero, leave letters over.
    """
    shares = _limited(number, weights, most)
    if sum(shares) != number:
        return None
    given = [int(share) for share in shares]
    order = sorted(
        range(len(shares)), key=lambda place: (given[place] - shares[place], -weights[place], place)
    )
    for place in order[: number - sum(given)]:
        given[place] += 1
    return given


def _limited(number: int, weights: Sequence[Fraction], most: Sequence[int]) -> list[Fraction]:
    """Exact shares, in proportion to the weights where no limit is reached."""
    shares = [Fraction(0)] * len(weights)
    scarcest = sorted(
        (place for place, weight in enumerate(weights) if weight > 0),
        key=lambda place: most[place] / weights[place],
    )
    left, total = number, sum((weights[place] for place in scarcest), Fraction(0))
    for full, place in enumerate(scarcest):
        if left * weights[place] < most[place] * total:
            for other in scarcest[full:]:
                shares[other] = left * weights[other] / total
            break
        shares[place] = Fraction(most[place])
        left, total = left - most[place], total - weights[place]
    return shares
