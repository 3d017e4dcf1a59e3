"""Alternates for a revealed panel, drawn by a second public lottery over near-optimal sets.

After Assos, Baharav, Flanigan, Procaccia (2025): sets are judged by the quota deviation expected over sampled
dropouts, each replaced by the calling rule of `next_alternate`. Everything follows from the sealed lottery,
the panel drawn, the number of alternates and the dropout model, which are sealed with it, so that nobody can steer
which sets are in the second lottery; the randomness of the same ceremony then chooses one, by the ticket rule `hash`.

The sets are sealed one by one like the panels, and only the one drawn is opened: many sets of people who replace
each other in the open would say who shares which values. Chance in the search and the nonces follow from nonces of the
sealed lottery that guarantors alone know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sortition.model import Quota
from sortition.problems import SortitionError
from sortition.proofs.canonical import canonical, digest
from sortition.proofs.documents import sealing
from sortition.randomness import Stream, from_hash
from sortition.reveal import Reveal
from sortition.vacancies.absences import Absences, deviation, missing, sample
from sortition.vacancies.dropout import Dropout, sealed_dropout
from sortition.vacancies.exchange import near_optimal

# Dropouts sampled to choose the sets by, others to judge the set drawn by, and sets in the second lottery.
SAMPLES, HOLDOUT, SETS = 200, 500, 100


@dataclass(frozen=True)
class Thin:
    """A quota, and how many of its people are expected to be missing or in excess with and without alternates."""

    category: str
    value: str
    expected: float
    without: float


@dataclass(frozen=True)
class Alternates:
    """`people`: pseudonyms in calling order. `document` is what alternates.json holds, for everyone.

    `commitment` seals its sets, from which `randomness` drew number `ticket`; `sets` opens them all, for guarantors:
    alternates-sets.json.

    `deviation` is the expected number of people missing or in excess over all quotas once absences are replaced,
    `deviation_without` the same without any alternate; `met` and `met_without` are the shares of cases in which every
    quota is met. They are estimated on dropouts sampled apart from those that the sets were chosen by. `thin` says
    the same per quota, those that stay thinnest first.
    """

    commitment: str
    randomness: str
    ticket: int
    people: tuple[str, ...]
    document: dict[str, Any]
    sets: dict[str, Any]
    deviation: float
    deviation_without: float
    met: float
    met_without: float
    thin: tuple[Thin, ...]


def alternates(
    public: Mapping[str, Any],
    attributes: Mapping[str, Any],
    drawn: Reveal,
    number: int | None = None,
    randomness: str | None = None,
    dropout: Dropout | None = None,
) -> Alternates:
    """The alternates for the panel `drawn`, in calling order.

    As many as the lottery sealed, or all who remain if they are fewer, by the chances to drop out that it sealed;
    `number` and `dropout` (by default everybody alike, one in ten) are for a lottery that sealed none. `randomness` is
    that of the ceremony, by default the text that drew the panel. Nobody who withdrew their row is among the
    alternates. Raises SortitionError for other alternates than those sealed, and when fewer people than `number`
    remain in the pool.
    """
    number, model = _declared(public, number, dropout)
    panel = list(attributes["panels"][drawn.ticket])
    secret = canonical([model.document, attributes["panel_nonces"]])
    seed = f"{drawn.commitment}\n{drawn.ticket}\n{number}\n".encode() + secret
    stream = Stream(seed, "alternates")
    remaining = _remaining(public, attributes, panel, stream)
    if public["alternates"]["number"] and remaining:
        number = min(number, len(remaining))
    if not 1 <= number <= len(remaining):
        raise SortitionError(
            "%(number)d alternates were asked for; %(remaining)d people remain outside the panel. Ask for a "
            "number from 1 to %(remaining)d.",
            {"number": number, "remaining": len(remaining)},
        )
    absences = sample(public, attributes, panel, model, SAMPLES, stream)
    near = near_optimal(absences, remaining, number, stream)
    sets = [_equal_set(absences, remaining, near[index % len(near)], stream) for index in range(SETS)]
    apart = sample(public, attributes, panel, model, HOLDOUT, stream)
    opened = {
        "format": "deliberate/alternates-sets/1",
        "nonces": Stream(seed, "alternates nonces").nonces(len(sets)),
        "sets": sets,
    }
    text = (drawn.randomness if randomness is None else randomness).strip()
    document = _drawn(public, drawn, model, opened, text)
    return _judged(public, apart, document, opened)


def _declared(public: Mapping[str, Any], number: int | None, dropout: Dropout | None) -> tuple[int, Dropout]:
    """How many alternates, and who is likely to drop out: as sealed, or else as said now."""
    said = public["alternates"]["number"]
    if not said:
        if number is None:
            raise SortitionError(
                "This lottery seals no number of alternates. Say how many there shall be; `verify` will tell that it was "
                "said after the draw."
            )
        return number, dropout or Dropout()
    model = sealed_dropout(public["alternates"]["dropout"])
    if number not in (None, said) or dropout not in (None, model):
        raise SortitionError(
            "This lottery sealed %(number)d alternates and who is likely to drop out. Others would be a choice made after "
            "the draw: draw those that were sealed.",
            {"number": said},
        )
    return said, model


def _drawn(
    public: Mapping[str, Any], drawn: Reveal, model: Dropout, opened: Mapping[str, Any], text: str
) -> dict[str, Any]:
    """The public document: every set sealed, and the one that `text` draws opened."""
    sets, nonces = opened["sets"], opened["nonces"]
    seal: dict[str, object] = {
        "format": "deliberate/alternates/1",
        "lottery": drawn.commitment,
        "panel": drawn.ticket,
        "dropout": model.document,
        "sets": [sealing(nonce, chosen) for nonce, chosen in zip(nonces, sets, strict=True)],
    }
    commitment = digest("alternates", seal)
    ticket = from_hash(commitment, len(sets), text)
    return {
        **seal,
        "commitment": commitment,
        "randomness": text,
        "ticket": ticket,
        "nonce": nonces[ticket],
        "people": [public["pseudonyms"][position] for position in sets[ticket]],
    }


def _remaining(
    public: Mapping[str, Any], attributes: Mapping[str, Any], panel: Sequence[int], stream: Stream
) -> list[int]:
    """Who may be an alternate: outside the panel, row known, and of each household at most one."""
    rows = attributes["rows"]
    known = {position for position, row in enumerate(rows) if row is not None}
    remaining = sorted(known - set(panel))
    if not public["one_per_household"]:
        return remaining
    taken = {row[-1] for position in panel if (row := rows[position])}
    kept = []
    for position in stream.shuffled(remaining):
        home = rows[position][-1]
        if not home or home not in taken:
            kept.append(position)
            taken.add(home)
    return sorted(kept)


def _equal_set(
    absences: Absences, remaining: Sequence[int], positions: Sequence[int], stream: Stream
) -> list[int]:
    """The same values, carried by any people who have them, in a random order."""
    sharing: dict[bytes, list[int]] = {}
    for position in stream.shuffled(remaining):
        sharing.setdefault(absences.carried[position].tobytes(), []).append(position)
    chosen = [sharing[absences.carried[position].tobytes()].pop() for position in positions]
    return stream.shuffled(chosen)


def _judged(
    public: Mapping[str, Any], absences: Absences, document: dict[str, Any], opened: dict[str, Any]
) -> Alternates:
    """The alternates drawn, judged on absences that they were not chosen by."""
    with_them = missing(absences.replaced(opened["sets"][document["ticket"]]), absences.limits)
    without = missing(absences.counts, absences.limits)
    thin = [
        Thin(
            quota["category"],
            quota["value"],
            float(with_them[:, index].mean()),
            float(without[:, index].mean()),
        )
        for index, quota in enumerate(public["quotas"])
    ]
    return Alternates(
        commitment=document["commitment"],
        randomness=document["randomness"],
        ticket=document["ticket"],
        people=tuple(document["people"]),
        document=document,
        sets=opened,
        deviation=float(with_them.sum(axis=1).mean()),
        deviation_without=float(without.sum(axis=1).mean()),
        met=float((with_them.sum(axis=1) == 0).mean()),
        met_without=float((without.sum(axis=1) == 0).mean()),
        thin=tuple(sorted(thin, key=lambda one: (-one.expected, -one.without))),
    )


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
    there = np.array([_carried(quotas, values) for values in present], dtype=np.int64)
    counts = there.reshape(len(present), len(quotas)).sum(axis=0)
    after = counts + np.array([_carried(quotas, values) for values in waiting], dtype=np.int64)
    return int(np.argmin(deviation(after, limits)))


def _carried(quotas: Sequence[Quota], values: Mapping[str, str]) -> list[bool]:
    return [values.get(quota.category) == quota.value for quota in quotas]
