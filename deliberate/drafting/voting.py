"""Acts that put to the vote what several amendments make together: a passage, or the whole of the next version."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charters.amendment import content_digest
from charters.draft import apply
from charters.merging.conflicts import Conflict as WordConflict
from charters.merging.conflicts import conflict_to_json, resolution_to_json, set_aside
from charters.merging.merge import Merge
from charters.model import Charter as Document
from charters.operations import Replace
from charters.problems import CharterError
from charters.written import check_written
from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.deliberation.ballots.acts import BallotClosed, open_ballot
from deliberate.deliberation.ballots.models import Ballot
from deliberate.deliberation.models import Sitting
from deliberate.drafting import queries
from deliberate.drafting.acts import refused
from deliberate.drafting.bounds import check_said
from deliberate.drafting.folding import take_in
from deliberate.drafting.following import strand_changes
from deliberate.drafting.models import PENDING, Amendment, Candidate, Charter, Settlement
from deliberate.drafting.rules import (
    NONE,
    NONE_LABEL,
    WORDING,
    WORDING_LABEL,
    clause_name,
    document,
    question,
    resolutions_for,
)
from deliberate.drafting.rules import amendment as as_amendment
from deliberate.drafting.standing import hold
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.record import note


class Conflicting(Conflict):
    """Amendments that cannot all be followed; `conflicts` holds them side by side, as the engine found them."""

    def __init__(self, conflicts: Sequence[WordConflict]) -> None:
        super().__init__(
            N_(
                "Several amendments change the same passage in different ways (passages: %(count)d). Settle this by ballot first."
            ),
            count=len(conflicts),
        )
        self.conflicts = conflicts


def open_conflict_ballot(
    session: Session,
    actor: Actor,
    charter: Charter,
    chosen: Sequence[Amendment],
    clause: str | None,
    now: datetime,
    *,
    rule: str = "conflict",
    sitting: Sitting | None = None,
    present: int | None = None,
    wording: Mapping[str, str] | None = None,
    reason: Mapping[str, str] | None = None,
) -> Settlement:
    """Put a passage that several amendments change differently to the vote: one of them, or the present words.

    `wording` (language → text) offers words that no amendment had as well; `reason` says why it is put so. Raises
    Refusal when these amendments do not conflict there, or the passage has no words to reconcile.
    """
    require(session, actor, charter.process, "create", "ballot", now)
    lock(session, charter)
    found = [conflict for conflict in merged(session, charter, chosen).conflicts if conflict.clause == clause]
    if not found:
        raise Refusal(N_("These amendments do not conflict in this passage."))
    check_said(reason or {}, ())
    words = _wording(charter, clause, found, wording or {})
    keys = [one.key for one in chosen if any(one.key in conflict.amendments for conflict in found)]
    name = clause_name(document(charter.latest.content), clause)
    ballot = open_ballot(
        session, actor, charter.process,
        subject=f"conflict:{charter.key}:{clause or ''}",
        question=question("conflict", charter.title, clause=name),
        options=_options(keys, words),
        rule=rule, now=now, sitting=sitting, present=present,
    )  # fmt: skip
    settlement = Settlement(
        charter=charter,
        base_number=charter.latest.number,
        clause=clause,
        amendments=keys,
        conflicts=[conflict_to_json(conflict) for conflict in found],
        wording=words,
        reason=dict(reason or {}),
        ballot=ballot,
        resolutions=[],
    )
    session.add(settlement)
    session.flush()
    if words or reason:
        told = {"wording": words, "reason": settlement.reason}
        public = {"ballot": ballot.number, "amendments": keys}
        note(session, actor, charter.process, "reconcile", ballot.subject, now, public, private=told)
    return settlement


def _options(keys: Sequence[str], words: Mapping[str, str]) -> list[Mapping[str, Any]]:
    named = [{"key": key, "label": {"fr": f"Amendement {key}", "en": f"Amendment {key}"}} for key in keys]
    offered = [{"key": WORDING, "label": WORDING_LABEL}] if words else []
    return [*named, *offered, {"key": NONE, "label": NONE_LABEL}]


def put_version_to_ballot(
    session: Session,
    actor: Actor,
    charter: Charter,
    chosen: Sequence[Amendment],
    now: datetime,
    *,
    rule: str = "version",
    sitting: Sitting | None = None,
    present: int | None = None,
) -> Ballot:
    """Put the whole next version to the vote, as these amendments make it. Raises Conflicting when they do not fit."""
    require(session, actor, charter.process, "create", "ballot", now)
    lock(session, charter)
    text = next_text(session, charter, chosen)
    number = charter.latest.number + 1
    ballot = open_ballot(
        session, actor, charter.process,
        subject=f"version:{charter.key}:{number}",
        question=question("version", charter.title, number=number),
        rule=rule, now=now, sitting=sitting, present=present,
    )  # fmt: skip
    keys = [one.key for one in chosen]
    session.add(
        Candidate(
            charter=charter,
            number=number,
            amendments=keys,
            content_digest=content_digest(text),
            ballot=ballot,
        )
    )
    session.flush()
    return ballot


def hear_ballot(session: Session, event: BallotClosed, now: datetime) -> None:
    """What a closed ballot does here: an amendment is accepted or rejected, a conflict is settled."""
    ballot = event.ballot
    amendment = session.scalar(
        select(Amendment).where(Amendment.process_id == ballot.process_id, Amendment.state == "ballot")
        .where("amendment:" + Amendment.key == ballot.subject)
    )  # fmt: skip
    if amendment is not None:
        _decide(session, amendment, bool(ballot.adopted), now)
    settlement = session.scalar(select(Settlement).where(Settlement.ballot_id == ballot.id))
    if settlement is not None and ballot.adopted:
        _settle(session, settlement, now)
    session.flush()


def _decide(session: Session, amendment: Amendment, adopted: bool, now: datetime) -> None:
    """What a ballot on an amendment, or on a change to one, makes of it."""
    hold(session, amendment)
    amendment.decided_at = now
    if not adopted:
        amendment.state = "rejected"
        strand_changes(amendment)
    elif amendment.amends is None:
        amendment.state = "accepted"
    elif amendment.problem is not None or amendment.amends.state != "proposed":
        amendment.state = "stranded"
    else:
        lock(session, amendment.amends)
        _take_in(session, amendment.amends, amendment, now)


def _take_in(session: Session, parent: Amendment, change: Amendment, now: datetime) -> None:
    """A ballot always closes: a change that no longer fits is accepted, and cannot follow."""
    try:
        take_in(session, parent, change, now)
    except Refusal as refusal:
        change.state, change.problem = "stranded", [refusal.template, refusal.values]


def _wording(
    charter: Charter, clause: str | None, found: Sequence[WordConflict], typed: Mapping[str, str]
) -> dict[str, str]:
    """The words offered beside the amendments', language by language. Raises Refusal where there are none to reconcile."""
    words = {lang: said.strip() for lang, said in typed.items() if said.strip()}
    if words and (clause is None or any(one.kind != "text" for one in found)):
        raise Refusal(
            N_("Words can be offered only where amendments differ about words. Put this one without."),
            field="wording",
        )
    present = document(charter.latest.content).clause(clause).text if words and clause else {}
    if any(present.get(lang) == said for lang, said in words.items()):
        raise Refusal(N_("These are the present words: the ballot offers them anyway."), field="wording")
    _refuse_unwritable(document(charter.latest.content), clause, words)
    return words


def _refuse_unwritable(base: Document, clause: str | None, words: Mapping[str, str]) -> None:
    """Words that the clause could not bear would be found out only once they had won."""
    try:
        steps = [Replace(clause or "", lang, text=said) for lang, said in words.items()]
        check_written(steps)
        apply(base, steps)
    except CharterError as error:
        raise refused(error) from error


def merged(session: Session, charter: Charter, chosen: Sequence[Amendment]) -> Merge:
    """The merge of amendments on the latest version. Raises Conflict for those written on another one."""
    if any(one.amends_id is not None for one in chosen):
        raise Conflict(
            N_("A change to an amendment enters the charter through the amendment that it changes.")
        )
    if any(one.charter_id != charter.id or one.base_number != charter.latest.number for one in chosen):
        raise Conflict(
            N_("An amendment was written on another version. See its page for what keeps it from following.")
        )
    try:
        return queries.merged(session, charter, chosen)
    except CharterError as error:
        raise refused(error) from error


def next_text(session: Session, charter: Charter, chosen: Sequence[Amendment]) -> Document:
    """The next version as accepted amendments make it. Raises Conflicting when they do not fit together."""
    if not chosen:
        raise Refusal(N_("Choose at least one accepted amendment."), field="amendments")
    if waiting := [one.key for one in chosen if one.state != "accepted"]:
        raise Conflict(
            N_("The panel has not accepted %(amendments)s."), field="amendments", amendments=waiting
        )
    merge = merged(session, charter, chosen)
    if merge.charter is None:
        raise Conflicting(merge.conflicts)
    return merge.charter


def _settle(session: Session, settlement: Settlement, now: datetime) -> None:
    """Record what the ballot chose; an amendment of which nothing is left is rejected.

    Words that reconcile amendments are theirs together: none of them is rejected, and they bring these words along.
    """
    winner = (settlement.ballot.outcome or {}).get("winner")
    settlement.kept = None if winner == NONE else winner
    charter = settlement.charter
    involved = [queries.amendment(session, charter.process, key) for key in settlement.amendments]
    found = [
        conflict
        for conflict in merged(session, charter, involved).conflicts
        if conflict.clause == settlement.clause
    ]
    offered = settlement.wording if winner == WORDING else None
    decided = resolutions_for(found, settlement.kept, offered)
    settlement.resolutions = [resolution_to_json(one) for one in decided]
    settlement.settled_at = now
    session.flush()
    for one in involved if winner != WORDING else ():
        if (
            one.key != settlement.kept
            and one.state in PENDING
            and _nothing_left(session, settlement, one, involved)
        ):
            one.state, one.decided_at = "rejected", now
            strand_changes(one)


def _nothing_left(
    session: Session, settlement: Settlement, one: Amendment, involved: Sequence[Amendment]
) -> bool:
    """Whether an amendment does nothing more once the words it lost are set aside."""
    base = document(settlement.charter.latest.content)
    steps = [as_amendment(other.key, other.operations, base) for other in involved]
    settled = queries.resolutions(session, settlement.charter, involved)
    return all(
        apply(base, left.operations) == base for left in set_aside(base, steps, settled) if left.id == one.key
    )
