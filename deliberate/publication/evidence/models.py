"""Which experience bears on which passage of a charter, and why."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.drafting.models import Charter
from deliberate.inputs.experience.models import Lesson


class NewEvidence(Base):
    """A lesson attached to a clause of the version then in force, with a sentence that says why.

    Whoever attached it without an account holds its receipt. A withdrawn one keeps its key, and no word.
    """

    __tablename__ = "new_evidence"
    __table_args__ = (
        CheckConstraint("state in ('waiting','published','refused','removed','withdrawn')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charter.id"), index=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lesson.id"), index=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    clause: Mapped[str] = mapped_column(String(80))
    version_number: Mapped[int]
    why: Mapped[dict[str, str]]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    receipt_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    charter: Mapped[Charter] = relationship()
    lesson: Mapped[Lesson] = relationship()

    @property
    def object(self) -> str:
        """How the journal of its process names it."""
        return f"new evidence:{self.key}"

    @property
    def person(self) -> str:
        """How private parts name whom they concern."""
        return f"new evidence:{self.key}"

    @property
    def shown(self) -> bool:
        """Whether everyone may read it: it is published, and so is its experience still."""
        return self.state == "published" and self.lesson.state == "published"
