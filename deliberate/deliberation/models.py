"""Sessions of the panel and who was there: what every room of the deliberation refers to."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.people.models import User
from deliberate.process.models import Process

if TYPE_CHECKING:
    from deliberate.deliberation.ballots.models import Ballot


class Sitting(Base):
    """A session of the panel, in a room. `agenda` lists texts per language."""

    __tablename__ = "sitting"
    __table_args__ = (UniqueConstraint("process_id", "number", name="uq_sitting_process_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    round: Mapped[int]
    number: Mapped[int]
    title: Mapped[dict[str, str]]
    opens_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="")
    agenda: Mapped[list[Any]]

    process: Mapped[Process] = relationship()
    attendances: Mapped[list["Attendance"]] = relationship(back_populates="sitting", order_by="Attendance.id")
    ballots: Mapped[list["Ballot"]] = relationship(back_populates="sitting", order_by="Ballot.number")


class Attendance(Base):
    """A person's stay in a sitting: present from `since` (included) to `until` (left out)."""

    __tablename__ = "attendance"
    __table_args__ = (CheckConstraint("until is null or since <= until", name="stay"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    sitting: Mapped[Sitting] = relationship(back_populates="attendances")
    user: Mapped[User] = relationship()

    def at(self, moment: datetime) -> bool:
        """Whether the person was there at a moment."""
        return self.since <= moment and (self.until is None or moment < self.until)
