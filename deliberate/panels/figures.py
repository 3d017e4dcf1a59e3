"""Figures for charts and pages: who was drawn against volunteers and population, and everyone's chances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeGuard

from sqlalchemy.orm import Session

from deliberate.panels.models import Draw, Quota
from deliberate.panels.queries import categories, pool_counts, pool_size
from deliberate.panels.rules import recruits_needed
from deliberate.process.models import Process

SEALED = ("prepared", "revealed", "abandoned")


def is_sealed(draw: Draw | None) -> TypeGuard[Draw]:
    """Whether a draw has a lottery. Its state says so: the lottery itself is large, and pages ask often."""
    return draw is not None and draw.state in SEALED


def is_whole(draw: Draw) -> bool:
    """Whether everyone sealed in a draw is still there: the rows of the others may tell that of somebody erased."""
    return bool(draw.seal.get("whole", True))


# The objectives whose bound is a limit of the least chance.
LIFTING = ("leximin", "maximin")


@dataclass(frozen=True)
class CategoryFigures:
    """One chart: a category's name in each language, and its rows for the macro `bars`."""

    category: str
    label: Mapping[str, str]
    rows: list[dict[str, Any]]


def panel_figures(session: Session, process: Process, draw: Draw | None) -> list[CategoryFigures]:
    """Per category, rows of `label` (a text per language) and shares 0 to 1: population, pool, panel, quota.

    Pool and panel are those of the draw once it is sealed and revealed, else the pool of today and no panel.
    """
    people, found_pool = _pool(session, process, draw)
    panel = _counts(draw.figures.get("panel", [])) if draw else {}
    size = draw.size if draw else process.protocol["panel"]["size"]
    # The present table may have been changed since, for seats left empty.
    sealed = {(one[0], one[1]): (one[2], one[3]) for one in draw.seal["quotas"]} if is_sealed(draw) else {}
    return [
        CategoryFigures(
            category,
            quotas[0].category_label or {"en": category},
            [
                _row(quota, sealed.get((quota.category, quota.value)), found_pool, people, panel, size)
                for quota in quotas
            ],
        )
        for category, quotas in categories(session, process).items()
    ]


def _pool(session: Session, process: Process, draw: Draw | None) -> tuple[int, Mapping[tuple[str, str], int]]:
    if draw is None or "pool" not in draw.figures:
        return pool_size(session, process), pool_counts(session, process)
    return sum(people for _, people in draw.figures["chances"]), _counts(draw.figures["pool"])


def _counts(listed: Sequence[Sequence[Any]]) -> dict[tuple[str, str], int]:
    return {(category, value): people for category, value, people in listed}


def _row(
    quota: Quota,
    limits: tuple[int, int] | None,
    found_pool: Mapping[tuple[str, str], int],
    people: int,
    panel: Mapping[tuple[str, str], int],
    size: int,
) -> dict[str, Any]:
    key = (quota.category, quota.value)
    least, most = limits or (quota.minimum, quota.maximum)
    return {
        "label": quota.label or {"en": quota.value},
        "population": quota.share,
        "pool": found_pool.get(key, 0) / people if people else None,
        "panel": panel[key] / size if key in panel else None,
        "minimum": least / size,
        "maximum": most / size,
    }


def chances(draw: Draw) -> list[float]:
    """Everyone's chance in a sealed lottery, 0 to 1, lowest first; it does not say whose it is."""
    panels = draw.settings["panels"]
    return [held / panels for held, people in draw.figures["chances"] for _ in range(people)]


def limit_of_least(draw: Draw) -> float | None:
    """The proven limit of the least chance, 0 to 1; None where what is proved is something else."""
    return as_share(draw.figures["bound"]) if draw.settings.get("objective", "leximin") in LIFTING else None


def as_share(text: str) -> float:
    """A rational such as `65/1000`, as the figures of a draw hold it, between 0 and 1."""
    return float(Fraction(text))


@dataclass(frozen=True)
class Advice:
    """What to do about one group, in the order to do it: recruit so many more, and only then a lower minimum.

    `missing` volunteers make the minimum possible, `better` give the group the chances of the others. `minimum` is
    what could be typed in, at the price that the group is no longer drawn but certain.
    """

    volunteers: int
    missing: int
    better: int
    minimum: int


def advice(
    quotas: Sequence[Quota], found: Mapping[tuple[str, str], int], people: int, size: int
) -> dict[int, Advice]:
    """By quota id: the groups whose minimum takes every volunteer they have, or more.

    `found` counts the volunteers by category and value, `people` all of them; `size` is that of the panel.
    """
    advised = {}
    for quota in quotas if people else ():
        volunteers = found.get((quota.category, quota.value), 0)
        if quota.minimum and volunteers <= quota.minimum:
            missing, better = recruits_needed(quota.minimum, volunteers, size, people)
            advised[quota.id] = Advice(volunteers, missing, better, volunteers)
    return advised
