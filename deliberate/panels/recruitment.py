"""Acts on one volunteer at a time: registering, correcting, withdrawing, being removed. Files stand in `imports.py`."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotPermitted, Refusal
from deliberate.panels.households import one_per_household
from deliberate.panels.models import Registrant, RegistrantContact, RegistrantLink
from deliberate.panels.queries import (
    categories,
    current_draw,
    registrant_by_link,
    seat_of_registrant,
)
from deliberate.panels.rules import Contact, household_key, new_receipt, registration_open
from deliberate.panels.signatures import require_reason
from deliberate.people.rules import VISITOR, Actor, new_link, secret_hash
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note, stated_reason

# By the volunteers themselves


def register(
    session: Session,
    actor: Actor,
    process: Process,
    values: Mapping[str, str],
    contact: Contact,
    now: datetime,
    *,
    source: str = "form",
    reason: str = "",
) -> tuple[Registrant, str]:
    """Enter a volunteer; returns them and the secret of their own page, which is kept nowhere.

    `values` is one value per category. With `source="paper"` an organiser types a paper form, also after
    registration closed when it was received before, and with a reason once a guarantor has signed the pool.
    """
    hold_pool(session, process)
    if source == "form":
        require(session, actor, process, "create", "registration", now)
        _require_open(session, process, now)
    else:
        require(session, actor, process, "create", "pool", now)
        require_reason(session, process, reason)
    _check_values(session, process, values)
    _check_contact(session, process, contact)
    if source == "form":
        _require_address(process, contact)
    registrant = _enter(session, process, values, source, now, household_key(contact.address))
    set_contact(registrant, contact)
    session.flush()
    secret = make_receipt_link(session, registrant, now, handed=source != "form")
    public = {"source": source} | stated(reason)
    _record(session, actor, process, "register", registrant, now, public, {"values": dict(registrant.values)})
    return registrant, secret


def make_receipt_link(session: Session, registrant: Registrant, now: datetime, *, handed: bool) -> str:
    """One more secret link to a volunteer's own page: 128 random bits, of which only the hash is kept.

    `handed` says that it goes through the hands of an organiser.
    """
    secret = new_link()
    link = RegistrantLink(hash=secret_hash(secret), registrant_id=registrant.id, made_at=now, handed=handed)
    session.add(link)
    session.flush()
    return secret


def invite_to_receipt(session: Session, actor: Actor, registrant: Registrant, now: datetime) -> str:
    """A link for a volunteer who lost theirs, or came from a file, to print on a letter.

    It would let the organiser who prints it answer in the person's place, so everyone reads that it was made.
    """
    require(session, actor, registrant.process, "change", "pool", now)
    secret = make_receipt_link(session, registrant, now, handed=True)
    _record(session, actor, registrant.process, "make link", registrant, now, {})
    return secret


def withdraw_by_link(session: Session, process: Process, secret: str, now: datetime) -> Registrant:
    """Leave the pool: whoever holds the link may, at any time before being drawn."""
    registrant = registrant_by_link(session, process, secret)
    if seat_of_registrant(session, registrant) is not None:
        raise Conflict(N_("You were drawn by lot. Decline the seat instead, so that an alternate is called."))
    _withdraw(session, VISITOR, registrant, now, {"by": "the person"})
    return registrant


def correct_by_link(
    session: Session,
    process: Process,
    secret: str,
    values: Mapping[str, str],
    contact: Contact,
    now: datetime,
) -> Registrant:
    """Correct one's own answers and contact data. After a draw was sealed, contact data only."""
    registrant = registrant_by_link(session, process, secret)
    hold_pool(session, process)
    if registrant.state != "registered":
        raise Conflict(N_("This registration was withdrawn. Register again if registration is still open."))
    if dict(values) != registrant.values and current_draw(session, process) is not None:
        raise Conflict(N_("The draw has begun with the answers given before it; they can no longer change."))
    _correct(session, VISITOR, registrant, values, contact, now, {"by": "the person"})
    return registrant


# By organisers


def correct_registrant(
    session: Session,
    actor: Actor,
    registrant: Registrant,
    values: Mapping[str, str],
    contact: Contact,
    reason: str,
    now: datetime,
) -> None:
    """Correct a volunteer's answers or contact data, for a reason that stands in the public journal."""
    require(session, actor, registrant.process, "change", "pool", now)
    _correct(session, actor, registrant, values, contact, now, {"reason": stated_reason(reason)})


def remove_registrant(
    session: Session, actor: Actor, registrant: Registrant, reason: str, now: datetime
) -> None:
    """Take a volunteer out of the pool, for a reason that stands in the public journal."""
    require(session, actor, registrant.process, "change", "pool", now)
    _withdraw(session, actor, registrant, now, {"reason": stated_reason(reason)})


# What the acts share


def _require_open(session: Session, process: Process, now: datetime) -> None:
    if not registration_open(process.protocol, now):
        raise NotPermitted(
            N_("Registration is not open at the moment. The page of the process says when it is.")
        )
    if current_draw(session, process) is not None:
        raise Conflict(N_("The draw has begun: nobody can be added to those it draws from."))


def hold_pool(session: Session, process: Process) -> None:
    """Let nobody else change the pool, or ask for a draw from it, until the transaction ends."""
    session.execute(select(Process.id).where(Process.id == process.id).with_for_update())


def _check_values(session: Session, process: Process, values: Mapping[str, str]) -> None:
    known = categories(session, process)
    if not known:
        raise Refusal(
            N_("Nobody can register yet: the organisers have not set the groups to be represented.")
        )
    for category, quotas in known.items():
        if values.get(category) not in [quota.value for quota in quotas]:
            raise Refusal(
                N_("Choose one of the answers for “%(category)s”."),
                field=category,
                category=quotas[0].category_label or category,
            )


def _check_contact(session: Session, process: Process, contact: Contact, own: int | None = None) -> None:
    if not contact.reachable:
        raise Refusal(
            N_("Give a name, and an e-mail address, a telephone number or a postal address."), field="name"
        )
    if not contact.email:
        return
    twice = (
        select(func.count(Registrant.id))
        .join(Registrant.contact)
        .where(
            Registrant.process_id == process.id,
            Registrant.state == "registered",
            Registrant.id != (own or 0),
            func.lower(RegistrantContact.email) == contact.email.lower(),
            func.lower(RegistrantContact.name) == contact.name.lower(),
        )
    )
    if session.scalar(twice):
        raise Conflict(
            N_(
                "Someone with this name and e-mail address is already registered. Each person registers once."
            ),
            field="email",
        )


def _require_address(process: Process, contact: Contact) -> None:
    if one_per_household(process) and not household_key(contact.address):
        raise Refusal(
            N_("Give your postal address: at most one person per household is drawn."), field="address"
        )


def _enter(
    session: Session,
    process: Process,
    values: Mapping[str, str],
    source: str,
    now: datetime,
    household: str,
) -> Registrant:
    """The row of a new volunteer, under a receipt number of its own."""
    registrant = Registrant(
        process_id=process.id,
        process=process,
        pseudonym=new_receipt(),
        values=dict(values),
        household=household,
        source=source,
        nonce=secrets.token_hex(16),
        columns={},
        registered_at=now,
    )
    session.add(registrant)
    return registrant


def set_contact(registrant: Registrant, contact: Contact) -> None:
    """Keep how to reach a volunteer, in place of what was known before."""
    if registrant.contact is None:
        registrant.contact = RegistrantContact(**asdict(contact))
    else:
        for name, value in asdict(contact).items():
            setattr(registrant.contact, name, value)


def _correct(
    session: Session,
    actor: Actor,
    registrant: Registrant,
    values: Mapping[str, str],
    contact: Contact,
    now: datetime,
    public: dict[str, Any],
) -> None:
    process = registrant.process
    hold_pool(session, process)
    _check_values(session, process, values)
    _check_contact(session, process, contact, registrant.id)
    registrant.values = dict(values)
    registrant.household = household_key(contact.address)
    set_contact(registrant, contact)
    session.flush()
    _record(session, actor, process, "correct", registrant, now, public, {"values": dict(values)})


def _withdraw(
    session: Session, actor: Actor, registrant: Registrant, now: datetime, public: dict[str, Any]
) -> None:
    hold_pool(session, registrant.process)
    lock(session, registrant)
    if registrant.state != "registered":
        raise Conflict(N_("This registration was already withdrawn."))
    registrant.state, registrant.ended_at = "withdrawn", now
    session.flush()
    _record(session, actor, registrant.process, "withdraw registration", registrant, now, public)


def stated(reason: str) -> dict[str, str]:
    """A reason as the journal says it; nothing when none was given."""
    return {"reason": reason.strip()} if reason.strip() else {}


def _record(
    session: Session,
    actor: Actor,
    process: Process,
    act: str,
    registrant: Registrant,
    now: datetime,
    public: dict[str, Any],
    private: dict[str, Any] | None = None,
) -> None:
    person = registrant.person
    note(session, actor, process, act, person, now, public, private=private, person=person)
