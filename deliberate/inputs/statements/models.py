"""Statements, those who vote on them, and their votes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.inputs.models import Contribution
from deliberate.inputs.rules import SMALLEST_CELL
from deliberate.process.models import Process


class Statement(Base):
    """A short sentence to agree with, disagree with, or pass. The tallies follow its votes, in their transactions.

    `number` is what people call it within a round. A retired one keeps its votes and is no longer put to anyone; a
    withdrawn one lost its words because their author took them back.
    """

    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("process_id", "key", name="uq_statement_process_id_key"),
        UniqueConstraint("process_id", "round", "number", name="uq_statement_process_id_round_number"),
        CheckConstraint("state in ('waiting','published','refused','retired','withdrawn')", name="state"),
        CheckConstraint("source in ('contribution','participant','team','import')", name="source"),
        CheckConstraint("state <> 'withdrawn' or folded = ''", name="withdrawn"),
        CheckConstraint("agrees >= 0 and disagrees >= 0 and passes >= 0", name="tallies"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    round: Mapped[int]
    number: Mapped[int]
    text: Mapped[dict[str, str]]
    folded: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(12))
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), index=True)
    participant_id: Mapped[int | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL"), index=True
    )
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    moderated_at: Mapped[datetime | None]
    agrees: Mapped[int] = mapped_column(default=0)
    disagrees: Mapped[int] = mapped_column(default=0)
    passes: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
    commitment: Mapped[str] = mapped_column(String(71), default="")

    process: Mapped[Process] = relationship()
    contribution: Mapped[Contribution | None] = relationship()

    @property
    def object(self) -> str:
        """How the journal of its process names it."""
        return f"statement:{self.key}"

    @property
    def person(self) -> str:
        """How private parts name whom they concern, in every journal; keys are unique within a process only."""
        return f"statement:{self.process_id}/{self.key}"

    @property
    def votes(self) -> int:
        """How many voted on it."""
        return self.agrees + self.disagrees + self.passes

    @property
    def told(self) -> dict[str, int] | None:
        """How people voted, as everyone may read it; None where so few did that it would point to them."""
        if self.votes < SMALLEST_CELL:
            return None
        return {"agrees": self.agrees, "disagrees": self.disagrees, "passes": self.passes}


class Participant(Base):
    """A person in the voting of one process: whoever holds a secret, or an account. An imported one is neither."""

    __tablename__ = "participant"
    __table_args__ = (
        UniqueConstraint("process_id", "user_id", name="uq_participant_process_id_user_id"),
        CheckConstraint("channel in ('web','import')", name="channel"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    secret_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    channel: Mapped[str] = mapped_column(String(8), default="web")
    categories: Mapped[dict[str, str]] = mapped_column(default=dict)
    at: Mapped[datetime]

    process: Mapped[Process] = relationship()


class StatementVote(Base):
    """What a participant said of a statement: 1 agrees, -1 disagrees, 0 passes. The last one stands."""

    __tablename__ = "statement_vote"
    __table_args__ = (CheckConstraint("value in (-1, 0, 1)", name="value"),)

    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True
    )
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True, index=True)
    value: Mapped[int]
    at: Mapped[datetime]

    statement: Mapped[Statement] = relationship()
