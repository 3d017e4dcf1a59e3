"""The statements of a map in the order, and with the words, that a reader asks for. Pure."""

from collections.abc import Mapping
from typing import Any, Protocol

from deliberate.core.errors import N_
from deliberate.inputs.rules import folded

# Order → how the list names it.
ORDERS = {
    "agree": N_("Most agreed with"),
    "disagree": N_("Most disagreed with"),
    "divided": N_("Groups most divided"),
    "pass": N_("Most passed on"),
    "votes": N_("Most votes"),
}


SIDES = ("agree", "disagree", "pass")


class Statement(Protocol):
    """What the list needs to know of a statement."""

    @property
    def folded(self) -> str: ...


def listed(
    report: Mapping[str, Any], texts: Mapping[int, Statement], words: str, order: str, group: str
) -> list[dict[str, Any]]:
    """Rows of a report whose statement is still put to everyone and holds every word, in order.

    With `group`, shares are those of that group, and rows on which it is hidden come last.
    """
    wanted = folded(words).split()[:10]
    rows = [
        row
        for row in report["statements"]
        if row["number"] in texts and all(word in texts[row["number"]].folded for word in wanted)
    ]
    return sorted(rows, key=lambda row: (-_rank(row, order, group), row["number"]))


def _rank(row: Mapping[str, Any], order: str, group: str) -> float:
    cells = row["groups"].get(group) if group else row["everyone"]
    if order == "divided":
        return _gap(row["groups"])
    if order not in ORDERS:
        return 0
    if not cells:
        return -1
    total: int = sum(cells)
    return total if order == "votes" else float(cells[SIDES.index(order)] / total)


def _gap(groups: Mapping[str, list[int] | None]) -> float:
    """How far apart the groups are that agree most and least; less than nothing where fewer than two are told."""
    shares = [(cells[0] - cells[1]) / sum(cells) for cells in groups.values() if cells and sum(cells)]
    return max(shares) - min(shares) if len(shares) > 1 else -1
