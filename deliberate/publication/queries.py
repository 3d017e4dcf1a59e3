"""Reading what the public pages show of a process."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.deliberation.ballots.models import Ballot
from deliberate.inputs.dossiers.queries import dossiers_of
from deliberate.inputs.queries import ANSWERING
from deliberate.inputs.queries import counts as contribution_counts
from deliberate.inputs.statements.queries import figures
from deliberate.journal.models import Entry
from deliberate.panels.queries import categories, current_draw, pool_counts, pool_size, seats
from deliberate.panels.rules import OCCUPYING
from deliberate.people.models import Pseudonym
from deliberate.process.models import Appointment, Phase, Process, ProtocolVersion


@dataclass(frozen=True)
class Published:
    """The last publication of a process: when, the journal's digest that its bundle ends with, how many files."""

    at: datetime
    number: int
    head: str
    files: int


@dataclass(frozen=True)
class Holder:
    """Someone who holds roles in a process; `name` is empty where only the pseudonym may be shown."""

    pseudonym: str
    name: str
    roles: tuple[str, ...]


def last_publication(session: Session, process: Process) -> Published | None:
    """What was published last, according to the journal."""
    entry = session.scalars(
        select(Entry)
        .where(Entry.scope == process.slug, Entry.act == "publish", Entry.object == f"process:{process.slug}")
        .order_by(Entry.number.desc())
        .limit(1)
    ).first()
    return Published(entry.at, entry.number, entry.digest, entry.public["files"]) if entry else None


def journal_head(session: Session, process: Process) -> Entry | None:
    """The journal's last entry."""
    query = select(Entry).where(Entry.scope == process.slug).order_by(Entry.number.desc()).limit(1)
    return session.scalars(query).first()


def phase_states(process: Process, now: datetime) -> list[dict[str, Any]]:
    """The phases for the ribbon: kind, round, opens, closes (its last moment), state (past, now or later)."""
    return [
        {
            "kind": phase.kind,
            "round": phase.round,
            "opens": phase.opens_at,
            # A phase that closes at midnight was open on the day before.
            "closes": phase.closes_at and phase.closes_at - timedelta(seconds=1),
            "state": _state(phase, now),
        }
        for phase in process.phases
    ]


def _state(phase: Phase, now: datetime) -> str:
    if phase.span.holds(now):
        return "now"
    return "past" if phase.span.over(now) else "later"


def happened(session: Session, process: Process, kind: str, round: int) -> int:
    """How many public contributions an open phase has brought, or how many ballots a deliberation phase has closed."""
    if kind == "open":
        return contribution_counts(session, process, round)["contributions"]
    spans = [phase.span for phase in process.phases if (phase.kind, phase.round) == (kind, round)]
    closed = select(Ballot.closed_at).where(Ballot.process_id == process.id, Ballot.closed_at.is_not(None))
    # A ballot closes while its phase is open: the moment says which round it belongs to.
    return sum(span.holds(moment) for moment in session.scalars(closed) if moment for span in spans)


@dataclass(frozen=True)
class Heard:
    """What an open phase brought so far: contributions with the people behind them, those that were answered,
    statements with their votes, and when its dossier was settled."""

    round: int
    contributions: int
    people: int
    answered: int
    statements: int
    votes: int
    settled_at: datetime | None


def heard(session: Session, process: Process, now: datetime) -> list[Heard]:
    """What the open phases that have begun brought, the last one first."""
    settled = {one.round: one.settled_at for one in dossiers_of(session, process)}
    begun = sorted({p.round for p in process.phases if p.kind == "open" and p.opens_at and p.opens_at <= now})
    found = []
    for number in reversed(begun):
        counts, voting = contribution_counts(session, process, number), figures(session, process, number)
        said = (counts["contributions"], counts["people"], counts["answered"])
        found.append(Heard(number, *said, voting["statements"], voting["votes"], settled.get(number)))
    return [one for one in found if one.contributions or one.votes]


def holders(session: Session, process: Process, now: datetime) -> list[Holder]:
    """Who holds which roles now, those who hold several first. Members of the panel are not listed.

    Organisers and the others of the team act in public, under their name; it is shown as they gave it.
    """
    rows = session.scalars(
        select(Appointment)
        .where(
            Appointment.process_id == process.id, Appointment.role != "panel member", Appointment.since <= now
        )
        .order_by(Appointment.user_id, Appointment.id)
    )
    serving = [row for row in rows if row.until is None or row.until > now]
    query = select(Pseudonym.user_id, Pseudonym.name).where(Pseudonym.scope == process.slug)
    names = {row.user_id: row.name for row in session.execute(query)}
    found = [
        Holder(names.get(user_id, ""), held[0].user.name, tuple(appointment.role for appointment in held))
        for user_id, held in (
            (user_id, list(group)) for user_id, group in groupby(serving, lambda row: row.user_id)
        )
    ]
    return sorted(found, key=lambda holder: -len(holder.roles))


def protocol_version(session: Session, process: Process, number: int) -> ProtocolVersion | None:
    """A version of the protocol by its number."""
    return session.scalar(
        select(ProtocolVersion).where(
            ProtocolVersion.process_id == process.id, ProtocolVersion.number == number
        )
    )


def pages_of(total: int, per_page: int) -> int:
    """How many pages a list fills, at least one."""
    return max(1, -(-total // per_page))


def opened(entries: Sequence[Entry], hidden: int | None = None) -> dict[int, Any]:
    """The published private parts of some entries, by entry number, but for the answers of a `hidden` round."""
    return {
        entry.number: entry.opening.content
        for entry in entries
        if entry.opening
        and entry.opening.published
        and not (hidden is not None and entry.act in ANSWERING and entry.public.get("round") == hidden)
    }


def panel_figures(session: Session, process: Process) -> list[dict[str, Any]]:
    """Who was drawn against volunteers and population, by category; empty before a draw was revealed.

    Each: `label` (a text per language) and `rows` of label, population, pool, panel, as shares from 0 to 1.
    """
    draw = current_draw(session, process)
    if draw is None or draw.state != "revealed":
        return []
    held = [seat.registrant.values for seat in seats(session, draw) if seat.state in OCCUPYING]
    drawn = Counter(pair for values in held for pair in values.items())
    volunteers, of = pool_counts(session, process), pool_size(session, process)
    return [
        {
            "label": rows[0].category_label or {"en": category},
            "rows": [
                {
                    "label": row.label or {"en": row.value},
                    "population": row.share,
                    "pool": volunteers[category, row.value] / of if of else None,
                    "panel": drawn[category, row.value] / len(held) if held else None,
                }
                for row in rows
            ],
        }
        for category, rows in categories(session, process).items()
    ]


@dataclass(frozen=True)
class Promise:
    """What someone committed to before the start; `who` and `by` where the protocol says them apart."""

    text: str
    who: str = ""
    by: date | None = None


def promises(process: Process, language: str) -> list[Promise]:
    """The protocol's commitments in a language, else in the first that has any."""
    said: dict[str, list[Any]] = process.protocol.get("commitments") or {}
    lines = said.get(language) or next(iter(said.values()), [])
    return [_promise(line) for line in lines]


def _promise(line: Any) -> Promise:
    if isinstance(line, str):
        return Promise(line)
    by = line.get("by")
    return Promise(
        str(line.get("text", "")), str(line.get("who", "")), date.fromisoformat(by) if by else None
    )
