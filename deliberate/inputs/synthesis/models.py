"""The grid, the lines written on it, which contributions stand on which line, and what others say of a line."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.inputs.models import Contribution
from deliberate.process.models import Process


class Grid(Base):
    """A version of the grid that a synthesis is written on; without one the shipped grid (number 0) serves.

    `moved` says where the lines on a code that is no longer there went: old code → code of this version.
    """

    __tablename__ = "grid"
    __table_args__ = (UniqueConstraint("process_id", "number", name="uq_grid_process_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    number: Mapped[int]
    rows: Mapped[list[Any]]
    digest: Mapped[str] = mapped_column(String(71))
    moved: Mapped[dict[str, str]] = mapped_column(default=dict)
    at: Mapped[datetime]


class SynthesisLine(Base):
    """A statement of synthesis on one code of the grid; every line opens the contributions behind it.

    `wording` numbers its text from 1. A line that was split, merged or retired keeps its key and holds no contribution.
    """

    __tablename__ = "synthesis_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    round: Mapped[int]
    theme: Mapped[str] = mapped_column(String(40), default="")
    dimension: Mapped[str] = mapped_column(String(12))
    grid: Mapped[int] = mapped_column(default=0)
    text: Mapped[dict[str, str]]
    wording: Mapped[int] = mapped_column(default=1)
    dissent: Mapped[dict[str, str]] = mapped_column(default=dict)
    at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship()
    placements: Mapped[list["Placement"]] = relationship(back_populates="line", order_by="Placement.id")
    wordings: Mapped[list["LineWording"]] = relationship(back_populates="line", order_by="LineWording.number")
    reviews: Mapped[list["LineReview"]] = relationship(back_populates="line", order_by="LineReview.id")

    __table_args__ = (UniqueConstraint("process_id", "key", name="uq_synthesis_line_process_id_key"),)

    @property
    def object(self) -> str:
        """How the journal of its process names it."""
        return f"line:{self.key}"


class LineWording(Base):
    """A text that a line has or had: never changed, so that what was validated can be read again."""

    __tablename__ = "line_wording"
    __table_args__ = (UniqueConstraint("line_id", "number", name="uq_line_wording_line_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("synthesis_line.id"))
    number: Mapped[int]
    text: Mapped[dict[str, str]]
    at: Mapped[datetime]

    line: Mapped[SynthesisLine] = relationship(back_populates="wordings")


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


class Reshaping(Base):
    """A line split into several, or several merged into one. `before` is what stood on each: line → contributions."""

    __tablename__ = "reshaping"
    __table_args__ = (CheckConstraint("kind in ('split','merge')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    before: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    ancestries: Mapped[list["LineAncestry"]] = relationship(
        back_populates="reshaping", order_by="LineAncestry.id"
    )


class LineAncestry(Base):
    """Which line came from which: an old address leads on, and no root is lost."""

    __tablename__ = "line_ancestry"
    __table_args__ = (
        UniqueConstraint("parent_id", "child_id", name="uq_line_ancestry_parent_id_child_id"),
        CheckConstraint("parent_id <> child_id", name="itself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reshaping_id: Mapped[int] = mapped_column(ForeignKey("reshaping.id"), index=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("synthesis_line.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("synthesis_line.id"), index=True)

    reshaping: Mapped[Reshaping] = relationship(back_populates="ancestries")
    parent: Mapped[SynthesisLine] = relationship(foreign_keys=[parent_id])
    child: Mapped[SynthesisLine] = relationship(foreign_keys=[child_id])


class Reading(Base):
    """That somebody of the team has read a contribution. Who it was is shown to nobody, and goes with their account."""

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("contribution_id", "user_id", name="uq_reading_contribution_id_user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    at: Mapped[datetime]


class LineReview(Base):
    """What a member of the mixed board thinks of one wording of a line; `kind` is in which capacity they sit."""

    __tablename__ = "line_review"
    __table_args__ = (
        UniqueConstraint("line_id", "wording", "user_id", name="uq_line_review_line_id_wording_user_id"),
        CheckConstraint("kind in ('researcher','official','activist','citizen')", name="kind"),
        CheckConstraint("position in ('agrees','reservations','disagrees')", name="position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("synthesis_line.id"))
    wording: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    position: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]

    line: Mapped[SynthesisLine] = relationship(back_populates="reviews")

    @property
    def person(self) -> str:
        """How private parts name whom they concern."""
        return f"review:{self.id}"


class WordingProposal(Base):
    """Another wording of a line, which anyone may propose; a rapporteur takes it up or declines it, and says why."""

    __tablename__ = "wording_proposal"
    __table_args__ = (
        UniqueConstraint("process_id", "key", name="uq_wording_proposal_process_id_key"),
        CheckConstraint("state in ('waiting','published','refused','withdrawn')", name="state"),
        CheckConstraint("outcome in ('','taken up','declined')", name="outcome"),
        CheckConstraint("state <> 'withdrawn' or text = ''", name="withdrawn"),
        CheckConstraint("outcome = '' or answer <> ''", name="answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("synthesis_line.id"), index=True)
    key: Mapped[str] = mapped_column(String(40))
    round: Mapped[int]
    wording: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    moderated_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(10), default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    receipt_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    at: Mapped[datetime]

    process: Mapped[Process] = relationship()
    line: Mapped[SynthesisLine] = relationship()

    @property
    def object(self) -> str:
        """How the journal of its process names it."""
        return f"wording:{self.key}"

    @property
    def person(self) -> str:
        """How private parts name whom they concern, in every journal; keys are unique within a process only."""
        return f"wording:{self.process_id}/{self.key}"
