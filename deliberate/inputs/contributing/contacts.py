"""Acts on how to reach a contributor: the receipt sent by mail, being told what became of one's words, forgetting."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deliberate.core import mail
from deliberate.core.errors import N_, Conflict
from deliberate.inputs import rules
from deliberate.inputs.contributing.acts import contribution_of
from deliberate.inputs.contributing.models import AnswerSource, ContributorContact
from deliberate.inputs.contributing.rules import LETTERS_PER_RECEIPT, SOURCE_KEPT
from deliberate.inputs.models import Contribution
from deliberate.people.acts import count_attempt
from deliberate.process.models import Process


def mail_receipt(
    session: Session, secret: str, address: str, subject: str, body: str, now: datetime
) -> Contribution:
    """Send a receipt to an address, which is kept no longer than the letter. Raises TooMany from the fourth letter on."""
    contribution = _reachable(session, secret)
    count_attempt(session, f"receipt:{rules.receipt_hash(secret)}", LETTERS_PER_RECEIPT, now)
    count_attempt(session, f"receipts to:{address.casefold()}", 10 * LETTERS_PER_RECEIPT, now)
    mail.post(session, address, subject, body, now)
    return contribution


def follow(session: Session, secret: str, address: str, language: str, now: datetime) -> ContributorContact:
    """Ask to be told, at this address, what becomes of one's words; a second address replaces the first."""
    contribution = _reachable(session, secret)
    session.execute(delete(ContributorContact).where(ContributorContact.contribution_id == contribution.id))
    contact = ContributorContact(contribution_id=contribution.id, address=address, language=language, at=now)
    session.add(contact)
    session.flush()
    return contact


def stop_following(session: Session, secret: str) -> None:
    """Delete the address that a contributor had left."""
    contribution = contribution_of(session, secret)
    session.execute(delete(ContributorContact).where(ContributorContact.contribution_id == contribution.id))


def _reachable(session: Session, secret: str) -> Contribution:
    contribution = contribution_of(session, secret)
    if contribution.state == "withdrawn":
        raise Conflict(N_("These words were withdrawn: there is nothing left to write to you about."))
    return contribution


def forget_in_time(session: Session, now: datetime) -> int:
    """Delete sources after seven days, and addresses after the months that each protocol says; returns how many rows."""
    session.execute(delete(AnswerSource).where(AnswerSource.at < now - SOURCE_KEPT))
    kept = (
        select(ContributorContact, Process)
        .join(Contribution, Contribution.id == ContributorContact.contribution_id)
        .join(Process, Process.id == Contribution.process_id)
    )
    over = [
        contact
        for contact, process in session.execute(kept)
        if rules.months_later(contact.at, int(process.protocol.get("retention_months") or 1)) <= now
    ]
    for contact in over:
        session.delete(contact)
    session.flush()
    return len(over)
