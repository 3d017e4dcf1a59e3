"""Giving a process another grid: looked at first, with what it changes and where the lines on lost codes go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.inputs.rules import FaultyEntry
from deliberate.inputs.synthesis import queries, rules
from deliberate.inputs.synthesis.models import Grid, SynthesisLine
from deliberate.journal.canonical import digest
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note


@dataclass(frozen=True)
class Preview:
    """What a version of the grid would change: its rows, the comparison, lines on codes that go (code → how many)."""

    rows: list[rules.Row]
    comparison: rules.Comparison
    lost: dict[str, int]


def preview(session: Session, process: Process, text: str) -> Preview:
    """What the grid in a CSV text would change. Raises FaultyEntry with every fault of it."""
    rows, faults = rules.read_grid(text)
    if faults:
        raise FaultyEntry(faults)
    codes = {rules.grid_code(row) for row in rows}
    used = queries.codes_in_use(session, process)
    return Preview(
        rows,
        rules.compare_grids(queries.grid_rows(session, process), rows),
        {code: count for code, count in sorted(used.items()) if code not in codes},
    )


def replace_grid(
    session: Session,
    actor: Actor,
    process: Process,
    text: str,
    now: datetime,
    *,
    moved: Mapping[str, str] | None = None,
) -> Grid:
    """Give a process another grid, or another version of it, from CSV. Raises FaultyEntry with every fault.

    Lines on a code that is no longer there go where `moved` (old code → new code) says; where it says nothing, the
    version is refused: a line would stand nowhere.
    """
    require(session, actor, process, "change", "grid", now)
    lock(session, process)  # versions follow one another
    found = preview(session, process, text)
    kept, faults = rules.moves(found.lost, {rules.grid_code(row) for row in found.rows}, moved or {})
    if faults:
        raise FaultyEntry(faults)
    grid = Grid(
        process_id=process.id,
        number=(session.scalar(select(func.max(Grid.number)).where(Grid.process_id == process.id)) or 0) + 1,
        rows=found.rows,
        digest=digest("grid", found.rows),
        moved=kept,
        at=now,
    )
    session.add(grid)
    _move(session, process, kept, grid.number)
    session.flush()
    public = {
        "number": grid.number,
        "digest": grid.digest,
        "moved": [[old, new] for old, new in kept.items()],
    }
    note(session, actor, process, "change", "grid", now, public)
    return grid


def _move(
    session: Session, process: Process, moved: Mapping[str, str], number: int
) -> Sequence[SynthesisLine]:
    query = select(SynthesisLine).where(
        SynthesisLine.process_id == process.id,
        SynthesisLine.retired_at.is_(None),
        SynthesisLine.dimension.in_(list(moved)),
    )
    found = session.scalars(query).all()
    for line in found:
        line.dimension, line.grid = moved[line.dimension], number
    return found
