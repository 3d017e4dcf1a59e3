"""Questions and contributions: what every room of the open input refers to."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.process.models import Process

if TYPE_CHECKING:
    from deliberate.inputs.answers.models import Answer
    from deliberate.inputs.synthesis.models import Placement


class Question(Base):
    """An open question of a round. `variants` holds other wordings for other groups: key, for, text."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("process_id", "key", name="uq_question_process_id_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    round: Mapped[int]
    number: Mapped[int]
    text: Mapped[dict[str, str]]
    variants: Mapped[list[Any]] = mapped_column(default=list)
    theme: Mapped[str] = mapped_column(String(40), default="")

    process: Mapped[Process] = relationship()

    def wording(self, variant: str) -> dict[str, str]:
        """The text of a variant per language, or the question's own when there is no such variant."""
        return next((dict(v["text"]) for v in self.variants if v["key"] == variant), self.text)

    def sheet_code(self, variant: str = "") -> str:
        """What a printed sheet says so that it is typed under the right question and wording."""
        return "/".join(filter(None, (str(self.round), self.key, variant)))


class Contribution(Base):
    """What someone, or a group, answered. A withdrawn one keeps its key and its place, and no word."""

    __tablename__ = "contribution"
    __table_args__ = (
        UniqueConstraint("process_id", "key", name="uq_contribution_process_id_key"),
        CheckConstraint("channel in ('web','group','paper','import')", name="channel"),
        CheckConstraint("state in ('waiting','published','refused','withdrawn')", name="state"),
        CheckConstraint("state <> 'withdrawn' or text = ''", name="withdrawn"),
        CheckConstraint("count >= 1", name="count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    variant: Mapped[str] = mapped_column(String(40), default="")
    round: Mapped[int]
    theme: Mapped[str] = mapped_column(String(40), default="")
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(8))
    collective: Mapped[bool] = mapped_column(default=False)
    count: Mapped[int] = mapped_column(default=1)
    component: Mapped[str] = mapped_column(String(12), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    categories: Mapped[dict[str, str]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    moderated_at: Mapped[datetime | None]
    receipt_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    received_at: Mapped[datetime]
    at: Mapped[datetime]
    commitment: Mapped[str] = mapped_column(String(71), default="")

    process: Mapped[Process] = relationship()
    question: Mapped[Question] = relationship()
    placements: Mapped[list["Placement"]] = relationship(
        back_populates="contribution", order_by="Placement.id"
    )
    answer: Mapped["Answer | None"] = relationship(back_populates="contribution")

    @property
    def object(self) -> str:
        """How the journal of its process names it."""
        return f"contribution:{self.key}"

    @property
    def person(self) -> str:
        """How private parts name whom they concern, in every journal; keys are unique within a process only."""
        return f"contribution:{self.process_id}/{self.key}"
