"""Notes of tables."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.deliberation.models import Sitting


class TableNote(Base):
    """What a table asks to be kept of its talk; no speaker is named."""

    __tablename__ = "table_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    label: Mapped[str] = mapped_column(String(40))
    text: Mapped[dict[str, str]]
    at: Mapped[datetime]

    sitting: Mapped[Sitting] = relationship()
