"""Reading batches, group sessions, numbered sheets; and what a text repeats."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from deliberate.core.errors import N_, NotFound
from deliberate.inputs.entering.models import Batch, GroupSession, PaperSheet, batch_contribution
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.rules import folded
from deliberate.process.models import Process

IN_ONE_QUERY = 400


def last_batches(session: Session, process: Process, most: int) -> Sequence[Batch]:
    """The last batches of a process, newest first."""
    query = select(Batch).where(Batch.process_id == process.id).order_by(Batch.number.desc()).limit(most)
    return session.scalars(query.options(selectinload(Batch.contributions))).all()


def batch(session: Session, process: Process, number: int) -> Batch:
    """A batch by its number. Raises NotFound."""
    found = session.scalar(select(Batch).where(Batch.process_id == process.id, Batch.number == number))
    if found is None:
        raise NotFound(N_("There is no batch of answers at this address."))
    return found


def last_batch(session: Session, process: Process) -> int:
    """The number of the last batch, 0 before the first."""
    return session.scalar(select(func.max(Batch.number)).where(Batch.process_id == process.id)) or 0


def group_sessions(session: Session, process: Process) -> Sequence[GroupSession]:
    """The group sessions of a process, newest first."""
    query = select(GroupSession).where(GroupSession.process_id == process.id).order_by(GroupSession.id.desc())
    return session.scalars(query.options(selectinload(GroupSession.answers))).all()


def open_sessions(session: Session, process: Process, round: int) -> int:
    """How many group sessions of a round still hold answers that were not recorded."""
    query = (
        select(func.count(GroupSession.id))
        .join(Question)
        .where(
            GroupSession.process_id == process.id, Question.round == round, GroupSession.closed_at.is_(None)
        )
    )
    return session.scalar(query) or 0


def group_session(session: Session, process: Process, key: str) -> GroupSession:
    """A group session by its key. Raises NotFound."""
    found = session.scalar(
        select(GroupSession).where(GroupSession.process_id == process.id, GroupSession.key == key)
    )
    if found is None:
        raise NotFound(N_("There is no group session at this address. It was closed or given up."))
    return found


def sheets(session: Session, process: Process, codes: Iterable[str]) -> dict[str, PaperSheet]:
    """Those of these numbered sheets that were printed, by code."""
    query = select(PaperSheet).where(PaperSheet.process_id == process.id, PaperSheet.code.in_(list(codes)))
    return {one.code: one for one in session.scalars(query)}


def sheets_of(session: Session, batch: Batch) -> Sequence[PaperSheet]:
    """The numbered sheets whose answers a batch holds."""
    typed = select(batch_contribution.c.contribution_id).where(batch_contribution.c.batch_id == batch.id)
    return session.scalars(select(PaperSheet).where(PaperSheet.contribution_id.in_(typed))).all()


def sheet_counts(session: Session, process: Process) -> tuple[int, int]:
    """How many numbered sheets were printed, and how many of them were typed."""
    counted = select(func.count(PaperSheet.id), func.count(PaperSheet.contribution_id))
    row = session.execute(counted.where(PaperSheet.process_id == process.id)).one()
    return int(row[0]), int(row[1])


def said_already(session: Session, question: Question, texts: Iterable[str]) -> dict[str, str]:
    """Folded text → key of an answer to the same question that says the same, word for word."""
    wanted = sorted({folded(text) for text in texts})
    found: dict[str, str] = {}
    for start in range(0, len(wanted), IN_ONE_QUERY):
        query = select(Contribution.folded, Contribution.key).where(
            Contribution.question_id == question.id,
            Contribution.state.in_(("waiting", "published")),
            Contribution.folded.in_(wanted[start : start + IN_ONE_QUERY]),
        )
        found |= {row[0]: row[1] for row in session.execute(query)}
    return found


def typed_with(session: Session, contribution: Contribution) -> list[Contribution]:
    """For an answer of a whole group: what its members said. For a member's: the answers that the group made of it."""
    beside = (
        select(Contribution)
        .join(batch_contribution, batch_contribution.c.contribution_id == Contribution.id)
        .where(
            batch_contribution.c.batch_id.in_(
                select(batch_contribution.c.batch_id).where(
                    batch_contribution.c.contribution_id == contribution.id
                )
            ),
            Contribution.collective.is_not(contribution.collective),
            Contribution.state == "published",
        )
    )
    return list(session.scalars(beside.order_by(Contribution.id)))


def made_from(session: Session, process: Process) -> dict[str, list[str]]:
    """Key of each answer of a whole group → keys of its members' answers, whatever their state."""
    rows = session.execute(
        select(batch_contribution.c.batch_id, Contribution.key, Contribution.collective)
        .join(Contribution, Contribution.id == batch_contribution.c.contribution_id)
        .where(Contribution.process_id == process.id)
        .order_by(Contribution.id)
    ).all()
    members: dict[int, list[str]] = {}
    for batch_id, key, collective in rows:
        if not collective:
            members.setdefault(batch_id, []).append(key)
    return {key: members.get(batch_id, []) for batch_id, key, collective in rows if collective}
