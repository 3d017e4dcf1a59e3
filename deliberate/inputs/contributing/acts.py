"""Acts on contributions: recording, correcting and withdrawing them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotFound, NotPermitted, Refusal, TooMany
from deliberate.core.events import announce
from deliberate.inputs import rules
from deliberate.inputs.answers.acts import forget_drafts
from deliberate.inputs.contributing.models import AnswerSource, ContributorContact
from deliberate.inputs.contributing.rules import ANSWERS_PER_SOURCE, WINDOW
from deliberate.inputs.dossiers.queries import is_settled
from deliberate.inputs.events import ContributionTakenBack
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.moderating.acts import drop_appeal
from deliberate.inputs.moderating.appeals import forget_appeals
from deliberate.inputs.receipts import held_with, to_withdraw
from deliberate.inputs.telling.acts import forget_notices
from deliberate.journal.acts import withdraw
from deliberate.people.acts import Erased
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note


def contribute(
    session: Session, actor: Actor, process: Process, question: Question, text: str, language: str, channel: str,
    categories: Mapping[str, str], theme: str, now: datetime, *, variant: str = "", key: str = "", secret: str = "",
    received: datetime | None = None, collective: bool = False, count: int = 1, component: str = "", note: str = "",
    late: bool = False, source: str = "",
) -> tuple[Contribution, str]:  # fmt: skip
    """Record an answer; returns it with the secret of its receipt, of which only the hash is kept.

    An answer counts for the round of its question when it was received (`received`, else `now`) in that round's open
    phase; what came on paper before the close may be typed until the dossier is settled. With `late`, what came or is
    typed after that waits for the next round instead of being refused. `secret` lets a form that is sent twice find its
    receipt again. `source` is the network it came from, see `rules.source`. Raises NotPermitted outside the phase,
    Refusal for an empty or too long text, Conflict for a receipt in use, TooMany when a network floods the process.
    """
    counts_for = _round_of(session, actor, process, question, channel, received or now, late, now)
    if source:
        _refuse_flood(session, source, now)
    secret = _unused(session, secret) if secret else rules.new_receipt()
    contribution = Contribution(
        process_id=process.id,
        key=key or rules.new_key("c"),
        question_id=question.id,
        variant=variant if variant in [v["key"] for v in question.variants] else "",
        round=counts_for,
        theme=theme or question.theme,
        text=(cleaned := rules.clean_text(text)),
        folded=rules.folded(cleaned),
        language=rules.clean_language(language),
        channel=channel,
        collective=collective,
        count=count,
        component=component,
        note=note.strip()[: rules.NOTE_LIMIT],
        categories=rules.clean_categories(categories),
        state=first_state(process),
        receipt_hash=rules.receipt_hash(secret),
        user_id=actor.user_id if channel == "web" else None,
        received_at=received or now,
        at=now,
    )
    session.add(contribution)
    session.flush()
    if source:
        session.add(AnswerSource(contribution_id=contribution.id, source=source, at=now))
    _note_text(session, VISITOR if channel == "web" else actor, contribution, "contribute", now)
    return contribution, secret


def _round_of(
    session: Session,
    actor: Actor,
    process: Process,
    question: Question,
    channel: str,
    received: datetime,
    late: bool,
    now: datetime,
) -> int:
    """The round that an answer counts for."""
    if channel not in rules.CHANNELS or question.process_id != process.id:
        raise NotFound(N_("There is no such question in this process."))
    phase = process.open_phase(question.round)
    if channel == "web":
        if phase is None or not phase.span.holds(now):
            raise NotPermitted(
                N_(
                    "Answers to this question are not being collected at the moment, so nothing was recorded. Keep your text: it can be sent in the next open phase."
                )
            )
        require(session, actor, process, "create", "contribution", now)
        return question.round
    require(session, actor, process, "enter", "contribution", now)
    settled = is_settled(session, process, question.round)
    if phase and received <= now and not settled and phase.span.holds(received):
        return question.round
    if late and received <= now and process.open_phase_over(question.round, now):
        return rules.next_round([phase.span for phase in process.phases], question.round, now)
    if settled:
        raise Conflict(
            N_("The dossier of round %(round)s is settled. Say that this waits for the next round, or leave it out."),
            field="late", round=question.round,
        )  # fmt: skip
    raise Refusal(
        N_("This was received outside the open phase of round %(round)s. Check the date; what came late is for the next round."),
        field="received", round=question.round,
    )  # fmt: skip


def _refuse_flood(session: Session, source: str, now: datetime) -> None:
    recent = select(func.count()).where(AnswerSource.source == source, AnswerSource.at > now - WINDOW)
    if (session.scalar(recent) or 0) >= ANSWERS_PER_SOURCE:
        raise TooMany(
            N_("Very many answers came from your network in a quarter of an hour, so this one was not recorded. Wait a little, then send it again: your text is still here.")
        )  # fmt: skip


def _unused(session: Session, secret: str) -> str:
    if known(session, secret):
        raise Conflict(N_("An answer was already recorded under this receipt; nothing was recorded twice."))
    return secret


def first_state(process: Process) -> str:
    """The state in which something sent by anyone begins, as the protocol says."""
    return "published" if process.protocol.get("moderation", "before") == "after" else "waiting"


def _note_text(session: Session, actor: Actor, contribution: Contribution, act: str, now: datetime) -> None:
    entry = note(
        session,
        actor,
        contribution.process,
        act,
        contribution.object,
        now,
        {
            "question": contribution.question.key,
            "round": contribution.round,
            "theme": contribution.theme,
            "language": contribution.language,
            "channel": contribution.channel,
            "count": contribution.count,
            "state": contribution.state,
        },
        private={"text": contribution.text},
        person=contribution.person,
        published=contribution.state == "published",
    )
    contribution.commitment = entry.private or ""
    session.flush()


def known(session: Session, secret: str) -> bool:
    """Whether a receipt belongs to a contribution."""
    found = select(Contribution.id).where(Contribution.receipt_hash == rules.receipt_hash(secret))
    return session.scalar(found) is not None


def contribution_of(session: Session, secret: str) -> Contribution:
    """The contribution that a receipt belongs to. Raises NotFound."""
    return held_with(session, Contribution, secret)


def correct_contribution(session: Session, secret: str, text: str, now: datetime) -> Contribution:
    """Replace the text, by its receipt, until the dossier of its round is settled; the first words are forgotten.

    With moderation before publication the new text waits again, and always when the first words were refused.
    """
    contribution = contribution_of(session, secret)
    lock(session, contribution)
    if contribution.state == "withdrawn":
        raise Conflict(N_("This contribution was withdrawn; it can no longer be corrected."))
    if is_settled(session, contribution.process, contribution.round):
        raise Conflict(
            N_(
                "The dossier of this round is settled: its words can no longer be corrected. You can still withdraw them."
            )
        )
    cleaned = rules.clean_text(text)
    announce(session, ContributionTakenBack(contribution, cleaned), now)
    contribution.text, contribution.folded = cleaned, rules.folded(cleaned)
    refused = contribution.state == "refused"
    contribution.state = "waiting" if refused else first_state(contribution.process)
    contribution.reason = ""
    drop_appeal(session, contribution.process, contribution)
    withdraw(session, contribution.person, actor=VISITOR.kind, now=now)
    _note_text(session, VISITOR, contribution, "correct", now)
    return contribution


def withdraw_contribution(session: Session, secret: str, now: datetime) -> Contribution:
    """Erase a contribution, by its receipt, at any time: its words go, its key stays (GDPR, article 17)."""
    contribution = to_withdraw(session, Contribution, secret)
    take_back(session, contribution, now)
    note(session, VISITOR, contribution.process, "withdraw", contribution.object, now)
    return contribution


def forget_contributions(session: Session, event: Erased, now: datetime) -> None:
    """Withdraw what an erased person contributed while signed in."""
    mine = select(Contribution).where(Contribution.user_id == event.user.id).order_by(Contribution.id)
    for contribution in session.scalars(mine).all():
        take_back(session, contribution, now)
        note(session, VISITOR, contribution.process, "withdraw", contribution.object, now)


def take_back(session: Session, contribution: Contribution, now: datetime) -> None:
    """Take the words of a contribution away for good; its key and its place stay. The caller journals why."""
    announce(session, ContributionTakenBack(contribution), now)
    for table in (ContributorContact, AnswerSource):
        session.execute(delete(table).where(table.contribution_id == contribution.id))
    contribution.text = contribution.folded = contribution.note = ""
    contribution.categories = {}
    contribution.user_id = None
    contribution.state = "withdrawn"
    for placement in contribution.placements:
        placement.contest = ""
    forget_appeals(session, contribution.process, contribution)
    forget_notices(session, contribution)
    forget_drafts(session, [contribution])
    session.flush()
    withdraw(session, contribution.person, actor=VISITOR.kind, now=now)
