"""Checking a lottery from its documents alone, with the standard library alone.

No solver, no numpy: anyone can read this file and run it. Nothing that prepared the lottery is trusted. It runs
unchanged on Python 3.9 inside the `verify.py` of a bundle, so `zip` has no `strict` here.
"""

import hashlib
import unicodedata
from collections import Counter
from fractions import Fraction
from typing import Any

from sortition.canonical import digest
from sortition.documents import (
    ALTERNATES_SHAPE,
    ATTRIBUTES_SHAPE,
    PUBLIC_SHAPE,
    REVEAL_SHAPE,
    Finding,
    failed,
    in_one_line,
    misfit,
    passed,
    ratio,
    seats_held,
    unchecked,
)
from sortition.proof import check_attributes


def verify_lottery(
    lottery: Any,
    attributes: Any = None,
    reveal: Any = None,
    alternates: Any = None,
    commitment: str | None = None,
) -> list[Finding]:
    """Everything that can be checked of a lottery from the documents given.

    `lottery`, `attributes`, `reveal` and `alternates` are the parsed documents, `commitment` the digest
    published before the draw. Documents of any shape are answered, never with an exception. In `attributes`
    a row may be null together with its nonce: withdrawn by the person it concerns.
    """
    documents = [
        ("lottery.json", lottery, PUBLIC_SHAPE),
        ("attributes.json", attributes, ATTRIBUTES_SHAPE),
        ("reveal.json", reveal, REVEAL_SHAPE),
        ("alternates.json", alternates, ALTERNATES_SHAPE),
    ]
    misshapen = [
        failed("%(document)s is not what its format promises: look at %(place)s.", document=name, place=place)
        for name, document, shape in documents
        if (document is not None or name == "lottery.json") and (place := misfit(document, shape, name))
    ]
    if misshapen:
        return misshapen
    findings = _check_seal(lottery, reveal, commitment) + _check_panels(lottery)
    if findings[-1].outcome == "failed":
        return findings
    findings += _check_chances(lottery) + check_attributes(lottery, attributes)
    if reveal is None:
        findings.append(unchecked("The draw: no reveal was given."))
    else:
        findings += _check_reveal(lottery, reveal)
        if alternates is not None:
            findings += _check_alternates(lottery, reveal, alternates)
            findings += _check_homes(lottery, attributes, alternates["people"] + reveal["people"])
    return findings


def _check_seal(lottery: Any, reveal: Any, commitment: str | None) -> list[Finding]:
    try:
        computed = digest("lottery", lottery)
    except (TypeError, ValueError):
        return [failed("lottery.json holds values that a sealed document cannot hold.")]
    changed = "The digest of this lottery is %(computed)s; %(declared)s was published: it was changed."
    other = "The draw was made from the lottery %(declared)s; this one is %(computed)s."
    findings = [
        failed(template, computed=computed, declared=declared)
        for template, declared in [(changed, commitment), (other, reveal and reveal["commitment"])]
        if declared is not None and declared != computed
    ]
    if findings:
        return findings
    if commitment is None:
        return [unchecked("The digest is %(computed)s. Compare it with that published.", computed=computed)]
    return [passed("The digest is the one published before the draw: %(computed)s.", computed=computed)]


def _check_panels(lottery: Any) -> list[Finding]:
    people = len(lottery["pseudonyms"])
    problems = []
    if not people or not lottery["panels"] or len(lottery["commitments"]) != people:
        problems.append(failed("The pool, its commitments and the panels do not fit together."))
    if len(set(lottery["pseudonyms"])) != people:
        problems.append(failed("A pseudonym stands for two people."))
    for number, panel in enumerate(lottery["panels"]):
        if len(panel) != lottery["size"] or len(set(panel)) != len(panel) or max(panel, default=0) >= people:
            problems.append(
                failed(
                    "Panel %(panel)d does not have %(size)d different people of the pool.",
                    panel=number,
                    size=lottery["size"],
                )
            )
    return problems or [
        passed(
            "All %(panels)d panels have %(size)d different people of a pool of %(people)d.",
            panels=len(lottery["panels"]),
            size=lottery["size"],
            people=people,
        )
    ]


def _check_chances(lottery: Any) -> list[Finding]:
    least = Fraction(min(seats_held(lottery)), len(lottery["panels"]))
    stated = ratio(lottery["chances"]["least"])
    if least != stated:
        return [
            failed(
                "The least chance is %(counted)s, counted over the panels; %(stated)s is stated.",
                counted=str(least),
                stated=str(stated),
            )
        ]
    return [
        passed(
            "Counted over the panels, the least chance anybody has is %(least)s (%(percent).2f %%).",
            least=str(least),
            percent=float(100 * least),
        )
    ]


def _ticket(rule: str, commitment: str, panels: int, randomness: str) -> int | None:
    text = unicodedata.normalize("NFC", randomness).strip()
    if rule == "digits":
        digits = "".join(letter for letter in text if letter not in " \t\n,;-")
        fits = digits.isascii() and digits.isdigit() and panels == 10 ** len(digits)
        return int(digits) if fits else None
    if rule != "hash" or not text or not panels:
        return None
    fair = 2**256 - 2**256 % panels
    counter = 0
    while True:
        ticket = f"deliberate/ticket/1\n{commitment.removeprefix('sha256:')}\n{text}\n{counter}".encode()
        number = int.from_bytes(hashlib.sha256(ticket).digest(), "big")
        if number < fair:
            return number % panels
        counter += 1


def _check_reveal(lottery: Any, reveal: Any) -> list[Finding]:
    commitment = reveal["commitment"]
    ticket = _ticket(
        lottery["randomness"]["ticket"], commitment, len(lottery["panels"]), reveal["randomness"]
    )
    if ticket is None or ticket != reveal["ticket"]:
        return [
            failed(
                "“%(randomness)s” does not draw panel %(ticket)d by the rule declared.",
                randomness=reveal["randomness"],
                ticket=reveal["ticket"],
            )
        ]
    people = [lottery["pseudonyms"][position] for position in lottery["panels"][ticket]]
    if people != reveal["people"]:
        return [failed("The people revealed are not those of panel %(ticket)d.", ticket=ticket)]
    return [
        passed(
            "“%(randomness)s” draws panel %(ticket)d, and the people revealed are its members.",
            randomness=reveal["randomness"],
            ticket=ticket,
        ),
        unchecked(
            "That “%(randomness)s” truly came from the source declared: %(source)s.",
            randomness=reveal["randomness"],
            source=in_one_line(lottery["randomness"]["source"]),
        ),
    ]


def _check_alternates(lottery: Any, reveal: Any, alternates: Any) -> list[Finding]:
    sealed = {key: alternates[key] for key in ("format", "lottery", "panel", "sets")}
    panel = set(lottery["panels"][reveal["ticket"]]) if reveal["ticket"] < len(lottery["panels"]) else set()
    sets = alternates["sets"]
    commitment = digest("alternates", sealed)
    ticket = _ticket("hash", commitment, len(sets), alternates["randomness"])
    outside = all(
        len(set(chosen)) == len(chosen) == len(sets[0])
        and not panel & set(chosen)
        and max(chosen, default=0) < len(lottery["pseudonyms"])
        for chosen in sets
    )
    same_draw = (alternates["lottery"], alternates["panel"]) == (reveal["commitment"], reveal["ticket"])
    same_draw = same_draw and alternates["commitment"] == commitment
    if not (outside and same_draw and ticket is not None and ticket == alternates["ticket"]):
        return [failed("The alternates do not follow from this panel and this randomness.")]
    if [lottery["pseudonyms"][position] for position in sets[ticket]] != alternates["people"]:
        return [failed("The alternates named are not those of the set drawn.")]
    return [
        passed(
            "“%(randomness)s” draws set %(ticket)d of %(sets)d, and the alternates are its people in "
            "calling order.",
            randomness=alternates["randomness"],
            ticket=ticket,
            sets=len(sets),
        ),
        unchecked("That the sets of alternates are near the best: the program that found them is needed."),
    ]


def _check_homes(lottery: Any, attributes: Any, people: list[str]) -> list[Finding]:
    """That panel and alternates together have nobody's cohabitant."""
    if attributes is None or not lottery["one_per_household"]:
        return []
    homes = Counter(
        row[-1]
        for name, row in zip(lottery["pseudonyms"], attributes["rows"])  # noqa: B905
        if row and row[-1] and name in people
    )
    if homes and max(homes.values()) > 1:
        return [failed("Two people of one household are among the panel and its alternates.")]
    return [passed("No two people of one household are among the panel and its alternates.")]
