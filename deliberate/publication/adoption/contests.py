"""Contests: what anyone says is wrong with an entry of the register, public with its answer once it is answered."""

from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotFound
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.record import note
from deliberate.publication.adoption.acts import written
from deliberate.publication.adoption.models import Adoption, AdoptionContest


def contest_of(adoption: Adoption, number: int) -> AdoptionContest:
    """A contest of an entry by its number. Raises NotFound."""
    for one in adoption.contests:
        if one.number == number:
            return one
    raise NotFound(N_("There is no contest with this number."))


def contest_adoption(
    session: Session,
    actor: Actor,
    adoption: Adoption,
    text: str,
    now: datetime,
    *,
    language: str,
    contact: str = "",
) -> AdoptionContest:
    """Say what is wrong with an entry. `contact` is private and is deleted once the answer has left."""
    process = adoption.charter.process
    require(session, actor, process, "contest", "adoption", now)
    lock(session, adoption)
    session.refresh(adoption, ["contests"])
    contest = AdoptionContest(
        number=max((one.number for one in adoption.contests), default=0) + 1, text=written(text, "text"),
        language=language, contact=contact.strip().lower()[:254], at=now,
    )  # fmt: skip
    adoption.contests.append(contest)
    session.flush()
    public = {"number": contest.number}
    note(session, actor, process, "contest", f"adoption:{adoption.key}", now, public)
    return contest


def answer_contest(
    session: Session, actor: Actor, contest: AdoptionContest, answer: str, now: datetime, *, show: bool = True
) -> str:
    """Answer a contest in public; `show=False` leaves out its text, which names a person. Returns the contact, deleted."""
    adoption = contest.adoption
    process = adoption.charter.process
    require(session, actor, process, "answer", "adoption", now)
    lock(session, contest)
    if contest.answered_at is not None:
        raise Conflict(N_("This contest was already answered."))
    contest.answer, contest.answered_at, contest.shown = written(answer, "answer"), now, show
    contact, contest.contact = contest.contact, ""
    session.flush()
    public = {"number": contest.number, "answer": contest.answer}
    said = {"text": contest.text, "language": contest.language} if show else None
    note(
        session, actor, process, "answer contest", f"adoption:{adoption.key}", now, public,
        private=said, person=contest.person if show else None, published=show,
    )  # fmt: skip
    return contact
