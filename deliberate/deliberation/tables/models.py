"""Tables of a session and who sits there."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.deliberation.models import Sitting
from deliberate.people.models import User


class TablePlan(Base):
    """Who sits at which of `tables` tables of a session, in each of `rounds` rounds.

    `rules` are what was asked for, people as account ids; `figures` say how many distinct pairs meet, at most how many
    could, and where a share could not be kept. Only the organisers and facilitators read either.
    """

    __tablename__ = "table_plan"
    __table_args__ = (
        UniqueConstraint("sitting_id"),
        CheckConstraint("tables >= 1 and rounds >= 1", name="numbers"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    tables: Mapped[int]
    rounds: Mapped[int]
    rules: Mapped[dict[str, Any]]
    figures: Mapped[dict[str, Any]]
    at: Mapped[datetime]

    sitting: Mapped[Sitting] = relationship()
    places: Mapped[list["TablePlace"]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="TablePlace.id"
    )


class TablePlace(Base):
    """Where a person sits in one round; a `host` runs the table and is no participant."""

    __tablename__ = "table_place"
    __table_args__ = (
        UniqueConstraint("plan_id", "user_id", "round", name="uq_table_place_plan_id_user_id_round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("table_plan.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    round: Mapped[int]
    number: Mapped[int]
    host: Mapped[bool]

    plan: Mapped[TablePlan] = relationship(back_populates="places")
    user: Mapped[User] = relationship()
