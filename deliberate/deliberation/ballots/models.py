"""Ballots, votes and counts of papers."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.deliberation.models import Sitting
from deliberate.people.models import User
from deliberate.process.models import Process


class Ballot(Base):
    """A question put to the vote, with the rule frozen from the protocol and the presence when it opened.

    `subject` says what it decides ("amendment:am-12", "version:time:2", "conflict:time:t1"). `counts` are votes by
    option key, `outcome` is `rules.Result.as_json()`; both come with the closing.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("process_id", "number", name="uq_ballot_process_id_number"),
        CheckConstraint("present >= 0 and present <= seated", name="presence"),
        CheckConstraint("closed_at is null or opened_at <= closed_at", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"))
    number: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200), index=True)
    question: Mapped[dict[str, str]]
    options: Mapped[list[Any]]
    rule: Mapped[dict[str, Any]]
    present: Mapped[int]
    seated: Mapped[int]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any] | None]
    outcome: Mapped[dict[str, Any] | None]
    digest: Mapped[str | None] = mapped_column(String(71))

    process: Mapped[Process] = relationship()
    sitting: Mapped[Sitting | None] = relationship(back_populates="ballots")
    votes: Mapped[list["Vote"]] = relationship(back_populates="ballot", order_by="Vote.voter")
    papers: Mapped[list["PaperCount"]] = relationship(back_populates="ballot", order_by="PaperCount.id")

    @property
    def name(self) -> str:
        """How the journal names this ballot."""
        return f"ballot:{self.number}"

    @property
    def state(self) -> str:
        """`open` or `closed`."""
        return "open" if self.closed_at is None else "closed"

    @property
    def secret(self) -> bool:
        """Whether it is held on paper, so that nobody knows who voted what."""
        return bool(self.rule["secrecy"] == "secret")

    @property
    def adopted(self) -> bool:
        """Whether it was closed and carried, or chose an option."""
        return bool(self.outcome and self.outcome["adopted"])


class Vote(Base):
    """A member's vote in an open ballot, under their name of ballots; `user_id` goes when the person is erased."""

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("ballot_id", "user_id", name="uq_vote_ballot_id_user_id"),
        UniqueConstraint("ballot_id", "voter", name="uq_vote_ballot_id_voter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    voter: Mapped[str] = mapped_column(String(40))
    choice: Mapped[list[str]]

    ballot: Mapped[Ballot] = relationship(back_populates="votes")


class PaperCount(Base):
    """One person's count of the papers of a secret ballot; two people count apart from each other."""

    __tablename__ = "paper_count"
    __table_args__ = (
        UniqueConstraint("ballot_id", "counter_id", name="uq_paper_count_ballot_id_counter_id"),
        CheckConstraint("papers >= 0", name="papers"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"))
    counter_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    counts: Mapped[dict[str, Any]]
    papers: Mapped[int]
    at: Mapped[datetime]

    ballot: Mapped[Ballot] = relationship(back_populates="papers")
    counter: Mapped[User] = relationship()
