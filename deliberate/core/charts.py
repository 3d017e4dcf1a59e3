"""Geometry of the inline charts: numbers in, numbers and SVG coordinates out. The macros draw them."""

from collections.abc import Sequence
from itertools import groupby
from math import floor, log10

from sortition.report.charts import shown_up_to

STEPS = 200


def width_of(share: float | None, largest: float) -> float:
    """The length of a bar on a scale of 100, for a share of a largest value."""
    return round(100 * (share or 0) / largest, 2) if largest > 0 else 0.0


def largest_of(*shares: float | None) -> float:
    """The scale that all bars of a chart share: the largest value, never 0."""
    return max((share for share in shares if share is not None), default=0) or 1


def chance_top(chances: Sequence[float], equal: float) -> float:
    """The upper end of an axis of chances: below those few who are nearly certain, so that all others are seen."""
    return _round_top(largest_of(shown_up_to(sorted(chances), equal), equal))


def _round_top(value: float) -> float:
    """The next value above whose quarters are said in few digits; 1 at most for a chance that is certain."""
    power = 10.0 ** floor(log10(value))
    top = next(
        power * step for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if power * step >= value * (1 - 1e-9)
    )
    return min(top, 1.0) if value <= 1 else top


def chance_steps(chances: Sequence[float], top: float = 1, width: float = 400, height: float = 120) -> str:
    """The points of an SVG polyline: every person's chance, lowest first; `top` is the scale's upper end.

    At most STEPS persons are drawn, evenly picked, the lowest and the highest always among them. Who has more than
    `top` is drawn at the upper edge.
    """
    ordered = sorted(chances)
    if len(ordered) > STEPS:
        ordered = [ordered[round(i * (len(ordered) - 1) / (STEPS - 1))] for i in range(STEPS)]
    step = width / max(len(ordered), 1)
    points: list[str] = []
    start = 0
    for chance, same in groupby(ordered):
        end = start + len(list(same))
        y = height * (1 - min(chance / top, 1))
        points += [f"{start * step:.1f},{y:.1f}", f"{end * step:.1f},{y:.1f}"]
        start = end
    return " ".join(points)


def place_among(chance: float, chances: Sequence[float], width: float = 400) -> float:
    """Where one person stands in the curve of `chance_steps`: the middle of those who have the same chance."""
    below = sum(other < chance for other in chances)
    same = sum(other == chance for other in chances)
    return round(width * (below + same / 2) / max(len(chances), 1), 1)


def chance_table(chances: Sequence[float]) -> dict[str, float]:
    """Lowest, tenth, median, ninetieth and highest chance, of a non-empty sequence."""
    ordered = sorted(chances)
    last = len(ordered) - 1
    return {name: ordered[round(part * last)] for name, part in _PARTS}


_PARTS = (("lowest", 0.0), ("tenth", 0.1), ("median", 0.5), ("ninetieth", 0.9), ("highest", 1.0))
