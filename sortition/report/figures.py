"""The figures of a sealed lottery that everyone may read: sums over people and panels, nobody's own row."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sortition.proofs.documents import seats_held
from sortition.proofs.optimality import room

Shares = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class ValueFigures:
    """One value of a category.

    `low` and `high` are its quota, `mean` its seats on average over the panels, `population` its share of the
    population (0 to 1) where known, `pool` its volunteers; `least`, `average` and `most` their chances (0 to 1), and
    half of them have from `lower` to `upper`.
    """

    category: str
    value: str
    low: int
    high: int
    mean: float
    population: float | None
    pool: int
    least: float
    lower: float
    average: float
    upper: float
    most: float


@dataclass(frozen=True)
class Figures:
    """What a report shows.

    `size` counts the seats of a panel, `seated` those of them taken before the lottery.
    `chances` holds everyone's chance in the lottery, 0 to 1, lowest first. `bound` limits the least chance of any
    lottery (where `limits_least`: each other objective has a bound of its own kind), `least` is the least of this one;
    `largest_difference` is the largest distance of anybody's chance to the chances aimed at, and `room` the share
    (0 to 1) by which the certificate leaves open that another lottery does better than these.
    """

    size: int
    seated: int
    panels: int
    values: tuple[ValueFigures, ...]
    chances: tuple[float, ...]
    objective: str
    bound: float
    least: float
    largest_difference: float
    room: float
    source: str
    ticket: str
    software: Mapping[str, str]
    commitment: str

    @property
    def limits_least(self) -> bool:
        """Whether `bound` speaks of the least chance."""
        return self.objective in ("leximin", "maximin")

    @property
    def people(self) -> int:
        """The number n of people."""
        return len(self.chances)

    @property
    def equal(self) -> float:
        """Everyone's chance if all had the same: the seats to be drawn, per person."""
        return (self.size - self.seated) / self.people

    @property
    def most(self) -> float:
        """The highest chance."""
        return self.chances[-1]

    @property
    def gini(self) -> float:
        """The Gini index of the chances: 0 when all are equal, near 1 when few people hold them all."""
        ranked = sum((2 * rank - self.people - 1) * chance for rank, chance in enumerate(self.chances, 1))
        return ranked / (self.people * sum(self.chances))


def figures(
    public: Mapping[str, Any],
    attributes: Mapping[str, Any],
    commitment: str,
    population: Shares | None = None,
) -> Figures:
    """Sum up the two documents of a sealed lottery; `population` gives shares (0 to 1) by category and value."""
    panels: Sequence[Sequence[int]] = attributes["panels"]
    chances = [seats / len(panels) for seats in seats_held({**public, "panels": panels})]
    stated = public["chances"]
    return Figures(
        size=public["size"],
        seated=public.get("seated", 0),
        panels=len(panels),
        values=tuple(_values(public["quotas"], attributes["rows"], chances, population or {})),
        chances=tuple(sorted(chances)),
        objective=public["objective"],
        bound=float(Fraction(stated["bound"])),
        least=float(Fraction(stated["least"])),
        largest_difference=float(Fraction(stated["largest_difference"])),
        room=float(room(public["objective"], attributes["certificate"]["levels"])),
        source=public["randomness"]["source"],
        ticket=public["randomness"]["ticket"],
        software=public["software"],
        commitment=commitment,
    )


def _values(
    quotas: Sequence[Mapping[str, Any]],
    rows: Sequence[Sequence[str] | None],
    chances: Sequence[float],
    population: Shares,
) -> Iterable[ValueFigures]:
    categories = list(dict.fromkeys(quota["category"] for quota in quotas))
    of_value: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row, chance in zip(rows, chances, strict=True):
        # The row of somebody who was erased is withdrawn; their chance stays, without an answer to count it to.
        for key in zip(categories, row[: len(categories)], strict=True) if row else ():
            of_value[key].append(chance)
    for quota in quotas:
        key = (quota["category"], quota["value"])
        found = sorted(of_value.get(key, [])) or [0.0]
        yield ValueFigures(
            category=quota["category"],
            value=quota["value"],
            low=quota["min"],
            high=quota["max"],
            mean=quota.get("seated", 0) + sum(found),
            population=population.get(key),
            pool=len(of_value.get(key, [])),
            least=found[0],
            lower=found[len(found) // 4],
            average=sum(found) / len(found),
            upper=found[len(found) - 1 - len(found) // 4],
            most=found[-1],
        )
