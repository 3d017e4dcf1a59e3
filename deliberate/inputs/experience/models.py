"""Lessons."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.process.models import Process


class Lesson(Base):
    """What was tried somewhere and what it teaches, failures included (roadmap, paragraphs 17 and 18)."""

    __tablename__ = "lesson"
    __table_args__ = (
        UniqueConstraint("process_id", "key", name="uq_lesson_process_id_key"),
        CheckConstraint("outcome in ('worked','failed','mixed')", name="outcome"),
        CheckConstraint("state in ('waiting','published','refused')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    round: Mapped[int]
    title: Mapped[dict[str, str]]
    territory: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(60), default="")
    level: Mapped[str] = mapped_column(String(40), default="")
    theme: Mapped[str] = mapped_column(String(40), default="")
    sectors: Mapped[list[str]] = mapped_column(default=list)
    tags: Mapped[list[str]] = mapped_column(default=list)
    sdg: Mapped[list[int]] = mapped_column(default=list)
    outcome: Mapped[str] = mapped_column(String(8))
    context: Mapped[dict[str, str]]
    tried: Mapped[dict[str, str]]
    teaches: Mapped[dict[str, str]]
    sources: Mapped[list[str]] = mapped_column(default=list)
    paragraph: Mapped[str] = mapped_column(String(40), default="")
    validation: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    moderated_at: Mapped[datetime | None]
    at: Mapped[datetime]

    process: Mapped[Process] = relationship()

    @property
    def object(self) -> str:
        """How the journal of its process names it."""
        return f"lesson:{self.key}"

    @property
    def person(self) -> str:
        """How private parts name whom they concern, in every journal; keys are unique within a process only."""
        return f"lesson:{self.process_id}/{self.key}"
