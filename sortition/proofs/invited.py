"""Which entries of a sealed invitation public randomness draws, and the check of all of it.

The standard library alone: anyone can read this file and run it. The rule is one sentence. Sort the entries by
SHA-256("deliberate/invitation-draw/1", digest of the invitation, randomness, entry), a line each; go down the list
and invite an entry, unless its stratum has its letters already or somebody of its household is invited.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from sortition.proofs.apportionment import apportion
from sortition.proofs.canonical import digest
from sortition.proofs.ceremony import balls_drawn, drawn_text
from sortition.proofs.documents import (
    SHA256,
    Finding,
    failed,
    in_one_line,
    misfit,
    passed,
    ratio,
    sealing,
    unchecked,
)

INVITATION_SHAPE = {
    "format": "deliberate/invitation/1",
    "number": 1,
    "strata_columns": [str],
    "strata": [{"values": [str], "population": 0, "response": Fraction, "entries": 0, "letters": 0}],
    "entries": [SHA256],
    "stratum_of": [0],
    "group_of": [-1],
    "randomness": {"source": str, "digits": 0},
}

INVITED_SHAPE = {
    "format": "deliberate/invited/1",
    "invitation": str,
    "randomness": str,
    "invited": [0],
}


def letter_text(invitation: Mapping[str, Any], randomness: str) -> "str | None":
    """The part of a text that draws: so many digits, one per ball, where these were declared; None where it is not."""
    digits, text = invitation["randomness"]["digits"], drawn_text(randomness)
    if not digits:
        return text or None
    drawn = balls_drawn(randomness)
    return drawn if len(drawn) == digits else None


def drawn_entries(invitation: Mapping[str, Any], commitment: str, randomness: str) -> "list[int] | None":
    """The positions of the entries invited, in the order of their letters; None of a text that cannot draw."""
    text = letter_text(invitation, randomness)
    if text is None:
        return None
    start = hashlib.sha256(f"deliberate/invitation-draw/1\n{commitment}\n{text}\n".encode())
    places = []
    for position, entry in enumerate(invitation["entries"]):
        follow = start.copy()
        follow.update(entry.encode())
        places.append((follow.digest(), position))
    left = [stratum["letters"] for stratum in invitation["strata"]]
    taken: set[int] = set()
    invited = []
    for _, position in sorted(places):
        stratum = invitation["stratum_of"][position]
        group = invitation["group_of"][position] if invitation["group_of"] else -1
        if left[stratum] and group not in taken:
            invited.append(position)
            left[stratum] -= 1
            if group >= 0:
                taken.add(group)
    return invited


def verify_invitation(
    invitation: Any,
    invited: Any = None,
    commitment: str | None = None,
    rows: Sequence[tuple[str, str, Sequence[str]]] | None = None,
) -> list[Finding]:
    """Everything that can be checked of an invitation from the documents given; never an exception.

    `commitment` is the digest published before the draw; `rows` are (entry, nonce, cells) of the private key.
    """
    documents = [
        ("invitation.json", invitation, INVITATION_SHAPE),
        ("invited.json", invited, INVITED_SHAPE),
    ]
    for name, document, shape in documents:
        place = misfit(document, shape, name) if document is not None or shape is INVITATION_SHAPE else None
        if place:
            sentence = "%(document)s is not what its format promises: look at %(place)s."
            return [failed(sentence, document=name, place=place)]
    findings = [*_check_digest(invitation, commitment), *_check_strata(invitation)]
    if any(finding.outcome == "failed" for finding in findings):
        return findings
    findings += _check_rows(invitation, rows)
    if invited is None:
        return [*findings, unchecked("The draw of the letters: invited.json was not given.")]
    return findings + _check_drawn(invitation, invited)


def _check_digest(invitation: Any, commitment: str | None) -> list[Finding]:
    computed = digest("invitation", invitation)
    if commitment is None:
        return [unchecked("The digest is %(computed)s. Compare it with that published.", computed=computed)]
    if computed != commitment:
        return [
            failed(
                "The digest of this invitation is %(computed)s; %(declared)s was published: it was changed.",
                computed=computed,
                declared=commitment,
            )
        ]
    return [passed("The digest is the one published before the draw: %(computed)s.", computed=computed)]


def _check_strata(invitation: Any) -> list[Finding]:
    entries, strata = invitation["entries"], invitation["strata"]
    stratum_of, group_of = invitation["stratum_of"], invitation["group_of"]
    fits = len(stratum_of) == len(entries) and len(group_of) in (0, len(entries)) and bool(strata)
    fits = fits and max(stratum_of, default=0) < len(strata) and len(set(entries)) == len(entries)
    if not fits:
        return [failed("The entries of the invitation and their strata do not fit together.")]
    if any(one["entries"] != count for one, count in zip(strata, _counted(invitation))):  # noqa: B905
        return [failed("A stratum does not have the number of entries stated.")]
    rates = [ratio(one["response"]) or Fraction(0) for one in strata]
    if not all(rates):
        return [failed("The expected response of a stratum is zero.")]
    weights = [one["population"] / rate for one, rate in zip(strata, rates)]  # noqa: B905
    letters = apportion(invitation["number"], weights, [one["entries"] for one in strata])
    if letters != [one["letters"] for one in strata]:
        return [failed("The letters are not shared among the strata by the rule declared.")]
    return [
        passed(
            "%(number)d letters are shared among %(strata)d strata in proportion to population and, inversely, to "
            "the expected response.",
            number=invitation["number"],
            strata=len(strata),
        )
    ]


def _counted(invitation: Any) -> list[int]:
    """Entries of each stratum that can be invited together."""
    groups = invitation["group_of"] or [-1] * len(invitation["entries"])
    alone: Counter[int] = Counter()
    homes = set()
    for stratum, group in zip(invitation["stratum_of"], groups):  # noqa: B905
        if group < 0:
            alone[stratum] += 1
        else:
            homes.add((stratum, group))
    shared = Counter(stratum for stratum, _ in homes)
    return [alone[place] + shared[place] for place in range(len(invitation["strata"]))]


def _check_rows(invitation: Any, rows: Sequence[tuple[str, str, Sequence[str]]] | None) -> list[Finding]:
    if rows is None:
        return [
            unchecked("That the entries stand for the addresses kept by the organiser: key.csv is needed.")
        ]
    if [entry for entry, _, _ in rows] != invitation["entries"]:
        return [failed("key.csv does not have the entries of this invitation.")]
    for number, (entry, nonce, cells) in enumerate(rows, start=2):
        if set(nonce) - set("0123456789abcdef") or len(nonce) % 2 or sealing(nonce, list(cells)) != entry:
            return [failed("Row %(row)d of key.csv is not the entry committed to.", row=number)]
    return [passed("Each of the %(entries)d rows of key.csv is the entry committed to.", entries=len(rows))]


def _check_drawn(invitation: Any, invited: Any) -> list[Finding]:
    commitment = digest("invitation", invitation)
    if invited["invitation"] != commitment:
        return [failed("The letters were drawn from another invitation.")]
    if drawn_entries(invitation, commitment, invited["randomness"]) != invited["invited"]:
        return [
            failed(
                "“%(randomness)s” does not draw these entries by the rule declared.",
                randomness=invited["randomness"],
            )
        ]
    return [
        passed(
            "“%(randomness)s” draws the %(letters)d entries invited, in the order of their letters.",
            randomness=invited["randomness"],
            letters=len(invited["invited"]),
        ),
        unchecked(
            "That “%(randomness)s” truly came from the source declared: %(source)s.",
            randomness=invited["randomness"],
            source=in_one_line(invitation["randomness"]["source"]),
        ),
    ]
