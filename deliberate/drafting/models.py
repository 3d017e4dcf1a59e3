"""Charters in the application: their versions, the amendments proposed on them, and what was said against them.

The words of a charter live in `content` and `operations`, in the plain form of the package `charters`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base
from deliberate.deliberation.ballots.models import Ballot
from deliberate.process.models import Process


class Charter(Base):
    """A charter of a process. `key` ("time") stands in its address and is the id of the document."""

    __tablename__ = "charter"
    __table_args__ = (UniqueConstraint("process_id", "key", name="uq_charter_process_id_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    key: Mapped[str] = mapped_column(String(64))
    theme: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[dict[str, str]]
    created_at: Mapped[datetime]

    process: Mapped[Process] = relationship()
    versions: Mapped[list["CharterVersion"]] = relationship(
        back_populates="charter", order_by="CharterVersion.number"
    )
    amendments: Mapped[list["Amendment"]] = relationship(back_populates="charter", order_by="Amendment.id")

    @property
    def latest(self) -> "CharterVersion":
        """The version that amendments are written on."""
        return self.versions[-1]


class CharterVersion(Base):
    """A version, never changed. `document` is the value in which it is published (see `charters.version`).

    `amendments` are keys, `ballots` the numbers of those that led to it.
    """

    __tablename__ = "charter_version"
    __table_args__ = (UniqueConstraint("charter_id", "number", name="uq_charter_version_charter_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charter.id"))
    number: Mapped[int]
    # Large, and parsed each time it is fetched: only when it is asked for.
    document: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    content_digest: Mapped[str] = mapped_column(String(71))
    version_digest: Mapped[str] = mapped_column(String(71))
    amendments: Mapped[list[str]]
    ballots: Mapped[list[int]]
    adopted_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    charter: Mapped[Charter] = relationship(back_populates="versions")

    @property
    def content(self) -> dict[str, Any]:
        """The charter itself as plain data."""
        content: dict[str, Any] = self.document["charter"]
        return content

    @property
    def history(self) -> dict[str, Any]:
        """What the version digest is computed on, and the digest: parents, act, operations, amendments…"""
        history: dict[str, Any] = self.document["version"]
        return history


PENDING = ("proposed", "accepted")


class Amendment(Base):
    """Operations that somebody proposes on a version, and what became of them.

    `base_number` follows the charter as long as the amendment can be carried over to its new versions; when it cannot,
    it is `stranded` and `problem` says why as [template, values]. `author` is a name of the journal.

    An amendment may change another one (`amends`), one level down: its operations then apply to the text as `onto`, the
    operations of that other one, leave it. Once taken in it is `folded`, and lives on in the operations of the other.
    """

    __tablename__ = "amendment"
    __table_args__ = (
        UniqueConstraint("process_id", "key", name="uq_amendment_process_id_key"),
        CheckConstraint(
            "state in ('proposed','ballot','accepted','rejected','adopted','withdrawn','stranded','folded')",
            name="state",
        ),
        CheckConstraint("(amends_id is null) = (onto is null)", name="onto"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    charter_id: Mapped[int] = mapped_column(ForeignKey("charter.id"), index=True)
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("amendment.id"), index=True)
    onto: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    key: Mapped[str] = mapped_column(String(40))
    base_number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    author: Mapped[str] = mapped_column(String(40))
    table: Mapped[str] = mapped_column("table_label", String(40), default="")
    reason: Mapped[dict[str, str]]
    answers: Mapped[list[str]]
    operations: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    problem: Mapped[list[Any] | None]
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    version_number: Mapped[int | None]

    process: Mapped[Process] = relationship()
    charter: Mapped[Charter] = relationship(back_populates="amendments")
    amends: Mapped["Amendment | None"] = relationship(remote_side="Amendment.id", back_populates="changes")
    changes: Mapped[list["Amendment"]] = relationship(back_populates="amends", order_by="Amendment.id")
    supports: Mapped[list["Support"]] = relationship(back_populates="amendment", cascade="all, delete-orphan")

    @property
    def subject(self) -> str:
        """What its ballots say they decide."""
        return f"amendment:{self.key}"


class Preparation(Base):
    """An amendment that somebody is still preparing: changes collected one by one, each of which can be undone.

    It stands on the latest version, or on the amendment it `amends`. `lost` says, as [template, values], which of its
    changes could not follow what was adopted meanwhile. Nobody else sees it, and it leaves with its author.
    """

    __tablename__ = "preparation"
    __table_args__ = (UniqueConstraint("charter_id", "user_id", name="uq_preparation_charter_id_user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charter.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("amendment.id"))
    base_number: Mapped[int]
    operations: Mapped[list[Any]]
    reason: Mapped[dict[str, str]]
    answers: Mapped[list[str]]
    table: Mapped[str] = mapped_column("table_label", String(40), default="")
    lost: Mapped[list[Any]]
    changed_at: Mapped[datetime]

    charter: Mapped[Charter] = relationship()
    amends: Mapped[Amendment | None] = relationship()


class Support(Base):
    """A member who supports an amendment."""

    __tablename__ = "support"
    __table_args__ = (UniqueConstraint("amendment_id", "user_id", name="uq_support_amendment_id_user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]

    amendment: Mapped[Amendment] = relationship(back_populates="supports")


class Settlement(Base):
    """A conflict between amendments put to the vote: what is kept decides `resolutions` of the merge.

    `kept` is an amendment's key, or None when the panel keeps the present words; it counts once the ballot chose.
    `wording` holds words that no amendment had and that the ballot offers as well (`kept` is then "wording"), `reason`
    why it was put so.
    """

    __tablename__ = "settlement"

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charter.id"), index=True)
    base_number: Mapped[int]
    clause: Mapped[str | None] = mapped_column(String(64))
    amendments: Mapped[list[str]]
    conflicts: Mapped[list[Any]]
    wording: Mapped[dict[str, str]] = mapped_column(JSON(), default=dict)
    reason: Mapped[dict[str, str]] = mapped_column(JSON(), default=dict)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), unique=True)
    kept: Mapped[str | None] = mapped_column(String(40))
    resolutions: Mapped[list[Any]]
    settled_at: Mapped[datetime | None]

    charter: Mapped[Charter] = relationship()
    ballot: Mapped[Ballot] = relationship()


class Candidate(Base):
    """A whole version put to the vote before it is adopted: the amendments merged and the digest of the outcome."""

    __tablename__ = "candidate"

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charter.id"), index=True)
    number: Mapped[int]
    amendments: Mapped[list[str]]
    content_digest: Mapped[str] = mapped_column(String(71))
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id"), unique=True)

    charter: Mapped[Charter] = relationship()
    ballot: Mapped[Ballot] = relationship()


class MinorityStatement(Base):
    """What a minority says of a clause (None: of the whole) of a version; printed with it, outside its digest.

    Its words go when nobody who signed it is left.
    """

    __tablename__ = "minority_statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    charter_id: Mapped[int] = mapped_column(ForeignKey("charter.id"), index=True)
    number: Mapped[int]
    version_number: Mapped[int]
    clause: Mapped[str | None] = mapped_column(String(64))
    text: Mapped[dict[str, str]]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    charter: Mapped[Charter] = relationship()
    signatures: Mapped[list["Signature"]] = relationship(
        back_populates="statement", order_by="Signature.name", cascade="all, delete-orphan"
    )


class Signature(Base):
    """A member who signs a minority statement, under their name of the journal."""

    __tablename__ = "signature"
    __table_args__ = (UniqueConstraint("statement_id", "name", name="uq_signature_statement_id_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("minority_statement.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(40))

    statement: Mapped[MinorityStatement] = relationship(back_populates="signatures")
