"""Acts of a ballot: opening it, voting, entering votes and counts made on paper, closing it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotPermitted, Refusal
from deliberate.core.events import announce
from deliberate.deliberation.ballots.models import Ballot, PaperCount, Vote
from deliberate.deliberation.ballots.queries import content_digest, may_vote
from deliberate.deliberation.ballots.rules import (
    YES_NO_OPTIONS,
    choice_fault,
    count_fault,
    differences,
    frozen_rule,
    result,
    tally,
)
from deliberate.deliberation.models import Sitting
from deliberate.deliberation.queries import present_ids, seated_count
from deliberate.people.acts import Erased, pseudonym
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.queries import rule as rule_of
from deliberate.process.record import note


class BallotClosed:
    """Announced when a ballot has been counted."""

    def __init__(self, ballot: Ballot) -> None:
        self.ballot = ballot


class CountsDiffer(Conflict):
    """Two counts of the same papers that do not agree: `differences` is option key → (first, second)."""

    def __init__(self, found: dict[str, tuple[int, int]]) -> None:
        super().__init__(
            N_("The two counts differ. Count the papers again together, then enter both counts again.")
        )
        self.differences = found


def open_ballot(
    session: Session,
    actor: Actor,
    process: Process,
    *,
    subject: str,
    question: Mapping[str, str],
    rule: str,
    now: datetime,
    options: Sequence[Mapping[str, Any]] | None = None,
    sitting: Sitting | None = None,
    present: int | None = None,
) -> Ballot:
    """Put a question to the vote. `rule` names a rule of the protocol, which is frozen into the ballot.

    Presence is counted now: from the sitting's attendance when it was marked, else as given in `present`. Options are
    `{"key", "label": {language: text}}`; a yes-no ballot has its own. Raises Refusal when presence is not known.
    """
    require(session, actor, process, "create", "ballot", now)
    frozen = frozen_rule(rule, rule_of(process, rule))
    if frozen["method"] == "yes-no":
        options = YES_NO_OPTIONS
    elif len({option["key"] for option in options or ()}) < 2:
        raise Refusal(N_("A choice needs at least two different options."))
    lock(session, process)
    if _is_open(session, process, subject):
        raise Conflict(N_("A ballot on this is already open. Close it first."))
    seated = seated_count(session, process, now)
    count = session.scalar(select(func.count(Ballot.id)).where(Ballot.process_id == process.id)) or 0
    ballot = Ballot(
        process_id=process.id,
        sitting=sitting,
        number=count + 1,
        subject=subject,
        question=dict(question),
        options=[dict(option) for option in options or ()],
        rule=frozen,
        present=_presence(sitting, present, seated, now),
        seated=seated,
        opened_at=now,
    )
    session.add(ballot)
    session.flush()
    public: dict[str, Any] = {"subject": subject, "question": ballot.question, "rule": frozen}
    public |= {"present": ballot.present, "seated": seated}
    note(session, actor, ballot.process, "open", ballot.name, now, public)
    return ballot


def cast_vote(session: Session, actor: Actor, ballot: Ballot, choice: Sequence[str], now: datetime) -> Vote:
    """Vote, or change one's vote, until the ballot closes. `choice`: one option key, or several in an approval.

    Raises NotPermitted for someone who may not vote in it, Conflict once it is closed.
    """
    require(session, actor, ballot.process, "vote", "ballot", now)
    _hold_open(session, ballot)
    if ballot.secret:
        raise Refusal(N_("This ballot is secret: it is held on paper, in the room."))
    if actor.user_id is None or not may_vote(session, ballot, actor.user_id, now):
        raise NotPermitted(N_("Only those who were present when this ballot opened can vote in it."))
    vote = _put_vote(session, ballot, actor.user_id, choice)
    note(session, actor, ballot.process, "vote", ballot.name, now, {})
    return vote


def enter_votes(
    session: Session, actor: Actor, ballot: Ballot, choices: Mapping[int, Sequence[str]], now: datetime
) -> None:
    """Type in votes given by hand or on named papers in the room: account id → choice. Replaces earlier ones."""
    require(session, actor, ballot.process, "count", "ballot", now)
    _hold_open(session, ballot)
    if ballot.secret:
        raise Refusal(N_("This ballot is secret: enter the counts of the papers, not who voted what."))
    for user_id, choice in sorted(choices.items()):
        if not may_vote(session, ballot, user_id, now):
            raise NotPermitted(N_("Only those who were present when this ballot opened can vote in it."))
        _put_vote(session, ballot, user_id, choice)
    note(session, actor, ballot.process, "enter votes", ballot.name, now, {"votes": len(choices)})


def count_paper(
    session: Session,
    actor: Actor,
    ballot: Ballot,
    counts: Mapping[str, int],
    now: datetime,
    papers: int | None = None,
) -> PaperCount:
    """Enter one's own count of the papers of a secret ballot, before it closes; a second entry replaces the first.

    `counts`: option key → votes; `papers`: how many papers there were (by default the sum, for a yes-no ballot).
    """
    require(session, actor, ballot.process, "count", "ballot", now)
    _hold_open(session, ballot)
    if not ballot.secret:
        raise Refusal(N_("This ballot is not secret: votes are given by name, not counted on paper."))
    full = {str(option["key"]): int(counts.get(option["key"], 0)) for option in ballot.options}
    papers = sum(full.values()) if papers is None else papers
    if fault := count_fault(ballot.rule, full, papers, ballot.present):
        raise Refusal(fault, papers=papers, present=ballot.present, votes=sum(full.values()))
    if actor.user_id is None:
        raise NotPermitted(N_("Papers are counted by two people who are signed in."))
    mine = next((count for count in ballot.papers if count.counter_id == actor.user_id), None)
    if mine is None:
        mine = PaperCount(counter_id=actor.user_id)
        ballot.papers.append(mine)
    mine.counts, mine.papers, mine.at = full, papers, now
    session.flush()
    note(session, actor, ballot.process, "count", ballot.name, now, {})
    return mine


def close_ballot(session: Session, actor: Actor, ballot: Ballot, now: datetime) -> Ballot:
    """Close and count. Announces BallotClosed; the journal gets the rule, the figures and the control code.

    Raises CountsDiffer when two counts of papers do not agree, Conflict when one is missing or it is closed already.
    """
    require(session, actor, ballot.process, "close", "ballot", now)
    _hold_open(session, ballot)
    counts, papers = _paper_counts(ballot) if ballot.secret else _electronic_counts(ballot)
    ballot.counts = counts
    ballot.outcome = result(ballot.rule, counts, ballot.present, ballot.seated, papers).as_json()
    ballot.closed_at = now
    session.flush()
    ballot.digest = content_digest(ballot)
    session.flush()
    decided = {name: ballot.outcome[name] for name in ("adopted", "winner", "figures")}
    public = {
        "subject": ballot.subject,
        "rule": ballot.rule,
        "counts": counts,
        "result": decided,
        "digest": ballot.digest,
    }
    announce(session, BallotClosed(ballot), now)
    note(session, actor, ballot.process, "close", ballot.name, now, public)
    return ballot


def _electronic_counts(ballot: Ballot) -> tuple[dict[str, int], int]:
    return tally(ballot.options, [vote.choice for vote in ballot.votes]), len(ballot.votes)


def _paper_counts(ballot: Ballot) -> tuple[dict[str, int], int]:
    if len(ballot.papers) < 2:
        raise Conflict(
            N_("Two people must each count the papers and enter their count before the ballot closes.")
        )
    first, *others = ballot.papers
    for other in others:
        found = differences(
            {**first.counts, "papers": first.papers}, {**other.counts, "papers": other.papers}
        )
        if found:
            raise CountsDiffer(found)
    return first.counts, first.papers


def _put_vote(session: Session, ballot: Ballot, user_id: int, choice: Sequence[str]) -> Vote:
    if fault := choice_fault(ballot.rule, ballot.options, choice):
        raise Refusal(fault, field="choice")
    vote = next((vote for vote in ballot.votes if vote.user_id == user_id), None)
    if vote is None:
        if len(ballot.votes) >= ballot.present:
            raise Conflict(N_("As many votes as there were people present have been received already."))
        voter = pseudonym(session, Actor(user_id), f"{ballot.process.slug}/ballots")
        vote = Vote(user_id=user_id, voter=voter)
        ballot.votes.append(vote)
    vote.choice = sorted(choice)
    session.flush()
    return vote


def _presence(sitting: Sitting | None, present: int | None, seated: int, now: datetime) -> int:
    if sitting is not None and sitting.attendances:
        present = len(present_ids(sitting, now))
    if present is None:
        raise Refusal(
            N_("Mark who is present first: the presence is counted when a ballot opens."), field="present"
        )
    if not 0 < present <= seated:
        raise Refusal(
            N_("%(present)d people present cannot be right: %(seated)d seats are held."),
            field="present", present=present, seated=seated,
        )  # fmt: skip
    return present


def _is_open(session: Session, process: Process, subject: str) -> bool:
    query = select(Ballot.id).where(
        Ballot.process_id == process.id, Ballot.subject == subject, Ballot.closed_at.is_(None)
    )
    return session.scalar(query.limit(1)) is not None


def _hold_open(session: Session, ballot: Ballot) -> None:
    """Hold the ballot until the transaction ends, and see what others sent before."""
    lock(session, ballot)
    session.expire(ballot, ["votes", "papers"])
    if ballot.closed_at is not None:
        raise Conflict(N_("This ballot is closed. A vote that arrives after the closing is not counted."))


def forget(session: Session, event: Erased, _now: datetime) -> None:
    """What remains of an erased person here: votes that were counted, under a name that is nobody's."""
    session.execute(update(Vote).where(Vote.user_id == event.user.id).values(user_id=None))
