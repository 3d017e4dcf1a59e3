"""Tables of the register: a territory and a charter, what it decided and when, who contests it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.drafting.models import Charter


class Adoption(Base):
    """A territory in the register, for one charter. `contact` is private and may be erased at any time.

    `invited` until its delegate decided something; then it is as public as its decisions.
    """

    __tablename__ = "adoption"

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charter.id"), index=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    territory: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(20))
    contact: Mapped[str] = mapped_column(String(254), default="", index=True)
    language: Mapped[str] = mapped_column(String(8))
    wants_mail: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]

    charter: Mapped[Charter] = relationship()
    decisions: Mapped[list["AdoptionDecision"]] = relationship(
        back_populates="adoption", order_by="AdoptionDecision.number", cascade="all, delete-orphan"
    )
    contests: Mapped[list["AdoptionContest"]] = relationship(
        back_populates="adoption", order_by="AdoptionContest.number", cascade="all, delete-orphan"
    )
    links: Mapped[list["AdoptionLink"]] = relationship(cascade="all, delete-orphan")

    @property
    def public(self) -> list["AdoptionDecision"]:
        """The decisions that everyone may read, oldest first."""
        return [one for one in self.decisions if one.state == "public"]

    @property
    def waiting(self) -> "AdoptionDecision | None":
        """The decision that awaits review."""
        return next((one for one in self.decisions if one.state == "waiting"), None)


class AdoptionDecision(Base):
    """What a territory decided, never changed: `adopt`, `follow`, `stay` or `end`.

    `version_number` is the version adopted, or for `stay` the one it looked at and left aside. `clauses` are those
    adopted with their digests; none means the whole charter.
    """

    __tablename__ = "adoption_decision"
    __table_args__ = (
        UniqueConstraint("adoption_id", "number", name="uq_adoption_decision_adoption_id_number"),
        CheckConstraint("decision in ('adopt','follow','stay','end')", name="decision"),
        CheckConstraint("state in ('waiting','public','refused')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    adoption_id: Mapped[int] = mapped_column(ForeignKey("adoption.id"))
    number: Mapped[int]
    decision: Mapped[str] = mapped_column(String(8))
    version_number: Mapped[int]
    clauses: Mapped[dict[str, str]]
    reason: Mapped[dict[str, str]]
    state: Mapped[str] = mapped_column(String(8))
    refusal: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    adoption: Mapped[Adoption] = relationship(back_populates="decisions")

    @property
    def person(self) -> str:
        """What the journal's private parts about this decision concern."""
        return f"adoption:{self.adoption.key}:{self.number}"


class AdoptionLink(Base):
    """A secret that lets a territory's delegate decide; only its hash is kept."""

    __tablename__ = "adoption_link"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    adoption_id: Mapped[int] = mapped_column(ForeignKey("adoption.id"), index=True)
    at: Mapped[datetime]


class AdoptionContest(Base):
    """What somebody says is wrong with an entry of the register. Public, with its answer, once answered."""

    __tablename__ = "adoption_contest"
    __table_args__ = (
        UniqueConstraint("adoption_id", "number", name="uq_adoption_contest_adoption_id_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    adoption_id: Mapped[int] = mapped_column(ForeignKey("adoption.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    contact: Mapped[str] = mapped_column(String(254), default="", index=True)
    shown: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    adoption: Mapped[Adoption] = relationship(back_populates="contests")

    @property
    def person(self) -> str:
        """What the journal's private parts about this contest concern."""
        return f"adoption:{self.adoption.key}:contest:{self.number}"
