"""Tables of what was decided of a pool: which addresses are one home, and that it is the one to draw from."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.core.database import Base


class HouseholdDecision(Base):
    """Whether two addresses nearly alike are one home, by the marks of registrants; `first` is the smaller mark."""

    __tablename__ = "household_decision"
    __table_args__ = (
        UniqueConstraint("process_id", "first", "second", name="uq_household_decision_pair"),
        CheckConstraint("first < second", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    first: Mapped[str] = mapped_column(String(64))
    second: Mapped[str] = mapped_column(String(64))
    same: Mapped[bool]


class PoolSignature(Base):
    """A guarantor's word that the pool, as its digest says, is the one to draw from."""

    __tablename__ = "pool_signature"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    digest: Mapped[str] = mapped_column(String(71))
    people: Mapped[int]
    at: Mapped[datetime]
