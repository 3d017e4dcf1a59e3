"""The grid, the lines written on it, and which contributions stand on which line."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.inputs.models import Contribution
from deliberate.process.models import Process


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
