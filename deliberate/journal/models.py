"""The chain's tables. Private parts stand apart, so that a person can be erased and the chain stays whole."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base


class Journal(Base):
    """The head of one chain: its scope (a process's slug, or `instance`), last number and digest."""

    __tablename__ = "journal"

    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    demonstration: Mapped[bool] = mapped_column(default=False)
    number: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(71))


class Entry(Base):
    """One act: who (by pseudonym), what, on which object, with what public payload."""

    __tablename__ = "journal_entry"
    __table_args__ = (UniqueConstraint("scope", "number", name="uq_journal_entry_scope_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(ForeignKey("journal.scope"))
    number: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(40))
    act: Mapped[str] = mapped_column(String(60))
    object: Mapped[str] = mapped_column(String(160))
    public: Mapped[dict[str, Any]]
    private: Mapped[str | None] = mapped_column(String(71))
    demonstration: Mapped[bool] = mapped_column(default=False)
    previous: Mapped[str] = mapped_column(String(71))
    digest: Mapped[str] = mapped_column(String(71), unique=True)

    opening: Mapped["PrivatePart | None"] = relationship(back_populates="entry")


class PrivatePart(Base):
    """What an entry keeps back: content and nonce, deleted when the person it concerns is erased.

    A `published` part may be read by anyone and opens in the bundle; the others stay here.
    """

    __tablename__ = "journal_private_part"

    entry_id: Mapped[int] = mapped_column(ForeignKey("journal_entry.id"), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(32))
    content: Mapped[Any] = mapped_column(JSON)
    published: Mapped[bool] = mapped_column(default=False)
    person: Mapped[str | None] = mapped_column(String(80), index=True)

    entry: Mapped[Entry] = relationship(back_populates="opening")
