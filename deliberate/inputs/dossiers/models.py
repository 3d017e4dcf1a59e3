"""The dossier of a round."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.process.models import Process


class Dossier(Base):
    """What the deliberation of a round works from, fixed once.

    `content` is what the digest is over: no word in it that somebody may withdraw. `texts` holds such words as they
    stood (key of a lesson → its record), until they are withdrawn.
    """

    __tablename__ = "dossier"
    __table_args__ = (UniqueConstraint("process_id", "round", name="uq_dossier_process_id_round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    round: Mapped[int]
    settled_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(71))
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)

    process: Mapped[Process] = relationship()
