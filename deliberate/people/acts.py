"""Acts on accounts: making one, passes that sign in, pseudonyms, erasure."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, NotFound, Refusal, TooMany
from deliberate.core.events import announce
from deliberate.journal.acts import INSTANCE, record, withdraw
from deliberate.people.models import Pass, Pseudonym, Role, SignInAttempt, User
from deliberate.people.rules import LINK_LASTS, Actor, new_code, new_link, person, read_code, secret_hash

ATTEMPTS_PER_ACCOUNT = 10
ATTEMPTS_PER_ADDRESS = 300
ATTEMPT_WINDOW = timedelta(minutes=15)


class Erased:
    """Announced when a person is erased: capabilities delete what they hold about them."""

    def __init__(self, user: User) -> None:
        self.user = user


def make_user(
    session: Session, email: str, name: str, now: datetime, language: str = "fr", role: str = ""
) -> User:
    """Make an account, or return the one that has this address; `role` is a role on the whole instance."""
    email = email.strip().lower()
    user = session.scalar(select(User).where(User.email == email))
    if user is None:
        user = User(
            email=email, name=name, language=language, active=True, fs_uniquifier=secrets.token_hex(32)
        )
        session.add(user)
        session.flush()
    if role and role not in [held.name for held in user.roles]:
        user.roles.append(_role(session, role))
        session.flush()
        record(session, INSTANCE, actor="operator", act="appoint", object=f"role:{role}", now=now)
    return user


def _role(session: Session, name: str) -> Role:
    role = session.scalar(select(Role).where(Role.name == name))
    if role is None:
        role = Role(name=name)
        session.add(role)
        session.flush()
    return role


def make_link(session: Session, user: User, now: datetime, lasts: timedelta = LINK_LASTS) -> str:
    """A secret that signs this person in once, until `now + lasts`. Only its hash is kept."""
    secret = new_link()
    session.add(
        Pass(user_id=user.id, kind="link", hash=secret_hash(secret), made_at=now, expires_at=now + lasts)
    )
    session.flush()
    return secret


def make_code(session: Session, user: User, now: datetime) -> str:
    """A code to print for this person; the one before it is revoked."""
    revoke_codes(session, user, now)
    secret = new_code()
    session.add(Pass(user_id=user.id, kind="code", hash=secret_hash(secret), made_at=now))
    session.flush()
    return secret


def revoke_codes(session: Session, user: User, now: datetime) -> None:
    """Make every printed code of this person worthless."""
    for code in session.scalars(select(Pass).where(Pass.user_id == user.id, Pass.kind == "code")):
        code.revoked_at = code.revoked_at or now


def use_link(session: Session, secret: str, now: datetime) -> User:
    """The person a link signs in; the link is spent. Raises NotFound with what to do."""
    found = session.scalar(select(Pass).where(Pass.hash == secret_hash(secret), Pass.kind == "link"))
    if found is None or found.user.erased_at or not found.user.active:
        raise NotFound(N_("This sign-in link is not known here. Ask for a new one."))
    if found.used_at:
        raise NotFound(N_("This sign-in link was already used. Ask for a new one."))
    if found.expires_at and found.expires_at < now:
        raise NotFound(N_("This sign-in link is too old. Ask for a new one."))
    found.used_at = now
    session.flush()
    return found.user


def use_code(session: Session, typed: str, address: str, now: datetime) -> User:
    """The person a printed code signs in. Raises TooMany after many tries from one address, NotFound otherwise."""
    count_attempt(session, f"address:{address}", ATTEMPTS_PER_ADDRESS, now)
    found = session.scalar(
        select(Pass).where(Pass.hash == secret_hash(read_code(typed)), Pass.kind == "code")
    )
    if found is None or found.revoked_at or found.user.erased_at or not found.user.active:
        raise NotFound(
            N_("This code is not known here. Check it letter by letter, or ask for a new one."), field="code"
        )
    found.used_at = now
    session.flush()
    return found.user


def count_attempt(session: Session, key: str, limit: int, now: datetime) -> None:
    """Count a try against a limit per quarter of an hour, in the database so that every server process agrees."""
    hashed = hashlib.sha256(key.encode()).hexdigest()
    recent = select(func.count(SignInAttempt.id)).where(
        SignInAttempt.key == hashed, SignInAttempt.at > now - ATTEMPT_WINDOW
    )
    if (session.scalar(recent) or 0) >= limit:
        raise TooMany(N_("Too many tries. Wait a quarter of an hour, then try again."))
    session.add(SignInAttempt(key=hashed, at=now))
    session.flush()


def forget_attempts(session: Session, now: datetime) -> None:
    """Delete the tries of more than a day ago: not while somebody tries, when others would wait for it."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - timedelta(days=1)))


def pseudonym(session: Session, actor: Actor, scope: str) -> str:
    """The name an actor bears in a journal: made at their first act there, different in every journal."""
    if actor.user_id is None:
        return actor.kind
    known = session.scalar(
        select(Pseudonym).where(Pseudonym.user_id == actor.user_id, Pseudonym.scope == scope)
    )
    if known is None:
        known = Pseudonym(user_id=actor.user_id, scope=scope, name=f"p-{secrets.token_hex(5)}")
        session.add(known)
        session.flush()
    return known.name


def erase(session: Session, user: User, now: datetime) -> int:
    """Erase a person: private parts, nonces, mapping and contact data. The chain stays whole.

    Returns how many journal entries lost their private part; each chain says which (GDPR, article 17).
    """
    if user.erased_at:
        raise Refusal(N_("This person was already erased."))
    announce(session, Erased(user), now)
    withdrawn = withdraw(session, person(user.id), actor="operator", now=now)
    for table in (Pass, Pseudonym):
        session.execute(delete(table).where(table.user_id == user.id))
    user.email, user.name = f"erased-{user.id}@invalid", ""
    user.active, user.erased_at = False, now
    user.password = user.username = None
    user.fs_uniquifier = secrets.token_hex(32)
    user.roles = []
    session.flush()
    return withdrawn
