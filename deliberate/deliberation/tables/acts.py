"""Acts on the tables of a session: making them, making them anew, and what goes when a person is erased."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.deliberation.models import Sitting
from deliberate.deliberation.queries import members, present_ids
from deliberate.deliberation.tables.models import TablePlace, TablePlan
from deliberate.deliberation.tables.queries import hosts_of, plan_of
from deliberate.panels.queries import seated
from deliberate.people.acts import Erased
from deliberate.people.models import User
from deliberate.people.queries import DataRequested
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.record import note
from sortition import Problem, Respondent, SortitionError, Tables
from sortition import tables as seat

# About a second in the page that asks; the command line looks five times as long.
WORK = 30_000_000
MOST_TABLES = 100
MOST_ROUNDS = 12


@dataclass(frozen=True)
class Rules:
    """What tables must keep. People are account ids: groups that never share a table, or always do; who sits where;
    who stays at a table to run it. With `present` only those marked as present are seated."""

    balance: tuple[str, ...] = ()
    apart: tuple[tuple[int, ...], ...] = ()
    together: tuple[tuple[int, ...], ...] = ()
    fixed: tuple[tuple[int, int], ...] = ()
    hosts: tuple[int, ...] = ()
    present: bool = False


class TablesRefused(Refusal):
    """No tables keep the rules; `problems` says which of them, people by account id."""

    def __init__(self, error: SortitionError) -> None:
        values: dict[str, Any] = dict(error.values)
        super().__init__(error.template, **values)
        self.problems: Sequence[Problem] = error.problems


def make_tables(
    session: Session,
    actor: Actor,
    sitting: Sitting,
    tables: int,
    rounds: int,
    rules: Rules,
    now: datetime,
    *,
    anew: bool = False,
) -> TablePlan:
    """Seat the members at the tables of a session, so that as many pairs as possible meet over its rounds.

    Raises Conflict when there are tables already, unless they are made `anew`; TablesRefused where the rules cannot be
    kept.
    """
    process = sitting.process
    require(session, actor, process, "change", "session", now)
    lock(session, sitting)
    before = plan_of(session, sitting)
    if before is not None and not anew:
        raise Conflict(N_("This session has tables already. Tick the box to replace them."), field="anew")
    if not 1 <= tables <= MOST_TABLES or not 1 <= rounds <= MOST_ROUNDS:
        raise Refusal(
            N_("Ask for 1 to %(tables)d tables and 1 to %(rounds)d rotations."),
            field="tables", tables=MOST_TABLES, rounds=MOST_ROUNDS,
        )  # fmt: skip
    if not set(rules.hosts) <= {user.id for user in hosts_of(session, process, now)}:
        raise Refusal(N_("Someone chosen to run a table is no facilitator of this process."), field="hosts")
    found = _seat(_people(session, sitting, rules, now), tables, rounds, rules, _entropy(sitting, now))
    if before is not None:
        session.delete(before)
        session.flush()
    plan = _keep(session, sitting, found, rules, now)
    public = {"tables": tables, "rounds": rounds, "people": len(found.people)}
    public |= {"pairs": found.pairs, "bound": found.bound}
    note(session, actor, process, "set tables", f"session:{sitting.number}", now, public)
    return plan


def _people(session: Session, sitting: Sitting, rules: Rules, now: datetime) -> list[Respondent]:
    """Those to seat, with the answers that their seat came from. Nobody's answers leave this module."""
    answers = {seat_.user_id: seat_.registrant.values for seat_ in seated(session, sitting.process, now)}
    there = present_ids(sitting, now)
    people = [
        Respondent(str(user.id), answers.get(user.id, {}))
        for user in members(session, sitting.process, now)
        if not rules.present or user.id in there
    ]
    if not people:
        raise Refusal(N_("There is nobody to seat yet."), field="present" if rules.present else None)
    return people


def _seat(people: Sequence[Respondent], tables: int, rounds: int, rules: Rules, entropy: bytes) -> Tables:
    try:
        return seat(
            people,
            tables=tables,
            rounds=rounds,
            balance=rules.balance,
            apart=[[str(one) for one in group] for group in rules.apart],
            together=[[str(one) for one in group] for group in rules.together],
            seats={str(one): table for one, table in rules.fixed},
            facilitators=[str(one) for one in rules.hosts],
            entropy=entropy,
            work=WORK,
        )
    except SortitionError as error:
        raise TablesRefused(error) from error


def _entropy(sitting: Sitting, now: datetime) -> bytes:
    """Tables are no lottery: it is enough that they are other ones when they are made anew."""
    return hashlib.sha256(f"{sitting.process.slug}/{sitting.number}/{now.isoformat()}".encode()).digest()


def _keep(session: Session, sitting: Sitting, found: Tables, rules: Rules, now: datetime) -> TablePlan:
    plan = TablePlan(
        sitting_id=sitting.id,
        tables=len(found.rounds[0]),
        rounds=len(found.rounds),
        rules={name: _listed(value) for name, value in asdict(rules).items()},
        figures={
            "people": len(found.people),
            "pairs": found.pairs,
            "bound": found.bound,
            "repeated": len(found.repeats),
            "smallest": found.smallest,
            "widened": [asdict(limit) for limit in found.limits if limit.widened],
        },
        at=now,
    )
    session.add(plan)
    for number, round_ in enumerate(found.rounds, start=1):
        for guests, host in ((round_, False), (found.facilitators, True)):
            plan.places += [
                TablePlace(user_id=int(one), round=number, number=table, host=host)
                for table, there in enumerate(guests, start=1)
                for one in there
            ]
    session.flush()
    return plan


def _listed(value: Any) -> Any:
    """As JSON gives it back."""
    return [_listed(one) for one in value] if isinstance(value, tuple) else value


def forget(session: Session, event: Erased, _now: datetime) -> None:
    """Take an erased person from the tables, and from the rules that name them."""
    me: User = event.user
    for plan in session.scalars(select(TablePlan)):
        plan.rules = _without(plan.rules, me.id)
    session.execute(delete(TablePlace).where(TablePlace.user_id == me.id))


def _without(rules: Mapping[str, Any], person: int) -> dict[str, Any]:
    return {
        **rules,
        "apart": [group for group in rules["apart"] if person not in group],
        "together": [group for group in rules["together"] if person not in group],
        "fixed": [[one, table] for one, table in rules["fixed"] if one != person],
        "hosts": [one for one in rules["hosts"] if one != person],
    }


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """At which table an account sat, and when."""
    held = select(TablePlace).where(TablePlace.user_id == request.user.id).order_by(TablePlace.id)
    request.held["tables"] = [
        {"session": place.plan.sitting.number, "round": place.round, "table": place.number}
        for place in session.scalars(held)
    ]
