"""The two documents of a lottery: what everyone may read, and what guarantors need to recount it.

Rows are personal data: in a pool of a few hundred most people are alone in their combination of values. So
the public document carries random pseudonyms, used nowhere else, panels as positions in the pool, and for
each person a commitment to their row. It does not carry the count of every quota in every panel: from as many
panels as people those counts could be solved for everybody's values. The lowest and the highest count stand
instead.

The panels themselves still tell something: people with one value are spread over them in nearly fixed
numbers, so that from many panels a statistician can group pseudonyms that share a value. Whoever knows a few
people of the pool could learn more. Where that matters, give lottery.json to guarantors and publish
its digest alone.
"""

import hashlib
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import metadata

import numpy as np

from sortition.canonical import canonical, digest
from sortition.certificate import Statement, certificate, ratio
from sortition.model import Pool, Respondent, shared_households
from sortition.randomness import Stream
from sortition.relaxation import Relaxed

FORMAT = "deliberate/lottery/1"
PSEUDONYM_BYTES = 10
NONCE_BYTES = 16
SOFTWARE = ("deliberate", "highspy", "numpy", "scipy")


@dataclass(frozen=True)
class Seal:
    """What is declared with the panels, and the secret `entropy` that feeds pseudonyms and nonces.

    `attained` and `largest_difference` are those of `Lottery`; `statements` go with the levels of leximin.
    """

    objective: str
    source: str
    ticket: str
    entropy: bytes
    attained: bool
    statements: Sequence[Statement]
    largest_difference: Fraction


def sealed(
    pool: Pool,
    respondents: Sequence[Respondent],
    relaxed: Relaxed,
    seated: Sequence[Sequence[int]],
    seal: Seal,
) -> tuple[dict[str, object], dict[str, object], dict[str, str]]:
    """The public document, the attributes and the key (pseudonym → id).

    People stand in the order of their pseudonyms, so that a position says nothing of the original order.
    """
    stream = Stream(seal.entropy, "people")
    names = _pseudonyms(stream, len(respondents))
    order = sorted(range(len(respondents)), key=names.__getitem__)
    place = [0] * len(order)
    for position, person in enumerate(order):
        place[person] = position
    rows = _rows(pool, [respondents[person] for person in order])
    nonces = [stream.take(NONCE_BYTES).hex() for _ in order]
    levels = certificate(pool, relaxed, seal.statements, place, _homes(respondents, order))
    attributes: dict[str, object] = {
        "format": "deliberate/attributes/1",
        "levels": levels,
        "nonces": nonces,
        "rows": rows,
    }
    panels = [sorted(place[person] for person in people) for people in seated]
    seats = np.bincount([position for panel in panels for position in panel], minlength=len(order))
    public: dict[str, object] = {
        "format": FORMAT,
        "size": pool.size,
        "one_per_household": any(respondent.household for respondent in respondents),
        "quotas": _quotas(pool, seated),
        "pseudonyms": [names[person] for person in order],
        "commitments": [commitment(nonce, row) for nonce, row in zip(nonces, rows, strict=True)],
        "certificate": digest("certificate", levels),
        "panels": panels,
        "objective": seal.objective,
        "randomness": {"source": seal.source, "ticket": seal.ticket},
        "chances": {
            "attained": seal.attained,
            "bound": ratio(seal.statements[0].bound),
            "largest_difference": ratio(seal.largest_difference),
            "least": ratio(Fraction(int(seats.min()), len(panels))),
        },
        "software": software(),
    }
    return public, attributes, {names[person]: respondents[person].id for person in order}


def commitment(nonce: str, row: Sequence[str]) -> str:
    """SHA-256(nonce ‖ row) in hexadecimal: the row is a list of values (see `_rows`)."""
    return hashlib.sha256(bytes.fromhex(nonce) + canonical(list(row))).hexdigest()


def software() -> dict[str, str]:
    """Versions of what computed the lottery: other versions may find other, equally good panels."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in SOFTWARE}


def _pseudonyms(stream: Stream, number: int) -> list[str]:
    names: dict[str, None] = {}
    while len(names) < number:
        names[stream.take(PSEUDONYM_BYTES).hex()] = None
    return list(names)


def _rows(pool: Pool, respondents: Sequence[Respondent]) -> list[list[str]]:
    """Values in the order of the categories; under the household rule, last the number of a household shared."""
    categories = list(dict.fromkeys(quota.category for quota in pool.quotas))
    households = [respondent.household for respondent in respondents]
    shared = shared_households(households)
    rows = [[respondent.values[category] for category in categories] for respondent in respondents]
    if not any(households):
        return rows
    return [
        [*row, str(shared[home]) if home in shared else ""]
        for row, home in zip(rows, households, strict=True)
    ]


def _homes(respondents: Sequence[Respondent], order: Sequence[int]) -> list[int]:
    """Per household as published, its number in the pool: published numbers say nothing of the first order."""
    households = [respondent.household for respondent in respondents]
    original = shared_households(households)
    return [original[home] for home in shared_households([households[person] for person in order])]


def _quotas(pool: Pool, seated: Sequence[Sequence[int]]) -> list[dict[str, object]]:
    type_of = {
        person: type_ for type_, group in zip(pool.types, pool.members, strict=True) for person in group
    }
    rows = len(pool.quotas) + 1 + pool.households
    counts = np.array(
        [
            np.bincount([index for person in people for index in type_of[person]], minlength=rows)
            for people in seated
        ]
    )
    return [
        {
            "category": quota.category,
            "value": quota.value,
            "min": quota.min,
            "max": quota.max,
            "lowest": int(counts[:, index].min()),
            "highest": int(counts[:, index].max()),
        }
        for index, quota in enumerate(pool.quotas)
    ]
