"""The groups: their quota against population, pool and lottery, and the chances of their volunteers."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from sortition.report import markup
from sortition.report.charts import Scale, axis, block, chance_scale, grid, strip, tick, whole_steps_up_to
from sortition.report.figures import Figures, ValueFigures
from sortition.report.voice import Voice

SEATS = (
    "Seats of each group. The dark bar, the mean over all panels, always lies inside the quota, however many or few "
    "of the group volunteered."
)
CHANCES = (
    "The chances of each group’s volunteers. A group whose mean lies right of the dashed line volunteered less "
    "often than its quota asks for."
)
THIN = (
    "These groups are thin. More volunteers from them would make everybody’s chances more equal: it is the first "
    "thing to do, before any quota is changed."
)
THIN_GROUP = (
    "“%(category)s: %(value)s”: %(pool)s volunteers for at least %(low)s seats; on average they are drawn %(ratio)s "
    "times as often as if all had the same chance."
)
EVEN = (
    "No group is thin: none is drawn more than one and a half times as often as if all had the same chance."
)
THIN_FROM = 1.5
MOST_NAMED = 5


def _by_category(found: Figures) -> Iterator[tuple[str, list[ValueFigures]]]:
    for category, values in groupby(found.values, key=lambda value: value.category):
        yield category, list(values)


def quotas(found: Figures, say: Voice) -> str:
    """Quotas against population, pool and lottery, in seats."""
    known = any(value.population is not None for value in found.values)
    named = [
        ("mean", say("mean over the panels")),
        ("pool", say("volunteers in proportion")),
        ("quota", say("quota, from minimum to maximum")),
    ]
    if known:
        named.append(("population", say("population in proportion")))
    widest = max(
        max(value.high, _pool(found, value), _population(found, value) or 0) for value in found.values
    )
    seats = whole_steps_up_to(widest)
    labels = [say.number(number * seats.step) for number in range(seats.steps + 1)]
    chart = _strips(
        found,
        lambda value: _seat_strip(found, value, seats),
        lambda value: say.number(value.mean, 1),
        axis(labels),
        say,
    )
    heads = [say("Group"), say("Minimum"), say("Maximum")]
    heads += [say("Population in proportion")] if known else []
    heads += [say("Volunteers"), say("Volunteers in proportion"), say("Mean over the panels")]
    rows = [
        (say.plain(category), [_seat_cells(found, value, known, say) for value in values])
        for category, values in _by_category(found)
    ]
    title = say("Quotas against population, volunteers and lottery")
    return f"<h2>{title}</h2>\n{markup.figure(say(SEATS), markup.key(named) + chart)}\n" + markup.table(
        title, heads, rows, wide=True
    )


def _pool(found: Figures, value: ValueFigures) -> float:
    return value.pool * found.size / found.people


def _population(found: Figures, value: ValueFigures) -> float | None:
    return None if value.population is None else value.population * found.size


def _seat_strip(found: Figures, value: ValueFigures, seats: Scale) -> str:
    people, top = _population(found, value), seats.top
    parts = [
        *grid(seats),
        block("quota", value.low / top, value.high / top, 1, 28),
        block("pool", 0, _pool(found, value) / top, 3, 7),
        block("mean", 0, value.mean / top, 12, 13),
    ]
    return strip(*parts, *([] if people is None else [tick("population", people / top)]))


def _seat_cells(found: Figures, value: ValueFigures, known: bool, say: Voice) -> list[str]:
    people = _population(found, value)
    cells = [say.plain(value.value), say.number(value.low), say.number(value.high)]
    if known:
        cells.append("–" if people is None else say.number(people, 1))
    return [
        *cells,
        say.number(value.pool),
        say.number(_pool(found, value), 1),
        say.number(value.mean, 2),
    ]


def thin(found: Figures, say: Voice) -> str:
    """Chances by group, and the groups that too few volunteered from."""
    scale = chance_scale(found)
    named = [
        ("range", say("the middle half of the group")),
        ("average", say("mean chance")),
        ("equal", say("the same for all: %(chance)s", chance=say.percent(found.equal))),
    ]
    chart = _strips(
        found,
        lambda value: _chance_strip(found, value, scale),
        lambda value: say.percent(value.average),
        axis(scale.labels(say)),
        say,
    )
    heads = [say("Group"), say("Volunteers"), say("Lowest chance"), say("Mean chance"), say("Highest chance")]
    rows = [
        (say.plain(category), [_chance_cells(value, say) for value in values])
        for category, values in _by_category(found)
    ]
    title = say("Chances by group, and which groups are thin")
    return "\n".join(
        [
            f"<h2>{title}</h2>",
            _named(found, say),
            markup.figure(say(CHANCES), markup.key(named) + chart),
            markup.table(title, heads, rows, wide=True),
        ]
    )


def _named(found: Figures, say: Voice) -> str:
    few = sorted(
        (value for value in found.values if value.average > THIN_FROM * found.equal),
        key=lambda value: -value.average,
    )
    if not few:
        return markup.paragraph(say(EVEN))
    return markup.paragraph(say(THIN)) + markup.items(
        say(
            THIN_GROUP,
            category=value.category,
            value=value.value,
            pool=say.number(value.pool),
            low=say.number(value.low),
            ratio=say.number(value.average / found.equal, 1),
        )
        for value in few[:MOST_NAMED]
    )


def _chance_strip(found: Figures, value: ValueFigures, scale: Scale) -> str:
    if not value.pool:
        return strip(*grid(scale), tick("equal", scale.at(found.equal, 1)))
    return strip(
        *grid(scale),
        block("range", scale.at(value.lower, 1), scale.at(value.upper, 1), 8, 14),
        tick("equal", scale.at(found.equal, 1)),
        tick("average", scale.at(value.average, 1)),
    )


def _chance_cells(value: ValueFigures, say: Voice) -> Sequence[str]:
    cells = [say.plain(value.value), say.number(value.pool)]
    if not value.pool:
        return [*cells, "–", "–", "–"]
    return [*cells, *(say.percent(chance, 2) for chance in (value.least, value.average, value.most))]


def _strips(
    found: Figures,
    drawn: Callable[[ValueFigures], str],
    figure: Callable[[ValueFigures], str],
    below: str,
    say: Voice,
) -> str:
    """A line per value under the name of its category, the axis `below` them; a table says the same to a screen reader."""
    blocks = "\n".join(
        f'<div class="keep" aria-hidden="true"><b>{say.plain(category)}</b><ul class="strips">'
        + "".join(
            f'<li><span>{say.plain(value.value)}</span>{drawn(value)}<span class="n">{figure(value)}</span></li>'
            for value in values
        )
        + f"{below}</ul></div>"
        for category, values in _by_category(found)
    )
    return f'<div class="groups">\n{blocks}\n</div>'
