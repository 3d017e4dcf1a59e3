"""What a panel looks like while answers come in: its seats in numbers, and every quota against who may sit."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from deliberate.panels.models import Draw, Seat
from deliberate.panels.queries import quotas
from deliberate.panels.rules import OCCUPYING
from deliberate.panels.vacancies import last_revealed

SURE = ("accepted", "confirmed")


@dataclass(frozen=True)
class Outlook:
    """A quota, how many of those who accepted count towards it, and how many would if everyone asked accepts.

    Everyone asked is whoever accepted, was confirmed or has not answered yet.
    """

    category_label: Mapping[str, str]
    label: Mapping[str, str]
    minimum: int
    maximum: int
    sure: int
    at_most: int

    @property
    def missing(self) -> int:
        """How many seats this group lacks if everyone who has not answered declines."""
        return max(0, self.minimum - self.sure)

    @property
    def lost(self) -> int:
        """How many seats this group lacks even if everyone who has not answered accepts."""
        return max(0, self.minimum - self.at_most)

    @property
    def above(self) -> int:
        """How many more than its maximum this group has if everyone who has not answered accepts."""
        return max(0, self.at_most - self.maximum)


def outlook(session: Session, draw: Draw, found: Sequence[Seat]) -> dict[str, list[Outlook]]:
    """Every quota of the lottery that last filled the panel, by category, in the order of its table."""
    words = {(quota.category, quota.value): quota for quota in quotas(session, draw.process)}
    sure, possible = (_counts(found, states) for states in (SURE, OCCUPYING))
    groups: dict[str, list[Outlook]] = {}
    for category, value, least, most in last_revealed(session, draw).seal["quotas"]:
        key = (category, value)
        named = words.get(key)
        groups.setdefault(key[0], []).append(
            Outlook(
                (named.category_label if named else None) or {"en": key[0]},
                (named.label if named else None) or {"en": key[1]},
                least,
                most,
                sure[key],
                possible[key],
            )
        )
    return groups


def _counts(found: Sequence[Seat], states: Sequence[str]) -> Counter[tuple[str, str]]:
    here = [seat.registrant.values for seat in found if seat.state in states]
    return Counter(pair for values in here for pair in values.items())


@dataclass(frozen=True)
class SeatNumbers:
    """The seats of a panel in numbers, without a name."""

    size: int
    confirmed: int
    accepted: int
    offered: int
    unconfirmed: int
    empty: int
    final: int
    called: int
    waiting: int


def seat_numbers(draw: Draw, found: Sequence[Seat], empty: int, final: int) -> SeatNumbers:
    """How many seats stand where; `unconfirmed` are refusals that nobody stands behind yet."""
    states = Counter(seat.state for seat in found)
    return SeatNumbers(
        draw.size,
        states["confirmed"],
        states["accepted"],
        states["offered"],
        sum(seat.state in ("declined", "no answer") and not seat.refusal_confirmed_at for seat in found),
        empty,
        final,
        sum(bool(seat.alternate_rank) and seat.offered_at is not None for seat in found),
        states["waiting"],
    )
