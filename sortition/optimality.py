"""Checking the certificate of a lottery: that no lottery does better. Exact rationals, standard library alone."""

from collections import Counter
from fractions import Fraction
from typing import Any

from sortition.documents import Finding, failed, limits_of, passed, seats_held, unchecked


def check_certificate(lottery: Any, levels: Any, types: list[tuple[int, ...] | None]) -> list[Finding]:
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
    limits = limits_of(lottery)
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
