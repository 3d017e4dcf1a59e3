"""The picture of an opinion map: a frame of whole numbers, and what its SVG is drawn with.

Distances mean something, so both directions keep one scale. Pure: positions in, plain data and path texts out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import sqrt
from typing import Any

WIDTH, HEIGHT, LEAST_HEIGHT, MARGIN = 1000, 760, 420, 96
MOST_DOTS = 800
CELL = 28
LETTERS = "ABCDE"
NO_GROUP = -1
APART = 60
ROOMIER = 1.3
# How far from the top a letter stands, so that it is whole in the large print of a phone.
LETTER = 60

Point = tuple[int, int]
Position = tuple[float, float]


def frame(positions: Sequence[Position], last: dict[str, float] | None = None) -> dict[str, float]:
    """The middle and the scale under which all positions stand inside the picture.

    Those of the last picture are kept while everybody still fits in and fills most of it.
    """
    xs, ys = [x for x, _ in positions], [y for _, y in positions]
    wide, high = (max(line) - min(line) if line else 0 for line in (xs, ys))
    scales = [(room - 2 * MARGIN) / extent for room, extent in ((WIDTH, wide), (HEIGHT, high)) if extent > 0]
    middle = [(max(line) + min(line)) / 2 if line else 0.0 for line in (xs, ys)]
    found = {"x": middle[0], "y": middle[1], "scale": min(scales, default=1.0)}
    if last is not None and found["scale"] < last["scale"] * ROOMIER and _fits(positions, last):
        return last
    return found


def _fits(positions: Sequence[Position], within: dict[str, float]) -> bool:
    reach = [
        (abs(x - within["x"]) * within["scale"], abs(y - within["y"]) * within["scale"]) for x, y in positions
    ]
    return all(x <= (WIDTH - MARGIN) / 2 and y <= (HEIGHT - MARGIN) / 2 for x, y in reach)


def place(position: Position, within: dict[str, float]) -> Point:
    """Where a position stands in the picture; what lies outside the frame stands at its edge."""
    x = WIDTH / 2 + (position[0] - within["x"]) * within["scale"]
    y = HEIGHT / 2 - (position[1] - within["y"]) * within["scale"]
    return _kept(x, WIDTH), _kept(y, HEIGHT)


def _kept(value: float, room: int) -> int:
    return round(min(max(value, MARGIN / 2), room - MARGIN / 2))


def drawing(points: Sequence[Sequence[int]], letters: Sequence[str]) -> dict[str, Any]:
    """What a template draws: per group its outline, its shape and where its dots stand, its letter's place, its size.

    `points` are (x, y, group), a group being the place of its letter in `letters`, or −1. Beyond MOST_DOTS there are no
    `dots`; one path, `crowd`, has signs that stand for all who are near, the larger the more.
    """
    radius = 11 if len(points) <= 300 else 8
    binned = len(points) > MOST_DOTS
    groups: list[dict[str, Any]] = []
    for index, letter in enumerate(letters):
        own = [(x, y) for x, y, group in points if group == index]
        if not own:
            continue
        shape = SHAPES[LETTERS.index(letter)]
        groups.append(
            {
                "letter": letter,
                "size": len(own),
                "outline": " ".join(f"{x},{y}" for x, y in hull(own)),
                "shape": shape(0, 0, radius),
                "dots": [] if binned else own,
                "crowd": _crowd(own, shape) if binned else "",
                "label": _beyond(own, points),
            }
        )
    alone = [(x, y) for x, y, group in points if group == NO_GROUP]
    top, height = _band([y for _, y, _ in points] + [group["label"][1] for group in groups])
    return {
        "width": WIDTH,
        "top": top,
        "height": height,
        "groups": groups,
        "alone": [] if binned else alone,
        "lost": _crowd(alone, _circle) if binned else "",
        "binned": binned,
        "radius": radius,
    }


def key_shape(letter: str) -> str:
    """The shape of a group by itself, for a key of 24 × 24."""
    return SHAPES[LETTERS.index(letter)](12, 12, 9)


def _band(ys: Sequence[int]) -> tuple[int, int]:
    """The part of the picture, from top to bottom, in which anything stands."""
    top = max(min(ys, default=0) - MARGIN, 0)
    return top, max(min(max(ys, default=HEIGHT) + MARGIN, HEIGHT) - top, LEAST_HEIGHT)


def _beyond(own: Sequence[Point], points: Sequence[Sequence[int]]) -> Point:
    """Beside the member of a group who stands farthest out, seen from the middle of the picture: room for its letter."""
    middle, centre = _middle(points), _middle(own)
    away = (centre[0] - middle[0], centre[1] - middle[1])
    length = sqrt(away[0] ** 2 + away[1] ** 2)
    unit = (away[0] / length, away[1] / length) if length else (0.0, -1.0)
    x, y = max(own, key=lambda point: (point[0] * unit[0] + point[1] * unit[1], point))
    return _kept(x + APART * unit[0], WIDTH), max(_kept(y + APART * unit[1], HEIGHT), LETTER)


def _middle(points: Sequence[Sequence[int]]) -> Position:
    return sum(one[0] for one in points) / len(points), sum(one[1] for one in points) / len(points)


def _crowd(points: Iterable[Point], shape: "Shape") -> str:
    cells = Counter((x // CELL, y // CELL) for x, y in points)
    return "".join(
        shape(column * CELL + CELL // 2, row * CELL + CELL // 2, _swollen(count))
        for (column, row), count in sorted(cells.items())
    )


def _swollen(count: int) -> int:
    """A dot whose area grows with those it stands for, and that stays in its cell."""
    return min(4 + round(1.6 * sqrt(count)), CELL // 2)


Shape = Callable[[int, int, int], str]


def _circle(x: int, y: int, r: int) -> str:
    return f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0-{2 * r} 0z"


def _square(x: int, y: int, r: int) -> str:
    s = round(r * 0.88)
    return f"M{x - s} {y - s}h{2 * s}v{2 * s}h-{2 * s}z"


def _triangle(x: int, y: int, r: int) -> str:
    half, high = round(r * 1.05), round(r * 1.9)
    return f"M{x} {y - round(r * 1.15)}l{half} {high}h-{2 * half}z"


def _diamond(x: int, y: int, r: int) -> str:
    s = round(r * 1.2)
    return f"M{x} {y - s}l{s} {s}-{s} {s}-{s}-{s}z"


def _cross(x: int, y: int, r: int) -> str:
    arm = max(round(r * 0.4), 2)
    long = r - arm
    return (
        f"M{x - arm} {y - r}h{2 * arm}v{long}h{long}v{2 * arm}h-{long}v{long}"
        f"h-{2 * arm}v-{long}h-{long}v-{2 * arm}h{long}z"
    )


SHAPES: tuple[Shape, ...] = (_circle, _square, _triangle, _diamond, _cross)


def hull(points: Iterable[Point]) -> list[Point]:
    """The convex outline of points, by Andrew's monotone chain (1979)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return _chain(ordered)[:-1] + _chain(ordered[::-1])[:-1]


def _chain(points: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
