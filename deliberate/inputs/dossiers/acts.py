"""Settling the dossier of a round: the human act after the close that fixes what deliberation works from."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Conflict
from deliberate.core.events import announce
from deliberate.inputs import rules
from deliberate.inputs.dossiers import queries
from deliberate.inputs.dossiers.models import Dossier
from deliberate.inputs.experience.acts import as_record
from deliberate.inputs.experience.queries import lessons_of
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating.queries import waiting
from deliberate.inputs.queries import any_heard, published, questions_of
from deliberate.inputs.synthesis.acts import coverage
from deliberate.inputs.synthesis.queries import grid_number, lines_of
from deliberate.journal.canonical import digest
from deliberate.people.rules import Actor
from deliberate.process.acts import PhaseOpening, require
from deliberate.process.models import Process
from deliberate.process.record import note


class DossierSettled:
    """Announced when the dossier of a round is settled."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier


def settle_dossier(session: Session, actor: Actor, process: Process, now: datetime) -> Dossier:
    """Fix the dossier of the round whose open phase has closed; publish its digest.

    Refuses while something waits for moderation or a contest for its answer, and until contributors have had the days
    that the protocol gives them to contest where their words were placed. Raises NotPermitted or Conflict.
    """
    require(session, actor, process, "settle", "dossier", now)
    number = process.round(now)
    if queries.dossier(session, process, number) is not None:
        raise Conflict(N_("The dossier of round %(round)s is already settled."), round=number)
    _refuse_what_waits(session, process, number, now)
    content = dossier_content(session, process, number)
    dossier = Dossier(
        process_id=process.id,
        round=number,
        settled_at=now,
        content=content,
        digest=digest("dossier", content),
    )
    session.add(dossier)
    session.flush()
    announce(session, DossierSettled(dossier), now)
    public = {
        "digest": dossier.digest,
        "contributions": len(content["contributions"]),
        "lessons": len(content["lessons"]),
    }
    note(session, actor, process, "settle", f"dossier:{number}", now, public)
    return dossier


def _refuse_what_waits(session: Session, process: Process, round: int, now: datetime) -> None:
    if count := len(waiting(session, process, round)):
        raise Conflict(
            N_("Contributions or lessons that still wait for moderation: %(count)s. Decide on them first."),
            count=count,
        )
    contests = [p for line in lines_of(session, process, round) for p in line.placements if p.contest_waits]
    if contests:
        raise Conflict(
            N_(
                "Objections to where words were placed that still wait for an answer: %(count)s. Answer them first."
            ),
            count=len(contests),
        )
    until = contest_until(process, round)
    if until is not None and now < until:
        raise Conflict(
            N_(
                "Contributors can contest where their words were placed until %(until)s. Settle the dossier after that."
            ),
            until=until,
        )


def refuse_unsettled(session: Session, event: PhaseOpening, now: datetime) -> None:
    """Keep a deliberation from beginning by act on contributions whose dossier is not settled. Raises Conflict.

    Settling is a human act after the close, so it comes before deliberation; a date of the protocol waits for nobody.
    """
    phase = event.phase
    if phase.kind != "deliberation" or queries.dossier(session, phase.process, phase.round) is not None:
        return
    if any_heard(session, phase.process, phase.round):
        raise Conflict(
            N_(
                "People contributed to round %(round)s, and its dossier is not settled yet: the citizens drawn by lot would have nothing fixed to work from. Settle the dossier first, then open the deliberation."
            ),
            round=phase.round,
        )


def contest_until(process: Process, round: int) -> datetime | None:
    """Until when the contributors of a round may contest placements, once its close is known."""
    phase = next(phase for phase in process.phases if phase.kind == "open" and phase.round == round)
    days = int(process.protocol.get("contest_days", 0))
    return rules.contest_until(phase.span, days, process.protocol.get("time_zone", "UTC"))


def dossier_content(session: Session, process: Process, round: int) -> dict[str, Any]:
    """The dossier as plain data. Contributions stand in it by the codes the journal commits to, not by their words,
    so that a person who withdraws theirs later leaves the dossier whole."""
    shown = published(process).where(Contribution.round == round)
    found = session.scalars(shown.order_by(Contribution.key)).all()
    covered = coverage(session, process, round)
    return {
        "process": process.slug,
        "round": round,
        "grid": grid_number(session, process),
        "questions": [
            {"key": one.key, "text": one.text, "variants": one.variants}
            for one in questions_of(session, process, round)
        ],
        "contributions": [_contribution(one) for one in found],
        "lessons": [_lesson(as_record(one)) for one in lessons_of(session, process) if one.round <= round],
        "synthesis": [
            {
                "key": line.key,
                "dimension": line.dimension,
                "theme": line.theme,
                "text": line.text,
                "dissent": line.dissent,
                "contributions": sorted(p.contribution.key for p in line.placements),
            }
            for line in lines_of(session, process, round)
        ],
        "coverage": {
            "total": covered["total"],
            "placed": covered["placed"],
            "unplaced": sorted(c.key for c in covered["unplaced"]),
        },
    }


def _contribution(one: Contribution) -> dict[str, Any]:
    return {
        "key": one.key,
        "question": one.question.key,
        "theme": one.theme,
        "language": one.language,
        "channel": one.channel,
        "count": one.count,
        "commitment": one.commitment,
    }


def _lesson(content: dict[str, Any]) -> dict[str, Any]:
    return {**content, "digest": digest("lesson", content)}
