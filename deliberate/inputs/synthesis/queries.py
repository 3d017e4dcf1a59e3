"""Reading the grid and the lines of a synthesis."""

import csv
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from deliberate.core.errors import N_, NotFound
from deliberate.inputs.rules import suppressed
from deliberate.inputs.synthesis import rules
from deliberate.inputs.synthesis.models import Grid, Placement, SynthesisLine
from deliberate.process.models import Process


@cache
def _shipped_grid() -> tuple[dict[str, str], ...]:
    text = (files("deliberate.inputs.synthesis") / "spiral-grid.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def latest_grid(session: Session, process: Process) -> Grid | None:
    """The version of the grid that the process was last given; None while the shipped one serves."""
    return session.scalar(
        select(Grid).where(Grid.process_id == process.id).order_by(Grid.number.desc()).limit(1)
    )


def grid_rows(session: Session, process: Process) -> list[dict[str, str]]:
    """The rows of the grid in force: code, component, en, fr, certain."""
    grid = latest_grid(session, process)
    return list(grid.rows) if grid else list(_shipped_grid())


def grid_number(session: Session, process: Process) -> int:
    """The version of the grid in force; 0 is the shipped one."""
    grid = latest_grid(session, process)
    return grid.number if grid else 0


def grid_codes(session: Session, process: Process) -> set[str]:
    """The codes of the grid in force."""
    return {rules.grid_code(row) for row in grid_rows(session, process)}


def lines_of(session: Session, process: Process, round: int) -> Sequence[SynthesisLine]:
    """The lines of a round's synthesis, in the order of the grid's codes."""
    query = select(SynthesisLine).where(SynthesisLine.process_id == process.id, SynthesisLine.round == round)
    opened = selectinload(SynthesisLine.placements).selectinload(Placement.contribution)
    return session.scalars(query.order_by(SynthesisLine.dimension, SynthesisLine.id).options(opened)).all()


def line(session: Session, process: Process, key: str) -> SynthesisLine:
    """A line of synthesis by its key. Raises NotFound."""
    found = session.scalar(
        select(SynthesisLine).where(SynthesisLine.process_id == process.id, SynthesisLine.key == key)
    )
    if found is None:
        raise NotFound(N_("There is no line of synthesis at this address."))
    return found


def by_category(
    session: Session, process: Process, round: int, category: str
) -> dict[str, dict[str, int | None]]:
    """Grid dimension → value of a category → people whose words stand there; cells under five are None.

    Those who did not say are left out, so that their number cannot be used to find a hidden one.
    """
    table: dict[str, dict[str, int]] = {}
    values: set[str] = set()
    first = {rules.grid_code(row): row["code"] for row in grid_rows(session, process)}
    for one in lines_of(session, process, round):
        cells = table.setdefault(first.get(one.dimension, one.dimension), {})
        for placement in one.placements:
            value = placement.contribution.categories.get(category)
            if value:
                values.add(value)
                cells[value] = cells.get(value, 0) + placement.contribution.count
    filled = {
        row: {value: cells.get(value, 0) for value in sorted(values)} for row, cells in sorted(table.items())
    }
    return suppressed(filled)
