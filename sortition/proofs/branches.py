"""Checking the cuts of a certificate, each by its branch tree. Whole numbers, standard library alone.

A cut says that no panel weighs more than `limit`: Σ over its groups of weight × members. A branch says that the members
of one group are at most `value` (the lower side) or more (the upper). A leaf holds multipliers on the rows, divided by
`scale`: whatever they are, a panel weighs at most Σ most·μ⁺ − Σ least·μ⁻ plus, for each person, what their weight exceeds
the multipliers of their rows by; a group counts with its bounds. When that is less than limit + 1 the leaf holds, for a
panel weighs a whole number.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sortition.proofs.documents import Finding, failed

MOST_STEPS = 400_000_000


def check_cuts(
    cuts: Any, limits: "list[tuple[int, int]]", rows: "Sequence[tuple[int, ...]]"
) -> list[Finding]:
    """What is wrong with the cuts; each may rest on those before it. `rows` are those that each person counts in."""
    known: list[tuple[int | None, int]] = list(limits)
    carried: list[tuple[tuple[int, int], ...]] = [tuple((row, 1) for row in own) for own in rows]
    unproved = "Cut %(cut)d of the certificate is not proved by its tree."
    steps = 0
    for number, cut in enumerate(cuts):
        if not _is_sound(cut, len(rows)):
            return [failed(unproved, cut=number + 1)]
        walk = _Walk(cut, known, carried)
        steps += sum(map(len, carried)) + len(cut["nodes"]) * walk.width
        if steps > MOST_STEPS:
            return [
                failed(
                    "The cuts of the certificate are longer than can be checked: %(steps)d steps.",
                    steps=steps,
                )
            ]
        if not walk.holds():
            return [failed(unproved, cut=number + 1)]
        known.append((None, cut["limit"]))
        for group, weight in zip(cut["groups"], cut["weights"]):  # noqa: B905
            for position in group:
                carried[position] += ((len(known) - 1, weight),)
    return []


def _is_sound(cut: Any, people: int) -> bool:
    """One weight per group, groups of somebody without a common person, a positive scale."""
    named = Counter(position for group in cut["groups"] for position in group)
    within = all(position < people for position in named) and all(count == 1 for count in named.values())
    shaped = all(cut["groups"]) and len(cut["groups"]) == len(cut["weights"])
    return within and shaped and cut["scale"] > 0


class _Walk:
    """Through the list of nodes: a branch, all of its lower side, all of its upper side."""

    def __init__(
        self,
        cut: Any,
        limits: "Sequence[tuple[int | None, int]]",
        carried: "Sequence[tuple[tuple[int, int], ...]]",
    ) -> None:
        self.cut, self.limits = cut, limits
        grouped = {position for group in cut["groups"] for position in group}
        self.alone = Counter(own for position, own in enumerate(carried) if position not in grouped)
        self.groups = [list({carried[position] for position in group}) for group in cut["groups"]]
        # What a leaf reads: every row of everybody unlike the others.
        self.width = sum(map(len, self.alone)) + sum(len(own) for kinds in self.groups for own in kinds)

    def holds(self) -> bool:
        """Whether every leaf holds and no node is left over or lacking."""
        waiting = [[(0, len(group)) for group in self.cut["groups"]]]
        for node in self.cut["nodes"]:
            if not waiting:
                return False
            bounds = waiting.pop()
            if isinstance(node, dict):
                if not self._is_branch(node):
                    return False
                group, value = node["group"], node["value"]
                least, most = bounds[group]
                lower, upper = list(bounds), list(bounds)
                lower[group], upper[group] = (least, min(most, value)), (max(least, value + 1), most)
                waiting += [upper, lower]
            elif not self._leaf_holds(node, bounds):
                return False
        return not waiting

    def _is_branch(self, node: Any) -> bool:
        shaped = set(node) == {"group", "value"} and all(type(one) is int for one in node.values())
        return shaped and 0 <= node["group"] < len(self.groups)

    def _leaf_holds(self, leaf: Any, bounds: "list[tuple[int, int]]") -> bool:
        multipliers = self._multipliers(leaf)
        if multipliers is None:
            return False
        total = sum(
            multiplier * (self.limits[row][1] if multiplier > 0 else self.limits[row][0] or 0)
            for row, multiplier in multipliers.items()
        )
        for own, people in self.alone.items():
            total += people * max(0, -sum(multipliers.get(row, 0) * weight for row, weight in own))
        for kinds, weight, (least, most) in zip(self.groups, self.cut["weights"], bounds):  # noqa: B905
            if least > most:
                return True
            over = max(
                weight * self.cut["scale"] - sum(multipliers.get(row, 0) * part for row, part in own)
                for own in kinds
            )
            total += max(least * over, most * over)
        holds: bool = total < (self.cut["limit"] + 1) * self.cut["scale"]
        return holds

    def _multipliers(self, leaf: Any) -> "dict[int, int] | None":
        """By row; None when they are no multipliers of these rows."""
        if not isinstance(leaf, list) or not all(
            isinstance(pair, list) and len(pair) == 2 and all(type(one) is int for one in pair)
            for pair in leaf
        ):
            return None
        found = dict(leaf)
        fits = len(found) == len(leaf) and all(
            0 <= row < len(self.limits) and (multiplier > 0 or self.limits[row][0] is not None)
            for row, multiplier in found.items()
        )
        return found if fits else None
