"""Acts of those who vote: voting, taking votes back, saying something about oneself, proposing a statement.

A vote is one row per person and statement: whatever arrives twice, or from two tabs, the last one stands. Tallies are
counted up and down in the transaction of the vote, participant first and statement last, so that nothing is lost and
two people never wait for each other in a circle.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotFound, NotPermitted, Refusal
from deliberate.core.events import announce
from deliberate.inputs.contributing.acts import first_state
from deliberate.inputs.rules import clean_categories, months_later
from deliberate.inputs.statements import queries, rules
from deliberate.inputs.statements.events import VotesChanged
from deliberate.inputs.statements.making import forget_words, make
from deliberate.inputs.statements.models import Participant, Statement, StatementVote
from deliberate.people.acts import Erased
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process

TALLIES = {1: Statement.agrees, -1: Statement.disagrees, 0: Statement.passes}


def vote(
    session: Session,
    actor: Actor,
    process: Process,
    statement: Statement,
    value: int,
    now: datetime,
    *,
    secret: str = "",
) -> Participant:
    """Record what a person says of a statement (1 agrees, -1 disagrees, 0 passes) in place of what they said before.

    Who votes is the account that acts, or whoever holds `secret`. Raises NotPermitted outside the open phase of the
    statement's round, Conflict for a statement that is not put to anyone (any more).
    """
    if value not in TALLIES:
        raise Refusal(N_("Choose to agree, to disagree, or to pass."), field="vote")
    _require_voting(session, actor, process, statement, now)
    participant = join(session, actor, process, now, secret=secret)
    before = session.get(StatementVote, (participant.id, statement.id), populate_existing=True)
    if before is not None and before.value == value:
        return participant
    was = None if before is None else before.value
    if before is None:
        session.add(
            StatementVote(participant_id=participant.id, statement_id=statement.id, value=value, at=now)
        )
    else:
        before.value, before.at = value, now
    session.flush()
    _tally(session, statement, {value: 1} | ({} if was is None else {was: -1}))
    announce(session, VotesChanged(process, statement.round), now)
    return participant


def _require_voting(
    session: Session, actor: Actor, process: Process, statement: Statement, now: datetime
) -> None:
    if statement.process_id != process.id:
        raise NotFound(N_("There is no statement at this address."))
    phase = process.phase(now)
    if phase is None or phase.kind != "open" or phase.round != statement.round:
        raise NotPermitted(
            N_(
                "Voting on the statements of round %(round)s is over, or has not begun, so this vote was not recorded. The votes received in time stand."
            ),
            round=statement.round,
        )
    require(session, actor, process, "vote", "statement", now)


def _tally(session: Session, statement: Statement, changes: Mapping[int, int]) -> None:
    """Count votes up and down on a statement that is put to everyone. Raises Conflict when it no longer is."""
    done = session.execute(
        update(Statement)
        .where(Statement.id == statement.id, Statement.state == "published")
        .values({TALLIES[value]: TALLIES[value] + by for value, by in changes.items()})
        .returning(Statement.id),
        execution_options={"synchronize_session": False},
    )
    session.expire(statement, ["agrees", "disagrees", "passes"])
    if done.first() is None:
        raise Conflict(
            N_("This statement is no longer put to anyone, so your vote on it was not recorded. The next one is below.")
        )  # fmt: skip


def join(session: Session, actor: Actor, process: Process, now: datetime, *, secret: str = "") -> Participant:
    """The part a person has in the voting, made at the first vote and held until the transaction ends.

    Raises Refusal for somebody who has neither an account nor a secret.
    """
    if actor.user_id is None and not secret:
        raise Refusal(
            N_(
                "Your browser did not send back the cookie that tells your votes from those of others, so nothing was recorded. Allow cookies for this site, reload the page, and vote again."
            )
        )
    mine = select(Participant).where(Participant.process_id == process.id)
    if actor.user_id is not None:
        mine = mine.where(Participant.user_id == actor.user_id)
    else:
        mine = mine.where(Participant.secret_hash == rules.secret_hash(secret))
    mine = mine.with_for_update()
    if (found := session.scalar(mine)) is not None:
        return found
    try:
        with session.begin_nested():
            made = Participant(
                process_id=process.id,
                user_id=actor.user_id,
                secret_hash=None if actor.user_id is not None else rules.secret_hash(secret),
                at=now,
            )
            session.add(made)
    except IntegrityError:  # another tab of the same person was first
        return session.scalars(mine).one()
    return made


def say_about_oneself(
    session: Session, participant: Participant, categories: Mapping[str, str], now: datetime
) -> None:
    """Keep what a person says about themselves, in place of what they said before; nothing is as good as something."""
    participant.categories = clean_categories(categories)
    session.flush()


def propose(
    session: Session,
    actor: Actor,
    process: Process,
    text: Mapping[str, str],
    language: str,
    now: datetime,
    *,
    secret: str = "",
) -> Statement:
    """Propose a statement to vote on, as someone who takes part; it waits as the protocol's moderation says.

    Raises NotPermitted outside the open phase, Refusal for an empty or too long text or for too many that wait.
    """
    require(session, actor, process, "create", "statement", now)
    participant = join(session, actor, process, now, secret=secret)
    waiting = select(func.count(Statement.id)).where(
        Statement.participant_id == participant.id,
        or_(Statement.state == "waiting", Statement.at > now - rules.PROPOSALS_WITHIN),
    )
    if (session.scalar(waiting) or 0) >= rules.PROPOSALS_WAITING:
        raise Refusal(
            N_("You proposed %(count)s statements within an hour, or that wait to be read. Others need time to read them: go on later."),
            field="text", count=rules.PROPOSALS_WAITING,
        )  # fmt: skip
    statement = Statement(
        round=process.round(now), source="participant", participant_id=participant.id,
        state=first_state(process), language=language, text=rules.clean_statement(text),
    )  # fmt: skip
    return make(session, actor, process, statement, "propose", now)


def take_back(
    session: Session, process: Process, participant: Participant, statement: Statement, now: datetime
) -> None:
    """Take one vote back, until voting closes: it counts no more. Raises NotPermitted after that."""
    phase = process.phase(now)
    if phase is None or phase.kind != "open" or phase.round != statement.round:
        raise NotPermitted(
            N_("Voting has closed, so single votes stay as they are. You can still withdraw all of them.")
        )
    lock(session, participant)
    given = session.get(StatementVote, (participant.id, statement.id), populate_existing=True)
    if given is None:
        return
    value = given.value
    session.delete(given)
    session.flush()
    _tally(session, statement, {value: -1})
    announce(session, VotesChanged(process, statement.round), now)


def withdraw_votes(session: Session, participant: Participant, now: datetime) -> int:
    """Erase all that a person voted and said about themselves, and the words they proposed, at any time.

    Returns how many votes there were (GDPR, articles 7.3 and 17).
    """
    lock(session, participant)
    for proposed in queries.proposed_by(session, participant):
        forget_words(session, proposed, now)
    count, rounds = _uncount(session, participant)
    process = participant.process
    session.execute(delete(StatementVote).where(StatementVote.participant_id == participant.id))
    session.delete(participant)
    session.flush()
    for number in rounds:
        announce(session, VotesChanged(process, number), now)
    return count


def _uncount(session: Session, participant: Participant) -> tuple[int, list[int]]:
    """Count the votes of a person down from the tallies; returns how many, and the rounds they were of."""
    given = select(StatementVote.statement_id).where(StatementVote.participant_id == participant.id)
    held = (
        select(Statement.id, Statement.round)
        .where(Statement.id.in_(given))
        .order_by(Statement.id)
        .with_for_update()
    )
    found = session.execute(held).all()
    for value, tally in TALLIES.items():
        session.execute(
            update(Statement)
            .where(Statement.id.in_(given.where(StatementVote.value == value)))
            .values({tally: tally - 1}),
            execution_options={"synchronize_session": False},
        )
    session.expire_all()
    return len(found), sorted({row.round for row in found})


def forget_voter(session: Session, event: Erased, now: datetime) -> None:
    """Withdraw what an erased person voted and proposed while signed in."""
    mine = select(Participant).where(Participant.user_id == event.user.id).order_by(Participant.id)
    for participant in session.scalars(mine).all():
        withdraw_votes(session, participant, now)


def unlink_in_time(session: Session, now: datetime) -> int:
    """Let go of who voted after the months that each protocol says: the votes stay, and are nobody's; returns of how many.

    A link opens nothing any more, an account finds no votes, and what people said about themselves is erased.
    """
    known = or_(Participant.secret_hash.is_not(None), Participant.user_id.is_not(None))
    held = session.execute(select(Participant, Process).join(Process).where(known)).all()
    over = [
        participant
        for participant, process in held
        if months_later(participant.at, int(process.protocol.get("retention_months") or 1)) <= now
    ]
    for participant in over:
        participant.secret_hash = participant.user_id = None
        participant.categories = {}
    session.flush()
    return len(over)
