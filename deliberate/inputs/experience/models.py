"""Lessons, and what they said before they were corrected."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.process.models import Process


class Lesson(Base):
    """What was tried somewhere and what it teaches, failures included (roadmap, paragraphs 17 and 18).

    `version` numbers what it says from 1; `origin` is where it was brought from, as `process/key`. Whoever told it
    without an account holds its receipt. A withdrawn one keeps its key, and no word.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        UniqueConstraint("process_id", "key", name="uq_lesson_process_id_key"),
        CheckConstraint("outcome in ('worked','failed','mixed')", name="outcome"),
        CheckConstraint("state in ('waiting','published','refused','withdrawn')", name="state"),
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
    version: Mapped[int] = mapped_column(default=1)
    origin: Mapped[str] = mapped_column(String(120), default="")
    receipt_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    at: Mapped[datetime]

    process: Mapped[Process] = relationship()
    versions: Mapped[list["LessonVersion"]] = relationship(
        order_by="LessonVersion.number", cascade="all, delete-orphan"
    )

    @property
    def object(self) -> str:
        """How the journal of its process names it."""
        return f"lesson:{self.key}"

    @property
    def person(self) -> str:
        """How private parts name whom they concern, in every journal; keys are unique within a process only."""
        return f"lesson:{self.process_id}/{self.key}"


class LessonVersion(Base):
    """What a lesson said before the team corrected it, and why it was corrected."""

    __tablename__ = "lesson_version"
    __table_args__ = (UniqueConstraint("lesson_id", "number", name="uq_lesson_version_lesson_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime]
