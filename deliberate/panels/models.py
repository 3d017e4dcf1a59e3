"""Tables of panels: quotas, volunteers with their contact data apart, draws, seats, and contests."""

from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.people.models import User
from deliberate.process.models import Process

SOURCES = ("form", "paper", "import")
DRAW_STATES = ("requested", "computing", "prepared", "revealed", "abandoned", "cancelled", "failed")
SEAT_STATES = ("waiting", "offered", "accepted", "declined", "no answer", "confirmed", "given up")
UNDER_WAY = "'requested','computing','prepared'"
LIVE_STATES = f"{UNDER_WAY},'revealed'"


def _one_of(name: str, where: str) -> Index:
    """An index that lets a process have one draw of a sort."""
    return Index(name, "process_id", unique=True, sqlite_where=text(where), postgresql_where=text(where))


def among(column: str, names: tuple[str, ...]) -> str:
    """A check that a column holds one of these names."""
    return f"{column} in ({', '.join(repr(name) for name in names)})"


class Quota(Base):
    """At least `minimum` and at most `maximum` people with `value` in `category` on the panel.

    `population` is the share of the population as a fraction such as `19/100`, or nothing. `value` is what files and
    registrations hold; `label` and `category_label` say it in each language. The flex columns bound a relaxation.
    """

    __tablename__ = "quota"
    __table_args__ = (
        UniqueConstraint("process_id", "category", "value", name="uq_quota_process_id_category_value"),
        CheckConstraint("0 <= minimum and minimum <= maximum", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    number: Mapped[int]
    category: Mapped[str] = mapped_column(String(80))
    value: Mapped[str] = mapped_column(String(120))
    category_label: Mapped[dict[str, str]]
    label: Mapped[dict[str, str]]
    population: Mapped[str | None] = mapped_column(String(20))
    minimum: Mapped[int]
    maximum: Mapped[int]
    min_flex: Mapped[int | None]
    max_flex: Mapped[int | None]

    @property
    def share(self) -> float | None:
        """The share of the population, 0 to 1."""
        return float(Fraction(self.population)) if self.population else None


class Registrant(Base):
    """A volunteer by pseudonym: the number on their receipt, and the name they bear in the journal.

    `values` has one value per category; `columns` what an imported file carried along; `reference` its id there.
    `nonce` hides the row inside the pool's digest and goes with the row when the person is erased.
    """

    __tablename__ = "registrant"
    __table_args__ = (
        UniqueConstraint("process_id", "pseudonym", name="uq_registrant_process_id_pseudonym"),
        CheckConstraint(among("source", SOURCES), name="source"),
        CheckConstraint("state in ('registered', 'withdrawn', 'erased')", name="state"),
        Index("ix_registrant_process_id_state", "process_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    pseudonym: Mapped[str] = mapped_column(String(20))
    values: Mapped[dict[str, str]]
    household: Mapped[str] = mapped_column(String(64), default="")
    source: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12), default="registered")
    nonce: Mapped[str] = mapped_column(String(32))
    reference: Mapped[str] = mapped_column(String(120), default="")
    columns: Mapped[dict[str, str]]
    registered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship()
    contact: Mapped["RegistrantContact | None"] = relationship(
        back_populates="registrant", cascade="all, delete-orphan"
    )

    @property
    def person(self) -> str:
        """How the journal's private parts name this volunteer."""
        return f"registrant:{self.pseudonym}"


class RegistrantContact(Base):
    """How to reach a volunteer: apart, so that it can be deleted before the rest."""

    __tablename__ = "registrant_contact"

    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(160), default="")
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8), default="fr")

    registrant: Mapped[Registrant] = relationship(back_populates="contact")


class RegistrantLink(Base):
    """A secret link to a volunteer's own page (128 random bits); only its hash is kept.

    `handed` says that organisers had it in hand, to print or to pass on; None where nobody knows any more.
    """

    __tablename__ = "registrant_link"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"), index=True)
    made_at: Mapped[datetime]
    handed: Mapped[bool | None]

    registrant: Mapped[Registrant] = relationship()


class Draw(Base):
    """A draw: asked for, computed and sealed, revealed once, or abandoned. A rehearsal never seats anyone.

    `replaces` is the draw whose empty seats this one fills; the seats are that draw's. `size` is that of the whole panel.

    `inputs` are quotas and pool as they were when it was asked for, so that a second computation from the same
    `entropy` gives the same bytes; it is wiped once somebody sealed is erased. `lottery` is public; `attributes`, `key` (pseudonym in the lottery → pseudonym of
    the registrant) and `outcome` are not: panel and alternates as registrants' pseudonyms, `reveal` and
    `alternates` for everyone, `sets` of alternates for guarantors. `seal` holds what pages read of the lottery, which is
    large: its quotas [category, value, minimum, maximum], `one_per_household`, how many `people`, the commitment that
    it `replaces`, and whether they are still `whole`: nobody erased since. `awaited` is how many alternates a worker is still to find for the panel revealed.
    """

    __tablename__ = "draw"
    __table_args__ = (
        UniqueConstraint("process_id", "number", name="uq_draw_process_id_number"),
        CheckConstraint(among("state", DRAW_STATES), name="state"),
        CheckConstraint("(ticket is null) = (state <> 'revealed')", name="revealed"),
        CheckConstraint("(ticket is null) = (randomness is null)", name="randomness"),
        CheckConstraint("state <> 'abandoned' or reason <> ''", name="reason"),
        CheckConstraint("replaces_id is null or not rehearsal", name="replaces"),
        CheckConstraint("awaited = 0 or state = 'revealed'", name="awaited"),
        _one_of("uq_draw_live", f"state in ({LIVE_STATES}) and not rehearsal and replaces_id is null"),
        _one_of("uq_draw_replacing", f"state in ({UNDER_WAY}) and not rehearsal and replaces_id is not null"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"), index=True)
    number: Mapped[int]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("draw.id"))
    rehearsal: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(12), default="requested")
    size: Mapped[int]
    settings: Mapped[dict[str, Any]]
    entropy: Mapped[str] = mapped_column(String(64))
    pool_digest: Mapped[str] = mapped_column(String(71))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    commitment: Mapped[str | None] = mapped_column(String(71), unique=True)
    randomness: Mapped[str | None] = mapped_column(Text)
    ticket: Mapped[int | None]
    awaited: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    requested_at: Mapped[datetime]
    prepared_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    seal: Mapped[dict[str, Any]] = mapped_column(default=dict)
    inputs: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    lottery: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    attributes: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)
    key: Mapped[dict[str, str]] = mapped_column(default=dict, deferred=True)
    salts: Mapped[dict[str, str]] = mapped_column(default=dict, deferred=True)
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict, deferred=True)

    process: Mapped[Process] = relationship()
    replaces: Mapped["Draw | None"] = relationship(remote_side="Draw.id")
    seats: Mapped[list["Seat"]] = relationship(back_populates="draw", order_by="Seat.number")
    contests: Mapped[list["Contest"]] = relationship(back_populates="draw", order_by="Contest.id")

    @property
    def panel(self) -> "Draw":
        """The draw whose seats it fills: itself, unless it fills those left empty."""
        return self.replaces or self

    @property
    def drawn(self) -> int:
        """How many people it draws: all of the panel but those who held a seat when it was asked for."""
        return self.size - int(self.settings.get("seated", 0))

    @property
    def name(self) -> str:
        """What the journal calls it: a rehearsal is none of the draws."""
        return f"{'rehearsal' if self.rehearsal else 'draw'}:{self.number}"


class Seat(Base):
    """A place that a revealed draw gives: to a member, or to an alternate who waits for their turn.

    A seat is final once its contest period is over (`final_from`) and whoever contested before then has had an answer.
    `refusal_confirmed_at` says that the person or a guarantor stands behind a refusal, so that an alternate may be
    called. `answer_by` is the last day to answer. `passed_over` holds [rank, why] for the alternates who came earlier
    in the order and were not called to this seat, why being `quotas` or `household`. `as_sealed` is what the person had
    said when the lottery was sealed, `values` and `household`, by which alternates are called. `handed` says that they
    answered through a link that organisers had had in hand.
    """

    __tablename__ = "seat"
    __table_args__ = (
        UniqueConstraint("draw_id", "number", name="uq_seat_draw_id_number"),
        UniqueConstraint("draw_id", "registrant_id", name="uq_seat_draw_id_registrant_id"),
        UniqueConstraint("draw_id", "alternate_rank", name="uq_seat_draw_id_alternate_rank"),
        UniqueConstraint("draw_id", "user_id", name="uq_seat_draw_id_user_id"),
        CheckConstraint(among("state", SEAT_STATES), name="state"),
        CheckConstraint("state <> 'confirmed' or user_id is not null", name="confirmed"),
        CheckConstraint("state <> 'waiting' or alternate_rank is not null", name="waiting"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    number: Mapped[int]
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"), index=True)
    alternate_rank: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12))
    channel: Mapped[str] = mapped_column(String(12), default="")
    offered_at: Mapped[datetime | None]
    answer_by: Mapped[date | None]
    passed_over: Mapped[list[Any] | None]
    as_sealed: Mapped[dict[str, Any] | None]
    handed: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    refusal_confirmed_at: Mapped[datetime | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None]
    final_from: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    draw: Mapped[Draw] = relationship(back_populates="seats")
    registrant: Mapped[Registrant] = relationship()
    user: Mapped[User | None] = relationship()

    def final(self, now: datetime) -> bool:
        """Whether the seat is held for good."""
        if self.state != "confirmed" or self.final_from is None or self.final_from > now:
            return False
        return not any(contest.holds(self.final_from, now) for contest in self.draw.contests)


class Contest(Base):
    """What someone says is wrong with a draw or its seats, with its public answer and a guarantor's remark.

    `contact` is kept until the answer has left. `hidden` says why the text was taken out of the public pages; the
    contest itself stays, and its answer is still owed.
    """

    __tablename__ = "contest"
    __table_args__ = (
        UniqueConstraint("draw_id", "number", name="uq_contest_draw_id_number"),
        CheckConstraint("(answered_at is null) = (answer = '')", name="answered"),
        CheckConstraint("(remarked_at is null) = (remark = '')", name="remarked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    contact: Mapped[str] = mapped_column(String(254), default="")
    at: Mapped[datetime]
    hidden: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(Text, default="")
    remarked_at: Mapped[datetime | None]

    draw: Mapped[Draw] = relationship(back_populates="contests")

    @property
    def person(self) -> str:
        """How the journal's private parts name whoever contests."""
        return f"contest:{self.key}"

    def holds(self, final_from: datetime, now: datetime) -> bool:
        """Whether it keeps from becoming final a seat that would be final from that moment."""
        return self.at < final_from and (self.answered_at is None or self.answered_at > now)
