"""Checking the rows of a pool: every panel against every quota, every level of the certificate. Standard library alone."""

import hashlib
from collections import Counter
from fractions import Fraction
from typing import Any

from sortition.canonical import canonical, digest
from sortition.documents import Finding, failed, passed, seats_held, unchecked


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
        *_check_certificate(lottery, attributes["levels"], types),
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


def _check_certificate(lottery: Any, levels: Any, types: list[tuple[int, ...] | None]) -> list[Finding]:
    named = Counter(position for level in levels for position in level["people"])
    if set(named) != set(range(len(types))) or set(named.values()) != {1}:
        return [failed("The certificate does not name each person once.")]
    known = [type_ for type_ in types if type_ is not None]
    if len(known) < len(types):
        proof = [unchecked("That no lottery is more equal: the rows withdrawn are needed.")]
    else:
        proof = _check_levels(lottery, levels, known)
    if proof[0].outcome == "failed":
        return proof
    return proof + _check_stated(lottery, levels)


def _check_levels(lottery: Any, levels: Any, by_type: list[tuple[int, ...]]) -> list[Finding]:
    types = Counter(by_type)
    limits = max(len(lottery["quotas"]), *(max(type_, default=0) for type_ in by_type)) + 1
    settled: dict[tuple[int, ...], Fraction] = {}
    slack = Fraction(0)
    for number, level in enumerate(levels):
        chance, stated = Fraction(level["chance"]), Fraction(level["bound"])
        here = Counter(by_type[position] for position in level["people"])
        if len(level["multipliers"]) != limits or any(here[type_] != types[type_] for type_ in here):
            return [failed("Level %(level)d of the certificate does not fit the pool.", level=number + 1)]
        proved = _bound(lottery, level["multipliers"], types, settled)
        if proved > stated:
            return [
                failed(
                    "Level %(level)d of the certificate proves %(proved).9f only; %(stated).9f is stated.",
                    level=number + 1,
                    proved=float(proved),
                    stated=float(stated),
                )
            ]
        slack = max(slack, stated - chance)
        settled.update(dict.fromkeys(here, chance))
    return [
        passed(
            "No lottery that meets these quotas can give those with the least chance more than %(bound).6f; "
            "this one gives %(least).6f.",
            bound=float(Fraction(levels[0]["bound"])),
            least=float(Fraction(lottery["chances"]["least"])),
        ),
        passed(
            "Level by level (%(levels)d levels), no lottery that gives everyone settled earlier at least "
            "their stated chance can give all the others more than theirs plus %(slack).0e.",
            levels=len(levels),
            slack=float(slack),
        ),
    ]


def _check_stated(lottery: Any, levels: Any) -> list[Finding]:
    """The chances of the certificate against what the lottery states and against what its panels give."""
    panels, seats, stated = len(lottery["panels"]), seats_held(lottery), lottery["chances"]
    difference = max(
        abs(Fraction(seats[position], panels) - Fraction(level["chance"]))
        for level in levels
        for position in level["people"]
    )
    if difference != Fraction(stated["largest_difference"]) or stated["bound"] != levels[0]["bound"]:
        return [
            failed("The chances stated with the lottery are not those of its panels and its certificate.")
        ]
    return [
        passed(
            "Nobody's chance in this lottery is further than %(difference).6f from the one stated in the "
            "certificate.",
            difference=float(difference),
        ),
    ]


def _bound(
    lottery: Any,
    multipliers: list[int],
    types: dict[tuple[int, ...], int],
    settled: dict[tuple[int, ...], Fraction],
) -> Fraction:
    """What no lottery can give all the people not yet settled.

    For any multipliers μ, the weights y = max(0, Σ μ of a person's values) sum over every panel to at most
    Σ max·μ⁺ − Σ min·μ⁻ + Σ over people max(0, −Σ μ). The panel size is one more quota, carried by everybody;
    each household is one more, at most 1, carried by its people.
    """
    size = lottery["size"]
    limits = [(quota["min"], quota["max"]) for quota in lottery["quotas"]] + [(size, size)]
    limits += [(0, 1)] * (len(multipliers) - len(limits))
    total = Fraction(sum(m * limits[row][1 if m > 0 else 0] for row, m in enumerate(multipliers)))
    weight = 0
    for type_, people in types.items():
        gain = sum(multipliers[index] for index in type_) + multipliers[len(lottery["quotas"])]
        total += people * max(0, -gain)
        if type_ in settled:
            total -= people * max(0, gain) * settled[type_]
        else:
            weight += people * max(0, gain)
    return min(total / weight, Fraction(1)) if weight else Fraction(1)
