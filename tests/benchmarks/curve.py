"""What a draw costs as the pool grows: one shape scaled, measured and drawn as a chart."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tests.benchmarks.draws import draw_seconds
from tests.benchmarks.pools import Shape, generate

PEOPLE = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
VALUES = (2, 5, 4, 6, 3, 3)
FIXED = 40
ENOUGH = 180.0
SUBTITLE = "Processor seconds of leximin with certificate and a lottery of 1,000 panels; 6 categories"

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 70, 60
APART = 38
COLOURS = {"fixed": "#1f5f8b", "growing": "#b4441c"}
DASHES = {"fixed": "", "growing": "7 4"}


@dataclass(frozen=True)
class Point:
    """One draw: `series` is fixed (40 seats) or growing (√(2n) seats)."""

    series: str
    people: int
    seats: int
    seconds: float
    processor_seconds: float


def measure(folder: Path) -> Iterator[Point]:
    """Both series from the smallest pool up; one ends once a draw takes three minutes or fails."""
    for series in COLOURS:
        for people in PEOPLE:
            seats = FIXED if series == "fixed" else round(math.sqrt(2 * people))
            pool = generate(Shape("curve", people, seats, VALUES, 0.5), folder / f"{series}-{people}")
            taken = draw_seconds(pool)
            if isinstance(taken, str):
                print(f"curve: {people:,} volunteers, {seats} seats: {taken}")
                break
            yield Point(series, people, seats, *taken)
            if taken[0] > ENOUGH:
                break


def chart(points: Sequence[Point]) -> str:
    """The curve as SVG, both axes logarithmic."""
    scale = _Scale.around(points)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="title">',
        '<g font-family="system-ui, sans-serif" font-size="13" fill="#1c1c1c">',
        '<title id="title">Seconds of a draw over the number of volunteers</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        '<text x="20" y="28" font-size="17" font-weight="600">What a draw costs as the pool grows</text>',
        f'<text x="20" y="48" fill="#555">{SUBTITLE}</text>',
        *_grid(scale),
        *(part for series in COLOURS for part in _line(series, points, scale)),
        *_names(points, scale),
        "</g></svg>",
    ]
    return "\n".join(parts) + "\n"


@dataclass(frozen=True)
class _Scale:
    """From people and seconds to the paper; `low` and `high` are powers of ten of a second."""

    low: int
    high: int

    @classmethod
    def around(cls, points: Sequence[Point]) -> "_Scale":
        seconds = [point.processor_seconds for point in points]
        return cls(math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds))))

    def x(self, people: float) -> float:
        share = math.log(people / PEOPLE[0]) / math.log(PEOPLE[-1] / PEOPLE[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(self, seconds: float) -> float:
        share = (math.log10(seconds) - self.low) / max(1, self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _grid(scale: _Scale) -> Iterator[str]:
    for people in PEOPLE:
        x = scale.x(people)
        yield f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#eee"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{people:,}</text>'
    for power in range(scale.low, scale.high + 1):
        y = scale.y(10**power)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ccc"/>'
        yield f'<text x="{LEFT - 10}" y="{y + 4:.1f}" text-anchor="end">{10**power:g} s</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle:.0f}" y="{HEIGHT - 14}" text-anchor="middle" fill="#555">volunteers in the pool</text>'


def _line(series: str, points: Sequence[Point], scale: _Scale) -> Iterator[str]:
    placed = [
        (scale.x(point.people), scale.y(point.processor_seconds), point)
        for point in points
        if point.series == series
    ]
    if not placed:
        return
    colour, dash = COLOURS[series], DASHES[series]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in placed)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"/>'
    for x, y, point in placed:
        told = escape(f"{point.people:,} volunteers, {point.seats} seats: {point.processor_seconds:.2f} s")
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"><title>{told}</title></circle>'


def _names(points: Sequence[Point], scale: _Scale) -> Iterator[str]:
    """The series by name at their ends, the upper one first, kept apart where they end close together."""
    ends = {point.series: point for point in points}
    lowest = 0.0
    for last in sorted(ends.values(), key=lambda point: -point.processor_seconds):
        x, y = scale.x(last.people) + 10, max(scale.y(last.processor_seconds), lowest)
        lowest = y + APART
        label = f"{FIXED} seats" if last.series == "fixed" else "√(2n) seats"
        yield f'<g fill="{COLOURS[last.series]}"><text x="{x:.1f}" y="{y:.1f}" font-weight="600">{label}</text>'
        yield f'<text x="{x:.1f}" y="{y + 16:.1f}">{last.processor_seconds:.1f} s</text></g>'
