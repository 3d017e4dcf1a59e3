"""The two documents of a lottery: what everyone may read, and what guarantors need to recount it.

Rows are personal data: in a pool of a few hundred most people are alone in their combination of values. So
the public document carries random pseudonyms, used nowhere else, and for each person a commitment to their row
and to the panels they are in: with the nonce that is theirs alone, everybody checks what was sealed about them
and learns nothing about anybody else. An entry, under a salt that only the key holds, binds each pseudonym to
the volunteer it stands for, so that nobody is exchanged for somebody else once the panel is drawn.

The panels are sealed one by one, and only the one drawn is ever opened to everyone. Many panels in the open
would give the rows away: people with one value are spread over them in nearly fixed numbers, so that the
covariance of two people over the panels says whether they share it. Measured on pools of real size, a value
could be told from the panels alone for nearly everybody. For the same reason the count of every quota in every
panel does not stand in the open: only the lowest and the highest do.
"""

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from importlib import metadata
from typing import Any

import numpy as np

from sortition.engine.certificate import Statement, certificate, ratio
from sortition.model import Pool, Quota, Respondent, shared_households
from sortition.proofs.canonical import digest
from sortition.proofs.documents import filled_cells, panels_of_people, sealing
from sortition.randomness import Stream

FORMAT = "deliberate/lottery/1"
PSEUDONYM_BYTES = 10
SOFTWARE = ("deliberate", "highspy", "numpy", "scipy")


@dataclass(frozen=True)
class Seal:
    """What is declared with the panels, and the secret `entropy` that feeds pseudonyms and nonces.

    `largest_difference` is that of `Lottery`; `statements` are those of the certificate.
    `quotas` are those of the whole panel; `replaces` is the digest of the lottery whose seats left empty are drawn
    here, if there is one. `alternates` says how many will be drawn for the panel, and who is taken to drop out
    (`Dropout.document`): fixed now, so that nobody chooses among alternates once the panel is known.
    """

    quotas: Sequence[Quota]
    objective: str
    source: str
    ticket: str
    entropy: bytes
    statements: Sequence[Statement]
    largest_difference: Fraction
    replaces: str = ""
    alternates: Mapping[str, object] = field(default_factory=lambda: {"number": 0, "dropout": []})


@dataclass(frozen=True)
class Key:
    """Whom the pseudonyms stand for: `ids`, and the `salts` that open the entry sealed for each of them.

    A salt deleted leaves an entry that nobody can tell to be anybody's.
    """

    ids: dict[str, str]
    salts: dict[str, str]


def sealed(
    pool: Pool,
    respondents: Sequence[Respondent],
    panels: Sequence[Sequence[int]],
    seal: Seal,
    seated: Sequence[Respondent] = (),
) -> tuple[dict[str, object], dict[str, object], Key]:
    """The public document, the attributes and the key.

    `panels` hold places in `respondents`; `seated` are the people on the panel already, whom the quotas and the
    size of `pool` no longer count. People stand in the order of their pseudonyms, so that a position says
    nothing of the original order.
    """
    stream = Stream(seal.entropy, "people")
    names = _pseudonyms(stream, len(respondents))
    order = sorted(range(len(respondents)), key=names.__getitem__)
    place = [0] * len(order)
    for position, person in enumerate(order):
        place[person] = position
    people = [respondents[person] for person in order]
    salts = Stream(seal.entropy, "salts").nonces(len(order))
    attributes: dict[str, object] = {
        "format": "deliberate/attributes/1",
        "certificate": certificate(pool, seal.statements, place, _homes(respondents, order)),
        "certificate_nonce": Stream(seal.entropy, "certificate nonce").nonces(1)[0],
        "nonces": stream.nonces(len(order)),
        "panel_nonces": Stream(seal.entropy, "panel nonces").nonces(len(panels)),
        "panels": [sorted(place[person] for person in people) for people in panels],
        "rows": _rows(pool, people),
    }
    public: dict[str, object] = {
        "format": FORMAT,
        "replaces": seal.replaces,
        "size": pool.size + len(seated),
        "seated": len(seated),
        "one_per_household": any(respondent.household for respondent in respondents),
        "quotas": _quotas(pool, panels, seal.quotas, seated),
        "pseudonyms": [names[person] for person in order],
        "entries": [sealing(salt, entry_of(person)) for salt, person in zip(salts, people, strict=True)],
        "certificate": sealing(str(attributes["certificate_nonce"]), attributes["certificate"]),
        "objective": seal.objective,
        "alternates": dict(seal.alternates),
        "randomness": {"source": seal.source, "ticket": seal.ticket},
        "software": software(),
        **_commitments(attributes, seal),
    }
    public["digests"] = digests(public)
    own = [names[person] for person in order]
    key = Key(
        ids={name: person.id for name, person in zip(own, people, strict=True)},
        salts=dict(zip(own, salts, strict=True)),
    )
    return public, attributes, key


def entry_of(person: Respondent) -> list[list[str]]:
    """What is sealed of who a person is: every column of the file they came from, else their id."""
    return filled_cells(person.row or {"id": person.id})


def _commitments(attributes: Mapping[str, Any], seal: Seal) -> dict[str, object]:
    """What seals each person and each panel, and the chances counted over the panels."""
    panels, rows = attributes["panels"], attributes["rows"]
    held = panels_of_people(panels, len(rows))
    people = zip(attributes["nonces"], rows, held, strict=True)
    return {
        "commitments": [sealing(nonce, [row, numbers]) for nonce, row, numbers in people],
        "panels": [
            sealing(nonce, panel) for nonce, panel in zip(attributes["panel_nonces"], panels, strict=True)
        ],
        "chances": {
            "bound": ratio(seal.statements[0].bound),
            "largest_difference": ratio(seal.largest_difference),
            "least": ratio(Fraction(min(map(len, held)), len(panels))),
        },
    }


def personal(
    public: Mapping[str, Any],
    attributes: Mapping[str, Any],
    pseudonym: str,
    columns: Mapping[str, str],
    salt: str,
) -> dict[str, object] | None:
    """What one person is told, to check what was sealed about them; None for those who withdrew or are unknown.

    `columns` and `salt` are those of the key. Theirs alone to keep: they show which pseudonym, row and panels are
    theirs.
    """
    if pseudonym not in public["pseudonyms"]:
        return None
    position = public["pseudonyms"].index(pseudonym)
    if attributes["rows"][position] is None:
        return None
    return {
        "format": "deliberate/person/1",
        "commitment": digest("lottery", dict(public)),
        "pseudonym": pseudonym,
        "row": attributes["rows"][position],
        "nonce": attributes["nonces"][position],
        "entry": filled_cells(columns),
        "salt": salt,
        "panels": [number for number, panel in enumerate(attributes["panels"]) if position in panel],
    }


def digests(public: Mapping[str, Any]) -> dict[str, str]:
    """One digest per part of the public document, so that a change can be told to be in this part or that."""
    return {part: digest(part, public[part]) for part in sorted(public)}


def software() -> dict[str, str]:
    """Versions of what computed the lottery: other versions may find other, equally good panels."""
    return {"python": platform.python_version()} | {name: _version(name) for name in SOFTWARE}


@cache
def _version(name: str) -> str:
    return metadata.version(name)


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


def _quotas(
    pool: Pool, panels: Sequence[Sequence[int]], quotas: Sequence[Quota], seated: Sequence[Respondent]
) -> list[dict[str, object]]:
    """Quotas and counts of whole panels: those seated already and those drawn."""
    type_of = {
        person: type_ for type_, group in zip(pool.types, pool.members, strict=True) for person in group
    }
    number = len(pool.quotas)
    least, most = np.full(number, pool.people), np.zeros(number, dtype=np.int64)
    for people in panels:
        held = [index for person in people for index in type_of[person] if index < number]
        counts = np.bincount(held, minlength=number)
        least, most = np.minimum(least, counts), np.maximum(most, counts)
    there = Counter(pair for person in seated for pair in person.values.items())
    return [
        {
            "category": quota.category,
            "value": quota.value,
            "min": quota.min,
            "max": quota.max,
            "seated": there[quota.category, quota.value],
            "lowest": int(least[index]) + there[quota.category, quota.value],
            "highest": int(most[index]) + there[quota.category, quota.value],
        }
        for index, quota in enumerate(quotas)
    ]
