"""Contests: what anyone says is wrong with a draw or its seats, answered in public before the seats are final.

A draw can be contested from its reveal until the last seat held is final. A contest filed before a seat's date keeps
that seat from becoming final until it is answered. Its text is public; when it names a person it is taken out, with a
reason, and only a guarantor brings it back. The contest itself stays, and an answer to it is still owed.
"""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotFound, Refusal
from deliberate.journal.acts import disclose
from deliberate.panels.models import Contest, Draw
from deliberate.panels.queries import current_draw, seats
from deliberate.panels.rules import OCCUPYING, final_from
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note

LONGEST = 4000


def contestable(session: Session, draw: Draw, now: datetime) -> bool:
    """Whether a draw may still be contested: for the protocol's days from the reveal, then while a seat is not final."""
    if draw.state != "revealed" or draw.rehearsal or draw.revealed_at is None:
        return False
    if now < final_from(draw.process.protocol, draw.revealed_at):
        return True
    return any(seat.state in OCCUPYING and not seat.final(now) for seat in seats(session, draw))


def contest(session: Session, process: Process, number: int) -> Contest:
    """A contest of the current draw. Raises NotFound."""
    draw = current_draw(session, process)
    query = select(Contest).where(Contest.draw_id == (draw.id if draw else None), Contest.number == number)
    found = session.scalar(query)
    if found is None:
        raise NotFound(N_("There is no contest with this number."))
    return found


def file_contest(
    session: Session, actor: Actor, draw: Draw, text: str, now: datetime, *, language: str, contact: str = ""
) -> Contest:
    """Say what is wrong with a draw or its seats, and why. The text is public; `contact` is not, and is deleted once
    the answer has left. Raises Conflict outside the time to contest."""
    require(session, actor, draw.process, "create", "contest", now)
    lock(session, draw)
    if not contestable(session, draw, now):
        raise Conflict(N_("The time to contest this draw is over: its seats are final."))
    said = _written(text, "text")
    contest = Contest(
        draw_id=draw.id,
        number=max((one.number for one in draw.contests), default=0) + 1,
        key=secrets.token_hex(10),
        text=said,
        language=language,
        contact=contact.strip()[:254],
        at=now,
    )
    draw.contests.append(contest)
    session.flush()
    public = {"draw": draw.number}
    private = {"text": said, "language": language}
    _record(session, actor, contest, "contest", now, public, private)
    return contest


def answer_contest(session: Session, actor: Actor, contest: Contest, answer: str, now: datetime) -> str:
    """Answer a contest in public; it no longer keeps seats from being final. Returns the contact, now deleted."""
    require(session, actor, contest.draw.process, "answer", "contest", now)
    lock(session, contest)
    if contest.answered_at is not None:
        raise Conflict(N_("This contest was already answered. A guarantor may append a remark."))
    contest.answer, contest.answered_at = _written(answer, "answer"), now
    contact, contest.contact = contest.contact, ""
    session.flush()
    _record(session, actor, contest, "answer contest", now, {"answer": contest.answer})
    return contact


def remark_contest(session: Session, actor: Actor, contest: Contest, remark: str, now: datetime) -> None:
    """A guarantor's own remark beside a contest and its answer, once."""
    require(session, actor, contest.draw.process, "remark", "contest", now)
    lock(session, contest)
    if contest.remarked_at is not None:
        raise Conflict(N_("A guarantor has already made a remark here."))
    contest.remark, contest.remarked_at = _written(remark, "remark"), now
    session.flush()
    _record(session, actor, contest, "remark", now, {"text": contest.remark})


def hide_contest(session: Session, actor: Actor, contest: Contest, reason: str, now: datetime) -> None:
    """Take out of the public pages the text of a contest that names a person, for a reason that is public."""
    require(session, actor, contest.draw.process, "moderate", "contest", now)
    lock(session, contest)
    if contest.hidden:
        raise Conflict(N_("This text is already out of the public pages."))
    contest.hidden = _written(reason, "reason")
    session.flush()
    _record(session, actor, contest, "hide", now, {"reason": contest.hidden})
    disclose(session, contest.person, False, now)


def show_contest(session: Session, actor: Actor, contest: Contest, now: datetime) -> None:
    """A guarantor brings back a text that should not have been taken out."""
    require(session, actor, contest.draw.process, "restore", "contest", now)
    lock(session, contest)
    if not contest.hidden:
        raise Conflict(N_("This text is in the public pages."))
    contest.hidden = ""
    session.flush()
    _record(session, actor, contest, "show", now, {})
    disclose(session, contest.person, True, now)


def _written(text: str, field: str) -> str:
    said = text.strip()
    if not said:
        raise Refusal(N_("Write something first: everyone will read it."), field=field)
    if len(said) > LONGEST:
        raise Refusal(N_("This is too long: %(most)s characters at most."), field=field, most=LONGEST)
    return said


def _record(
    session: Session,
    actor: Actor,
    contest: Contest,
    act: str,
    now: datetime,
    public: dict[str, Any],
    private: dict[str, Any] | None = None,
) -> None:
    note(
        session,
        actor,
        contest.draw.process,
        act,
        f"contest:{contest.number}",
        now,
        public,
        private=private,
        person=contest.person if private is not None else None,
        published=private is not None,
    )
