"""What sampled absences do to the quotas of a panel, with and without alternates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sortition.model import Counts
from sortition.randomness import Stream
from sortition.vacancies.dropout import Dropout

PER_MILLION = 1_000_000

Floats = NDArray[np.float32]


def carried_by(public: Mapping[str, Any], rows: Sequence[Sequence[str] | None]) -> Counts:
    """Which quotas each person counts in, shape (people, quotas); a withdrawn row counts in none."""
    quotas = public["quotas"]
    categories = list(dict.fromkeys(quota["category"] for quota in quotas))
    column = {(quota["category"], quota["value"]): index for index, quota in enumerate(quotas)}
    carried = np.zeros((len(rows), len(quotas)), dtype=np.int64)
    for position, row in enumerate(rows):
        for category, value in zip(categories, row or [], strict=False):
            carried[position, column[category, value]] = 1
    return carried


def deviation(counts: Counts, limits: Counts) -> Counts:
    """Seats missing and in excess, summed over the quotas (the last axis)."""
    return np.asarray(missing(counts, limits).sum(axis=-1))


def missing(counts: Counts, limits: Counts) -> Counts:
    """Seats missing and in excess per quota (the last axis)."""
    return np.asarray(np.maximum(limits[:, 0] - counts, 0) + np.maximum(counts - limits[:, 1], 0))


@dataclass(frozen=True)
class Absences:
    """Sampled dropouts of a panel: `counts` of those still there, shape (samples, quotas), and how many are `absent`.

    `carried` has a row per person of the pool, `limits` the least and most of each quota.
    """

    carried: Counts
    limits: Counts
    counts: Counts
    absent: Counts

    def replaced(self, waiting: Sequence[int]) -> Counts:
        """Counts once the absences are replaced from `waiting`, in calling order; shape (samples, quotas).

        Called is whoever leaves the least deviation, as `next_alternate` does: who adds a value that is short brings
        it down by one, who adds one that is full brings it up.
        """
        counts = self.counts.copy()
        carried = self.carried[list(waiting)]
        weights = np.ascontiguousarray(carried.T, dtype=np.float32)
        free = np.ones((len(counts), len(waiting)), dtype=bool)
        for turn in range(min(len(waiting), int(self.absent.max(initial=0)))):
            calling = np.flatnonzero(self.absent > turn)
            change = self.marginal(counts[calling]) @ weights
            called = np.argmin(np.where(free[calling], change, np.inf), axis=1)
            counts[calling] += carried[called]
            free[calling, called] = False
        return counts

    def marginal(self, counts: Counts) -> Floats:
        """By how much one person more changes the deviation of each quota: −1 where short, 1 where full, else 0.

        Whole numbers below 2²⁴, so that single precision adds them exactly, whatever the order.
        """
        return (counts >= self.limits[:, 1]).astype(np.float32) - (counts < self.limits[:, 0])

    def expected(self, waiting: Sequence[int]) -> float:
        """Mean deviation over the samples with these alternates."""
        return float(deviation(self.replaced(waiting), self.limits).mean())


def sample(
    public: Mapping[str, Any],
    attributes: Mapping[str, Any],
    panel: Sequence[int],
    dropout: Dropout,
    samples: int,
    stream: Stream,
) -> Absences:
    """So many `samples` of who of `panel` drops out. People seated before this draw stay."""
    carried = carried_by(public, attributes["rows"])
    quotas = public["quotas"]
    names = [(quota["category"], quota["value"]) for quota in quotas]
    likely = [
        int(dropout.chance([names[index] for index in np.flatnonzero(carried[position])]) * PER_MILLION)
        for position in panel
    ]
    there = np.array([[stream.below(PER_MILLION) >= limit for limit in likely] for _ in range(samples)])
    seated = np.array([quota["seated"] for quota in quotas], dtype=np.int64)
    return Absences(
        carried=carried,
        limits=np.array([(quota["min"], quota["max"]) for quota in quotas], dtype=np.int64),
        counts=there.astype(np.int64) @ carried[list(panel)] + seated,
        absent=(~there).sum(axis=1),
    )
