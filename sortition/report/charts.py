"""Charts as inline SVG that stretches with the page; what is written stands around it, so that it stays legible."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from math import ceil, floor, log10

from sortition.report.figures import Figures
from sortition.report.voice import Voice

WIDTH, HEIGHT, OVER = 1000, 300, 36
SAMPLES = 400
MOST_STEPS = 6
CUT_BEYOND = 3.0
CUT_QUANTILE = 0.95
BINS_PER_STEP = 4


@dataclass(frozen=True)
class Scale:
    """An axis of chances from 0 to `top` in equal steps; chances above are said to be above, and drawn at its edge."""

    step: float
    steps: int

    @property
    def top(self) -> float:
        return self.step * self.steps

    def at(self, chance: float, length: float) -> float:
        """The distance from 0 on an axis of this length."""
        return min(chance / self.top, 1.0) * length

    def digits(self, parts: int = 1) -> int:
        """How many decimals tell the percentages of the steps apart, each divided into `parts`."""
        percent = 100 * self.step / parts
        return next(digits for digits in range(12) if abs(round(percent, digits) - percent) < 1e-9)

    def labels(self, say: Voice) -> list[str]:
        """The percentages written beside the axis, from 0 up."""
        digits = self.digits()
        return [say.percent(number * self.step, digits) for number in range(self.steps + 1)]


def steps_up_to(largest: float) -> Scale:
    """Steps of 1, 2, 2.5 or 5 times a power of ten, at most MOST_STEPS of them."""
    size = 10.0 ** floor(log10(largest / MOST_STEPS))
    step = next(
        size * part for part in (1, 2, 2.5, 5, 10) if largest <= size * part * MOST_STEPS * (1 + 1e-9)
    )
    return Scale(step, max(1, ceil(largest / step - 1e-9)))


def whole_steps_up_to(largest: float) -> Scale:
    """Steps of a whole number of people or seats: 1, 2 or 5 times a power of ten."""
    powers = (10**power for power in range(12))
    step = next(size * part for size in powers for part in (1, 2, 5) if largest <= size * part * MOST_STEPS)
    return Scale(step, max(1, ceil(largest / step)))


def chance_scale(figures: Figures) -> Scale:
    """An axis on which people who are nearly certain do not flatten all others: it ends before them."""
    return steps_up_to(shown_up_to(figures.chances, figures.equal))


def shown_up_to(chances: Sequence[float], equal: float) -> float:
    """The chance up to which an axis reaches, of `chances` in order: the highest, unless few are far above all others."""
    most = chances[-1]
    if most <= CUT_BEYOND * equal:
        return most
    cut = max(2 * equal, 1.1 * chances[int(CUT_QUANTILE * (len(chances) - 1))])
    return cut if cut < 0.75 * most else most


def curve(figures: Figures, scale: Scale, say: Voice, mark: float | None = None) -> str:
    """Everyone's chance from the lowest to the highest, with equality and the bound; `mark` is one person's chance."""
    lines = [
        f'<polygon class="area" points="0,{HEIGHT} {_points(figures, scale)} {WIDTH},{HEIGHT}"/>',
        *_grid(scale),
        _level("equal", scale, figures.equal),
        _level("bound", scale, figures.bound) if figures.limits_least else "",
        f'<polyline class="curve" points="{_points(figures, scale)}"/>',
    ]
    if mark is not None:
        place = sum(chance < mark for chance in figures.chances) + 0.5
        x = WIDTH * place / figures.people
        lines.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{-OVER}" y2="{HEIGHT}"/>')
    people = [say.number(0), say.number(round(figures.people / 2)), say.number(figures.people)]
    return _frame(lines, scale.labels(say), people, over=figures.most > scale.top)


def _points(figures: Figures, scale: Scale) -> str:
    last = figures.people - 1
    taken = min(figures.people, SAMPLES)
    ordered = [figures.chances[round(index * last / max(taken - 1, 1))] for index in range(taken)]
    width, start, points = WIDTH / taken, 0, []
    for chance, same in groupby(ordered):
        end = start + sum(1 for _ in same)
        y = HEIGHT - scale.at(chance, HEIGHT) if chance <= scale.top * (1 + 1e-9) else -OVER * 0.7
        points += [f"{start * width:.1f},{y:.1f}", f"{end * width:.1f},{y:.1f}"]
        start = end
    return " ".join(points)


def _grid(scale: Scale) -> Iterable[str]:
    for number in range(scale.steps + 1):
        y = HEIGHT * number / scale.steps
        yield f'<line class="grid" x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _level(kind: str, scale: Scale, chance: float) -> str:
    y = HEIGHT - scale.at(chance, HEIGHT)
    return f'<line class="{kind}" x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _frame(lines: Iterable[str], up: Sequence[str], along: Sequence[str], over: bool = False) -> str:
    """The SVG with the labels of its two axes; `over` leaves room above the axis for what goes beyond it."""
    top = OVER if over else 0
    beside = "".join(f"<span>{escape(label)}</span>" for label in reversed(up))
    below = "".join(f"<span>{escape(label)}</span>" for label in along)
    return (
        f'<div class="frame{" over" if over else ""}" aria-hidden="true"><div class="y">{beside}</div>'
        f'<svg viewBox="0 {-top} {WIDTH} {HEIGHT + top}" preserveAspectRatio="none">{"".join(lines)}</svg>'
        f'<div class="x">{below}</div></div>'
    )


@dataclass(frozen=True)
class Bin:
    """How many people have a chance above `low`, up to `high`; the last may have no upper end on the axis."""

    low: float
    high: float
    people: int


def bins(figures: Figures, scale: Scale) -> list[Bin]:
    """The distribution in bins of a quarter of the axis's step, and one for all beyond the axis."""
    number = scale.steps * BINS_PER_STEP
    counts = [0] * (number + 1)
    for chance in figures.chances:
        counts[min(max(ceil(chance / scale.top * number - 1e-9) - 1, 0), number)] += 1
    width = scale.top / number
    found = [Bin(index * width, (index + 1) * width, counts[index]) for index in range(number)]
    return found + ([Bin(scale.top, figures.most, counts[number])] if counts[number] else [])


def histogram(figures: Figures, scale: Scale, say: Voice) -> str:
    """How many people have which chance, with equality and the bound; a hatched bar stands for all beyond the axis."""
    found = bins(figures, scale)
    regular = found[: scale.steps * BINS_PER_STEP]
    people = whole_steps_up_to(max(one.people for one in found))
    full = WIDTH if len(found) == len(regular) else WIDTH * 0.9
    width = full / len(regular)
    lines = list(_grid(people))
    lines += [_bar(index * width, width, one.people / people.top, "bar") for index, one in enumerate(regular)]
    if len(found) > len(regular):
        lines.append(_bar(WIDTH * 0.94, WIDTH * 0.05, found[-1].people / people.top, "bar beyond"))
    levels = {"equal": figures.equal} | ({"bound": figures.bound} if figures.limits_least else {})
    for kind, chance in levels.items():
        x = scale.at(chance, full)
        lines.append(f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{HEIGHT}"/>')
    up = [say.number(number * people.step) for number in range(people.steps + 1)]
    framed = _frame(lines, up, scale.labels(say))
    return framed if full == WIDTH else framed.replace('class="frame"', 'class="frame cut"', 1)


def _bar(x: float, width: float, share: float, kind: str) -> str:
    if not share:
        return ""
    height = max(share * HEIGHT, 2)
    return f'<rect class="{kind}" x="{x + 2:.1f}" y="{HEIGHT - height:.1f}" width="{width - 4:.1f}" height="{height:.1f}"/>'


def strip(*parts: str) -> str:
    """One line of a chart with a line per value: drawn over 100 by 30."""
    return f'<svg viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">{"".join(parts)}</svg>'


def grid(scale: Scale) -> list[str]:
    """The steps of an axis as lines through a strip."""
    return [tick("grid", number / scale.steps) for number in range(scale.steps + 1)]


def axis(labels: Sequence[str]) -> str:
    """What is written below the strips of one axis."""
    written = "".join(f"<span>{escape(label)}</span>" for label in labels)
    return f'<li class="axis"><span></span><div class="x">{written}</div></li>'


def block(kind: str, low: float, high: float, top: int, height: int) -> str:
    """A bar of a strip, from `low` to `high` (0 to 1)."""
    width = max(100 * (high - low), 0.6)
    return f'<rect class="{kind}" x="{100 * low:.2f}" y="{top}" width="{width:.2f}" height="{height}"/>'


def tick(kind: str, at: float) -> str:
    """An upright line of a strip, at a place from 0 to 1."""
    x = f"{100 * at:.2f}"
    return f'<line class="{kind}" x1="{x}" x2="{x}" y1="0" y2="30"/>'
