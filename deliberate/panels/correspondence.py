"""What was written to volunteers and by the public: letters with their mail, contests with their answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.panels.models import Draw, Registrant, among

LETTERS = ("drawn", "reminder", "alternate", "not drawn")


class Letter(Base):
    """A letter to someone who volunteered: once of each kind, and one reminder for each last day to answer (`day`).

    `mailed` tells a mail from a page that was printed; `job_id` is that mail, until finished work is cleared away. Its
    text is kept nowhere.
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("draw_id", "registrant_id", "kind", "day", name="uq_letter_once"),
        CheckConstraint(among("kind", LETTERS), name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    day: Mapped[str] = mapped_column(String(10), default="")
    mailed: Mapped[bool]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    registrant: Mapped[Registrant] = relationship()


class Contest(Base):
    """What someone says is wrong with a draw or its seats, with its public answer and a guarantor's remark.

    `contact` is kept until the answer has left. `hidden` says why the text was taken out of the public pages; the
    contest itself stays, and its answer is still owed.
    """

    __tablename__ = "contest"
    __table_args__ = (
        UniqueConstraint("draw_id", "number", name="uq_contest_draw_id_number"),
        CheckConstraint("(answered_at is null) = (answer = '')", name="answered"),
        CheckConstraint("(remarked_at is null) = (remark = '')", name="remarked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    contact: Mapped[str] = mapped_column(String(254), default="")
    at: Mapped[datetime]
    hidden: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    remarked_at: Mapped[datetime | None]

    draw: Mapped[Draw] = relationship(back_populates="contests")

    @property
    def person(self) -> str:
        """How the journal's private parts name whoever contests."""
        return f"contest:{self.key}"

    def holds(self, final_from: datetime, now: datetime) -> bool:
        """Whether it keeps from becoming final a seat that would be final from that moment."""
        return self.at < final_from and (self.answered_at is None or self.answered_at > now)
