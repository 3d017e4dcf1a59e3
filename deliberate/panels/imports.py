"""Acts on the pool as a whole: entering a file of volunteers, and a guarantor's signature."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, NotPermitted, Refusal
from deliberate.panels.models import PoolSignature, Registrant
from deliberate.panels.queries import digest_of_pool, pool_size
from deliberate.panels.recruitment import enter, require_reason, set_contact, stated
from deliberate.panels.rules import Contact, household_key
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


def import_registrants(
    session: Session,
    actor: Actor,
    process: Process,
    respondents: Sequence[Respondent],
    now: datetime,
    *,
    reason: str = "",
) -> Imported:
    """Enter volunteers read from a file, all or none; those whose id is already there are brought up to date.

    Their other columns are kept, those that say how to reach them as contact data. A reason is needed once a
    guarantor has signed the pool.
    """
    require(session, actor, process, "create", "pool", now)
    require_reason(session, process, reason)
    query = select(Registrant).where(Registrant.process_id == process.id, Registrant.reference != "")
    known = {registrant.reference: registrant for registrant in session.scalars(query)}
    added = changed = 0
    for respondent in respondents:
        contact, columns = contact_columns(respondent)
        registrant = known.get(respondent.id)
        if registrant is None:
            household = household_key(contact.address)
            registrant = enter(session, process, respondent.values, "import", now, household, respondent.id)
            added += 1
        elif registrant.state == "registered" and registrant.values != dict(respondent.values):
            registrant.values = dict(respondent.values)
            changed += 1
        if registrant.state == "registered":
            registrant.columns = columns
            set_contact(registrant, contact)
    session.flush()
    imported = Imported(added, changed, len(respondents) - added - changed)
    public = {**asdict(imported), "digest": digest_of_pool(session, process)} | stated(reason)
    note(session, actor, process, "import", "pool", now, public)
    return imported


CONTACT_COLUMNS = {
    "name": ("name", "full_name", "nom complet", "nom"),
    "email": ("email", "e-mail", "mail", "courriel"),
    "phone": ("phone", "telephone", "téléphone", "mobile"),
    "address": ("address", "adresse"),
    "language": ("language", "langue"),
}
FIRST_NAMES = ("first_name", "firstname", "prénom", "prenom")
LAST_NAMES = ("last_name", "lastname", "surname")


def contact_columns(respondent: Respondent) -> tuple[Contact, dict[str, str]]:
    """What a file's row says of how to reach a person, and its other columns beyond id and categories."""
    row = {name.strip().casefold(): name for name in respondent.row}
    found: dict[str, str] = {}
    taken = {row[name.casefold()] for name in respondent.values if name.casefold() in row}
    for field, names in {**CONTACT_COLUMNS, "first": FIRST_NAMES, "last": LAST_NAMES}.items():
        column = next((row[name] for name in names if name in row and row[name] not in taken), None)
        if column is not None:
            found[field] = respondent.row[column].strip()
            taken.add(column)
    first, last = found.pop("first", ""), found.pop("last", "")
    if first or last:
        found["name"] = " ".join(part for part in (first, last or found.get("name", "")) if part)
    language = found.pop("language", "").lower()[:2]
    contact = Contact(**{"name": "", **found}, language=language if language in ("fr", "en") else "fr")
    return contact, {name: value for name, value in respondent.row.items() if name not in taken}


def sign_pool(session: Session, actor: Actor, process: Process, now: datetime) -> PoolSignature:
    """A guarantor's word that this pool is the one to draw from; its digest goes into the journal."""
    require(session, actor, process, "sign", "pool", now)
    if actor.user_id is None:
        raise NotPermitted(N_("A pool is signed by a guarantor who is signed in."))
    people = pool_size(session, process)
    if not people:
        raise Refusal(N_("There is nobody in the pool yet."))
    signature = PoolSignature(
        process_id=process.id,
        user_id=actor.user_id,
        digest=digest_of_pool(session, process),
        people=people,
        at=now,
    )
    session.add(signature)
    note(session, actor, process, "sign", "pool", now, {"digest": signature.digest, "people": people})
    return signature
