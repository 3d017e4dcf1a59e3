"""Batches of answers that were typed together, group sessions while they are typed, and numbered sheets of paper."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.inputs.models import Contribution, Question
from deliberate.process.models import Process

# Which contributions were typed together. A collective answer was made from the others of its batch.
batch_contribution = Table(
    "batch_contribution",
    Base.metadata,
    Column("contribution_id", ForeignKey("contribution.id"), primary_key=True),
    Column("batch_id", ForeignKey("batch.id"), nullable=False),
    Index("ix_batch_contribution_batch_id", "batch_id"),
)


class Batch(Base):
    """Answers recorded at once, from paper, a file or a group; taken back at once when that was a mistake."""

    __tablename__ = "batch"
    __table_args__ = (UniqueConstraint("process_id", "number", name="uq_batch_process_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    number: Mapped[int]
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    variant: Mapped[str] = mapped_column(String(40), default="")
    round: Mapped[int]
    channel: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(String(200), default="")
    received_at: Mapped[datetime]
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    process: Mapped[Process] = relationship()
    question: Mapped[Question] = relationship()
    contributions: Mapped[list[Contribution]] = relationship(
        secondary=batch_contribution, order_by=Contribution.id
    )

    @property
    def object(self) -> str:
        """How the journal of its process names it."""
        return f"batch:{self.number}"

    @property
    def people(self) -> int:
        """How many people said this, one by one."""
        return sum(one.count for one in self.contributions if not one.collective)


class GroupSession(Base):
    """A group that answers a question: each member first, then the group. What is typed becomes contributions at its end."""

    __tablename__ = "group_session"
    __table_args__ = (
        UniqueConstraint("process_id", "key", name="uq_group_session_process_id_key"),
        CheckConstraint("step in ('alone','together','closed')", name="step"),
        CheckConstraint("people >= 1", name="people"),
        CheckConstraint("(step = 'closed') = (closed_at is not null)", name="closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    key: Mapped[str] = mapped_column(String(40))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    variant: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(12))
    group: Mapped[str] = mapped_column("group_name", String(90))
    place: Mapped[str] = mapped_column(String(90), default="")
    people: Mapped[int]
    categories: Mapped[dict[str, str]] = mapped_column(default=dict)
    step: Mapped[str] = mapped_column(String(8), default="alone")
    held_at: Mapped[datetime]
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))

    process: Mapped[Process] = relationship()
    question: Mapped[Question] = relationship()
    batch: Mapped[Batch | None] = relationship()
    answers: Mapped[list["GroupAnswer"]] = relationship(
        back_populates="session", order_by="GroupAnswer.id", cascade="all, delete-orphan"
    )

    @property
    def object(self) -> str:
        """How the journal of its process names it."""
        return f"group session:{self.key}"

    @property
    def alone(self) -> list["GroupAnswer"]:
        """What members said, one by one."""
        return [one for one in self.answers if not one.together]

    @property
    def together(self) -> list["GroupAnswer"]:
        """What the group then answered."""
        return [one for one in self.answers if one.together]

    @property
    def heard(self) -> int:
        """How many people the answers typed so far come from."""
        return sum(one.count for one in self.alone)


class GroupAnswer(Base):
    """An answer as it is typed during a session; gone from here once the session is closed or given up.

    `token` is what the browser calls it: what is sent twice over a bad network is kept once.
    """

    __tablename__ = "group_answer"
    __table_args__ = (
        UniqueConstraint("session_id", "token", name="uq_group_answer_session_id_token"),
        CheckConstraint("count >= 1", name="count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("group_session.id"))
    token: Mapped[str] = mapped_column(String(64))
    together: Mapped[bool] = mapped_column(default=False)
    count: Mapped[int] = mapped_column(default=1)
    text: Mapped[str] = mapped_column(Text)
    component: Mapped[str] = mapped_column(String(12), default="")
    at: Mapped[datetime]

    session: Mapped[GroupSession] = relationship(back_populates="answers")


class PaperSheet(Base):
    """A numbered sheet: its code stands on the part handed in, the secret of its receipt on the strip that is kept.

    Only the hash of that secret is here. Once the sheet is typed its contribution has that receipt.
    """

    __tablename__ = "paper_sheet"
    __table_args__ = (UniqueConstraint("process_id", "code", name="uq_paper_sheet_process_id_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    code: Mapped[str] = mapped_column(String(12))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    variant: Mapped[str] = mapped_column(String(40), default="")
    receipt_hash: Mapped[str] = mapped_column(String(64))
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), unique=True)
    at: Mapped[datetime]

    question: Mapped[Question] = relationship()
