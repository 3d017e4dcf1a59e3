"""The pool, the quotas, and the panel polytope.

People with the same values are interchangeable, so everything is solved on *types* with a multiplicity. People who
share a household with somebody of the pool are interchangeable inside it only: theirs are types of their own.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

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


@dataclass(frozen=True)
class Pool:
    """Quotas, panel size and people gathered into types.

    `types[t]` holds the rows of `matrix` that type t counts in, apart from the size: its quotas, one per category,
    and its household where several people of the pool share one. `members[t]` are the people (indices) of it.
    `households` counts the households shared.
    """

    quotas: tuple[Quota, ...]
    size: int
    types: tuple[tuple[int, ...], ...]
    members: tuple[tuple[int, ...], ...]
    households: int = 0

    @cached_property
    def people(self) -> int:
        """The number n of people."""
        return sum(len(group) for group in self.members)

    @cached_property
    def multiplicity(self) -> Counts:
        """mₜ, shape (types,)."""
        return np.array([len(group) for group in self.members], dtype=np.int64)

    @cached_property
    def matrix(self) -> csr_array:
        """Rows of the panel polytope: 1 where a type counts.

        Shape (quotas + 1 + households, types): the quotas, then the size, then the households.
        """
        rows = [index for type_ in self.types for index in (*type_, len(self.quotas))]
        columns = np.repeat(np.arange(len(self.types)), [len(type_) + 1 for type_ in self.types])
        shape = (len(self.quotas) + 1 + self.households, len(self.types))
        return csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)

    @cached_property
    def row_bounds(self) -> tuple[Floats, Floats]:
        """Lower and upper bound of every row of `matrix`, in people on the panel."""
        lower = [quota.min for quota in self.quotas] + [self.size] + [0] * self.households
        upper = [quota.max for quota in self.quotas] + [self.size] + [1] * self.households
        return np.array(lower, dtype=float), np.array(upper, dtype=float)


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
    shared = shared_households([respondent.household for respondent in respondents])
    groups: dict[tuple[int, ...], list[int]] = {}
    for person, respondent in enumerate(respondents):
        type_ = _type_of(respondent, categories, index)
        if respondent.household in shared:
            type_ += (len(quotas) + 1 + shared[respondent.household],)
        groups.setdefault(type_, []).append(person)
    ordered = sorted(groups.items())
    return Pool(
        quotas=tuple(quotas),
        size=size,
        types=tuple(type_ for type_, _ in ordered),
        members=tuple(tuple(people) for _, people in ordered),
        households=len(shared),
    )


def shared_households(households: Sequence[str]) -> dict[str, int]:
    """The households named more than once, numbered in the order of their first mention."""
    people = Counter(households)
    return {name: number for number, name in enumerate(one for one in people if one and people[one] > 1)}


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
