"""Who lives with whom: marks that agree, addresses nearly alike, and what an organiser decided of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from deliberate.panels.models import Registrant
from deliberate.panels.pool import HouseholdDecision
from deliberate.panels.rules import household_key
from deliberate.process.models import Process
from sortition.files.households import Doubt, doubtful, merged, normalised


@dataclass(frozen=True)
class Home:
    """An address and the volunteers who gave it; `mark` stands for it where it is not to be read."""

    mark: str
    address: str
    people: tuple[Registrant, ...]


@dataclass(frozen=True)
class DoubtfulPair:
    """Two addresses nearly alike; `same` is what was decided, None as long as nothing was."""

    first: Home
    second: Home
    same: bool | None


def one_per_household(process: Process) -> bool:
    """Whether the protocol lets a panel hold one person per household at most."""
    return bool(process.protocol["panel"].get("one_per_household"))


def marks(session: Session, process: Process) -> dict[str, str]:
    """By pseudonym, the household of everyone in the pool, decisions taken into account; empty for those without one.

    Nobody has one where the protocol knows no such rule.
    """
    if not one_per_household(process):
        return {}
    query = select(Registrant.pseudonym, Registrant.household).where(
        Registrant.process_id == process.id, Registrant.state == "registered"
    )
    people = session.execute(query.order_by(Registrant.pseudonym)).all()
    homes = merged(
        [mark for _, mark in people],
        [Doubt(one.first, one.second) for one in decisions(session, process) if one.same],
    )
    return {pseudonym: home for (pseudonym, _), home in zip(people, homes, strict=True)}


@dataclass(frozen=True)
class Living:
    """How many of the pool share a household with another volunteer, and how many gave no address."""

    shared: int
    without: int


def living(session: Session, process: Process) -> Living | None:
    """How the pool lives together; None where the protocol has no rule on households."""
    if not one_per_household(process):
        return None
    people = Counter(marks(session, process).values())
    return Living(sum(number for home, number in people.items() if home and number > 1), people[""])


def decisions(session: Session, process: Process) -> Sequence[HouseholdDecision]:
    """What was decided of pairs of addresses."""
    query = select(HouseholdDecision).where(HouseholdDecision.process_id == process.id)
    return session.scalars(query.order_by(HouseholdDecision.id)).all()


def doubts(session: Session, process: Process) -> list[DoubtfulPair]:
    """The pairs of addresses nearly alike, those to decide first."""
    query = select(Registrant).where(Registrant.process_id == process.id, Registrant.state == "registered")
    people = session.scalars(query.options(selectinload(Registrant.contact)).order_by(Registrant.pseudonym))
    living: dict[str, list[Registrant]] = {}
    for one in people:
        if one.contact is not None and (address := normalised(one.contact.address)):
            living.setdefault(address, []).append(one)
    homes = {
        address: Home(household_key(address), together[0].contact.address, tuple(together))
        for address, together in living.items()
        if together[0].contact is not None
    }
    decided = {(one.first, one.second): one.same for one in decisions(session, process)}
    pairs = [(homes[doubt.first], homes[doubt.second]) for doubt in doubtful(living)]
    found = [DoubtfulPair(*pair, decided.get(ordered(pair[0].mark, pair[1].mark))) for pair in pairs]
    return sorted(found, key=lambda pair: pair.same is not None)


def ordered(first: str, second: str) -> tuple[str, str]:
    """The two marks of a pair in the order in which they are kept."""
    return (first, second) if first < second else (second, first)
