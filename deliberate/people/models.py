"""Accounts (through Flask-Security), sign-in passes, and the mapping from a person to their pseudonyms."""

from datetime import datetime

from flask_security.models import sqla
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from deliberate.core.database import Base

sqla.FsModels.set_db_info(base_model=Base)  # type: ignore[no-untyped-call]


class Role(Base, sqla.FsRoleMixin):
    """A role on the whole instance: `organiser` may create processes. Roles in a process are appointments."""

    __tablename__ = "role"

    # The mixin's own default is a naive moment.
    update_datetime: Mapped[datetime] = mapped_column(
        DateTime, server_default=func.now(), onupdate=func.now()
    )


class User(Base, sqla.FsUserMixin):
    """An account. `name` is how others are shown this person, and only where the page or a consent says so."""

    __tablename__ = "user"

    update_datetime: Mapped[datetime] = mapped_column(
        DateTime, server_default=func.now(), onupdate=func.now()
    )
    name: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(8), default="fr")
    erased_at: Mapped[datetime | None]

    pseudonyms: Mapped[list["Pseudonym"]] = relationship(back_populates="user", cascade="all, delete-orphan")


class Pass(Base):
    """What signs a person in: a mailed `link` (once, for a stated time) or a printed `code` (until revoked)."""

    __tablename__ = "pass"
    __table_args__ = (CheckConstraint("kind in ('link','code')", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[str] = mapped_column(String(4))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class SignInAttempt(Base):
    """A sign-in that was tried: counted per account and per address, then forgotten after a day."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]


class Pseudonym(Base):
    """The name a person bears in one journal. Deleting the row is what makes the name nobody's."""

    __tablename__ = "pseudonym"
    __table_args__ = (
        UniqueConstraint("user_id", "scope", name="uq_pseudonym_user_id_scope"),
        UniqueConstraint("scope", "name", name="uq_pseudonym_scope_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    scope: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(40))

    user: Mapped[User] = relationship(back_populates="pseudonyms")
