"""Table of what was written to volunteers: letters with their mail."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.panels.models import Registrant, among

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
