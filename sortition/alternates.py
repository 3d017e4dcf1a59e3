"""Alternates for a revealed panel, drawn by a second public lottery over near-optimal sets.

After Assos, Baharav, Flanigan, Procaccia (2025): sets are judged by the quota deviation expected over sampled
dropouts, each replaced by the calling rule of `next_alternate`. Everything follows from the sealed lottery,
the panel drawn and the number of alternates, so that nobody can steer which sets are in the second lottery;
the randomness of the same ceremony then chooses one, by the ticket rule `hash`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sortition.canonical import digest
from sortition.model import Quota
from sortition.problems import SortitionError
from sortition.randomness import Stream, from_hash
from sortition.reveal import Reveal

SAMPLES = 150
CANDIDATES = 80
SETS = 100
DROPOUT_PERCENT = 10
NEAR = 1.1

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Alternates:
    """`people`: pseudonyms in calling order. `document` is what alternates.json holds.

    `commitment` seals its sets, from which `randomness` drew number `ticket`.

    `deviation` is the expected number of people missing or in excess over all quotas when each member drops
    out with a chance of 10 %, absences being replaced; `deviation_without` is the same without any alternate.
    """

    commitment: str
    randomness: str
    ticket: int
    people: tuple[str, ...]
    document: dict[str, object]
    deviation: float
    deviation_without: float


def alternates(
    public: Mapping[str, Any],
    attributes: Mapping[str, Any],
    drawn: Reveal,
    number: int,
    randomness: str | None = None,
) -> Alternates:
    """`number` alternates for the panel `drawn`, in calling order.

    `randomness` is that of the ceremony, by default the text that drew the panel. Nobody who withdrew
    their row is among them. Raises SortitionError when fewer people than `number` remain in the pool.
    """
    panel = list(attributes["panels"][drawn.ticket])
    known = {position for position, row in enumerate(attributes["rows"]) if row is not None}
    stream = Stream(f"{drawn.commitment}\n{drawn.ticket}\n{number}".encode(), "alternates")
    remaining = sorted(known - set(panel))
    if public["one_per_household"]:
        remaining = _one_per_household(attributes["rows"], panel, stream.shuffled(remaining))
    if not 1 <= number <= len(remaining):
        raise SortitionError(
            "%(number)d alternates were asked for; %(remaining)d people remain outside the panel. Ask for a "
            "number from 1 to %(remaining)d.",
            {"number": number, "remaining": len(remaining)},
        )
    study = _Study(public, attributes, panel, stream)
    near = _near_optimal(study, remaining, number)
    sets = [_equal_set(study, remaining, near[index % len(near)]) for index in range(SETS)]
    seal: dict[str, object] = {
        "format": "deliberate/alternates/1",
        "lottery": drawn.commitment,
        "panel": drawn.ticket,
        "sets": sets,
    }
    commitment = digest("alternates", seal)
    text = (drawn.randomness if randomness is None else randomness).strip()
    chosen = from_hash(commitment, len(sets), text)
    people = tuple(public["pseudonyms"][position] for position in sets[chosen])
    return Alternates(
        commitment=commitment,
        randomness=text,
        ticket=chosen,
        people=people,
        document={
            **seal,
            "commitment": commitment,
            "randomness": text,
            "ticket": chosen,
            "people": list(people),
        },
        deviation=study.deviation(sets[chosen]),
        deviation_without=study.deviation([]),
    )


def _one_per_household(
    rows: Sequence[Sequence[str] | None], panel: Sequence[int], people: Sequence[int]
) -> list[int]:
    """Those of `people` who share no household with the panel, and of each other household the first."""
    taken = {row[-1] for position in panel if (row := rows[position])}
    kept = []
    for position in people:
        home = (rows[position] or [""])[-1]
        if not home or home not in taken:
            kept.append(position)
            taken.add(home)
    return sorted(kept)


def next_alternate(
    quotas: Sequence[Quota], present: Sequence[Mapping[str, str]], waiting: Sequence[Mapping[str, str]]
) -> int | None:
    """Whom to call for an absence: the position in `waiting`, or None when nobody waits.

    `present` and `waiting` hold values per category, `waiting` in calling order. Called is whoever leaves the
    least quota deviation; among equals the first in the order. No new randomness is needed.
    """
    if not waiting:
        return None
    limits = np.array([(quota.min, quota.max) for quota in quotas])
    counts = sum((_carried(quotas, values) for values in present), np.zeros(len(quotas), dtype=np.int64))
    after = counts + np.array([_carried(quotas, values) for values in waiting])
    return int(np.argmin(_deviation(after, limits)))


def _carried(quotas: Sequence[Quota], values: Mapping[str, str]) -> Places:
    return np.array([values.get(quota.category) == quota.value for quota in quotas], dtype=np.int64)


def _deviation(counts: Places, limits: Places) -> Places:
    """Seats missing and in excess, summed over the quotas (the last axis)."""
    missing = np.maximum(limits[:, 0] - counts, 0) + np.maximum(counts - limits[:, 1], 0)
    return np.asarray(missing.sum(axis=-1))


class _Study:
    """The panel, the people who could replace its members, and sampled dropouts."""

    def __init__(
        self, public: Mapping[str, Any], attributes: Mapping[str, Any], panel: Sequence[int], stream: Stream
    ) -> None:
        quotas = public["quotas"]
        categories = list(dict.fromkeys(quota["category"] for quota in quotas))
        column = {(quota["category"], quota["value"]): index for index, quota in enumerate(quotas)}
        self.carried = np.zeros((len(attributes["rows"]), len(quotas)), dtype=np.int64)
        for position, row in enumerate(attributes["rows"]):
            for category, value in zip(categories, row or [], strict=False):
                self.carried[position, column[category, value]] = 1
        self.limits = np.array([(quota["min"], quota["max"]) for quota in quotas])
        self.stream = stream
        absent = [[stream.below(100) < DROPOUT_PERCENT for _ in panel] for _ in range(SAMPLES)]
        self.absences = np.array(absent).sum(axis=1)
        self.counts = np.where(absent, 0, 1) @ self.carried[list(panel)]

    def deviation(self, waiting: Sequence[int]) -> float:
        """Mean deviation over the samples once the absences are replaced from `waiting`, in calling order."""
        counts = self.counts.copy()
        free = np.ones((SAMPLES, len(waiting)), dtype=bool)
        for turn in range(min(len(waiting), int(self.absences.max()))):
            calling = np.flatnonzero(self.absences > turn)
            after = _deviation(counts[calling][:, np.newaxis, :] + self.carried[list(waiting)], self.limits)
            called = np.argmin(np.where(free[calling], after, np.iinfo(np.int64).max), axis=1)
            counts[calling] += self.carried[list(waiting)][called]
            free[calling, called] = False
        return float(_deviation(counts, self.limits).mean())


def _near_optimal(study: _Study, remaining: Sequence[int], number: int) -> list[list[int]]:
    """Distinct sets whose expected deviation is within a tenth of the best found."""
    found: dict[tuple[int, ...], float] = {}
    for _ in range(CANDIDATES):
        positions = tuple(sorted(_cover(study, study.stream.shuffled(remaining), number)))
        found.setdefault(positions, study.deviation(positions))
    best = min(found.values())
    return [list(positions) for positions, score in found.items() if score <= best * NEAR]


def _equal_set(study: _Study, remaining: Sequence[int], positions: Sequence[int]) -> list[int]:
    """The same values, carried by any people who have them, in a random order."""
    sharing: dict[bytes, list[int]] = {}
    for position in study.stream.shuffled(remaining):
        sharing.setdefault(study.carried[position].tobytes(), []).append(position)
    chosen = [sharing[study.carried[position].tobytes()].pop() for position in positions]
    return study.stream.shuffled(chosen)


def _cover(study: _Study, candidates: Sequence[int], number: int) -> list[int]:
    """People who would each mend a sampled absence best, sample after sample, until `number` are found."""
    places = np.array(candidates)
    free = np.ones(len(places), dtype=bool)
    chosen: list[int] = []
    while len(chosen) < number:
        sample = study.stream.below(SAMPLES)
        counts = study.counts[sample].copy()
        for _ in range(max(1, int(study.absences[sample]))):
            if len(chosen) == number:
                break
            after = _deviation(counts + study.carried[places], study.limits)
            called = int(np.argmin(np.where(free, after, np.iinfo(np.int64).max)))
            free[called] = False
            counts += study.carried[places[called]]
            chosen.append(int(places[called]))
    return chosen
