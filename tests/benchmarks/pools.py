"""Pools to measure on: those in a folder that is given, or generated ones of the same shapes.

A generated pool is volunteers whose willingness depends on their values, so that the pool is skewed against a
population, and quotas that are the floor and the ceiling of each value's share of the seats. A search by swaps
finds one panel that meets them; where several attempts find none, quotas are widened to the best one, so every
pool is feasible by construction. The same shape and seed give the same bytes.
"""

import csv
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SEED = 2026
CATEGORIES = ("gender", "age", "education", "region", "income", "housing", "attitude", "rurality")
SWAPS = 100_000
ATTEMPTS = 20

Row = tuple[int, ...]


@dataclass(frozen=True)
class Shape:
    """How large a pool is: `values` counts the values of each category, `skew` is the spread of willingness.

    `skew` is the standard deviation of the logarithm of how readily people of a value volunteer.
    """

    name: str
    people: int
    seats: int
    values: tuple[int, ...]
    skew: float = 0.45


SHAPES = (
    Shape("hd", 239, 30, (2, 5, 4, 4, 3, 3, 2), 0.55),
    Shape("mass", 70, 24, (2, 4, 3, 3, 2), 0.4),
    Shape("sf-a", 312, 35, (2, 5, 4, 5, 3, 4)),
    Shape("sf-b", 250, 20, (2, 5, 4, 5, 3, 4)),
    Shape("sf-c", 161, 44, (2, 4, 3, 4, 3, 2, 3), 0.5),
    Shape("sf-d", 404, 40, (2, 6, 5, 4, 3, 3)),
    Shape("sf-e", 1727, 110, (2, 5, 5, 12, 3, 4, 2), 0.7),
    Shape("cca", 825, 75, (2, 6, 5, 8)),
    Shape("nexus", 342, 170, (2, 5, 4, 12, 3), 0.35),
    Shape("obf", 321, 30, (2, 5, 4, 5, 3, 3, 2, 2)),
    Shape("national-5k", 5000, 150, (2, 6, 5, 12, 4, 3)),
    Shape("national-20k", 20000, 200, (2, 6, 5, 15, 4, 3)),
)


@dataclass(frozen=True)
class Quotas:
    """Per category and value: the least and the greatest number of seats."""

    least: list[list[int]]
    most: list[list[int]]


@dataclass(frozen=True)
class PoolFolder:
    """A pool on disk: a folder with categories.csv and respondents.csv, and the seats to fill."""

    name: str
    folder: Path
    seats: int

    def size(self) -> tuple[int, int, int]:
        """People, categories, and types: different combinations of values."""
        with (self.folder / "categories.csv").open(encoding="utf-8", newline="") as file:
            categories = {next(iter(row.values())) for row in csv.DictReader(file)}
        with (self.folder / "respondents.csv").open(encoding="utf-8", newline="") as file:
            rows = [tuple(row[name] for name in sorted(categories)) for row in csv.DictReader(file)]
        return len(rows), len(categories), len(set(rows))


def pools_in(folder: Path) -> list[PoolFolder]:
    """The pools in folders called NAME_SEATS. Raises SystemExit with a sentence where there is none."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        name, _, seats = path.name.rpartition("_")
        if (
            name
            and seats.isdigit()
            and (path / "categories.csv").exists()
            and (path / "respondents.csv").exists()
        ):
            found.append(PoolFolder(name, path, int(seats)))
    if not found:
        raise SystemExit(
            f"{folder} holds no pool. A pool is a folder called NAME_SEATS with categories.csv and respondents.csv."
        )
    return sorted(found, key=_order)


def _order(pool: PoolFolder) -> tuple[int, str]:
    names = [shape.name for shape in SHAPES]
    return (names.index(pool.name) if pool.name in names else len(names)), pool.name


def generate(shape: Shape, folder: Path, seed: int = SEED) -> PoolFolder:
    """Write the pool of a shape below `folder`: the first of some attempts whose quotas need no widening."""
    for attempt in range(ATTEMPTS):
        people, quotas, missed = _attempt(shape, f"{seed}/{shape.name}/{attempt}")
        if not missed:
            break
    path = folder / f"{shape.name}_{shape.seats}"
    path.mkdir(parents=True)
    _write(path, people, quotas)
    return PoolFolder(shape.name, path, shape.seats)


def _attempt(shape: Shape, seed: str) -> tuple[list[Row], Quotas, int]:
    """People, quotas that a panel of them meets, and by how many seats they had to be widened."""
    chance = random.Random(seed)
    shares = [_shares(chance, number) for number in shape.values]
    willing = [[chance.lognormvariate(0, shape.skew) for _ in category] for category in shares]
    people = list(_people(chance, shape, shares, willing))
    quotas = _quotas(shape, shares)
    panel = _panel(random.Random(f"{seed}/panel"), shape, people, quotas)
    return people, quotas, _widen(quotas, [people[person] for person in panel])


def _shares(chance: random.Random, number: int) -> list[float]:
    """Shares of the population, none more than about three times another."""
    weights = [chance.uniform(0.5, 1.5) for _ in range(number)]
    return [weight / sum(weights) for weight in weights]


def _people(
    chance: random.Random, shape: Shape, shares: list[list[float]], willing: list[list[float]]
) -> Iterator[Row]:
    weights = [
        [share * will for share, will in zip(*category, strict=True)]
        for category in zip(shares, willing, strict=True)
    ]
    for _ in range(shape.people):
        yield tuple(chance.choices(range(len(category)), category)[0] for category in weights)


def _quotas(shape: Shape, shares: list[list[float]]) -> Quotas:
    least = [[int(share * shape.seats) for share in category] for category in shares]
    return Quotas(least, [[number + 1 for number in category] for category in least])


def _panel(chance: random.Random, shape: Shape, people: Sequence[Row], quotas: Quotas) -> list[int]:
    """People found by swaps that never stray further from the quotas."""
    order = list(range(len(people)))
    chance.shuffle(order)
    counts = [[0] * number for number in shape.values]
    for person in order[: shape.seats]:
        for category, value in enumerate(people[person]):
            counts[category][value] += 1
    for _ in range(SWAPS):
        seat, other = chance.randrange(shape.seats), chance.randrange(shape.seats, len(people))
        leaves, joins = people[order[seat]], people[order[other]]
        if _change(counts, quotas, leaves, joins) <= 0:
            order[seat], order[other] = order[other], order[seat]
            for category, (old, new) in enumerate(zip(leaves, joins, strict=True)):
                counts[category][old] -= 1
                counts[category][new] += 1
    return order[: shape.seats]


def _change(counts: list[list[int]], quotas: Quotas, leaves: Row, joins: Row) -> int:
    """How much further from the quotas a swap leads, in seats."""
    change = 0
    for category, (old, new) in enumerate(zip(leaves, joins, strict=True)):
        if old != new:
            count, least, most = counts[category], quotas.least[category], quotas.most[category]
            change += (1 if count[old] <= least[old] else 0) - (1 if count[old] > most[old] else 0)
            change += (1 if count[new] >= most[new] else 0) - (1 if count[new] < least[new] else 0)
    return change


def _widen(quotas: Quotas, panel: Sequence[Row]) -> int:
    """Widen the quotas to what a panel has; returns by how many seats."""
    missed = 0
    for category, (least, most) in enumerate(zip(quotas.least, quotas.most, strict=True)):
        counts = Counter(row[category] for row in panel)
        for value in range(len(least)):
            missed += max(0, least[value] - counts[value]) + max(0, counts[value] - most[value])
            least[value] = min(least[value], counts[value])
            most[value] = max(most[value], counts[value])
    return missed


def _write(folder: Path, people: Sequence[Row], quotas: Quotas) -> None:
    names = CATEGORIES[: len(quotas.least)]
    with (folder / "categories.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["category", "name", "min", "max"])
        for name, least, most in zip(names, quotas.least, quotas.most, strict=True):
            for value, bounds in enumerate(zip(least, most, strict=True), start=1):
                writer.writerow([name, f"{name}-{value}", *bounds])
    with (folder / "respondents.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *names])
        for number, row in enumerate(people, start=1):
            values = (f"{name}-{value + 1}" for name, value in zip(names, row, strict=True))
            writer.writerow([f"p{number:05}", *values])
