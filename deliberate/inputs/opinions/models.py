"""Opinion maps."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.process.models import Process


class OpinionMap(Base):
    """A reference map of the votes of a round, and how it is shown while further votes are folded into it.

    `votes` and `computed_at` are the reference's; `shown_votes` and `shown_at` (when votes were read) belong to picture
    and report. `reference` and `display`, which know participants by id, serve the next map: one that has a successor
    has neither. `extremity`, by number of the statement and in thousandths, is read at each vote. `closed` says that its
    open phase was over: such a map stands in the journal with its digest.
    """

    __tablename__ = "opinion_map"
    __table_args__ = (
        UniqueConstraint("process_id", "round", "number", name="uq_opinion_map_process_id_round_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    round: Mapped[int]
    number: Mapped[int]
    closed: Mapped[bool] = mapped_column(default=False)
    votes: Mapped[int]
    computed_at: Mapped[datetime]
    reference: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    display: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    picture: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    extremity: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    shown_votes: Mapped[int]
    shown_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(71), default="")

    process: Mapped[Process] = relationship()

    @property
    def object(self) -> str:
        """How the journal of its process names it."""
        return f"opinion map:{self.round}"


class ImportedConversation(Base):
    """A conversation that was held elsewhere and brought into a round, once. Counts are those of the files."""

    __tablename__ = "imported_conversation"
    __table_args__ = (
        UniqueConstraint("process_id", "digest", name="uq_imported_conversation_process_id_digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    round: Mapped[int]
    digest: Mapped[str] = mapped_column(String(71))
    topic: Mapped[str] = mapped_column(String(500))
    url: Mapped[str] = mapped_column(String(500))
    statements: Mapped[int]
    participants: Mapped[int]
    votes: Mapped[int]
    at: Mapped[datetime]

    process: Mapped[Process] = relationship()
