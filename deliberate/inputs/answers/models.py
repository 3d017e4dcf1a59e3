"""What became of a contribution."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.inputs.models import Contribution


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
