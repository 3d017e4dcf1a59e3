"""Reading the grid, the lines of a synthesis, where they came from and what stands on them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from deliberate.core.errors import N_, NotFound
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import PER_PAGE, published
from deliberate.inputs.rules import CATEGORIES
from deliberate.inputs.synthesis import rules
from deliberate.inputs.synthesis.categories import Table, Told, counted, protected
from deliberate.inputs.synthesis.models import (
    Grid,
    LineReview,
    Placement,
    Reading,
    SynthesisLine,
    WordingProposal,
)
from deliberate.process.models import Process

OPENED = selectinload(Placement.contribution).selectinload(Contribution.question)

# The grid


@cache
def shipped_grid() -> tuple[rules.Row, ...]:
    """The nine SPIRAL dimensions that the product brings."""
    text = (files("deliberate.inputs.synthesis") / "spiral-grid.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def grids_of(session: Session, process: Process) -> Sequence[Grid]:
    """The versions of the grid that a process was given, newest first."""
    return session.scalars(
        select(Grid).where(Grid.process_id == process.id).order_by(Grid.number.desc())
    ).all()


def latest_grid(session: Session, process: Process) -> Grid | None:
    """The version of the grid that the process was last given; None while the shipped one serves."""
    return next(iter(grids_of(session, process)), None)


def rows_of(session: Session, process: Process, number: int) -> list[rules.Row]:
    """The rows of a version of the grid; 0 is the shipped one. Raises NotFound."""
    found = next((one for one in grids_of(session, process) if one.number == number), None)
    if found is None and number != 0:
        raise NotFound(N_("The grid has no such version."))
    return list(found.rows) if found else list(shipped_grid())


def grid_rows(session: Session, process: Process) -> list[rules.Row]:
    """The rows of the grid in force: code, component, en, fr, certain."""
    return rows_of(session, process, grid_number(session, process))


def grid_number(session: Session, process: Process) -> int:
    """The version of the grid in force; 0 is the shipped one."""
    grid = latest_grid(session, process)
    return grid.number if grid else 0


def grid_codes(session: Session, process: Process) -> set[str]:
    """The codes of the grid in force."""
    return {rules.grid_code(row) for row in grid_rows(session, process)}


def codes_in_use(session: Session, process: Process) -> dict[str, int]:
    """The codes that lines in force stand on, with how many."""
    used = (
        select(SynthesisLine.dimension, func.count())
        .where(SynthesisLine.process_id == process.id, SynthesisLine.retired_at.is_(None))
        .group_by(SynthesisLine.dimension)
    )
    return {row[0]: row[1] for row in session.execute(used)}


# Lines


def lines_of(session: Session, process: Process, round: int) -> Sequence[SynthesisLine]:
    """The lines of a round's synthesis that are in force, in the order of the grid's codes."""
    query = select(SynthesisLine).where(
        SynthesisLine.process_id == process.id,
        SynthesisLine.round == round,
        SynthesisLine.retired_at.is_(None),
    )
    return session.scalars(
        query.order_by(SynthesisLine.dimension, SynthesisLine.id).options(selectinload(SynthesisLine.reviews))
    ).all()


def opened_lines_of(session: Session, process: Process, round: int) -> Sequence[SynthesisLine]:
    """The same lines with everything that stands on them, read at once: for records of the whole."""
    lines = lines_of(session, process, round)
    standing = selectinload(SynthesisLine.placements).selectinload(Placement.contribution)
    session.scalars(
        select(SynthesisLine).where(SynthesisLine.id.in_([one.id for one in lines])).options(standing),
        execution_options={"populate_existing": True},
    ).all()
    return lines


def line(session: Session, process: Process, key: str) -> SynthesisLine:
    """A line of synthesis by its key, in force or not. Raises NotFound."""
    found = session.scalar(
        select(SynthesisLine).where(SynthesisLine.process_id == process.id, SynthesisLine.key == key)
    )
    if found is None:
        raise NotFound(N_("There is no line of synthesis at this address."))
    return found


def lines_by_key(session: Session, process: Process, keys: Iterable[str]) -> list[SynthesisLine]:
    """Those of these lines that exist, in the order in which they were written."""
    query = select(SynthesisLine).where(
        SynthesisLine.process_id == process.id, SynthesisLine.key.in_(list(keys))
    )
    return list(session.scalars(query.order_by(SynthesisLine.id)))


def kinds_of_board(process: Process) -> list[str]:
    """The kinds of member that the protocol wants on the mixed board; none where it says nothing."""
    wanted = (process.protocol.get("board") or {}).get("kinds", [])
    return [kind for kind in rules.KINDS if kind in wanted]


def reviews_of(line: SynthesisLine, wording: int | None = None) -> list[LineReview]:
    """What the board said of a wording of a line: that in force when none is named."""
    number = line.wording if wording is None else wording
    return [one for one in line.reviews if one.wording == number]


def standing_of(process: Process, line: SynthesisLine) -> rules.Standing:
    """What the board says of the wording in force."""
    return rules.standing(kinds_of_board(process), [(one.kind, one.position) for one in reviews_of(line)])


@dataclass(frozen=True)
class Tally:
    """What stands on a line: contributions, the people behind those that were not withdrawn, contests that wait."""

    contributions: int = 0
    people: int = 0
    contests: int = 0


def tallies(session: Session, lines: Sequence[SynthesisLine]) -> dict[str, Tally]:
    """What stands on each of these lines, by key: counted in the database."""
    said = case((Contribution.state == "published", Contribution.count), else_=0)
    waits = case((Placement.contested_at.is_not(None) & (Placement.contest_answer == ""), 1), else_=0)
    query = (
        select(SynthesisLine.key, func.count(), func.sum(said), func.sum(waits))
        .join(Placement, Placement.line_id == SynthesisLine.id)
        .join(Contribution, Contribution.id == Placement.contribution_id)
        .where(SynthesisLine.id.in_([one.id for one in lines]))
        .group_by(SynthesisLine.key)
    )
    found = {row[0]: Tally(row[1], int(row[2]), int(row[3])) for row in session.execute(query)}
    return {one.key: found.get(one.key, Tally()) for one in lines}


def placements_of(session: Session, line: SynthesisLine, page: int) -> Sequence[Placement]:
    """One page of what stands on a line, with its contributions and their questions, in the order of placing."""
    query = select(Placement).where(Placement.line_id == line.id).order_by(Placement.id).options(OPENED)
    return session.scalars(query.limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()


def people_on(line: SynthesisLine) -> int:
    """How many people said what stands on a line: words that were withdrawn no longer count."""
    return sum(one.contribution.count for one in line.placements if one.contribution.state == "published")


def as_record(process: Process, line: SynthesisLine) -> dict[str, Any]:
    """A line as plain data: for the dossier, the page of a program, and the bundle."""
    said = standing_of(process, line)
    return {
        "key": line.key,
        "dimension": line.dimension,
        "theme": line.theme,
        "text": line.text,
        "wording": line.wording,
        "dissent": line.dissent,
        "people": people_on(line),
        "contributions": sorted(one.contribution.key for one in line.placements),
        "validation": {
            "asked": kinds_of_board(process),
            "validated_by": list(said.validated),
            "reviews": [
                {"kind": one.kind, "position": one.position, "words": one.words, "language": one.language}
                for one in reviews_of(line)
            ],
        },
    }


# What stands on lines, and what on none


def _of_round(process: Process, round: int) -> Select[Contribution]:
    return published(process).where(Contribution.round == round)


def unplaced(process: Process, round: int) -> Select[Contribution]:
    """The public contributions of a round that stand on no line, oldest first."""
    placed = select(Placement.contribution_id)
    return _of_round(process, round).where(Contribution.id.not_in(placed)).order_by(Contribution.id)


def unread(process: Process, round: int) -> Select[Contribution]:
    """Those of them that nobody has read either."""
    return unplaced(process, round).where(Contribution.id.not_in(select(Reading.contribution_id)))


def coverage(session: Session, process: Process, round: int) -> dict[str, Any]:
    """How many public contributions of a round stand on a line, and which on none or were read by nobody: an audit
    for everyone, that says nothing of who read what."""
    total = session.scalar(select(func.count()).select_from(_of_round(process, round).subquery())) or 0
    waiting = session.scalars(unplaced(process, round)).all()
    ignored = set(session.scalars(unread(process, round).with_only_columns(Contribution.key)))
    return {
        "total": total,
        "placed": total - len(waiting),
        "unplaced": list(waiting),
        "unread": [one for one in waiting if one.key in ignored],
    }


def contests(session: Session, process: Process, round: int) -> tuple[list[Placement], list[Placement]]:
    """The placements of a round that their authors contested: those that wait for an answer, and those that have one."""
    query = (
        select(Placement)
        .join(SynthesisLine)
        .where(
            SynthesisLine.process_id == process.id,
            SynthesisLine.round == round,
            Placement.contested_at.is_not(None),
        )
        .order_by(Placement.contested_at, Placement.id)
        .options(contains_eager(Placement.line), OPENED)
    )
    found = session.scalars(query).all()
    return [one for one in found if one.contest_waits], [one for one in found if not one.contest_waits]


def wordings_of(session: Session, line: SynthesisLine) -> Sequence[WordingProposal]:
    """The other wordings of a line that were proposed and can be read, oldest first."""
    query = select(WordingProposal).where(
        WordingProposal.line_id == line.id, WordingProposal.state.in_(("published", "refused"))
    )
    return session.scalars(query.order_by(WordingProposal.id)).all()


def open_wordings(session: Session, process: Process, round: int) -> Sequence[WordingProposal]:
    """The public wordings of a round that no rapporteur has taken up or declined, oldest first."""
    query = select(WordingProposal).where(
        WordingProposal.process_id == process.id,
        WordingProposal.round == round,
        WordingProposal.state == "published",
        WordingProposal.outcome == "",
    )
    return session.scalars(query.order_by(WordingProposal.id)).all()


def category_tables(session: Session, process: Process, round: int) -> Mapping[str, Table]:
    """Category → grid dimension → value → people whose words stand there; None is not shown (see `categories`).

    Those with nothing to show are left out.
    """
    first = {rules.grid_code(row): row["code"] for row in grid_rows(session, process)}
    query = (
        select(Contribution.id, SynthesisLine.dimension, Contribution.count, Contribution.categories)
        .join(Placement, Placement.contribution_id == Contribution.id)
        .join(SynthesisLine, SynthesisLine.id == Placement.line_id)
        .where(
            SynthesisLine.process_id == process.id,
            SynthesisLine.round == round,
            Contribution.state == "published",
        )
    )
    rows = session.execute(query).all()
    found = {
        name: protected(
            *counted(
                Told(number, first.get(code, code), people, said.get(name, ""))
                for number, code, people, said in rows
            )
        )
        for name in CATEGORIES
    }
    return {name: table for name, table in found.items() if table}
