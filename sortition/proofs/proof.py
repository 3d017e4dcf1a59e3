"""Checking what guarantors hold: every panel, every row, every quota, everybody's chance. Standard library alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import islice
from math import lcm
from typing import Any

from sortition.proofs.documents import (
    Finding,
    failed,
    limits_of,
    panels_of_people,
    passed,
    ratio,
    sealing,
    seats_held,
    unchecked,
)
from sortition.proofs.optimality import check_certificate

MOST_FAULTS = 20
MOST_COMPARISONS = 50_000_000
# Chances without a common denominator grow with every sum.
MOST_DENOMINATOR = 10**60


def check_attributes(lottery: Any, attributes: Any) -> list[Finding]:
    """What the panels and rows that guarantors hold show; both documents have their shape already."""
    if attributes is None:
        return [
            *_check_extremes(lottery),
            unchecked(
                "That every panel meets every quota, and everybody's chance: the panels and rows "
                "(attributes.json) are needed."
            ),
            unchecked("That no lottery is more equal: the certificate (attributes.json) is needed."),
        ]
    opened = {**lottery, "panels": attributes["panels"]}
    if len(lottery["quotas"]) * len(attributes["panels"]) > MOST_COMPARISONS:
        return [failed("The lottery has more panels and quotas than can be checked.")]
    problems = _check_certificate_seal(lottery, attributes) + _check_panels(lottery, attributes)
    if problems:
        return problems
    problems = _check_rows(lottery, attributes)
    if problems:
        return problems
    types = _types(lottery, attributes["rows"])
    known = len(types) - types.count(None)
    return [
        passed(
            "All %(panels)d panels are the ones committed to; each has %(size)d different people of a pool "
            "of %(people)d.",
            panels=len(attributes["panels"]),
            size=lottery["size"] - lottery["seated"],
            people=len(types),
        ),
        passed(
            "Each of the %(people)d rows, with the panels of its person, is the one committed to.",
            people=known,
        ),
        *_withdrawn(types.count(None)),
        *_check_quotas(opened, types),
        *_check_chances(opened),
        *_check_optimality(opened, attributes["certificate"], types),
    ]


def _check_certificate_seal(lottery: Any, attributes: Any) -> list[Finding]:
    try:
        opened = sealing(attributes["certificate_nonce"], attributes["certificate"])
        sealed = bool(opened == lottery["certificate"])
    except (TypeError, ValueError, RecursionError):
        sealed = False
    if sealed:
        return []
    return [failed("The certificate in attributes.json is not the one sealed with this lottery.")]


def _check_panels(lottery: Any, attributes: Any) -> list[Finding]:
    """Every panel, and that it has as many different people of the pool as the size says."""
    panels, nonces, sealed = attributes["panels"], attributes["panel_nonces"], lottery["panels"]
    people, size = len(lottery["pseudonyms"]), lottery["size"] - lottery["seated"]
    if not len(panels) == len(nonces) == len(sealed):
        return [failed("attributes.json does not have one panel and one nonce per panel sealed.")]
    problems = []
    for number, panel in enumerate(panels):
        fault = None
        if sealing(nonces[number], panel) != sealed[number]:
            fault = "Panel %(panel)d, or its nonce, is not the one committed to."
        elif len(panel) != size or len(set(panel)) != len(panel) or max(panel, default=0) >= people:
            fault = "Panel %(panel)d does not have %(size)d different people of the pool."
        elif panel != sorted(panel):
            fault = "Panel %(panel)d does not stand in the order of the pool: nobody could open it."
        if fault:
            problems.append(failed(fault, panel=number, **({"size": size} if "size" in fault else {})))
    return first_of(problems)


def first_of(problems: Iterable[Finding]) -> list[Finding]:
    """The first faults of a kind, and how many there are more."""
    waiting = iter(problems)
    kept = list(islice(waiting, MOST_FAULTS))
    more = sum(1 for _ in waiting)
    return [*kept, failed("%(number)d more faults of this kind.", number=more)] if more else kept


def _check_chances(opened: Any) -> list[Finding]:
    least = Fraction(min(seats_held(opened)), len(opened["panels"]))
    stated = ratio(opened["chances"]["least"])
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


def _check_optimality(opened: Any, certificate: Any, types: "list[tuple[int, ...] | None]") -> list[Finding]:
    """The certificate, unless it is made so large that nobody could finish checking it."""
    levels = certificate["levels"]
    if len(levels) * _kinds(certificate["cuts"], types) > MOST_COMPARISONS:
        return [
            failed(
                "The certificate has %(levels)d levels: more than can be checked for a pool of this kind.",
                levels=len(levels),
            )
        ]
    common = 1
    for level in levels:
        common = lcm(common, Fraction(level["chance"]).denominator)
        if common > MOST_DENOMINATOR:
            return [failed("The chances of the certificate have no common denominator of bearable size.")]
    return check_certificate(opened, certificate, types)


def _kinds(cuts: Any, types: "list[tuple[int, ...] | None]") -> int:
    """How many kinds of people the cuts make of these types, counted with the cuts that each carries."""
    carried: list[list[Any]] = [[type_] for type_ in types]
    for number, cut in enumerate(cuts):
        for place, group in enumerate(cut["groups"]):
            for position in group:
                if position < len(carried):
                    carried[position].append((number, place))
    return sum(map(len, set(map(tuple, carried))))


def _withdrawn(people: int) -> list[Finding]:
    sentence = (
        "Rows withdrawn by the people they concern: %(people)d. Panels that hold them are checked without "
        "them."
    )
    return [Finding("withdrawn", sentence, {"people": people})] if people else []


def _check_extremes(lottery: Any) -> list[Finding]:
    """What is stated of the panels against the quotas: no row is needed to see that it breaks one."""
    return first_of(
        failed(
            "“%(category)s: %(value)s” is stated to have %(lowest)d to %(highest)d people; the quota is %(min)d to "
            "%(max)d.",
            **{key: quota[key] for key in ("category", "value", "lowest", "highest", "min", "max")},
        )
        for quota in lottery["quotas"]
        if not quota["min"] <= quota["lowest"] <= quota["highest"] <= quota["max"]
    )


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
    held = panels_of_people(attributes["panels"], len(rows))
    problems = []
    for position, row in enumerate(rows):
        said = None if row is None else [row, held[position]]
        fault = _row_fault(said, nonces[position], sealed[position], categories)
        if fault is not None:
            problems.append(failed(fault, person=lottery["pseudonyms"][position]))
    return first_of(problems)


def _row_fault(said: Any, nonce: Any, sealed: str, categories: list[dict[str, int]]) -> "str | None":
    if said is None and nonce is None:
        return None
    half = "Of %(person)s only the row or only the nonce was withdrawn; they go together."
    exchanged = "The row of %(person)s, its nonce or its panels are not those committed to."
    unknown = "The row of %(person)s has a value without a quota."
    if said is None or nonce is None:
        return half
    if sealing(nonce, said) != sealed:
        return exchanged
    row = said[0]
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
    """Counted are the known members and those seated already; those withdrawn may have any value."""
    panels = []
    limits = limits_of(lottery)
    for panel in lottery["panels"]:
        members = [types[position] for position in panel]
        counts = Counter(index for type_ in members if type_ is not None for index in type_)
        panels.append((counts, members.count(None)))
    problems = first_of(
        fault
        for number, (counts, withdrawn) in enumerate(panels)
        for fault in _panel_faults(lottery, limits, number, counts, withdrawn)
    )
    for index, quota in enumerate(lottery["quotas"]):
        there = quota["seated"]
        least = [counts[index] + there for counts, _ in panels]
        most = [counts[index] + there + withdrawn for counts, withdrawn in panels]
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


def _panel_faults(
    lottery: Any, limits: list[tuple[int, int]], panel: int, counts: Counter[int], withdrawn: int
) -> Iterator[Finding]:
    plain = "Panel %(panel)d has %(count)d with “%(category)s: %(value)s”; the quota is %(min)d to %(max)d."
    bounded = (
        "Panel %(panel)d has %(count)d with “%(category)s: %(value)s” and %(withdrawn)d withdrawn; the quota "
        "is %(min)d to %(max)d."
    )
    for index, (quota, (low, high)) in enumerate(zip(lottery["quotas"], limits)):  # noqa: B905
        if counts[index] > high or counts[index] + withdrawn < low:
            values = {
                "panel": panel,
                "count": counts[index] + quota["seated"],
                **({"withdrawn": withdrawn} if withdrawn else {}),
                **{key: quota[key] for key in ("category", "value", "min", "max")},
            }
            yield Finding("failed", bounded if withdrawn else plain, values)
    if any(people > 1 for limit, people in counts.items() if limit > len(lottery["quotas"])):
        yield failed("Panel %(panel)d has two people of one household.", panel=panel)
