"""Settling the dossier of a round: the human act after the close that fixes what deliberation works from."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.core.events import announce
from deliberate.inputs.dossiers import queries
from deliberate.inputs.dossiers.checklist import STOPS, checklist
from deliberate.inputs.dossiers.content import dossier_content
from deliberate.inputs.dossiers.models import Dossier
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.experience.queries import lessons_by_key
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import any_heard
from deliberate.inputs.statements.models import Statement
from deliberate.inputs.synthesis.queries import lines_by_key, reviews_of
from deliberate.journal.acts import Withdrawn
from deliberate.journal.canonical import digest
from deliberate.people.acts import Erased
from deliberate.people.rules import Actor
from deliberate.process.acts import PhaseOpening, require
from deliberate.process.models import Process
from deliberate.process.record import note


class DossierSettled:
    """Announced when the dossier of a round is settled."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier


def settle_dossier(
    session: Session, actor: Actor, process: Process, now: datetime, *, paper_typed: bool = True
) -> Dossier:
    """Fix the dossier of the round whose open phase has closed; publish its digest.

    Whoever settles it states that all paper received in time is typed (`paper_typed`); the journal says so. Refuses
    while anything of `checklist.STOPS` waits. Raises NotPermitted, Refusal or Conflict.
    """
    require(session, actor, process, "settle", "dossier", now)
    number = process.round(now)
    _hold_words(session, process)
    lock(session, process)
    if queries.is_settled(session, process, number):
        raise Conflict(N_("The dossier of round %(round)s is already settled."), round=number)
    _refuse_what_waits(session, process, number, now)
    if not paper_typed:
        raise Refusal(
            N_(
                "State that all paper received in time is typed: what is typed later waits for the next round."
            ),
            field="paper_typed",
        )
    content, texts = dossier_content(session, process, number)
    dossier = Dossier(
        process_id=process.id,
        round=number,
        settled_at=now,
        content=content,
        digest=digest("dossier", content),
        texts=texts,
    )
    session.add(dossier)
    session.flush()
    announce(session, DossierSettled(dossier), now)
    note(session, actor, process, "settle", f"dossier:{number}", now, _public(dossier))
    return dossier


def _hold_words(session: Session, process: Process) -> None:
    """Wait for those who correct, contest, withdraw or moderate at this moment, and keep others waiting: each holds
    what it changes, then looks whether the dossier is settled."""
    for table in (Contribution, Statement, Lesson):
        held = select(table.id).where(table.process_id == process.id).order_by(table.id)
        session.execute(held.with_for_update())


def _public(dossier: Dossier) -> dict[str, Any]:
    counted = ("contributions", "lessons", "synthesis", "statements")
    figures = {name: len(dossier.content[name]) for name in counted}
    return {"digest": dossier.digest, **figures, "paper_typed": True}


def _refuse_what_waits(session: Session, process: Process, round: int, now: datetime) -> None:
    for step in checklist(session, process, round, now):
        if step.stops:
            raise Conflict(STOPS[step.kind], count=step.count, until=step.until)


def refuse_unsettled(session: Session, event: PhaseOpening, now: datetime) -> None:
    """Keep a deliberation from beginning by act on contributions whose dossier is not settled. Raises Conflict.

    Settling is a human act after the close, so it comes before deliberation; a date of the protocol waits for nobody.
    """
    phase = event.phase
    if phase.kind != "deliberation" or queries.is_settled(session, phase.process, phase.round):
        return
    if any_heard(session, phase.process, phase.round):
        raise Conflict(
            N_(
                "People contributed to round %(round)s, and its dossier is not settled yet: the citizens drawn by lot would have nothing fixed to work from. Settle the dossier first, then open the deliberation."
            ),
            round=phase.round,
        )


# Words that go


def forget_withdrawn(session: Session, event: Withdrawn, _now: datetime) -> None:
    """Forget the texts of dossiers whose lesson, or whose review, can no longer be read."""
    of_scopes = select(Dossier).join(Process).where(Process.slug.in_(event.scopes))
    _forget(session, session.scalars(of_scopes).all())


def forget_erased(session: Session, _event: Erased, _now: datetime) -> None:
    """The same once a person was erased: after the rooms that hold what they wrote."""
    _forget(session, session.scalars(select(Dossier)).all())


def _forget(session: Session, dossiers: Iterable[Dossier]) -> None:
    for dossier in dossiers:
        lessons, reviews = dossier.texts.get("lessons", {}), dossier.texts.get("reviews", {})
        public, left = lessons_by_key(session, dossier.process, lessons), _reviews_left(session, dossier)
        kept = {
            "lessons": {key: text for key, text in lessons.items() if key in public},
            "reviews": {key: text for key, text in reviews.items() if key in left},
        }
        if dossier.texts and kept != dossier.texts:
            dossier.texts = kept
    session.flush()


def _reviews_left(session: Session, dossier: Dossier) -> set[str]:
    """The reviews of a dossier's lines whose words were not erased since."""
    wordings = {one["key"]: one["wording"] for one in dossier.content["synthesis"] if "wording" in one}
    return {
        f"{line.key}/{number}"
        for line in lines_by_key(session, dossier.process, wordings)
        for number, one in enumerate(reviews_of(line, wordings[line.key]), start=1)
        if one.words
    }
