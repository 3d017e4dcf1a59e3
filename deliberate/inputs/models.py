"""Questions, contributions, lessons, the synthesis that places them, the dossier of a round, and the answers given."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.process.models import Process


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


class Grid(Base):
    """A version of the grid that a synthesis is written on; without one the shipped grid (number 0) serves."""

    __tablename__ = "grid"
    __table_args__ = (UniqueConstraint("process_id", "number", name="uq_grid_process_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    number: Mapped[int]
    rows: Mapped[list[Any]]
    digest: Mapped[str] = mapped_column(String(71))
    at: Mapped[datetime]


class SynthesisLine(Base):
    """A statement of synthesis on one code of the grid; every line opens the contributions behind it."""

    __tablename__ = "synthesis_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    round: Mapped[int]
    theme: Mapped[str] = mapped_column(String(40), default="")
    dimension: Mapped[str] = mapped_column(String(12))
    grid: Mapped[int] = mapped_column(default=0)
    text: Mapped[dict[str, str]]
    dissent: Mapped[dict[str, str]] = mapped_column(default=dict)
    at: Mapped[datetime]

    process: Mapped[Process] = relationship()
    placements: Mapped[list["Placement"]] = relationship(back_populates="line", order_by="Placement.id")

    __table_args__ = (UniqueConstraint("process_id", "key", name="uq_synthesis_line_process_id_key"),)


class Placement(Base):
    """A contribution on a line. Its contributor may contest it; the contest waits until it is answered."""

    __tablename__ = "placement"
    __table_args__ = (
        UniqueConstraint("line_id", "contribution_id", name="uq_placement_line_id_contribution_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("synthesis_line.id"), index=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), index=True)
    at: Mapped[datetime]
    contest: Mapped[str] = mapped_column(Text, default="")
    contested_at: Mapped[datetime | None]
    contest_answer: Mapped[str] = mapped_column(Text, default="")

    line: Mapped[SynthesisLine] = relationship(back_populates="placements")
    contribution: Mapped[Contribution] = relationship(back_populates="placements")

    @property
    def contest_waits(self) -> bool:
        """Whether the contributor contested and nobody has answered."""
        return self.contested_at is not None and not self.contest_answer


class Dossier(Base):
    """What the deliberation of a round works from, fixed once."""

    __tablename__ = "dossier"
    __table_args__ = (UniqueConstraint("process_id", "round", name="uq_dossier_process_id_round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    round: Mapped[int]
    settled_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(71))

    process: Mapped[Process] = relationship()


class Answer(Base):
    """What became of a contribution: “you said, we did”."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint("outcome in ('adopted','partly','rejected','out-of-scope')", name="outcome"),
        CheckConstraint("(charter = '') = (clause = '')", name="clause"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(12))
    charter: Mapped[str] = mapped_column(String(60), default="")
    clause: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[dict[str, str]]
    at: Mapped[datetime]

    contribution: Mapped[Contribution] = relationship(back_populates="answer")
