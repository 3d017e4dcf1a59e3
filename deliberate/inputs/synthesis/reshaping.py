"""Splitting a line into several and merging several into one, without losing a root.

Every contribution that stood on the old lines stands on a new one, with its contest; the old lines keep their address,
which leads on. Undoing gives the old lines back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.inputs.dossiers.queries import dossier
from deliberate.inputs.synthesis.acts import hold, keep_line
from deliberate.inputs.synthesis.models import LineAncestry, Placement, Reshaping, SynthesisLine
from deliberate.inputs.telling.acts import tell
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note


@dataclass(frozen=True)
class Part:
    """A line that a line is split into: its code of the grid, its text, and the keys of what stands on it."""

    dimension: str
    text: dict[str, str]
    contributions: frozenset[str]


def split_line(
    session: Session,
    actor: Actor,
    process: Process,
    line: SynthesisLine,
    parts: Sequence[Part],
    now: datetime,
) -> list[SynthesisLine]:
    """Split a line into at least two. Raises Refusal when a contribution would stand on none of them, or a part on none."""
    require(session, actor, process, "change", "synthesis", now)
    hold(session, line)
    session.expire(line, ["placements"])
    _check_parts(line, parts)
    reshaping = _begin(session, process, "split", [line], now)
    made = [
        keep_line(session, process, None, line.round, part.dimension, part.text, line.theme, now)
        for part in parts
    ]
    for child in made:
        child.dissent = dict(line.dissent)
        reshaping.ancestries.append(LineAncestry(parent=line, child=child))
    for placement in list(line.placements):
        goes = [
            child
            for child, part in zip(made, parts, strict=True)
            if placement.contribution.key in part.contributions
        ]
        _move(session, placement, goes, now)
    _end(session, [line, *made], [line], now)
    _tell(session, made, now)
    note(session, actor, process, "split", line.object, now, {"into": [_public(child) for child in made]})
    return made


def _check_parts(line: SynthesisLine, parts: Sequence[Part]) -> None:
    if len(parts) < 2:
        raise Refusal(N_("A line is split into at least two."))
    there = {placement.contribution.key for placement in line.placements}
    left = there.difference(*(part.contributions for part in parts))
    if left:
        raise Refusal(
            N_("Say where each contribution goes. These stand on none of the new lines: %(keys)s."),
            field="contributions", keys=", ".join(sorted(left)),
        )  # fmt: skip
    if any(not part.contributions & there for part in parts):
        raise Refusal(N_("Every new line needs at least one contribution."), field="contributions")


def merge_lines(
    session: Session,
    actor: Actor,
    process: Process,
    lines: Sequence[SynthesisLine],
    dimension: str,
    text: dict[str, str],
    now: datetime,
    *,
    theme: str = "",
) -> SynthesisLine:
    """Merge at least two lines of a round into a new one, on which everything stands that stood on them."""
    require(session, actor, process, "change", "synthesis", now)
    lines = sorted(set(lines), key=lambda one: one.id)
    if len(lines) < 2:
        raise Refusal(N_("Tick at least two lines to merge."), field="lines")
    if len({one.round for one in lines}) > 1:
        raise Refusal(N_("Only lines of the same round can be merged."), field="lines")
    for one in lines:
        hold(session, one)
        session.expire(one, ["placements"])
    reshaping = _begin(session, process, "merge", lines, now)
    made = keep_line(session, process, None, lines[0].round, dimension, text, theme, now)
    for one in lines:
        reshaping.ancestries.append(LineAncestry(parent=one, child=made))
    made.dissent = _dissents(lines)
    for one in lines:
        for placement in list(one.placements):
            _move(session, placement, [made], now)
    _end(session, [*lines, made], lines, now)
    _tell(session, [made], now)
    public = _public(made) | {"from": [one.key for one in lines], "theme": made.theme, "round": made.round}
    note(session, actor, process, "merge", made.object, now, public)
    return made


def _dissents(lines: Sequence[SynthesisLine]) -> dict[str, str]:
    """Dissent is never lost by merging: what was said against each line is said against the new one."""
    codes = {code for one in lines for code in one.dissent}
    return {
        code: "\n".join(one.dissent[code] for one in lines if code in one.dissent) for code in sorted(codes)
    }


def undo(session: Session, actor: Actor, process: Process, reshaping: Reshaping, now: datetime) -> None:
    """Give back the lines that were split or merged. Raises Conflict once something else rests on the new ones."""
    require(session, actor, process, "change", "synthesis", now)
    lock(session, reshaping)
    old = list(dict.fromkeys(link.parent for link in reshaping.ancestries))
    new = list(dict.fromkeys(link.child for link in reshaping.ancestries))
    if reshaping.undone_at is not None:
        raise Conflict(N_("This was already undone. Reload the page to see where the words stand."))
    for one in new:
        hold(session, one)
        session.expire(one, ["placements"])
    settled = dossier(session, process, old[0].round)
    if settled is not None and settled.settled_at >= reshaping.at:
        raise Conflict(
            N_(
                "The dossier of this round was settled since: its lines stay as they are. Write other lines instead."
            )
        )
    home = _home(reshaping, old, new)
    for one in old:
        lock(session, one)
        one.retired_at = None
    for one in new:
        for placement in list(one.placements):
            _move(session, placement, home[placement.contribution.key], now)
    reshaping.undone_at = now
    _end(session, [*old, *new], new, now)
    public = {
        "kind": reshaping.kind,
        "back": [_standing(one) for one in old],
        "gone": [one.key for one in new],
    }
    note(
        session,
        actor,
        process,
        "undo",
        new[0].object if reshaping.kind == "merge" else old[0].object,
        now,
        public,
    )


def _home(
    reshaping: Reshaping, old: Sequence[SynthesisLine], new: Sequence[SynthesisLine]
) -> Mapping[str, list[SynthesisLine]]:
    """Contribution → the old lines it goes back to: that which was split, or those it stood on before the merge."""
    now_there = {placement.contribution.key for one in new for placement in one.placements}
    if reshaping.kind == "split":
        return {key: list(old) for key in now_there}
    before = {key: [one for one in old if key in reshaping.before[one.key]] for key in now_there}
    strangers = sorted(key for key, lines in before.items() if not lines)
    if strangers:
        raise Conflict(
            N_(
                "These contributions were placed here since the merge: %(keys)s. Take them off this line first, then undo."
            ),
            keys=", ".join(strangers),
        )
    return before


def _begin(
    session: Session, process: Process, kind: str, lines: Sequence[SynthesisLine], now: datetime
) -> Reshaping:
    before = {one.key: sorted(p.contribution.key for p in one.placements) for one in lines}
    reshaping = Reshaping(process_id=process.id, kind=kind, before=before, at=now)
    session.add(reshaping)
    return reshaping


def _move(session: Session, placement: Placement, lines: Sequence[SynthesisLine], now: datetime) -> None:
    """Move a placement to the first of these lines and copy it to the others; a contest goes with it, once."""
    first, *others = lines
    contribution = placement.contribution
    there = next((one for one in first.placements if one.contribution_id == contribution.id), None)
    if there is None:
        placement.line = first
    else:
        _join(there, placement)
        session.delete(placement)
    for line in others:
        if all(one.contribution_id != contribution.id for one in line.placements):
            session.add(Placement(line=line, contribution=contribution, at=now))
    session.flush()
    for line in lines:
        session.expire(line, ["placements"])


def _join(kept: Placement, gone: Placement) -> None:
    """What was contested on either placement is contested on the one kept; while one waits, both are answered anew."""
    if gone.contested_at is None:
        return
    waits = gone.contest_waits or kept.contest_waits
    kept.contest = "\n".join(filter(None, (kept.contest, gone.contest)))
    kept.contested_at = min(filter(None, (kept.contested_at, gone.contested_at)))
    kept.contest_answer = "" if waits else "\n".join(filter(None, (kept.contest_answer, gone.contest_answer)))


def _end(
    session: Session, touched: Sequence[SynthesisLine], retired: Sequence[SynthesisLine], now: datetime
) -> None:
    for one in retired:
        one.retired_at = now
    session.flush()
    for one in touched:
        session.expire(one, ["placements"])


def _tell(session: Session, lines: Sequence[SynthesisLine], now: datetime) -> None:
    tell(session, [placement.contribution for one in lines for placement in one.placements], "placed", now)


def _public(line: SynthesisLine) -> dict[str, Any]:
    return {**_standing(line), "dimension": line.dimension, "text": line.text, "dissent": line.dissent}


def _standing(line: SynthesisLine) -> dict[str, Any]:
    return {"key": line.key, "contributions": sorted(p.contribution.key for p in line.placements)}
