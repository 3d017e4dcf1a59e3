"""Acts on the synthesis: the grid, its lines, and which contributions stand on which line.

A synthesis is never neutral: contributors may contest where their words were placed, and each contest is answered.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Conflict, NotFound, Refusal
from deliberate.inputs.contributing.acts import contribution_of
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import published
from deliberate.inputs.rules import TEXT_LIMIT, Fault, FaultyEntry, clean_text, new_key
from deliberate.inputs.synthesis import rules
from deliberate.inputs.synthesis.models import Grid, Placement, SynthesisLine
from deliberate.inputs.synthesis.queries import grid_codes, grid_number, lines_of
from deliberate.journal.canonical import digest
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note


def replace_grid(session: Session, actor: Actor, process: Process, text: str, now: datetime) -> Grid:
    """Give a process another grid, or another version of it, from CSV. Raises FaultyEntry with every fault.

    A code that a line already stands on cannot go: the line would stand nowhere.
    """
    require(session, actor, process, "change", "grid", now)
    rows, faults = rules.read_grid(text)
    codes = {rules.grid_code(row) for row in rows}
    used = select(SynthesisLine.dimension).where(SynthesisLine.process_id == process.id).distinct()
    for code in sorted(set(session.scalars(used)) - codes) if rows else []:
        faults.append(
            Fault(
                1,
                N_("The code “%(code)s” is missing, but a line of the synthesis stands on it."),
                {"code": code},
            )
        )
    if faults:
        raise FaultyEntry(faults)
    number = session.scalar(select(func.max(Grid.number)).where(Grid.process_id == process.id)) or 0
    grid = Grid(process_id=process.id, number=number + 1, rows=rows, digest=digest("grid", rows), at=now)
    session.add(grid)
    session.flush()
    note(session, actor, process, "change", "grid", now, {"number": grid.number, "digest": grid.digest})
    return grid


def write_line(
    session: Session,
    actor: Actor,
    process: Process,
    round: int,
    dimension: str,
    text: dict[str, str],
    now: datetime,
    *,
    theme: str = "",
    dissent: dict[str, str] | None = None,
    line: SynthesisLine | None = None,
    key: str = "",
) -> SynthesisLine:
    """Write a line of synthesis on a code of the grid, or reword `line`; `dissent` says who disagreed, and on what."""
    require(session, actor, process, "change" if line else "create", "synthesis", now)
    text = {code: said.strip() for code, said in text.items() if said.strip()}
    if not text:
        raise Refusal(N_("Write the line in at least one language."), field="text")
    if dimension not in grid_codes(session, process):
        raise Refusal(N_("“%(code)s” is not a code of the grid."), field="dimension", code=dimension)
    if line is None:
        line = SynthesisLine(process_id=process.id, key=key or new_key("s"), round=round, at=now)
        session.add(line)
    line.dimension, line.theme, line.text, line.dissent = dimension, theme, text, dissent or {}
    line.grid = grid_number(session, process)
    session.flush()
    public = {
        "round": line.round,
        "dimension": dimension,
        "theme": theme,
        "text": text,
        "dissent": line.dissent,
    }
    note(session, actor, process, "write", f"line:{line.key}", now, public)
    return line


def place(
    session: Session,
    actor: Actor,
    process: Process,
    line: SynthesisLine,
    contributions: list[Contribution],
    now: datetime,
) -> list[Placement]:
    """Place contributions on a line; those that stand there already stay as they are. One entry for all."""
    require(session, actor, process, "change", "synthesis", now)
    there = {placement.contribution_id for placement in line.placements}
    new = [one for one in dict.fromkeys(contributions) if one.id not in there]
    if any(one.state != "published" or one.round != line.round for one in new):
        raise Refusal(N_("Only published contributions of the same round can be placed on a line."))
    placements = [Placement(line=line, contribution=one, at=now) for one in new]
    session.add_all(placements)
    session.flush()
    if new:
        keys = sorted(one.key for one in new)
        note(session, actor, process, "place", f"line:{line.key}", now, {"contributions": keys})
    return placements


def unplace(session: Session, actor: Actor, process: Process, placement: Placement, now: datetime) -> None:
    """Take a contribution off a line. A contest that waits is thereby granted."""
    require(session, actor, process, "change", "synthesis", now)
    line, contribution = placement.line, placement.contribution
    public = {"contribution": contribution.key, "contested": placement.contested_at is not None}
    session.delete(placement)
    session.flush()
    session.expire(line, ["placements"])
    session.expire(contribution, ["placements"])
    note(session, actor, process, "unplace", f"line:{line.key}", now, public)


def contest_placement(
    session: Session, secret: str, placement: Placement, reason: str, now: datetime
) -> None:
    """Say, by receipt, that one's words stand on the wrong line; the dossier waits for the answer."""
    contribution = contribution_of(session, secret)
    if placement.contribution_id != contribution.id:
        raise NotFound(N_("This receipt is not known here. Check the address letter by letter."))
    require(session, VISITOR, contribution.process, "contest", "contribution", now)
    if placement.contested_at is not None:
        raise Conflict(N_("You already contested this; the answer will be shown here."))
    placement.contest = clean_text(reason, "reason", TEXT_LIMIT)
    placement.contested_at = now
    session.flush()
    note(
        session, VISITOR, contribution.process, "contest", contribution.object, now,
        {"line": placement.line.key}, private={"reason": placement.contest}, person=contribution.person,
    )  # fmt: skip


def answer_contest(
    session: Session, actor: Actor, process: Process, placement: Placement, answer: str, now: datetime
) -> None:
    """Keep a contested placement and say why; to grant the contest, `unplace` instead."""
    require(session, actor, process, "change", "synthesis", now)
    if not placement.contest_waits:
        raise Conflict(N_("No contest waits for an answer here."))
    if not answer.strip():
        raise Refusal(N_("Say why the words stay where they are: their author will read it."), field="answer")
    placement.contest_answer = answer.strip()
    session.flush()
    public = {"contribution": placement.contribution.key, "answer": placement.contest_answer}
    note(session, actor, process, "answer contest", f"line:{placement.line.key}", now, public)


def coverage(session: Session, process: Process, round: int) -> dict[str, Any]:
    """Which published contributions of a round stand on no line, and how many there are: an audit for everyone."""
    shown = published(process).where(Contribution.round == round)
    found = session.scalars(shown.order_by(Contribution.id)).all()
    placed = {
        placement.contribution_id
        for line in lines_of(session, process, round)
        for placement in line.placements
    }
    unplaced = [one for one in found if one.id not in placed]
    return {"total": len(found), "placed": len(found) - len(unplaced), "unplaced": unplaced}
