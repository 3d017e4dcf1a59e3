"""Reading ballots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from deliberate.core.errors import N_, NotFound
from deliberate.deliberation.ballots.models import Ballot, PaperCount, Vote
from deliberate.deliberation.models import Attendance
from deliberate.deliberation.queries import members, present_ids
from deliberate.journal.canonical import digest
from deliberate.people.queries import DataRequested
from deliberate.process.models import Process


@dataclass(frozen=True)
class Turnout:
    """How many have voted in an open ballot, and how many may."""

    voted: int
    may: int


def ballots(session: Session, process: Process, subject: str | None = None) -> Sequence[Ballot]:
    """The ballots of a process, oldest first; `subject` keeps those that decide one thing."""
    query = select(Ballot).where(Ballot.process_id == process.id).order_by(Ballot.number)
    return session.scalars(query if subject is None else query.where(Ballot.subject == subject)).all()


def ballot(session: Session, process: Process, number: int) -> Ballot:
    """A ballot by its number. Raises NotFound."""
    found = session.scalar(select(Ballot).where(Ballot.process_id == process.id, Ballot.number == number))
    if found is None:
        raise NotFound(N_("There is no ballot with this number."))
    return found


def may_vote(session: Session, ballot: Ballot, user_id: int, now: datetime) -> bool:
    """Whether a person holds a seat and, where presence was marked, was present when the ballot opened."""
    if user_id not in {user.id for user in members(session, ballot.process, now)}:
        return False
    if ballot.sitting is None or not ballot.sitting.attendances:
        return True
    return user_id in present_ids(ballot.sitting, ballot.opened_at)


def vote_of(session: Session, ballot: Ballot, user_id: int) -> Vote | None:
    """A person's own vote in an open ballot."""
    return session.scalar(select(Vote).where(Vote.ballot_id == ballot.id, Vote.user_id == user_id))


def turnout(session: Session, ballot: Ballot) -> Turnout:
    """How many have voted so far; never what."""
    voted = session.scalar(select(func.count(Vote.id)).where(Vote.ballot_id == ballot.id)) or 0
    return Turnout(voted, ballot.present)


def ballots_due(session: Session, process: Process, user_id: int, now: datetime) -> list[Ballot]:
    """Open electronic ballots in which a person may vote and has not."""
    query = (
        select(Ballot)
        .where(Ballot.process_id == process.id, Ballot.closed_at.is_(None))
        .order_by(Ballot.number)
    )
    due = [b for b in session.scalars(query) if not b.secret and may_vote(session, b, user_id, now)]
    return [b for b in due if vote_of(session, b, user_id) is None]


def ballot_content(ballot: Ballot) -> dict[str, Any]:
    """A closed ballot as published: what anyone needs to count it again. Plain data without floats.

    An open ballot gives each voter's choice under their name of ballots, sorted; a secret yes-no ballot gives the
    papers as a sorted list of choices, which says nothing of who or when.
    """
    outcome = ballot.outcome or {}
    content: dict[str, Any] = {
        "number": ballot.number,
        "subject": ballot.subject,
        "question": ballot.question,
        "options": ballot.options,
        "rule": ballot.rule,
        "opened_at": _moment(ballot.opened_at),
        "closed_at": _moment(ballot.closed_at),
        "present": ballot.present,
        "seated": ballot.seated,
        "counts": ballot.counts,
        "result": {name: outcome.get(name) for name in ("adopted", "winner", "figures")},
    }
    if not ballot.secret:
        votes = sorted(ballot.votes, key=lambda vote: vote.voter)
        return content | {"votes": [{"voter": vote.voter, "choice": sorted(vote.choice)} for vote in votes]}
    if ballot.rule["method"] == "yes-no":
        return content | {
            "papers": sorted(key for key, count in (ballot.counts or {}).items() for _ in range(count))
        }
    return content


def content_digest(ballot: Ballot) -> str:
    """The control code of a closed ballot: the digest of `ballot_content`."""
    return digest("ballot", ballot_content(ballot))


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """How an account voted in ballots that are not secret, when it was present, which papers it counted."""
    me = request.user.id
    votes = select(Vote).where(Vote.user_id == me).order_by(Vote.id).options(joinedload(Vote.ballot))
    request.held["votes"] = [
        {"ballot": vote.ballot.number, "voter": vote.voter, "choice": vote.choice}
        for vote in session.scalars(votes)
    ]
    stays = select(Attendance).where(Attendance.user_id == me).order_by(Attendance.id)
    request.held["attendance"] = [
        {"session": stay.sitting.number, "since": _moment(stay.since), "until": _moment(stay.until)}
        for stay in session.scalars(stays)
    ]
    counts = select(PaperCount).where(PaperCount.counter_id == me).order_by(PaperCount.id)
    request.held["papers_counted"] = [
        {"papers": count.papers, "counts": count.counts, "at": _moment(count.at)}
        for count in session.scalars(counts)
    ]
