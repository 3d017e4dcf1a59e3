"""Processes, their protocol's versions, phases and appointments."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.people.models import User
from deliberate.process.rules import Span, situation


class Process(Base):
    """A démarche: a neutral question, who asks and who pays, and the protocol that is fixed before the start."""

    __tablename__ = "process"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[dict[str, str]]
    question: Mapped[dict[str, str]]
    remit: Mapped[dict[str, str]]
    commissioned_by: Mapped[dict[str, str]]
    funded_by: Mapped[dict[str, str]]
    level: Mapped[str] = mapped_column(String(40), default="")
    territory: Mapped[str] = mapped_column(String(120), default="")
    themes: Mapped[list[str]]
    protocol: Mapped[dict[str, Any]]
    protocol_digest: Mapped[str | None] = mapped_column(String(71))
    locked_at: Mapped[datetime | None]
    demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    phases: Mapped[list["Phase"]] = relationship(order_by="Phase.number", back_populates="process")
    appointments: Mapped[list["Appointment"]] = relationship(back_populates="process")

    def situation(self, now: datetime) -> str:
        """Where the process stands at a moment: one of `rules.SITUATIONS`."""
        return situation([phase.span for phase in self.phases], self.locked_at is not None, now)

    def phase(self, now: datetime) -> "Phase | None":
        """The phase that is open at a moment."""
        return next((phase for phase in reversed(self.phases) if phase.span.holds(now)), None)

    def open_phase(self, round: int) -> "Phase | None":
        """The open phase of a round; None where the protocol lays out none."""
        return next((one for one in self.phases if one.kind == "open" and one.round == round), None)

    def open_phase_over(self, round: int, now: datetime) -> bool:
        """Whether the open phase of a round has closed."""
        phase = self.open_phase(round)
        return phase is not None and phase.span.over(now)

    @property
    def rounds(self) -> list[int]:
        """The numbers of the rounds that the protocol lays out, in order."""
        return sorted({phase.round for phase in self.phases})

    def round(self, now: datetime) -> int:
        """The round that a moment belongs to: that of the last phase opened, 1 before the first."""
        begun = [phase.round for phase in self.phases if phase.opens_at and phase.opens_at <= now]
        return begun[-1] if begun else 1


class ProtocolVersion(Base):
    """A protocol as it was locked or amended: never changed, each with its digest and the reason for it."""

    __tablename__ = "protocol_version"
    __table_args__ = (UniqueConstraint("process_id", "number", name="uq_protocol_version_process_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(71))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class Phase(Base):
    """An open phase or a deliberation phase; `opens_at` is included, `closes_at` is left out, None is not yet set."""

    __tablename__ = "phase"
    __table_args__ = (
        UniqueConstraint("process_id", "number", name="uq_phase_process_id_number"),
        CheckConstraint("kind in ('open','deliberation')", name="kind"),
        CheckConstraint("closes_at is null or opens_at <= closes_at", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    number: Mapped[int]
    round: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    opening_recorded: Mapped[bool] = mapped_column(default=False)
    closing_recorded: Mapped[bool] = mapped_column(default=False)

    process: Mapped[Process] = relationship(back_populates="phases")

    @property
    def span(self) -> Span:
        """The phase as the rules see it."""
        return Span(self.kind, self.round, self.opens_at, self.closes_at)


class Appointment(Base):
    """A role a person holds in a process, for a term."""

    __tablename__ = "appointment"
    __table_args__ = (CheckConstraint("until is null or since <= until", name="term"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    process: Mapped[Process] = relationship(back_populates="appointments")
    user: Mapped[User] = relationship(lazy="selectin")
