"""Acts on the synthesis: its lines, what was read, and which contributions stand on which line.

A synthesis is never neutral: contributors may contest where their words were placed, and each contest is answered.
The grid is in `grids`, splitting and merging in `reshaping`, what others say of a line in `reviewing` and `wordings`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotFound, Refusal
from deliberate.inputs.contributing.acts import contribution_of
from deliberate.inputs.dossiers.queries import is_settled
from deliberate.inputs.models import Contribution
from deliberate.inputs.rules import TEXT_LIMIT, clean_text, new_key
from deliberate.inputs.synthesis.models import LineWording, Placement, Reading, SynthesisLine
from deliberate.inputs.synthesis.queries import grid_codes, grid_number
from deliberate.inputs.telling.acts import tell
from deliberate.people.acts import Erased
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note

LINE_LIMIT = 1000


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
    """Write a line of synthesis on a code of the grid, or reword `line`; `dissent` says who disagreed, and on what.

    Another text is another wording: the former stays readable, and the board is asked again.
    """
    require(session, actor, process, "change" if line else "create", "synthesis", now)
    if line is not None:
        hold(session, line)
    line = keep_line(session, process, line, round, dimension, text, theme, now, key=key)
    line.dissent = dissent or {}
    session.flush()
    public = {
        "round": line.round,
        "dimension": dimension,
        "theme": theme,
        "text": line.text,
        "dissent": line.dissent,
    }
    note(session, actor, process, "write", line.object, now, public)
    return line


def keep_line(
    session: Session,
    process: Process,
    line: SynthesisLine | None,
    round: int,
    dimension: str,
    text: dict[str, str],
    theme: str,
    now: datetime,
    *,
    key: str = "",
) -> SynthesisLine:
    """The line itself, new or reworded, for acts that have checked their permission and write the journal."""
    text = {code: clean_text(said, f"text_{code}", LINE_LIMIT) for code, said in text.items() if said.strip()}
    if not text:
        raise Refusal(N_("Write the line in at least one language."), field="text")
    if dimension not in grid_codes(session, process):
        raise Refusal(N_("“%(code)s” is not a code of the grid."), field="dimension", code=dimension)
    grid = grid_number(session, process)
    if line is None:
        line = SynthesisLine(
            process_id=process.id,
            key=key or new_key("s"),
            round=round,
            wording=0,
            text={},
            dissent={},
            at=now,
        )
        session.add(line)
    line.dimension, line.theme, line.grid = dimension, theme, grid
    if text != line.text:
        line.text, line.wording = text, line.wording + 1
        line.wordings.append(LineWording(number=line.wording, text=text, at=now))
    session.flush()
    return line


def hold(session: Session, line: SynthesisLine) -> None:
    """Hold a line until the transaction ends. Raises Conflict when it was split, merged or retired meanwhile."""
    lock(session, line)
    if line.retired_at is not None:
        raise Conflict(
            N_(
                "This line is no longer in force: it was split, merged or retired. Open it to see where it went."
            )
        )


def retire_line(session: Session, actor: Actor, process: Process, line: SynthesisLine, now: datetime) -> None:
    """Take a line out of the synthesis. Raises Conflict while contributions stand on it."""
    require(session, actor, process, "change", "synthesis", now)
    hold(session, line)
    session.expire(line, ["placements"])
    if line.placements:
        raise Conflict(
            N_(
                "Contributions stand on this line: %(count)d. Merge it with another, or place them elsewhere first."
            ),
            count=len(line.placements),
        )
    line.retired_at = now
    session.flush()
    note(session, actor, process, "retire", line.object, now)


def place(
    session: Session,
    actor: Actor,
    process: Process,
    line: SynthesisLine,
    contributions: Sequence[Contribution],
    now: datetime,
) -> list[Placement]:
    """Place contributions on a line; those that stand there already stay as they are. One entry for all.

    Whoever places words has read them.
    """
    require(session, actor, process, "change", "synthesis", now)
    hold(session, line)
    session.expire(line, ["placements"])
    there = {placement.contribution_id for placement in line.placements}
    new = [one for one in dict.fromkeys(contributions) if one.id not in there]
    if any(one.state != "published" or one.round != line.round for one in new):
        raise Refusal(N_("Only published contributions of the same round can be placed on a line."))
    placements = [Placement(line=line, contribution=one, at=now) for one in new]
    session.add_all(placements)
    _keep_read(session, actor, new, now)
    session.flush()
    if new:
        keys = sorted(one.key for one in new)
        tell(session, new, "placed", now)
        note(session, actor, process, "place", line.object, now, {"contributions": keys})
    return placements


def mark_read(
    session: Session,
    actor: Actor,
    process: Process,
    contributions: Sequence[Contribution],
    now: datetime,
) -> int:
    """Note that somebody of the team has read contributions; returns how many they had not read before."""
    require(session, actor, process, "change", "synthesis", now)
    new = _keep_read(session, actor, contributions, now)
    session.flush()
    if new:
        keys = sorted(one.key for one in new)
        note(
            session, actor, process, "read", "contribution", now, {"count": len(keys), "contributions": keys}
        )
    return len(new)


def _keep_read(
    session: Session, actor: Actor, contributions: Sequence[Contribution], now: datetime
) -> list[Contribution]:
    ids = [one.id for one in contributions]
    mine = select(Reading.contribution_id).where(
        Reading.user_id == actor.user_id, Reading.contribution_id.in_(ids)
    )
    known = set(session.scalars(mine))
    new = [one for one in dict.fromkeys(contributions) if one.id not in known]
    session.add_all(Reading(contribution_id=one.id, user_id=actor.user_id, at=now) for one in new)
    return new


def forget_readers(session: Session, event: Erased, _now: datetime) -> None:
    """What an erased person read stays read, by nobody in particular."""
    session.execute(update(Reading).where(Reading.user_id == event.user.id).values(user_id=None))


def unplace(session: Session, actor: Actor, process: Process, placement: Placement, now: datetime) -> None:
    """Take a contribution off a line. A contest that waits is thereby granted."""
    require(session, actor, process, "change", "synthesis", now)
    line, contribution = placement.line, placement.contribution
    public = {"contribution": contribution.key, "contested": placement.contested_at is not None}
    session.delete(placement)
    session.flush()
    session.expire(line, ["placements"])
    session.expire(contribution, ["placements"])
    note(session, actor, process, "unplace", line.object, now, public)


def contest_placement(
    session: Session, secret: str, placement: Placement, reason: str, now: datetime
) -> None:
    """Say, by receipt, that one's words stand on the wrong line; the dossier waits for the answer."""
    contribution = contribution_of(session, secret)
    if placement.contribution_id != contribution.id:
        raise NotFound(N_("This receipt is not known here. Check the address letter by letter."))
    require(session, VISITOR, contribution.process, "contest", "contribution", now)
    lock(session, contribution)
    if is_settled(session, contribution.process, contribution.round):
        raise Conflict(
            N_("The dossier of this round is settled: where your words stand can no longer be contested.")
        )
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
    placement.contest_answer = clean_text(answer, "answer", TEXT_LIMIT)
    session.flush()
    tell(session, [placement.contribution], "contest answered", now)
    public = {"contribution": placement.contribution.key, "answer": placement.contest_answer}
    note(session, actor, process, "answer contest", placement.line.object, now, public)
