"""Checking a lottery from its documents alone, with the standard library alone.

No solver, no numpy: anyone can read this file and run it. Nothing that prepared the lottery is trusted. Everything in
`sortition.proofs` runs unchanged on Python 3.9, pasted into the `verify.py` of a folder or bundle (`composition`), so
`zip` has no `strict` here.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sortition.proofs.canonical import digest
from sortition.proofs.ceremony import check_alternates, check_homes, check_reveal
from sortition.proofs.documents import (
    ALTERNATES_SHAPE,
    ATTRIBUTES_SHAPE,
    PERSON_SHAPE,
    PUBLIC_SHAPE,
    REVEAL_SHAPE,
    SALT,
    SETS_SHAPE,
    Finding,
    failed,
    filled_cells,
    is_nonce,
    misfit,
    passed,
    sealing,
    unchecked,
)
from sortition.proofs.proof import check_attributes, first_of


def verify_lottery(
    lottery: Any,
    attributes: Any = None,
    reveal: Any = None,
    alternates: Any = None,
    commitment: "str | None" = None,
    person: Any = None,
    sets: Any = None,
    key: "Mapping[str, Mapping[str, str]] | None" = None,
) -> list[Finding]:
    """Everything that can be checked of a lottery from the documents given.

    `lottery`, `attributes`, `reveal` and `alternates` are the parsed documents, `commitment` the digest published before
    the draw, `person` what one registrant was told of themselves (`personal`), `sets` the sets of alternates that
    guarantors hold, `key` the organisers' columns by pseudonym, the salt among them. Documents of any shape are
    answered, never with an exception. In `attributes` a row may be null together with its nonce: withdrawn by the
    person it concerns.
    """
    documents = [
        ("lottery.json", lottery, PUBLIC_SHAPE),
        ("attributes.json", attributes, ATTRIBUTES_SHAPE),
        ("reveal.json", reveal, REVEAL_SHAPE),
        ("alternates.json", alternates, ALTERNATES_SHAPE),
        ("alternates-sets.json", sets, SETS_SHAPE),
        ("person.json", person, PERSON_SHAPE),
    ]
    sentence = "%(document)s is not what its format promises: look at %(place)s."
    misshapen = [
        failed(sentence, document=name, place=place)
        for name, document, shape in documents
        if (document is not None or name == "lottery.json") and (place := misfit(document, shape, name))
    ]
    if misshapen:
        return misshapen
    if not all(isinstance(name, str) and name.isascii() for name in lottery["software"]):
        return [failed(sentence, document="lottery.json", place="lottery.json: software")]
    findings = _check_seal(lottery, reveal, commitment) + _check_parts(lottery)
    if findings[-1].outcome == "failed":
        return findings
    findings += check_attributes(lottery, attributes) + _check_stayed(lottery)
    findings += _check_key(lottery, key)
    if person is not None:
        findings += _check_person(lottery, person, reveal)
    if reveal is None:
        findings.append(unchecked("The draw: no reveal was given."))
    else:
        findings += check_reveal(lottery, reveal)
        if alternates is not None:
            findings += check_alternates(lottery, reveal, alternates, sets)
            findings += check_homes(lottery, attributes, alternates["people"] + reveal["people"])
    return findings


def _check_stayed(lottery: Any) -> list[Finding]:
    """What a lottery of empty seats cannot show by itself: who sat there before it."""
    if not lottery["seated"]:
        return []
    if not lottery["replaces"]:
        return [
            unchecked(
                "How the %(seated)d people who were seated before this lottery were chosen, and that they are counted "
                "with their own values: nothing here says it.",
                seated=lottery["seated"],
            )
        ]
    return [
        unchecked(
            "That the %(seated)d people who keep their seats were drawn, and are counted with their own values: verify the "
            "lottery %(replaces)s too.",
            seated=lottery["seated"],
            replaces=lottery["replaces"],
        )
    ]


def _check_seal(lottery: Any, reveal: Any, commitment: "str | None") -> list[Finding]:
    computed = digest("lottery", lottery)
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


def _check_parts(lottery: Any) -> list[Finding]:
    """Every part against its own digest, so that a change is told where it is; and that the parts fit together."""
    problems = [
        failed("“%(part)s” in lottery.json is not what was sealed: it was changed.", part=part)
        for part, stated in lottery["digests"].items()
        if digest(part, lottery[part]) != stated
    ]
    people, panels = len(lottery["pseudonyms"]), len(lottery["panels"])
    if not people or not panels or not len(lottery["commitments"]) == len(lottery["entries"]) == people:
        problems.append(failed("The pool, its commitments and the panels do not fit together."))
    if len(set(lottery["pseudonyms"])) != people:
        problems.append(failed("A pseudonym stands for two people."))
    if not lottery["seated"] < lottery["size"] <= lottery["seated"] + people:
        problems.append(
            failed("The size of the panel fits neither the pool nor those who are seated already.")
        )
    problems += _check_quota_table(lottery)
    return problems or [
        passed(
            "The lottery seals %(panels)d panels of a pool of %(people)d, each under a digest of its own.",
            panels=panels,
            people=people,
        )
    ]


def _check_quota_table(lottery: Any) -> list[Finding]:
    """That the table of quotas can be one: what anybody sees without any row.

    A quota that stands twice would hide one of the two, and people seated who are in no quota, or in two of one
    category, would let a panel pass without those it needs.
    """
    names = [
        tuple(unicodedata.normalize("NFC", quota[key]) for key in ("category", "value"))
        for quota in lottery["quotas"]
    ]
    twice = [name for name, times in Counter(names).items() if times > 1]
    problems = [
        failed("“%(category)s: %(value)s” stands twice among the quotas.", category=category, value=value)
        for category, value in twice
    ]
    seated: Counter[str] = Counter()
    for (category, _), quota in zip(names, lottery["quotas"]):  # noqa: B905
        seated[category] += quota["seated"]
    problems += [
        failed(
            "In “%(category)s” the quotas count %(counted)d people seated already; %(seated)d are stated.",
            category=category,
            counted=counted,
            seated=lottery["seated"],
        )
        for category, counted in seated.items()
        if counted != lottery["seated"]
    ]
    return problems


def _check_key(lottery: Any, key: "Mapping[str, Mapping[str, str]] | None") -> list[Finding]:
    """That each pseudonym stands for the volunteer it was sealed for; those who withdrew are no longer in the key."""
    if key is None:
        return [
            unchecked("That the pseudonyms stand for the volunteers they were sealed for: key.csv is needed.")
        ]
    problems = []
    known = 0
    for name, sealed in zip(lottery["pseudonyms"], lottery["entries"]):  # noqa: B905
        columns = dict(key.get(name, {}))
        salt = columns.pop(SALT, "")
        known += bool(salt)
        if columns and not (is_nonce(salt) and sealing(salt, filled_cells(columns)) == sealed):
            problems.append(
                failed("In key.csv, %(person)s is not the volunteer sealed under it.", person=name)
            )
    if problems:
        return first_of(problems)
    sentence = "Each of the %(people)d volunteers in key.csv is the one sealed under their pseudonym."
    gone = len(lottery["pseudonyms"]) - known
    withdrawn = [Finding("withdrawn", "Volunteers taken out of key.csv: %(people)d.", {"people": gone})]
    return [passed(sentence, people=known), *(withdrawn if gone else [])]


def _check_person(lottery: Any, person: Any, reveal: Any) -> list[Finding]:
    """What was sealed about one person, with the nonce that is theirs; nothing of anybody else is needed."""
    if person["commitment"] != digest("lottery", lottery):
        return [failed("person.json belongs to another lottery than this one.")]
    name, held, panels = person["pseudonym"], person["panels"], len(lottery["panels"])
    if name not in lottery["pseudonyms"]:
        return [failed("The pseudonym in person.json, %(person)s, is not in this lottery.", person=name)]
    position = lottery["pseudonyms"].index(name)
    if sealing(person["salt"], person["entry"]) != lottery["entries"][position]:
        return [failed("%(person)s was not sealed for the volunteer that person.json names.", person=name)]
    if sealing(person["nonce"], [person["row"], held]) != lottery["commitments"][position]:
        return [
            failed(
                "The row, nonce or panels in person.json are not those sealed for %(person)s.", person=name
            )
        ]
    if reveal is not None and (reveal["ticket"] in held) != (name in reveal["people"]):
        return [
            failed(
                "The panels in person.json and the people revealed disagree on whether %(person)s was drawn.",
                person=name,
            )
        ]
    return [
        passed(
            "The pseudonym %(person)s was sealed for you, as: %(entry)s.",
            person=name,
            entry=" / ".join(": ".join(cell) for cell in person["entry"]),
        ),
        passed(
            "Your row was sealed as: %(row)s. You are in %(held)d of %(panels)d panels: that is your chance.",
            row=" / ".join(person["row"]),
            held=len(held),
            panels=panels,
        ),
    ]
