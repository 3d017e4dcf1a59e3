"""Reading the grid, the lines of a synthesis, where they came from and what stands on them."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from deliberate.core.errors import N_, NotFound
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import published
from deliberate.inputs.rules import CATEGORIES
from deliberate.inputs.synthesis import rules
from deliberate.inputs.synthesis.categories import Table, Told, counted, protected
from deliberate.inputs.synthesis.models import (
    Grid,
    LineAncestry,
    LineReview,
    Placement,
    Reading,
    Reshaping,
    SynthesisLine,
    WordingProposal,
)
from deliberate.process.models import Process

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
    opened = selectinload(SynthesisLine.placements).selectinload(Placement.contribution)
    said = selectinload(SynthesisLine.reviews)
    return session.scalars(
        query.order_by(SynthesisLine.dimension, SynthesisLine.id).options(opened, said)
    ).all()


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


def reshapings_of(session: Session, line: SynthesisLine) -> Sequence[Reshaping]:
    """The splits and merges that a line came from or went into, oldest first, undone ones too."""
    theirs = select(LineAncestry.reshaping_id).where(
        or_(LineAncestry.parent_id == line.id, LineAncestry.child_id == line.id)
    )
    return session.scalars(
        select(Reshaping)
        .where(Reshaping.id.in_(theirs))
        .order_by(Reshaping.id)
        .options(
            selectinload(Reshaping.ancestries).selectinload(LineAncestry.parent),
            selectinload(Reshaping.ancestries).selectinload(LineAncestry.child),
        )
    ).all()


def heirs(session: Session, line: SynthesisLine) -> list[SynthesisLine]:
    """The lines in force in which a line lives on: itself, or what it was split into, merged into, or gave back."""
    found: dict[int, SynthesisLine] = {}
    seen: set[int] = set()
    waiting = [line]
    while waiting:
        one = waiting.pop()
        if one.id in seen:
            continue
        seen.add(one.id)
        if one.retired_at is None:
            found[one.id] = one
            continue
        for reshaping in reshapings_of(session, one):
            for link in reshaping.ancestries:
                if reshaping.undone_at is None and link.parent_id == one.id:
                    waiting.append(link.child)
                elif reshaping.undone_at is not None and link.child_id == one.id:
                    waiting.append(link.parent)
    return [found[number] for number in sorted(found)]


def origins(session: Session, line: SynthesisLine) -> list[SynthesisLine]:
    """The lines that a line was made of, all the way back, the nearest first."""
    found: dict[int, SynthesisLine] = {}
    waiting = [line]
    while waiting:
        one = waiting.pop(0)
        for reshaping in reshapings_of(session, one):
            for link in reshaping.ancestries:
                if link.child_id == one.id and reshaping.undone_at is None and link.parent_id not in found:
                    found[link.parent_id] = link.parent
                    waiting.append(link.parent)
    return list(found.values())


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


def by_category(session: Session, process: Process, round: int, category: str) -> Table:
    """Grid dimension → value of a category → people whose words stand there; None is not shown (see `categories`)."""
    first = {rules.grid_code(row): row["code"] for row in grid_rows(session, process)}
    told = [
        Told(
            placement.contribution_id,
            first.get(one.dimension, one.dimension),
            placement.contribution.count,
            placement.contribution.categories.get(category, ""),
        )
        for one in lines_of(session, process, round)
        for placement in one.placements
        if placement.contribution.state == "published"
    ]
    return protected(*counted(told))


def category_tables(session: Session, process: Process, round: int) -> Mapping[str, Table]:
    """Category → its table, those with nothing to show left out."""
    found = {name: by_category(session, process, round, name) for name in CATEGORIES}
    return {name: table for name, table in found.items() if table}
