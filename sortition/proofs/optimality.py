"""Checking the certificate of a lottery: that no lottery does better. Exact rationals, standard library alone.

With the gains g of `sortition.engine.certificate` and c = Σ max·μ⁺ − Σ min·μ⁻, no panel has Σ g over its members above c; so:

- leximin, maximin: see `level_bound`.
- minimax: with u = max(0, −g), Σ u over any panel is at least −c, so somebody has at least −c / Σ u.
- nash: with y = 1/p for the stated chances p, no panel has Σ y above ŷ = c/scale + Σ max(0, y − g/scale), so by the
  inequality of the means no geometric mean is above that of p times ŷ/n.
- goldilocks: with v = max(0, g), u = max(0, −g), any lottery with least chance a and greatest b has a·Σv − b·Σu ≤ c, and
  1/a ≥ 2/a₀ − a/a₀² for the stated least a₀, and (1 + r)·b − r ≤ b for any r ≥ 0 since b ≤ 1, and
  (1 − t)·b + t·a ≤ b for any 0 ≤ t ≤ 1 since a ≤ b; so n/k·b + k/n/a is bounded by functions linear in a.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from sortition.proofs.branches import check_cuts
from sortition.proofs.documents import Finding, failed, limits_of, passed, seats_held, unchecked

# What the multipliers of nash are divided by.
NASH_SCALE = 10**6

Terms = Iterable["tuple[int, int, Fraction | None]"]


def level_bound(constant: int, terms: Terms) -> Fraction:
    """What no lottery can give all the people not yet settled.

    `terms` are, per type, its gain, its people and its chance where it is settled.
    """
    total, weight = constant, 0
    gained: Counter[Fraction] = Counter()
    for gain, people, chance in terms:
        total += people * max(0, -gain)
        if chance is None:
            weight += people * max(0, gain)
        else:
            gained[chance] += people * max(0, gain)
    left = total - sum((chance * sum_ for chance, sum_ in gained.items() if sum_), Fraction(0))
    return min(max(left / weight, Fraction(0)), Fraction(1)) if weight else Fraction(1)


def minimax_bound(constant: int, terms: Terms) -> Fraction:
    """A chance that somebody has in any lottery."""
    weight = sum(people * max(0, -gain) for gain, people, _ in terms)
    return max(Fraction(-constant, weight), Fraction(0)) if weight else Fraction(0)


def nash_bound(constant: int, terms: Terms) -> Fraction:
    """A share of the geometric mean of any lottery that the stated chances have; people without a chance apart."""
    total, able = Fraction(constant, NASH_SCALE), 0
    for gain, people, chance in terms:
        weight = 1 / chance if chance else Fraction(0)
        total += people * max(Fraction(0), weight - Fraction(gain, NASH_SCALE))
        able += people if chance else 0
    return min(Fraction(able) / total, Fraction(1)) if total > 0 else Fraction(1)


def goldilocks_bound(constant: int, terms: Terms, people: int, size: int) -> Fraction:
    """A share of what the stated chances come to that any lottery comes to at least."""
    listed = list(terms)
    able = [chance for _, _, chance in listed if chance]
    least, greatest, mean = min(able), max(able), Fraction(size, people)
    below = sum(group * max(0, gain) for gain, group, chance in listed if chance)
    above = sum(group * max(0, -gain) for gain, group, _ in listed)
    value = greatest / mean + mean / least
    bound = Fraction(2)
    if above:
        steep, level = Fraction(below, above), (mean / least) ** 2
        certain = max(level / steep - 1, Fraction(0)) if steep else Fraction(0)
        equal = (
            min(max((level - steep) / (1 - steep), Fraction(0)), Fraction(1)) if steep < 1 else Fraction(0)
        )
        for rows, same, one in ((1, 0, 0), (1 + certain, 0, certain), (1 - equal, equal, 0)):
            start = (rows * Fraction(-constant, above) - one) / mean + 2 * mean / least
            slope = (rows * steep + same - level) / mean
            bound = max(bound, start + min(Fraction(0), slope))
    return min(bound / value, Fraction(1))


def room(objective: str, levels: Any) -> Fraction:
    """The share by which a lottery may still do better than the chances stated: 0 where they are proved the best."""
    bound = Fraction(levels[0]["bound"])
    if objective == "minimax":
        greatest = max(Fraction(level["chance"]) for level in levels)
        return 1 - bound / greatest if greatest else Fraction(0)
    if objective not in ("leximin", "maximin"):
        return 1 - bound
    held = [(Fraction(level["bound"]), Fraction(level["chance"])) for level in levels]
    if objective == "maximin":
        held = held[:1]
    return max((1 - chance / bound for bound, chance in held if bound), default=Fraction(0))


def check_certificate(lottery: Any, certificate: Any, types: "list[tuple[int, ...] | None]") -> list[Finding]:
    """`types` are the rows that each person counts in, apart from the size; None for those who withdrew theirs."""
    levels = certificate["levels"]
    named = Counter(position for level in levels for position in level["people"])
    if set(named) != set(range(len(types))) or set(named.values()) != {1}:
        return [failed("The certificate does not name each person once.")]
    known = [type_ for type_ in types if type_ is not None]
    if len(known) < len(types):
        proof = [unchecked("That no lottery is more equal: the rows withdrawn are needed.")]
    else:
        proof = _check_proof(lottery, certificate, known)
    if proof[0].outcome == "failed":
        return proof
    return proof + _check_stated(lottery, levels)


def _check_proof(lottery: Any, certificate: Any, by_type: "list[tuple[int, ...]]") -> list[Finding]:
    limits = limits_of(lottery)
    size = len(lottery["quotas"])
    households = max(size, *(max(type_, default=0) for type_ in by_type)) - size
    limits += [(0, 1)] * households
    faults = check_cuts(certificate["cuts"], limits, [(*type_, size) for type_ in by_type])
    if faults:
        return faults
    pool = _Certified(certificate["cuts"], limits, [(*type_, size) for type_ in by_type])
    if lottery["objective"] in ("leximin", "maximin"):
        return _check_levels(lottery, certificate["levels"], pool)
    return _check_objective(lottery, certificate["levels"], pool)


class _Certified:
    """Limits and people, with the cuts once they are proved: people of one kind count alike in every row."""

    def __init__(self, cuts: Any, limits: "list[tuple[int, int]]", rows: "Sequence[tuple[int, ...]]") -> None:
        self.limits = [*limits, *((None, cut["limit"]) for cut in cuts)]
        weighted: list[list[tuple[int, int]]] = [[(row, 1) for row in own] for own in rows]
        for number, cut in enumerate(cuts):
            for group, weight in zip(cut["groups"], cut["weights"]):  # noqa: B905
                for position in group:
                    weighted[position].append((len(limits) + number, weight))
        self.kinds = [tuple(own) for own in weighted]
        self.people = Counter(self.kinds)

    def constant(self, multipliers: "list[int]") -> int:
        return sum(
            multiplier * (most if multiplier > 0 else least or 0)
            for (least, most), multiplier in zip(self.limits, multipliers)  # noqa: B905
        )

    def fits(self, multipliers: "list[int]") -> bool:
        """One per row, and none below a row that has no minimum."""
        return len(multipliers) == len(self.limits) and all(
            multiplier >= 0
            for (least, _), multiplier in zip(self.limits, multipliers)  # noqa: B905
            if least is None
        )

    def shows_absent(self, kinds: Iterable[Any]) -> bool:
        """Whether a cut that only adds leaves each of these no place."""
        carried: dict[int, list[int]] = {}
        for kind in self.kinds:
            for row, weight in kind:
                carried.setdefault(row, []).append(weight)
        closed = {
            row
            for row, weights in carried.items()
            if self.limits[row][0] is None and self.limits[row][1] <= 0 and min(weights) >= 0
        }
        return all(any(row in closed and weight > 0 for row, weight in kind) for kind in kinds)

    def terms(self, multipliers: "list[int]", chances: Any) -> Terms:
        for kind, people in self.people.items():
            yield sum(multipliers[row] * weight for row, weight in kind), people, chances.get(kind)


def _check_levels(lottery: Any, levels: Any, pool: _Certified) -> list[Finding]:
    settled: dict[Any, Fraction] = {}
    slack = Fraction(0)
    proved_levels = 0
    for number, level in enumerate(levels):
        chance, stated = Fraction(level["chance"]), Fraction(level["bound"])
        here = Counter(pool.kinds[position] for position in level["people"])
        if not pool.fits(level["multipliers"]) or any(here[kind] != pool.people[kind] for kind in here):
            return [failed("Level %(level)d of the certificate does not fit the pool.", level=number + 1)]
        proved = level_bound(pool.constant(level["multipliers"]), pool.terms(level["multipliers"], settled))
        if proved > stated:
            return [
                failed(
                    "Level %(level)d of the certificate proves %(proved).9f only; %(stated).9f is stated.",
                    level=number + 1,
                    proved=float(proved),
                    stated=float(stated),
                )
            ]
        if lottery["objective"] == "leximin" or not number:
            slack = max(slack, stated - chance)
            proved_levels += 1
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
            levels=proved_levels,
            slack=float(slack),
        ),
    ]


def _check_objective(lottery: Any, levels: Any, pool: _Certified) -> list[Finding]:
    first, objective = levels[0], lottery["objective"]
    chances: dict[Any, Fraction] = {}
    for number, level in enumerate(levels):
        kinds = {pool.kinds[position] for position in level["people"]}
        if not pool.fits(level["multipliers"]) or kinds & chances.keys():
            return [failed("Level %(level)d of the certificate does not fit the pool.", level=number + 1)]
        chances.update(dict.fromkeys(kinds, Fraction(level["chance"])))
    if objective != "minimax" and not any(chances.values()):
        return [failed("The certificate gives nobody a chance.")]
    if objective != "minimax" and not pool.shows_absent(kind for kind in chances if not chances[kind]):
        return [
            failed("The certificate leaves somebody without a chance whom it does not prove to fit no panel.")
        ]
    constant, terms = pool.constant(first["multipliers"]), pool.terms(first["multipliers"], chances)
    stated = Fraction(first["bound"])
    if objective == "minimax":
        proved, sentence = minimax_bound(constant, terms), MINIMAX
    elif objective == "nash":
        proved, sentence = nash_bound(constant, terms), NASH
    elif objective == "goldilocks":
        drawn = lottery["size"] - lottery["seated"]
        proved = goldilocks_bound(constant, terms, len(pool.kinds), drawn)
        sentence = GOLDILOCKS
    else:
        return [failed("The objective “%(objective)s” is unknown.", objective=objective)]
    if proved < stated:
        return [
            failed(
                "Level %(level)d of the certificate proves %(proved).9f only; %(stated).9f is stated.",
                level=1,
                proved=float(proved),
                stated=float(stated),
            )
        ]
    greatest = max(chances.values())
    return [passed(sentence, bound=float(stated), share=100 * float(stated), greatest=float(greatest))]


MINIMAX = (
    "In every lottery that meets these quotas somebody has a chance of at least %(bound).6f; the greatest stated here "
    "is %(greatest).6f."
)
NASH = (
    "The chances stated have at least %(share).4f %% of the greatest geometric mean that a lottery under these quotas "
    "can have."
)
GOLDILOCKS = (
    "No lottery that meets these quotas brings greatest and least chance together below %(share).4f %% of what the "
    "chances stated come to."
)


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
