"""What contributors are still to be told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.inputs.models import Contribution


class ContributorNotice(Base):
    """Something that happened to a contribution, which its contributor is to be told in the next letter."""

    __tablename__ = "contributor_notice"
    __table_args__ = (
        UniqueConstraint("contribution_id", "what", name="uq_contributor_notice_contribution_id_what"),
        CheckConstraint("what in ('moderated','placed','contest answered','answered')", name="what"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    what: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]

    contribution: Mapped[Contribution] = relationship()
