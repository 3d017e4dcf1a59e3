"""What is moderated: one line for each kind of thing that people send."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, NotFound
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.models import Contribution
from deliberate.inputs.rules import receipt_hash
from deliberate.inputs.statements.models import Statement
from deliberate.inputs.synthesis.models import WordingProposal
from deliberate.process.models import Process


class Thing(Protocol):
    """What a thing of any kind has."""

    id: Any
    process_id: Any
    key: Any
    round: Any
    state: Any
    reason: Any
    moderated_at: Any
    at: Any

    @property
    def object(self) -> str:
        """How the journal of its process names it: kind, colon, key."""

    @property
    def person(self) -> str:
        """How private parts name whom it concerns."""


@dataclass(frozen=True)
class Kind:
    """A kind of thing: its name in the matrix of capabilities and before its keys, what people call it, its table,
    its words in one text, as they are searched and compared, and the page of its receipt where one is given."""

    name: str
    label: str
    table: type[Any]
    said: Callable[[Any], str]
    receipt: str = ""


def _lesson_said(lesson: Lesson) -> str:
    return "\n".join(
        text for texts in (lesson.title, lesson.tried, lesson.teaches) for text in texts.values()
    )


def _wording_said(proposal: WordingProposal) -> str:
    return f"{proposal.text}\n{proposal.why}"


KINDS = {
    kind.name: kind
    for kind in (
        Kind("contribution", N_("Contributions"), Contribution, lambda one: str(one.text), "inputs.receipt"),
        Kind("statement", N_("Statements"), Statement, lambda one: "\n".join(one.text.values())),
        Kind("lesson", N_("Experiences"), Lesson, _lesson_said, "inputs.lesson_receipt"),
        Kind("wording", N_("Proposed wordings"), WordingProposal, _wording_said, "inputs.wording"),
    )
}


def kind_of(thing: Thing) -> Kind:
    """The kind that a thing is of."""
    return KINDS[thing.object.partition(":")[0]]


def thing_named(session: Session, process: Process, name: str) -> Thing:
    """The thing that the journal of a process calls so. Raises NotFound."""
    kind, _, key = name.partition(":")
    if kind in KINDS:
        table = KINDS[kind].table
        found = session.scalar(select(table).where(table.process_id == process.id, table.key == key))
        if found is not None:
            return found  # type: ignore[no-any-return]
    raise NotFound(N_("What you decided on is not there any more. Reload the page."))


def thing_of(session: Session, secret: str) -> Thing:
    """The thing that a receipt belongs to, of whatever kind. Raises NotFound."""
    if (found := thing_with(session, secret)) is None:
        raise NotFound(N_("This receipt is not known here. Check the address letter by letter."))
    return found


def thing_with(session: Session, secret: str) -> Thing | None:
    """The same, or None."""
    for kind in KINDS.values():
        if kind.receipt:
            table = kind.table
            found = session.scalar(select(table).where(table.receipt_hash == receipt_hash(secret)))
            if found is not None:
                return found  # type: ignore[no-any-return]
    return None


def things_in(
    session: Session, process: Process, kind: Kind, states: Sequence[str], round: int | None = None
) -> Sequence[Any]:
    """The things of one kind that are in one of these states, oldest first; up to a round, when one is given."""
    table = kind.table
    query = select(table).where(table.process_id == process.id, table.state.in_(states))
    if round is not None:
        query = query.where(table.round <= round)
    return session.scalars(query.order_by(table.at, table.id)).all()
