"""The pool, the quotas, and the panel polytope.

People with the same values are interchangeable, so everything is solved on *types* with a multiplicity. People who
share a household with somebody of the pool are interchangeable with those of the same values in households composed
alike: such households form a class, and no panel seats more of its people than the class has households.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, vstack

from sortition.problems import SortitionError

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Quota:
    """At least `min` and at most `max` people with `value` in `category` on every panel.

    `min_flex` and `max_flex` say how far a proposed relaxation may go; `population` is the share of the population
    that the group makes up, where it is known.
    """

    category: str
    value: str
    min: int
    max: int
    min_flex: int | None = None
    max_flex: int | None = None
    population: Fraction | None = None


@dataclass(frozen=True)
class Respondent:
    """A volunteer: `values` gives one value per category, `row` every column of the file they came from.

    No panel has two people with the same `household`; an empty one is shared with nobody.
    """

    id: str
    values: Mapping[str, str]
    row: Mapping[str, str] = field(default_factory=dict)
    household: str = ""


Leaf: TypeAlias = dict[int, int]


@dataclass(frozen=True)
class Branch:
    """People of `type_` on the panel: at most `value` (`below`) or more (`above`)."""

    type_: int
    value: int
    below: "Tree"
    above: "Tree"


Tree: TypeAlias = Leaf | Branch


@dataclass(frozen=True)
class Cut:
    """A limit that every panel keeps though the relaxation does not: Σₜ weightsₜ·xₜ ≤ limit, in whole numbers.

    `tree` proves it: branches, and at each leaf multipliers by row (see `sortition.engine.cuts`).
    """

    weights: tuple[int, ...]
    limit: int
    tree: Tree


@dataclass(frozen=True)
class Pool:
    """Quotas, panel size and people gathered into types.

    `types[t]` holds the rows of `matrix` that type t counts in, apart from the size and the cuts: its quotas, one per
    category, and its class of households where its people share one. `members[t]` are the people (indices) of it.
    `households` gives the shared households (numbers) of each class. People already seated are not in the pool:
    `quotas` and `size` are what is left to fill.
    """

    quotas: tuple[Quota, ...]
    size: int
    types: tuple[tuple[int, ...], ...]
    members: tuple[tuple[int, ...], ...]
    households: tuple[tuple[int, ...], ...] = ()
    cuts: tuple[Cut, ...] = ()

    @cached_property
    def people(self) -> int:
        """The number n of people."""
        return sum(len(group) for group in self.members)

    @cached_property
    def multiplicity(self) -> Counts:
        """mₜ, shape (types,)."""
        return np.array([len(group) for group in self.members], dtype=np.int64)

    @cached_property
    def matrix(self) -> csc_array:
        """Rows of the panel polytope: what a person of each type adds to them.

        Shape (quotas + 1 + classes of households + cuts, types): quotas, the size, households, cuts.
        """
        rows = [index for type_ in self.types for index in (*type_, len(self.quotas))]
        columns = np.repeat(np.arange(len(self.types)), [len(type_) + 1 for type_ in self.types])
        shape = (len(self.quotas) + 1 + len(self.households), len(self.types))
        counted = csc_array((np.ones(len(rows)), (rows, columns)), shape=shape)
        cuts = [csc_array(np.array([cut.weights], dtype=float)) for cut in self.cuts]
        return csc_array(vstack([counted, *cuts]))

    @cached_property
    def row_bounds(self) -> tuple[Floats, Floats]:
        """Lower and upper bound of every row of `matrix`."""
        limits = self.limits
        lower = [-np.inf if low is None else low for low, _ in limits]
        return np.array(lower, dtype=float), np.array([high for _, high in limits], dtype=float)

    @cached_property
    def row_scale(self) -> Floats:
        """What brings the largest number of every row of `matrix` to 1: the solver's tolerances expect that."""
        return np.array(
            [1.0] * (len(self.limits) - len(self.cuts))
            + [1.0 / max(map(abs, cut.weights)) for cut in self.cuts]
        )

    @cached_property
    def limits(self) -> tuple[tuple[int | None, int], ...]:
        """Least and most of every row of `matrix`; None where nothing limits from below."""
        return (
            *((quota.min, quota.max) for quota in self.quotas),
            (self.size, self.size),
            *((0, len(homes)) for homes in self.households),
            *((None, cut.limit) for cut in self.cuts),
        )


def build_pool(quotas: Sequence[Quota], respondents: Sequence[Respondent], size: int) -> Pool:
    """Gather `respondents` into types.

    Raises SortitionError when nobody is there, or when the size or somebody's value does not fit the quotas.
    """
    if size < 1:
        raise SortitionError("The panel must have at least one seat; %(size)d was asked for.", {"size": size})
    if not respondents:
        raise SortitionError("The pool is empty. Add the volunteers first.")
    index = {(quota.category, quota.value): number for number, quota in enumerate(quotas)}
    categories = list(dict.fromkeys(quota.category for quota in quotas))
    types = [_type_of(respondent, categories, index) for respondent in respondents]
    households = [respondent.household for respondent in respondents]
    classes = _classes(types, households)
    row_of = {home: len(quotas) + 1 + row for row, homes in enumerate(classes) for home in homes}
    shared = shared_households(households)
    groups: dict[tuple[int, ...], list[int]] = {}
    for person, (type_, household) in enumerate(zip(types, households, strict=True)):
        home = (row_of[shared[household]],) if household in shared else ()
        groups.setdefault(type_ + home, []).append(person)
    ordered = sorted(groups.items())
    return Pool(
        quotas=tuple(quotas),
        size=size,
        types=tuple(type_ for type_, _ in ordered),
        members=tuple(tuple(people) for _, people in ordered),
        households=classes,
    )


def left_to_fill(quotas: Sequence[Quota], size: int, seated: Sequence[Respondent]) -> tuple[list[Quota], int]:
    """Quotas and size once the people already on the panel are counted.

    Raises SortitionError when they are too many already.
    """
    counts = Counter(pair for person in seated for pair in person.values.items())
    left = []
    for quota in quotas:
        taken = counts[quota.category, quota.value]
        if taken > quota.max:
            raise SortitionError(
                "%(taken)d people with “%(category)s: %(value)s” are on the panel already; the quota allows "
                "%(max)d. Raise it, or say who leaves.",
                {"taken": taken, "category": quota.category, "value": quota.value, "max": quota.max},
            )
        left.append(
            replace(
                quota,
                min=max(0, quota.min - taken),
                max=quota.max - taken,
                min_flex=None if quota.min_flex is None else max(0, quota.min_flex - taken),
                max_flex=None if quota.max_flex is None else max(0, quota.max_flex - taken),
            )
        )
    if seated and len(seated) >= size:
        raise SortitionError(
            "The panel has %(size)d seats and %(seated)d people on it already: nobody is left to draw.",
            {"size": size, "seated": len(seated)},
        )
    return left, size - len(seated)


def free_to_sit(respondents: Sequence[Respondent], seated: Sequence[Respondent]) -> list[Respondent]:
    """Those who are not seated and share no household with who is."""
    ids = {person.id for person in seated}
    homes = {person.household for person in seated if person.household}
    return [one for one in respondents if one.id not in ids and one.household not in homes]


def shared_households(households: Sequence[str]) -> dict[str, int]:
    """The households named more than once, numbered in the order of their first mention."""
    people = Counter(households)
    return {name: number for number, name in enumerate(one for one in people if one and people[one] > 1)}


def _classes(types: Sequence[tuple[int, ...]], households: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """The shared households of each composition, as `shared_households` numbers them."""
    shared = shared_households(households)
    members: dict[int, list[tuple[int, ...]]] = {number: [] for number in shared.values()}
    for type_, household in zip(types, households, strict=True):
        if household in shared:
            members[shared[household]].append(type_)
    alike: dict[tuple[tuple[int, ...], ...], list[int]] = {}
    for number, composition in members.items():
        alike.setdefault(tuple(sorted(composition)), []).append(number)
    return tuple(tuple(homes) for _, homes in sorted(alike.items()))


def _type_of(
    respondent: Respondent, categories: Sequence[str], index: Mapping[tuple[str, str], int]
) -> tuple[int, ...]:
    keys = [(category, respondent.values.get(category, "")) for category in categories]
    for category, value in keys:
        if (category, value) not in index:
            raise SortitionError(
                "Person %(id)s has “%(value)s” in “%(category)s”, which has no quota. Correct the value, or "
                "add a quota for it.",
                {"id": respondent.id, "value": value, "category": category},
            )
    return tuple(index[key] for key in keys)
