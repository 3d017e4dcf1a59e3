"""From votes to a map as it is kept: a new reference, or further votes folded into the last one. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from deliberate.inputs.opinions import picture
from deliberate.inputs.opinions.mapping.display import Display, aligned, shown
from deliberate.inputs.opinions.mapping.folding import fold
from deliberate.inputs.opinions.mapping.reference import Reference, reference
from deliberate.inputs.opinions.mapping.tallies import tallies
from deliberate.inputs.opinions.mapping.votes import Votes, votes
from deliberate.inputs.opinions.numbering import Row
from deliberate.inputs.opinions.reporting import THOUSAND, report

# A map of fewer people would say more of each of them than of what they share.
LEAST_PEOPLE = 10
# A new reference is computed when the votes have grown by a tenth since the last one.
GROWTH = 10


@dataclass(frozen=True)
class Last:
    """What the last map left: the data of its reference, of its display and of its picture."""

    reference: dict[str, Any]
    display: dict[str, Any]
    picture: dict[str, Any]


@dataclass(frozen=True)
class Computed:
    """A map as plain data. `new`: it is a reference of its own, not the last one with votes folded in.

    `extremity`, of a new one: by number of the statement, in thousandths.
    """

    new: bool
    reference: dict[str, Any]
    display: dict[str, Any]
    picture: dict[str, Any]
    report: dict[str, Any]
    extremity: dict[str, int] = field(default_factory=dict)


def compute(
    rows: Collection[Row], left_out: Collection[int], last: Last | None, closed: bool
) -> Computed | None:
    """The map of these votes; None while too few people have voted enough to be put into groups.

    `left_out`: numbers of statements that are not put to anyone (any more). A closed round gets a reference.
    """
    found = votes(rows)
    before = Reference.from_data(last.reference) if last else None
    if before is None or last is None or closed or _outgrown(before, found, left_out):
        return _reference(found, left_out, before, last)
    display = Display.from_data(last.display)
    now, folded = _folded(before, display, found)
    if now.clustered < LEAST_PEOPLE:
        return None
    return Computed(
        False, last.reference, last.display, _picture(folded, last), _report(now, folded, found, left_out)
    )


def _outgrown(before: Reference, found: Votes, left_out: Collection[int]) -> bool:
    """Whether votes grew by a tenth, or the last reference rests on what was refused or taken back since."""
    grown = abs(len(found) - before.votes) * GROWTH >= before.votes
    refused = np.isin(before.statements, list(left_out)).any()
    taken_back = not np.isin(before.participants, found.participants).all()
    return grown or bool(refused or taken_back)


def _reference(
    found: Votes, left_out: Collection[int], before: Reference | None, last: Last | None
) -> Computed | None:
    made = reference(found, left_out=left_out, previous=before)
    if made.clustered < LEAST_PEOPLE or not made.k:
        return None
    display = aligned(made, Display.from_data(last.display) if last else None)
    return Computed(
        True,
        made.to_data(),
        display.to_data(),
        _picture(display, last, anew=True),
        _report(made, display, found, left_out),
        {
            str(number): round(value * THOUSAND)
            for number, value in zip(made.statements.tolist(), made.extremity.tolist(), strict=True)
        },
    )


def _folded(before: Reference, display: Display, found: Votes) -> tuple[Reference, Display]:
    """Everybody who has votes now on the axes of the reference; those who took theirs back are gone."""
    folded = fold(before, found)
    nobody = replace(
        display,
        participants=display.participants[:0],
        positions=display.positions[:0],
        colours=display.colours[:0],
    )
    now = replace(before, participants=folded.participants, positions=folded.positions, groups=folded.groups)
    return now, shown(nobody, folded)


def _picture(display: Display, last: Last | None, anew: bool = False) -> dict[str, Any]:
    """The frame and the dots, in an order that follows from their places alone."""
    positions = [(float(x), float(y)) for x, y in display.positions]
    frame = last.picture["frame"] if last else None
    if frame is None or anew:
        frame = picture.frame(positions, frame)
    places = [picture.place(position, frame) for position in positions]
    dots = sorted((x, y, int(colour)) for (x, y), colour in zip(places, display.colours, strict=True))
    return {"frame": frame, "dots": [list(dot) for dot in dots]}


def _report(now: Reference, display: Display, found: Votes, left_out: Collection[int]) -> dict[str, Any]:
    return report(tallies(now, found), display.colour_of, found, left_out, now.clustered)


def place_of(last: Last, rows: Collection[Row]) -> tuple[int, int] | None:
    """Where somebody with these votes stands in the picture; None without any vote that it knows."""
    display, before = Display.from_data(last.display), Reference.from_data(last.reference)
    own = votes(rows).on(before.statements.tolist())
    if not len(own):
        return None
    where = fold(before, own).positions[0] @ display.turn
    return picture.place((float(where[0]), float(where[1])), last.picture["frame"])


def turned(last: Last) -> tuple[int, bool] | None:
    """By how many degrees a map was turned to lie on the one before, and whether it was mirrored; None for a first."""
    display = Display.from_data(last.display)
    return (abs(display.degrees), display.mirrored) if display.shared else None
