"""Sittings of the panel, who was there, what was put before it, and what it decided by ballot."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.people.models import User
from deliberate.process.models import Process


class Sitting(Base):
    """A session of the panel, in a room. `agenda` lists texts per language."""

    __tablename__ = "sitting"
    __table_args__ = (UniqueConstraint("process_id", "number", name="uq_sitting_process_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    round: Mapped[int]
    number: Mapped[int]
    title: Mapped[dict[str, str]]
    opens_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="")
    agenda: Mapped[list[Any]]

    process: Mapped[Process] = relationship()
    attendances: Mapped[list["Attendance"]] = relationship(back_populates="sitting", order_by="Attendance.id")
    ballots: Mapped[list["Ballot"]] = relationship(back_populates="sitting", order_by="Ballot.number")


class Attendance(Base):
    """A person's stay in a sitting: present from `since` (included) to `until` (left out)."""

    __tablename__ = "attendance"
    __table_args__ = (CheckConstraint("until is null or since <= until", name="stay"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    sitting: Mapped[Sitting] = relationship(back_populates="attendances")
    user: Mapped[User] = relationship()

    def at(self, moment: datetime) -> bool:
        """Whether the person was there at a moment."""
        return self.since <= moment and (self.until is None or moment < self.until)


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


class TableNote(Base):
    """What a table asks to be kept of its talk; no speaker is named."""

    __tablename__ = "table_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"), index=True)
    label: Mapped[str] = mapped_column(String(40))
    text: Mapped[dict[str, str]]
    at: Mapped[datetime]

    sitting: Mapped[Sitting] = relationship()


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
