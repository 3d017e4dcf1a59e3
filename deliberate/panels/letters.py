"""Letters to those who volunteered: drawn, reminded, waiting as alternates, not drawn. Each goes out once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.core.jobs import Job
from deliberate.panels.correspondence import LETTERS, Letter
from deliberate.panels.models import Draw, Registrant, RegistrantLink, Seat
from deliberate.panels.places import Place
from deliberate.panels.queries import seats
from deliberate.panels.rules import REMINDER_DAYS, reminder_from, today
from deliberate.people.rules import Actor, new_code, secret_hash
from deliberate.process.acts import require
from deliberate.process.record import note

# Kinds that organisers print for everyone, whether or not a mail leaves too.
PRINTED = ("drawn", "reminder")


@dataclass(frozen=True)
class Addressee:
    """Whom a letter is for; `seat` is None for those not drawn, `day` is the last day a reminder reminds of."""

    registrant: Registrant
    seat: Seat | None
    day: str = ""


@dataclass(frozen=True)
class Written:
    """A letter that goes out: by mail when `mail` is set; `printed` says that organisers print it, mail or not.

    `code` opens the person's own page.
    """

    to: Addressee
    code: str
    mail: Job | None
    printed: bool


# Lays a letter into the outbox and returns its job; None for someone without an e-mail address.
Post = Callable[[Addressee, str], Job | None]


def due(
    session: Session, draw: Draw, kind: str, now: datetime, found: Sequence[Seat] | None = None
) -> list[Addressee]:
    """Who is still to be written to: of this kind, and not written to before. `found` are the seats, if known."""
    written, day = _written(session, draw, kind), today(draw.process.protocol, now)
    if kind == "not drawn":
        meant = [Addressee(registrant, None) for registrant in not_drawn(session, draw)]
    else:
        meant = _meant(seats(session, draw) if found is None else found, kind, day)
    out = _written_to_on(session, draw, day) if kind == "reminder" else set()
    return [
        one for one in meant if (one.registrant.id, one.day) not in written and one.registrant.id not in out
    ]


def _written_to_on(session: Session, draw: Draw, day: date) -> set[int]:
    """To whom the letter to those drawn went on this very day."""
    letters = session.scalars(select(Letter).where(Letter.draw_id == draw.id, Letter.kind == "drawn"))
    return {one.registrant_id for one in letters if today(draw.process.protocol, one.at) == day}


def due_numbers(session: Session, draw: Draw, now: datetime, found: Sequence[Seat]) -> dict[str, int]:
    """How many letters of each kind are still to be written; the whole pool is counted without being built."""
    numbers = {kind: len(due(session, draw, kind, now, found)) for kind in LETTERS if kind != "not drawn"}
    thanked = select(Letter.registrant_id).where(Letter.draw_id == draw.id, Letter.kind == "not drawn")
    left = select(func.count(Registrant.id)).where(*_without_seat(draw), Registrant.id.not_in(thanked))
    return numbers | {"not drawn": 0 if draw.awaited else session.scalar(left) or 0}


def _written(session: Session, draw: Draw, kind: str) -> set[tuple[int, str]]:
    query = select(Letter.registrant_id, Letter.day).where(Letter.draw_id == draw.id, Letter.kind == kind)
    return {(person, day) for person, day in session.execute(query)}


def _meant(found: Sequence[Seat], kind: str, day: date) -> list[Addressee]:
    """Whose seat calls for a letter of this kind, on this day."""
    found = [seat for seat in found if seat.registrant.state == "registered"]
    if kind == "alternate":
        return [Addressee(seat.registrant, seat) for seat in found if seat.state == "waiting"]
    offered = [seat for seat in found if seat.state == "offered"]
    if kind == "drawn":
        return [Addressee(seat.registrant, seat) for seat in offered]
    return [
        Addressee(seat.registrant, seat, seat.answer_by.isoformat())
        for seat in offered
        if seat.answer_by is not None and reminder_from(seat.answer_by) <= day
    ]


def not_drawn(session: Session, draw: Draw) -> list[Registrant]:
    """The volunteers of a revealed lottery who have neither a seat nor a place among the alternates.

    Nobody as long as the alternates are not known.
    """
    if draw.awaited:
        return []
    query = select(Registrant).where(*_without_seat(draw)).order_by(Registrant.pseudonym)
    return list(session.scalars(query.options(selectinload(Registrant.contact))))


def _without_seat(draw: Draw) -> tuple[ColumnElement[bool], ...]:
    """Who is in the lottery, still registered, and has no seat. A pool may hold more people than a statement may name."""
    drawn = select(Seat.registrant_id).where(Seat.draw_id == draw.id)
    return (
        Registrant.id.in_(select(Place.registrant_id).where(Place.draw_id == draw.id)),
        Registrant.state == "registered",
        Registrant.id.not_in(drawn),
    )


def send_letters(
    session: Session, actor: Actor, draw: Draw, kind: str, now: datetime, post: Post
) -> list[Written]:
    """Write to everyone of a kind who has had no such letter yet. Raises Conflict when there is nobody."""
    require(session, actor, draw.process, "change", "seat", now)
    if kind not in LETTERS:
        raise Refusal(N_("There is no such letter."))
    if draw.state != "revealed":
        raise Conflict(N_("No draw has been revealed yet."))
    written = [_write(session, draw, kind, one, now, post) for one in due(session, draw, kind, now)]
    if not written and kind == "reminder":
        raise Conflict(
            N_(
                "Nobody is to be reminded today: it is done once, from %(days)s days before the last day to answer, "
                "and not on the day of the letter itself."
            ),
            days=REMINDER_DAYS,
        )
    if not written:
        raise Conflict(
            N_("Everyone has had this letter. Print one again from the row of the person, if it was lost.")
        )
    mails = sum(letter.mail is not None for letter in written)
    public = {"kind": kind, "letters": len(written), "mails": mails}
    note(session, actor, draw.process, "send letters", f"letters:{draw.number}", now, public)
    return written


def write_again(session: Session, actor: Actor, seat: Seat, now: datetime, post: Post) -> Written:
    """The letter of one person once more, with a new code, for one that was lost."""
    draw = seat.draw
    require(session, actor, draw.process, "change", "seat", now)
    if seat.state not in ("offered", "accepted", "waiting", "no answer", "declined"):
        raise Conflict(N_("This seat does not await an answer."))
    kind = "alternate" if seat.state == "waiting" else "drawn"
    written = _compose(session, kind, Addressee(seat.registrant, seat), now, post)
    public = {"kind": "again", "letters": 1, "mails": int(written.mail is not None)}
    note(session, actor, draw.process, "send letters", f"letters:{draw.number}", now, public)
    return written


def _write(session: Session, draw: Draw, kind: str, to: Addressee, now: datetime, post: Post) -> Written:
    written = _compose(session, kind, to, now, post)
    letter = Letter(draw_id=draw.id, registrant_id=to.registrant.id, kind=kind, day=to.day, at=now)
    letter.mailed, letter.job_id = written.mail is not None, written.mail.id if written.mail else None
    session.add(letter)
    return written


def _compose(session: Session, kind: str, to: Addressee, now: datetime, post: Post) -> Written:
    """A letter with a code of its own: 79 random bits that can be typed from paper, of which only the hash is kept."""
    code = new_code()
    mail = post(to, code)
    printed = kind in PRINTED or mail is None
    link = RegistrantLink(hash=secret_hash(code), registrant_id=to.registrant.id, made_at=now, handed=printed)
    session.add(link)
    session.flush()
    return Written(to, code, mail, printed)


@dataclass(frozen=True)
class Outbox:
    """What became of the letters of one kind: still due, printed, and by mail sent, waiting or failed."""

    kind: str
    due: int
    paper: int
    sent: int
    waiting: int
    failed: list[Registrant]


def outbox(session: Session, draw: Draw, now: datetime) -> list[Outbox]:
    """Every kind of letter with what was sent, what failed, and how many are still to be written.

    A mail whose work was cleared away has left.
    """
    query = select(Letter, Job.state).outerjoin(Job, Letter.job_id == Job.id).where(Letter.draw_id == draw.id)
    rows = session.execute(query.options(selectinload(Letter.registrant).selectinload(Registrant.contact)))
    found = [
        (letter.kind, (state or "done") if letter.mailed else "printed", letter.registrant)
        for letter, state in rows
    ]
    waiting = due_numbers(session, draw, now, seats(session, draw))
    return [
        Outbox(
            kind,
            waiting[kind],
            sum(one == kind and state == "printed" for one, state, _ in found),
            sum(one == kind and state == "done" for one, state, _ in found),
            sum(one == kind and state in ("waiting", "running") for one, state, _ in found),
            [person for one, state, person in found if one == kind and state == "failed"],
        )
        for kind in LETTERS
    ]
