"""What the mixed board says of a line: each member of one wording, in public, dissent included."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, NotPermitted, Refusal
from deliberate.inputs.rules import clean_language, clean_text
from deliberate.inputs.synthesis import rules
from deliberate.inputs.synthesis.acts import hold
from deliberate.inputs.synthesis.models import LineReview, SynthesisLine
from deliberate.inputs.synthesis.queries import kinds_of_board
from deliberate.journal.acts import withdraw
from deliberate.people.acts import Erased
from deliberate.people.queries import DataRequested
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.queries import roles_of
from deliberate.process.record import note
from deliberate.process.rules import BOARD

WORDS_LIMIT = 2000


def kinds_of(session: Session, actor: Actor, process: Process, now: datetime) -> list[str]:
    """In which capacities somebody sits on the board of a process at a moment."""
    held = roles_of(session, actor, process, now)
    return [kind for kind in kinds_of_board(process) if BOARD[kind] in held]


def review_line(
    session: Session,
    actor: Actor,
    process: Process,
    line: SynthesisLine,
    wording: int,
    position: str,
    words: str,
    language: str,
    now: datetime,
) -> LineReview:
    """Say whether one agrees with a wording of a line; saying it again replaces it. Dissent says what it is.

    Raises Refusal when the line was reworded meanwhile, so that nobody validates words they have not read.
    """
    require(session, actor, process, "review", "line", now)
    kinds = kinds_of(session, actor, process, now)
    if not kinds:
        raise NotPermitted(
            N_("The protocol names no mixed board with members of your kind, so nothing was recorded.")
        )
    hold(session, line)
    if position not in rules.POSITIONS:
        raise Refusal(N_("Say whether you agree with this line."), field="position")
    if wording != line.wording:
        raise Refusal(
            N_(
                "This line was reworded while you read it. Read the new wording, then say what you think of it."
            ),
            field="position",
        )
    if position != "agrees" or words.strip():
        words = clean_text(words, "words", WORDS_LIMIT)
    review = _own(session, line, actor) or LineReview(line=line, wording=wording, user_id=actor.user_id)
    review.kind, review.position, review.words, review.at = kinds[0], position, words.strip(), now
    review.language = clean_language(language)
    session.add(review)
    session.flush()
    withdraw(session, review.person, actor=VISITOR.kind, now=now)
    note(
        session, actor, process, "review", line.object, now,
        {"wording": wording, "kind": review.kind, "position": position},
        private={"words": review.words} if review.words else None, person=review.person, published=True,
    )  # fmt: skip
    return review


def _own(session: Session, line: SynthesisLine, actor: Actor) -> LineReview | None:
    return session.scalar(
        select(LineReview).where(
            LineReview.line_id == line.id,
            LineReview.wording == line.wording,
            LineReview.user_id == actor.user_id,
        )
    )


def forget_reviews(session: Session, event: Erased, now: datetime) -> None:
    """Of what an erased person said on a board, the position stays and the words go."""
    for review in session.scalars(select(LineReview).where(LineReview.user_id == event.user.id)).all():
        review.words, review.user_id = "", None
        session.flush()
        withdraw(session, review.person, actor=VISITOR.kind, now=now)


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """What somebody said as a member of a mixed board."""
    mine = select(LineReview).where(LineReview.user_id == request.user.id).order_by(LineReview.id)
    request.held["reviews"] = [
        {"line": one.line.key, "wording": one.wording, "position": one.position, "words": one.words}
        for one in session.scalars(mine)
    ]
