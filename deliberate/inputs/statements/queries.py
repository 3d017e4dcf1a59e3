"""Reading statements and votes."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from deliberate.core.errors import N_, NotFound
from deliberate.core.fulltext import asking
from deliberate.core.fulltext.index import matches
from deliberate.inputs.queries import page_of
from deliberate.inputs.rules import SMALLEST_CELL, folded
from deliberate.inputs.statements import rules
from deliberate.inputs.statements.models import Participant, Statement, StatementVote
from deliberate.people.queries import DataRequested
from deliberate.process.models import Process

SHOWN = ("published",)
COUNTED = ("published", "retired")
STATES = (*COUNTED, "waiting", "refused", "withdrawn")
VOTES = Statement.agrees + Statement.disagrees + Statement.passes
ORDERS = {"agree": Statement.agrees, "disagree": Statement.disagrees, "pass": Statement.passes}


class Tally(NamedTuple):
    """A statement as its votes are weighed."""

    id: int
    key: str
    agrees: int
    disagrees: int
    passes: int


def statement(session: Session, process: Process, key: str) -> Statement:
    """A statement by its key, whatever its state. Raises NotFound."""
    found = session.scalar(select(Statement).where(Statement.process_id == process.id, Statement.key == key))
    if found is None:
        raise NotFound(N_("There is no statement at this address."))
    return found


def of_round(process: Process, round: int, states: Sequence[str] = SHOWN) -> Select[Statement]:
    """The statements of a round that are in one of these states."""
    return select(Statement).where(
        Statement.process_id == process.id, Statement.round == round, Statement.state.in_(states)
    )


def statements_of(
    session: Session, process: Process, round: int, states: Sequence[str] = SHOWN
) -> Sequence[Statement]:
    """The statements of a round by number: those put to everyone, or those in other states."""
    query = of_round(process, round, states).options(selectinload(Statement.contribution))
    return session.scalars(query.order_by(Statement.number)).all()


def tallies_of(session: Session, process: Process, round: int) -> Sequence[Tally]:
    """What the choice of the next statement needs of all that are put to everyone, and no more, by number."""
    query = of_round(process, round).with_only_columns(
        Statement.id, Statement.key, Statement.agrees, Statement.disagrees, Statement.passes
    )
    return [Tally(*row) for row in session.execute(query.order_by(Statement.number))]


def statements_by_id(session: Session, ids: Sequence[int]) -> list[Statement]:
    """These statements, in this order."""
    query = select(Statement).where(Statement.id.in_(ids)).options(selectinload(Statement.contribution))
    found = {one.id: one for one in session.scalars(query)}
    return [found[one] for one in ids]


def search(
    session: Session, process: Process, round: int, words: str = "", *,
    states: Sequence[str] = SHOWN, order: str = "", page: int = 1,
) -> tuple[Sequence[Statement], int]:  # fmt: skip
    """One page of statements that hold every word, and how many there are.

    By number, the best match or one of ORDERS, in which those with too few votes to tell come last.
    """
    query = of_round(process, round, states).options(selectinload(Statement.contribution))
    if order in ORDERS:
        query = query.order_by(case((VOTES >= SMALLEST_CELL, ORDERS[order]), else_=-1).desc())
    query = _holding(session, process, query, words, public=states == SHOWN)
    return page_of(session, query.order_by(Statement.number), page)


def _holding(
    session: Session, process: Process, query: Select[Statement], words: str, public: bool
) -> Select[Statement]:
    """Those that hold every word, the best match first; what is not `public` stands in no index."""
    if public and (terms := asking.read(words)):
        match = matches(session, process.id, ["statement"], terms)
        return query.join(match, match.c.key == Statement.key).order_by(match.c.rank)
    for word in folded(words).split()[:10]:
        query = query.where(Statement.folded.contains(word, autoescape=True))
    return query


def number_of_statements(session: Session, process: Process, round: int) -> int:
    """How many statements of a round are put to everyone."""
    return session.scalar(select(func.count()).select_from(of_round(process, round).subquery())) or 0


def votes_by(session: Session, participant: Participant | None, round: int) -> dict[int, int]:
    """What a participant said in a round, by the id of the statement; those no longer put to anyone are left out."""
    if participant is None:
        return {}
    query = (
        select(StatementVote.statement_id, StatementVote.value)
        .join(Statement)
        .where(
            StatementVote.participant_id == participant.id,
            Statement.round == round,
            Statement.state.in_(SHOWN),
        )
    )
    return {row[0]: row[1] for row in session.execute(query)}


def list_of_votes(session: Session, participant: Participant) -> Sequence[StatementVote]:
    """Everything a participant voted, in every round, the last vote first."""
    query = (
        select(StatementVote)
        .join(Statement)
        .where(StatementVote.participant_id == participant.id)
        .order_by(Statement.round.desc(), StatementVote.at.desc(), Statement.number.desc())
        .options(contains_eager(StatementVote.statement))
    )
    return session.scalars(query).all()


def proposed_by(session: Session, participant: Participant) -> Sequence[Statement]:
    """The statements a participant proposed."""
    mine = select(Statement).where(Statement.participant_id == participant.id)
    return session.scalars(mine.order_by(Statement.id)).all()


def participant_with(session: Session, process: Process, secret: str) -> Participant | None:
    """Who holds a secret in the voting of a process, if anyone has voted with it."""
    return session.scalar(
        select(Participant).where(
            Participant.process_id == process.id, Participant.secret_hash == rules.secret_hash(secret)
        )
    )


def participant_of(session: Session, process: Process, user_id: int) -> Participant | None:
    """The part an account has in the voting of a process, if it voted."""
    return session.scalar(
        select(Participant).where(Participant.process_id == process.id, Participant.user_id == user_id)
    )


def holder_of(session: Session, secret: str) -> Participant:
    """Whoever a link belongs to, in whichever process. Raises NotFound."""
    found = session.scalar(select(Participant).where(Participant.secret_hash == rules.secret_hash(secret)))
    if found is None:
        raise NotFound(
            N_("No votes are known under this link: it was mistyped, or its votes were withdrawn.")
        )
    return found


def figures(session: Session, process: Process, round: int) -> dict[str, int]:
    """How many statements are put to everyone in a round, and how many votes they received."""
    counted = of_round(process, round).with_only_columns(
        func.count(), func.coalesce(func.sum(VOTES), 0), maintain_column_froms=True
    )
    statements, votes = session.execute(counted).one()
    return {"statements": int(statements), "votes": int(votes)}


def drawn_from(session: Session, contribution_ids: Iterable[int]) -> dict[int, list[Statement]]:
    """The statements drawn from contributions, by the id of the contribution."""
    query = select(Statement).where(Statement.contribution_id.in_(list(contribution_ids)))
    found: dict[int, list[Statement]] = {}
    for one in session.scalars(query.order_by(Statement.number)):
        found.setdefault(one.contribution_id or 0, []).append(one)
    return found


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """What an account voted, proposed and said about itself; a link alone opens what was done without an account."""
    mine = select(Participant).where(Participant.user_id == request.user.id).order_by(Participant.id)
    request.held["votes_on_statements"] = [
        {
            "process": one.process.slug,
            "about_oneself": one.categories,
            "votes": [
                {"statement": vote.statement.key, "vote": vote.value, "at": vote.at.isoformat()}
                for vote in list_of_votes(session, one)
            ],
            "proposed": [
                {"statement": proposed.key, "text": proposed.text} for proposed in proposed_by(session, one)
            ],
        }
        for one in session.scalars(mine).all()
    ]
