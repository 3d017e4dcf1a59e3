"""Checking the rows of a pool, and every panel against every quota. Standard library alone."""

import hashlib
from collections import Counter
from typing import Any

from sortition.canonical import canonical, digest
from sortition.documents import Finding, failed, passed, unchecked
from sortition.optimality import check_certificate


def check_attributes(lottery: Any, attributes: Any) -> list[Finding]:
    if attributes is None:
        return [
            unchecked(
                "That every panel meets every quota: the rows of the pool (attributes.json) are needed."
            ),
            unchecked("That no lottery is more equal: the certificate (attributes.json) is needed."),
        ]
    try:
        sealed = digest("certificate", attributes["levels"]) == lottery["certificate"]
    except (TypeError, ValueError):
        sealed = False
    if not sealed:
        return [failed("The certificate in attributes.json is not the one sealed with this lottery.")]
    problems = _check_rows(lottery, attributes)
    if problems:
        return problems
    types = _types(lottery, attributes["rows"])
    known = len(types) - types.count(None)
    return [
        passed("Each of the %(people)d rows is the one committed to.", people=known),
        *_withdrawn(types.count(None)),
        *_check_quotas(lottery, types),
        *check_certificate(lottery, attributes["levels"], types),
    ]


def _withdrawn(people: int) -> list[Finding]:
    sentence = (
        "Rows withdrawn by the people they concern: %(people)d. Panels that hold them are checked without "
        "them."
    )
    return [Finding("withdrawn", sentence, {"people": people})] if people else []


def _categories(lottery: Any) -> dict[str, dict[str, int]]:
    """The index of each quota, by category and value."""
    found: dict[str, dict[str, int]] = {}
    for index, quota in enumerate(lottery["quotas"]):
        found.setdefault(quota["category"], {})[quota["value"]] = index
    return found


def _check_rows(lottery: Any, attributes: Any) -> list[Finding]:
    rows, nonces, sealed = attributes["rows"], attributes["nonces"], lottery["commitments"]
    categories = list(_categories(lottery).values())
    if lottery["one_per_household"]:
        categories.append({"": 0} | {str(number): number for number in range(len(rows))})
    if not len(rows) == len(nonces) == len(sealed) == len(lottery["pseudonyms"]):
        return [failed("attributes.json does not have one row and one nonce per person.")]
    problems = []
    for position, row in enumerate(rows):
        fault = _row_fault(row, nonces[position], sealed[position], categories)
        if fault is not None:
            problems.append(failed(fault, person=lottery["pseudonyms"][position]))
    return problems


def _row_fault(row: Any, nonce: Any, sealed: str, categories: list[dict[str, int]]) -> str | None:
    if row is None and nonce is None:
        return None
    half = "Of %(person)s only the row or only the nonce was withdrawn; they go together."
    exchanged = "The row of %(person)s is not the one committed to."
    unknown = "The row of %(person)s has a value without a quota."
    if row is None or nonce is None:
        return half
    if hashlib.sha256(bytes.fromhex(nonce) + canonical(row)).hexdigest() != sealed:
        return exchanged
    fits = len(row) == len(categories) and all(row[place] in known for place, known in enumerate(categories))
    return None if fits else unknown


def _types(lottery: Any, rows: list[Any]) -> list[tuple[int, ...] | None]:
    """The limits each person counts for; None for those who withdrew their row.

    Limits are numbered as in the multipliers of the certificate: quotas, the panel size, households. Households
    stand last in a row, by number; nothing stands there for people who share none.
    """
    categories = list(_categories(lottery).values())
    if lottery["one_per_household"]:
        first = len(lottery["quotas"]) + 1
        categories.append({str(number): first + number for number in range(len(rows))})
    return [
        None
        if row is None
        else tuple(known[row[place]] for place, known in enumerate(categories) if row[place] in known)
        for row in rows
    ]


def _check_quotas(lottery: Any, types: list[tuple[int, ...] | None]) -> list[Finding]:
    """Counted are the known members; those withdrawn may have any value."""
    problems = []
    panels = []
    for number, panel in enumerate(lottery["panels"]):
        members = [types[position] for position in panel]
        counts = Counter(index for type_ in members if type_ is not None for index in type_)
        panels.append((counts, members.count(None)))
        problems += _panel_faults(lottery, number, counts, members.count(None))
    for index, quota in enumerate(lottery["quotas"]):
        least = [counts[index] for counts, _ in panels]
        most = [counts[index] + withdrawn for counts, withdrawn in panels]
        if not (min(least) <= quota["lowest"] <= min(most) and max(least) <= quota["highest"] <= max(most)):
            problems.append(
                failed(
                    "“%(category)s: %(value)s” is stated to have %(lowest)d to %(highest)d people; the "
                    "panels say otherwise.",
                    **{key: quota[key] for key in ("category", "value", "lowest", "highest")},
                )
            )
    if problems:
        return problems
    if None in types:
        return [
            passed(
                "No panel breaks a quota: known members are never above a maximum, and with the members "
                "withdrawn never below a minimum."
            ),
            *_households_passed(lottery),
        ]
    return [passed("Every panel meets every quota."), *_households_passed(lottery)]


def _households_passed(lottery: Any) -> list[Finding]:
    rule = passed("No panel has two people of one household.")
    return [rule] if lottery["one_per_household"] else []


def _panel_faults(lottery: Any, panel: int, counts: Counter[int], withdrawn: int) -> list[Finding]:
    plain = "Panel %(panel)d has %(count)d with “%(category)s: %(value)s”; the quota is %(min)d to %(max)d."
    bounded = (
        "Panel %(panel)d has %(count)d with “%(category)s: %(value)s” and %(withdrawn)d withdrawn; the quota "
        "is %(min)d to %(max)d."
    )
    faults = [
        Finding(
            "failed",
            bounded if withdrawn else plain,
            {
                "panel": panel,
                "count": counts[index],
                **({"withdrawn": withdrawn} if withdrawn else {}),
                **{key: quota[key] for key in ("category", "value", "min", "max")},
            },
        )
        for index, quota in enumerate(lottery["quotas"])
        if counts[index] > quota["max"] or counts[index] + withdrawn < quota["min"]
    ]
    if any(people > 1 for limit, people in counts.items() if limit > len(lottery["quotas"])):
        faults.append(failed("Panel %(panel)d has two people of one household.", panel=panel))
    return faults
