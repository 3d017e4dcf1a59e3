"""What is kept beside an answer, apart from it and not for long: an address to write to, and where it came from."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.inputs.models import Contribution


class ContributorContact(Base):
    """Where a contributor asked to be told what became of their words. Withdrawing the words deletes it."""

    __tablename__ = "contributor_contact"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]

    contribution: Mapped[Contribution] = relationship()


class AnswerSource(Base):
    """From which network an answer came, as a keyed hash that differs in every process; deleted after some days."""

    __tablename__ = "answer_source"
    __table_args__ = (Index("ix_answer_source_source_at", "source", "at"),)

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    source: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
