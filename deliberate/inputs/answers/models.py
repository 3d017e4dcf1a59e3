"""What became of a contribution: the answer in force, those before it, and those being prepared."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.inputs.models import Contribution

OUTCOME = "outcome in ('adopted','partly','rejected','out-of-scope')"


class Answer(Base):
    """What became of a contribution: “you said, we did”."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint(OUTCOME, name="outcome"),
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
    earlier: Mapped[list["EarlierAnswer"]] = relationship(order_by="EarlierAnswer.id.desc()", lazy="selectin")


class EarlierAnswer(Base):
    """An answer that another one replaced; everyone may read it beside the new one."""

    __tablename__ = "earlier_answer"
    __table_args__ = (CheckConstraint(OUTCOME, name="outcome"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(12))
    charter: Mapped[str] = mapped_column(String(60), default="")
    clause: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[dict[str, str]]
    at: Mapped[datetime]


class AnswerDraft(Base):
    """An answer being prepared, which the team alone sees; anything of it may still be missing."""

    __tablename__ = "answer_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), unique=True)
    outcome: Mapped[str] = mapped_column(String(12), default="")
    charter: Mapped[str] = mapped_column(String(60), default="")
    clause: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[dict[str, str]]
    at: Mapped[datetime]

    contribution: Mapped[Contribution] = relationship()
