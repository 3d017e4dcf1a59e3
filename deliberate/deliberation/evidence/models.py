"""What was put before the panel."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.deliberation.models import Sitting


class Evidence(Base):
    """A claim put before the panel, its source, whom it speaks for or against, and how it was checked."""

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("process_id", "key", name="uq_evidence_process_id_key"),
        CheckConstraint("stance in ('for','against','neither')", name="stance"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"))
    key: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(120), default="")
    claim: Mapped[dict[str, str]]
    source: Mapped[str] = mapped_column(Text)
    validation: Mapped[str] = mapped_column(Text, default="")
    stance: Mapped[str] = mapped_column(String(8))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]

    sitting: Mapped[Sitting | None] = relationship()
