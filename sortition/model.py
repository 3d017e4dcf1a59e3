"""The pool, the quotas, and the panel polytope.

People with the same values are interchangeable, so everything is solved on *types* with a multiplicity.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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

    `min_flex` and `max_flex` say how far a proposed relaxation may go.
    """

    category: str
    value: str
    min: int
    max: int
    min_flex: int | None = None
    max_flex: int | None = None


@dataclass(frozen=True)
class Respondent:
    """A volunteer: `values` gives one value per category, `row` every column of the file they came from."""

    id: str
    values: Mapping[str, str]
    row: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pool:
    """Quotas, panel size and people gathered into types.

    `types[t]` holds the quota indices of type t, one per category; `members[t]` the people (indices) of it.
    """

    quotas: tuple[Quota, ...]
    size: int
    types: tuple[tuple[int, ...], ...]
    members: tuple[tuple[int, ...], ...]

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
        """Rows of the panel polytope, shape (quotas + 1, types): 1 where a type counts; the last is size."""
        width = len(self.types[0]) + 1 if self.types else 1
        rows = [index for type_ in self.types for index in (*type_, len(self.quotas))]
        columns = np.repeat(np.arange(len(self.types)), width)
        shape = (len(self.quotas) + 1, len(self.types))
        return csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)

    @cached_property
    def row_bounds(self) -> tuple[Floats, Floats]:
        """Lower and upper bound of every row of `matrix`, in people on the panel."""
        lower = [quota.min for quota in self.quotas] + [self.size]
        upper = [quota.max for quota in self.quotas] + [self.size]
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
    groups: dict[tuple[int, ...], list[int]] = {}
    for person, respondent in enumerate(respondents):
        groups.setdefault(_type_of(respondent, categories, index), []).append(person)
    ordered = sorted(groups.items())
    return Pool(
        quotas=tuple(quotas),
        size=size,
        types=tuple(type_ for type_, _ in ordered),
        members=tuple(tuple(people) for _, people in ordered),
    )


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
