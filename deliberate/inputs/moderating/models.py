"""What moderation decided, appeals against it, and contributions that say the same."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.inputs.models import Contribution
from deliberate.process.models import Process


class Decision(Base):
    """One decision on a thing, as the public log tells it: by a moderator, or by a guarantor on appeal.

    `thing` is the object that the journal names, such as `contribution:c-8f3k2a`; `before` the state it was in.
    """

    __tablename__ = "moderation_decision"
    __table_args__ = (
        CheckConstraint("decision in ('publish','refuse','uphold','overturn')", name="decision"),
        Index("ix_moderation_decision_process_id_at", "process_id", "at"),
        Index("ix_moderation_decision_process_id_thing", "process_id", "thing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    thing: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    round: Mapped[int]
    decision: Mapped[str] = mapped_column(String(8))
    before: Mapped[str] = mapped_column(String(10))
    rule: Mapped[str] = mapped_column(String(20), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime]
    at: Mapped[datetime]

    @property
    def key(self) -> str:
        """The key of the thing decided on."""
        return self.thing.partition(":")[2]


class Appeal(Base):
    """What the holder of a receipt says against a refusal, once for each; a guarantor answers in public.

    `stands` says that a decision in their favour still binds moderators: it does until the author changes the words.
    """

    __tablename__ = "appeal"
    __table_args__ = (
        CheckConstraint("state in ('waiting','upheld','overturned','dropped')", name="state"),
        CheckConstraint("(state in ('upheld','overturned')) = (answered_at is not null)", name="answered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("moderation_decision.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    stands: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    until: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship()
    decision: Mapped[Decision] = relationship()

    @property
    def object(self) -> str:
        """What the appeal is about, as the journal names it."""
        return self.decision.thing

    @property
    def key(self) -> str:
        """The key of what the appeal is about."""
        return self.decision.key


class Alike(Base):
    """A contribution in a group of those that say the same, as somebody decided; each keeps its place and its answer."""

    __tablename__ = "alike"
    __table_args__ = (UniqueConstraint("contribution_id", name="uq_alike_contribution_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"))
    group: Mapped[str] = mapped_column("group_key", String(40), index=True)
    at: Mapped[datetime]

    contribution: Mapped[Contribution] = relationship()
