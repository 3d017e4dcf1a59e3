"""How the cost of charters grows: one panel per thing that grows, both axes logarithmic."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from statistics import linear_regression

from tests.benchmarks.charters import Cost

PANEL, HEIGHT = 300, 400
LEFT, RIGHT, TOP, BOTTOM = 62, 24, 108, 60
COLOURS = {"comparison": "#1f5f8b", "merge": "#b4441c", "provenance": "#2f6b3a"}
DASHES = {"comparison": "", "merge": "7 4", "provenance": "2 3"}
GROWING = {
    "clauses": "clauses (half as many amendments)", "amendments": "amendments, 1,000 clauses", "versions": "versions, 1,000 clauses",
}  # fmt: skip


def slope(costs: Sequence[Cost]) -> float:
    """The exponent of growth: the slope of a straight line through the logarithms, by least squares."""
    over = [math.log(cost.size) for cost in costs]
    taken = [math.log(max(cost.processor_seconds, 1e-6)) for cost in costs]
    return float(linear_regression(over, taken).slope)


def chart(costs: Sequence[Cost]) -> str:
    """The panels side by side, as SVG."""
    seconds = [max(cost.processor_seconds, 1e-4) for cost in costs]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)))
    width = PANEL * len(GROWING)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" role="img" aria-labelledby="title">',
        '<g font-family="system-ui, sans-serif" font-size="13" fill="#1c1c1c">',
        '<title id="title">Processor seconds of comparing, merging and tracing charters</title>',
        f'<rect width="{width}" height="{HEIGHT}" fill="#fff"/>',
        '<text x="20" y="28" font-size="17" font-weight="600">What a charter costs as it grows</text>',
        '<text x="20" y="50" fill="#555">Processor seconds; the number behind a name is the exponent of growth, 1 being linear</text>',
    ]
    for n, over in enumerate(GROWING):
        here = [cost for cost in costs if cost.over == over]
        if here:
            parts += _Panel(n * PANEL, over, here, low, high).drawn()
    return "\n".join([*parts, "</g></svg>"]) + "\n"


@dataclass(frozen=True)
class _Panel:
    at: int
    over: str
    costs: Sequence[Cost]
    low: int
    high: int

    def x(self, size: float) -> float:
        least, most = (math.log(bound(cost.size for cost in self.costs)) for bound in (min, max))
        share = (math.log(size) - least) / max(most - least, 1e-9)
        return self.at + LEFT + share * (PANEL - LEFT - RIGHT)

    def y(self, seconds: float) -> float:
        share = (math.log10(max(seconds, 1e-4)) - self.low) / max(1, self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    def drawn(self) -> Iterator[str]:
        yield from self._grid()
        for n, series in enumerate(dict.fromkeys(cost.series for cost in self.costs)):
            some = [cost for cost in self.costs if cost.series == series]
            yield from self._line(series, some)
            growth = f" {slope(some):.2f}" if len(some) > 1 else ""
            yield f'<text x="{self.at + LEFT}" y="{TOP - 30 + 16 * n}" fill="{COLOURS[series]}" font-weight="600">{series}{growth}</text>'

    def _grid(self) -> Iterator[str]:
        right = self.at + PANEL - RIGHT
        for power in range(self.low, self.high + 1):
            y = self.y(10**power)
            yield f'<path d="M{self.at + LEFT} {y:.1f}H{right}" stroke="#ccc"/>'
            yield f'<text x="{self.at + LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:g} s</text>'
        for size in sorted({cost.size for cost in self.costs}):
            yield f'<text x="{self.x(size):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" font-size="11">{size:,}</text>'
        middle = (self.at + LEFT + right) / 2
        yield f'<text x="{middle:.0f}" y="{HEIGHT - 14}" text-anchor="middle" fill="#555">{GROWING[self.over]}</text>'

    def _line(self, series: str, some: Sequence[Cost]) -> Iterator[str]:
        placed = [(self.x(cost.size), self.y(cost.processor_seconds), cost) for cost in some]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in placed)
        yield f'<polyline points="{path}" fill="none" stroke="{COLOURS[series]}" stroke-width="2" stroke-dasharray="{DASHES[series]}"/>'
        for x, y, cost in placed:
            told = escape(f"{series}, {cost.size:,} {cost.over}: {cost.processor_seconds:.3f} s")
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{COLOURS[series]}"><title>{told}</title></circle>'
