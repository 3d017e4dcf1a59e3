"""Letters to those who volunteered: drawn, reminded, waiting as alternates, not drawn. Each goes out once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.core.jobs import Job
from deliberate.panels.correspondence import LETTERS, Letter
from deliberate.panels.models import Draw, Registrant, RegistrantLink, Seat
from deliberate.panels.queries import seats
from deliberate.people.rules import Actor, new_code, secret_hash
from deliberate.process.acts import require
from deliberate.process.record import note


@dataclass(frozen=True)
class Addressee:
    """Whom a letter is for; `seat` is None for those not drawn, `day` is the last day a reminder reminds of."""

    registrant: Registrant
    seat: Seat | None
    day: str = ""


@dataclass(frozen=True)
class Written:
    """A letter that goes out: by mail when `mail` is set, else to be printed. `code` opens the person's own page."""

    to: Addressee
    code: str
    mail: Job | None


# Lays a letter into the outbox and returns its job; None for someone without an e-mail address.
Post = Callable[[Addressee, str], Job | None]


def due(session: Session, draw: Draw, kind: str) -> list[Addressee]:
    """Who is still to be written to: of this kind, and not written to before."""
    written = _written(session, draw, kind)
    return [one for one in _meant(session, draw, kind) if (one.registrant.id, one.day) not in written]


def due_numbers(session: Session, draw: Draw) -> dict[str, int]:
    """How many letters of each kind are still to be written; the whole pool is counted without being built."""
    numbers = {kind: len(due(session, draw, kind)) for kind in LETTERS if kind != "not drawn"}
    written = {person for person, _ in _written(session, draw, "not drawn")}
    people = session.execute(select(Registrant.id, Registrant.pseudonym).where(*_without_seat(draw)))
    sealed = set(draw.key.values())
    numbers["not drawn"] = sum(name in sealed and person not in written for person, name in people)
    return numbers


def _written(session: Session, draw: Draw, kind: str) -> set[tuple[int, str]]:
    query = select(Letter.registrant_id, Letter.day).where(Letter.draw_id == draw.id, Letter.kind == kind)
    return {(person, day) for person, day in session.execute(query)}


def _meant(session: Session, draw: Draw, kind: str) -> list[Addressee]:
    if kind == "not drawn":
        return [Addressee(registrant, None) for registrant in not_drawn(session, draw)]
    found = [seat for seat in seats(session, draw) if seat.registrant.state == "registered"]
    if kind == "alternate":
        return [Addressee(seat.registrant, seat) for seat in found if seat.state == "waiting"]
    offered = [seat for seat in found if seat.state == "offered"]
    if kind == "drawn":
        return [Addressee(seat.registrant, seat) for seat in offered]
    days = ((seat, seat.answer_by.isoformat()) for seat in offered if seat.answer_by is not None)
    return [Addressee(seat.registrant, seat, day) for seat, day in days]


def not_drawn(session: Session, draw: Draw) -> list[Registrant]:
    """The volunteers of a revealed lottery who have neither a seat nor a place among the alternates."""
    query = select(Registrant).where(*_without_seat(draw)).order_by(Registrant.pseudonym)
    people = session.scalars(query.options(selectinload(Registrant.contact)))
    sealed = set(draw.key.values())
    return [one for one in people if one.pseudonym in sealed]


def _without_seat(draw: Draw) -> tuple[ColumnElement[bool], ...]:
    """Who is still registered and has no seat. The pool may hold more people than a statement may name."""
    drawn = select(Seat.registrant_id).where(Seat.draw_id == draw.id)
    return (
        Registrant.process_id == draw.process_id,
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
    written = [_write(session, draw, kind, one, now, post) for one in due(session, draw, kind)]
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
    addressee = Addressee(seat.registrant, seat)
    code = make_code_link(session, seat.registrant, now)
    job = post(addressee, code)
    public = {"kind": "again", "letters": 1, "mails": int(job is not None)}
    note(session, actor, draw.process, "send letters", f"letters:{draw.number}", now, public)
    return Written(addressee, code, job)


def _write(session: Session, draw: Draw, kind: str, to: Addressee, now: datetime, post: Post) -> Written:
    code = make_code_link(session, to.registrant, now)
    job = post(to, code)
    letter = Letter(draw_id=draw.id, registrant_id=to.registrant.id, kind=kind, day=to.day, at=now)
    letter.job_id = job.id if job is not None else None
    session.add(letter)
    return Written(to, code, job)


def make_code_link(session: Session, registrant: Registrant, now: datetime) -> str:
    """A secret of a volunteer's own page that can be typed from paper (79 random bits); only its hash is kept."""
    code = new_code()
    session.add(RegistrantLink(hash=secret_hash(code), registrant_id=registrant.id, made_at=now))
    session.flush()
    return code


@dataclass(frozen=True)
class Outbox:
    """What became of the letters of one kind: still due, printed, and by mail sent, waiting or failed."""

    kind: str
    due: int
    paper: int
    sent: int
    waiting: int
    failed: list[Registrant]


def outbox(session: Session, draw: Draw) -> list[Outbox]:
    """Every kind of letter with what was sent, what failed, and how many are still to be written."""
    query = select(Letter, Job.state).outerjoin(Job, Letter.job_id == Job.id).where(Letter.draw_id == draw.id)
    rows = session.execute(query.options(selectinload(Letter.registrant).selectinload(Registrant.contact)))
    found = [(letter.kind, state, letter.registrant) for letter, state in rows]
    waiting = due_numbers(session, draw)
    return [
        Outbox(
            kind,
            waiting[kind],
            sum(one == kind and state is None for one, state, _ in found),
            sum(one == kind and state == "done" for one, state, _ in found),
            sum(one == kind and state in ("waiting", "running") for one, state, _ in found),
            [person for one, state, person in found if one == kind and state == "failed"],
        )
        for kind in LETTERS
    ]
