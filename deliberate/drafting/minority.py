"""Acts of a minority: saying, beside the text and outside its digest, why one disagrees, and signing it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotFound, Refusal
from deliberate.drafting.models import CharterVersion, MinorityStatement, Signature
from deliberate.drafting.rules import document
from deliberate.journal.acts import withdraw
from deliberate.people.acts import Erased, pseudonym
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.record import note


def state_minority(
    session: Session,
    actor: Actor,
    version: CharterVersion,
    clause: str | None,
    text: Mapping[str, str],
    now: datetime,
) -> MinorityStatement:
    """Say, from outside the text, why one disagrees with a clause of a version (None: with the whole)."""
    charter = version.charter
    require(session, actor, charter.process, "create", "minority statement", now)
    if not any(words.strip() for words in text.values()):
        raise Refusal(N_("Write what you hold instead, and why."), field="text")
    if clause is not None and clause not in {
        one.id for one, _parent, _depth in document(version.content).walk()
    }:
        raise NotFound(N_("This version has no clause “%(clause)s”."), clause=clause)
    lock(session, charter)
    count = session.scalar(
        select(func.count(MinorityStatement.id)).where(MinorityStatement.charter_id == charter.id)
    )
    statement = MinorityStatement(
        charter=charter,
        number=(count or 0) + 1,
        version_number=version.number,
        clause=clause,
        text={lang: words.strip() for lang, words in text.items() if words.strip()},
        at=now,
    )
    session.add(statement)
    session.flush()
    _sign(session, actor, statement)
    public = {"version": version.version_digest, "clause": clause}
    note(
        session,
        actor,
        charter.process,
        "state",
        _name(statement),
        now,
        public,
        private=statement.text,
        person=_words_of(statement),
        published=True,
    )
    return statement


def sign_minority(session: Session, actor: Actor, statement: MinorityStatement, now: datetime) -> int:
    """Sign a minority statement; a second time changes nothing. Returns how many have signed."""
    charter = statement.charter
    require(session, actor, charter.process, "support", "minority statement", now)
    lock(session, statement)
    if statement.withdrawn_at is not None:
        raise Conflict(N_("This minority statement was withdrawn: it can no longer be signed."))
    if _sign(session, actor, statement):
        public = {"signatures": len(statement.signatures)}
        note(session, actor, charter.process, "sign", _name(statement), now, public)
    return len(statement.signatures)


def withdraw_signature(session: Session, actor: Actor, statement: MinorityStatement, now: datetime) -> int:
    """Take one's signature back; returns how many are left. With the last one the words of the statement go."""
    process = statement.charter.process
    require(session, actor, process, "support", "minority statement", now)
    lock(session, statement)
    mine = [one for one in statement.signatures if one.user_id is not None and one.user_id == actor.user_id]
    if not mine:
        raise Conflict(N_("You have not signed this minority statement."))
    for signature in mine:
        statement.signatures.remove(signature)
    session.flush()
    left = len(statement.signatures)
    note(session, actor, process, "withdraw signature", _name(statement), now, {"signatures": left})
    if left == 0:
        _take_back(session, statement, pseudonym(session, actor, process.slug), now)
    return left


def forget_signatures(session: Session, event: Erased, now: datetime) -> None:
    """A statement that others signed too stays theirs; one that only erased people signed goes, with its words."""
    query = select(MinorityStatement).join(Signature).where(Signature.user_id == event.user.id)
    for statement in session.scalars(query.order_by(MinorityStatement.id)).unique():
        for signature in statement.signatures:
            if signature.user_id == event.user.id:
                signature.user_id = None
        session.flush()
        if statement.withdrawn_at is None and all(one.user_id is None for one in statement.signatures):
            _take_back(session, statement, "operator", now)


def _take_back(session: Session, statement: MinorityStatement, by: str, now: datetime) -> None:
    statement.text, statement.withdrawn_at = {}, now
    session.flush()
    withdraw(session, _words_of(statement), actor=by, now=now)


def _words_of(statement: MinorityStatement) -> str:
    """What its private part in the journal is found by."""
    return f"minority:{statement.id}"


def _sign(session: Session, actor: Actor, statement: MinorityStatement) -> bool:
    name = pseudonym(session, actor, statement.charter.process.slug)
    if any(signature.name == name for signature in statement.signatures):
        return False
    statement.signatures.append(Signature(user_id=actor.user_id, name=name))
    session.flush()
    return True


def _name(statement: MinorityStatement) -> str:
    return f"minority statement:{statement.charter.key}:{statement.number}"
