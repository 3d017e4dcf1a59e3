"""Acts on the pool as a whole: entering a file of volunteers, settling households, and a guarantor's signature."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, selectinload

from deliberate.core.errors import N_, Conflict, NotFound, NotPermitted, Refusal
from deliberate.panels.households import ordered
from deliberate.panels.models import Registrant, RegistrantContact
from deliberate.panels.pool import HouseholdDecision, PoolSignature
from deliberate.panels.queries import digest_of_pool, pool_size
from deliberate.panels.recruitment import hold_pool, set_contact, stated
from deliberate.panels.rules import Contact, household_key, new_receipt
from deliberate.panels.signatures import require_reason
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note
from sortition import Respondent


@dataclass(frozen=True)
class Imported:
    """What an import did: how many volunteers it added, changed, and left as they were."""

    added: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class Entry:
    """A row of a file beside the volunteer whose id it has; `contact` holds what the row says of how to reach them.

    `registrant` is None for somebody new.
    """

    respondent: Respondent
    registrant: Registrant | None
    contact: Contact
    columns: Mapping[str, str]

    @property
    def changes(self) -> bool:
        """Whether the row says anything that is not kept already."""
        one = self.registrant
        if one is None:
            return True
        if one.state != "registered":
            return False
        kept = one.contact is not None and contact_of(one.contact) == self.contact
        return not kept or one.values != dict(self.respondent.values) or one.columns != dict(self.columns)


@dataclass(frozen=True)
class Comparison:
    """A file of volunteers against the pool.

    `gone` are rows of people who withdrew or were erased: they stay out. `twice` are pairs of ids of rows, or numbers
    of volunteers, with the same name and e-mail address. `counts` is the pool by (category, value) once the file is
    entered.
    """

    added: tuple[Entry, ...]
    changed: tuple[Entry, ...]
    unchanged: int
    gone: tuple[Entry, ...]
    twice: tuple[tuple[str, str], ...]
    counts: Counter[tuple[str, str]]


def compare(
    session: Session, process: Process, respondents: Sequence[Respondent], address: Sequence[str] = ()
) -> Comparison:
    """What entering these volunteers would change; nothing is written. `address` names the columns of the address."""
    query = select(Registrant).where(Registrant.process_id == process.id)
    present = session.scalars(query.options(selectinload(Registrant.contact))).all()
    known = {registrant.reference: registrant for registrant in present if registrant.reference}
    entries = [_entry(respondent, known.get(respondent.id), address) for respondent in respondents]
    added = tuple(one for one in entries if one.registrant is None)
    changed = tuple(one for one in entries if one.registrant is not None and one.changes)
    gone = tuple(one for one in entries if one.registrant and one.registrant.state != "registered")
    counts = Counter(pair for one in present if one.state == "registered" for pair in one.values.items())
    for entry in (*added, *changed):
        if entry.registrant is not None:
            counts.subtract(entry.registrant.values.items())
        counts.update(entry.respondent.values.items())
    unchanged = len(entries) - len(added) - len(changed) - len(gone)
    return Comparison(added, changed, unchanged, gone, _twice(added, present), counts)


def _entry(respondent: Respondent, registrant: Registrant | None, address: Sequence[str]) -> Entry:
    found, columns = _contact_cells(respondent, address)
    before = registrant.contact if registrant else None
    kept = contact_of(before) if before else Contact("")
    return Entry(respondent, registrant, replace(kept, **found), columns)


def _twice(added: Sequence[Entry], present: Sequence[Registrant]) -> tuple[tuple[str, str], ...]:
    seen = {
        (one.contact.name.casefold(), one.contact.email.casefold()): one.pseudonym
        for one in present
        if one.state == "registered" and one.contact and one.contact.name and one.contact.email
    }
    pairs = []
    for entry in added:
        key = (entry.contact.name.casefold(), entry.contact.email.casefold())
        if not all(key):
            continue
        if key in seen:
            pairs.append((entry.respondent.id, seen[key]))
        seen.setdefault(key, entry.respondent.id)
    return tuple(pairs)


def import_registrants(
    session: Session,
    actor: Actor,
    process: Process,
    respondents: Sequence[Respondent],
    now: datetime,
    *,
    reason: str = "",
    address: Sequence[str] = (),
) -> Imported:
    """Enter volunteers read from a file, all or none; those whose id is already there are brought up to date.

    Their other columns are kept, those that say how to reach them as contact data; `address` names the columns that
    make the postal address together. Who withdrew stays out. A file that says nothing new changes nothing and leaves
    no trace. A reason is needed once a guarantor has signed the pool.
    """
    require(session, actor, process, "create", "pool", now)
    hold_pool(session, process)
    found = compare(session, process, respondents, address)
    added, changed = len(found.added), len(found.changed)
    imported = Imported(added, changed, len(respondents) - added - changed)
    if not (added or changed):
        return imported
    require_reason(session, process, reason)
    _enter_new(session, process, found.added, now)
    for entry in found.changed:
        _bring_up_to_date(entry)
    session.flush()
    public = {**asdict(imported), "digest": digest_of_pool(session, process)} | stated(reason)
    note(session, actor, process, "import", "pool", now, public)
    return imported


def _enter_new(session: Session, process: Process, entries: Sequence[Entry], now: datetime) -> None:
    """In one statement for all of them: a file may hold a whole register."""
    if not entries:
        return
    rows = [
        {
            "process_id": process.id,
            "pseudonym": new_receipt(),
            "values": dict(entry.respondent.values),
            "household": household_key(entry.contact.address),
            "source": "import",
            "nonce": secrets.token_hex(16),
            "reference": entry.respondent.id,
            "columns": dict(entry.columns),
            "registered_at": now,
        }
        for entry in entries
    ]
    entered = insert(Registrant).returning(Registrant.id, sort_by_parameter_order=True)
    numbers = session.scalars(entered, rows).all()
    contacts = [
        {"registrant_id": number, **asdict(entry.contact)}
        for number, entry in zip(numbers, entries, strict=True)
    ]
    session.execute(insert(RegistrantContact), contacts)


def _bring_up_to_date(entry: Entry) -> None:
    assert entry.registrant is not None
    entry.registrant.values = dict(entry.respondent.values)
    entry.registrant.columns = dict(entry.columns)
    entry.registrant.household = household_key(entry.contact.address)
    set_contact(entry.registrant, entry.contact)


CONTACT_COLUMNS = {
    "name": ("name", "full_name", "nom complet", "nom"),
    "email": ("email", "e-mail", "mail", "courriel"),
    "phone": ("phone", "telephone", "téléphone", "mobile"),
    "address": ("address", "adresse"),
    "language": ("language", "langue"),
}
FIRST_NAMES = ("first_name", "firstname", "prénom", "prenom")
LAST_NAMES = ("last_name", "lastname", "surname")


def _contact_cells(respondent: Respondent, address: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The fields of a contact that the row fills in, and its other columns."""
    row = {name.strip().casefold(): name for name in respondent.row}
    found: dict[str, str] = {}
    taken = {row[name.casefold()] for name in respondent.values if name.casefold() in row}
    parts = [row[name.casefold()] for name in address if name.casefold() in row]
    taken.update(parts)
    for field, names in {**CONTACT_COLUMNS, "first": FIRST_NAMES, "last": LAST_NAMES}.items():
        column = next((row[name] for name in names if name in row and row[name] not in taken), None)
        if column is not None:
            found[field] = respondent.row[column].strip()
            taken.add(column)
    if parts:
        found["address"] = ", ".join(filled for part in parts if (filled := respondent.row[part].strip()))
    first, last = found.pop("first", ""), found.pop("last", "")
    if first or last:
        found["name"] = " ".join(part for part in (first, last or found.get("name", "")) if part)
    language = found.pop("language", "").lower()[:2]
    if language in ("fr", "en"):
        found["language"] = language
    lengths = {"name": 160, "email": 254, "phone": 40}
    found = {field: text[: lengths.get(field)] for field, text in found.items() if text}
    return found, {name: value for name, value in respondent.row.items() if name not in taken}


def contact_of(kept: RegistrantContact) -> Contact:
    """How to reach a volunteer, as kept."""
    return Contact(**{field.name: getattr(kept, field.name) for field in fields(Contact)})


def decide_household(
    session: Session,
    actor: Actor,
    process: Process,
    first: str,
    second: str,
    same: bool,
    now: datetime,
    *,
    reason: str = "",
) -> None:
    """Say of two addresses nearly alike, by their marks, whether they are one home; the last word counts.

    The journal says that it was decided and the pool's new digest, never which addresses. A reason is needed once a
    guarantor has signed the pool.
    """
    require(session, actor, process, "change", "pool", now)
    hold_pool(session, process)
    require_reason(session, process, reason)
    living = select(Registrant.household).where(Registrant.process_id == process.id)
    if first == second or not {first, second} <= set(session.scalars(living)) - {""}:
        raise NotFound(N_("These addresses are no longer in the pool."))
    pair = dict(zip(("first", "second"), ordered(first, second), strict=True))
    decision = session.scalar(select(HouseholdDecision).filter_by(process_id=process.id, **pair))
    if decision is None:
        decision = HouseholdDecision(process_id=process.id, same=same, **pair)
        session.add(decision)
    decision.same = same
    session.flush()
    act = "join households" if same else "separate households"
    public = {"digest": digest_of_pool(session, process)} | stated(reason)
    note(session, actor, process, act, "pool", now, public)


def sign_pool(
    session: Session, actor: Actor, process: Process, now: datetime, seen: str | None = None
) -> PoolSignature:
    """A guarantor's word that this pool is the one to draw from; its digest goes into the journal.

    `seen` is the digest of the pool that they were shown: nobody signs what came in meanwhile. Raises Conflict then.
    """
    require(session, actor, process, "sign", "pool", now)
    if actor.user_id is None:
        raise NotPermitted(N_("A pool is signed by a guarantor who is signed in."))
    hold_pool(session, process)
    people = pool_size(session, process)
    if not people:
        raise Refusal(N_("There is nobody in the pool yet."))
    digest = digest_of_pool(session, process)
    if seen is not None and seen != digest:
        raise Conflict(N_("The pool has changed since you were shown it. Look at it again, then sign."))
    signature = PoolSignature(
        process_id=process.id,
        user_id=actor.user_id,
        digest=digest,
        people=people,
        at=now,
    )
    session.add(signature)
    note(session, actor, process, "sign", "pool", now, {"digest": signature.digest, "people": people})
    return signature
