"""Reading charters, versions, amendments and minority statements."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from charters.merging.conflicts import Resolution, resolution_from_json
from charters.merging.merge import Merge, merge
from deliberate.core.errors import N_, NotFound
from deliberate.drafting.models import (
    Amendment,
    Candidate,
    Charter,
    CharterVersion,
    MinorityStatement,
    Preparation,
    Settlement,
    Signature,
    Support,
)
from deliberate.drafting.rules import amendment as as_amendment
from deliberate.drafting.rules import concerned, document
from deliberate.people.queries import DataRequested
from deliberate.process.models import Process


def charters(session: Session, process: Process) -> Sequence[Charter]:
    """The charters of a process, in the order they were begun."""
    return session.scalars(select(Charter).where(Charter.process_id == process.id).order_by(Charter.id)).all()


def charter(session: Session, process: Process, key: str) -> Charter:
    """A charter by its key. Raises NotFound."""
    found = session.scalar(select(Charter).where(Charter.process_id == process.id, Charter.key == key))
    if found is None:
        raise NotFound(N_("There is no charter at this address."))
    return found


def versions(session: Session, charter: Charter) -> Sequence[CharterVersion]:
    """Every version of a charter, oldest first."""
    query = select(CharterVersion).where(CharterVersion.charter_id == charter.id)
    return session.scalars(query.order_by(CharterVersion.number)).all()


def version(session: Session, charter: Charter, number: int) -> CharterVersion:
    """A version by its number. Raises NotFound."""
    query = select(CharterVersion).where(
        CharterVersion.charter_id == charter.id, CharterVersion.number == number
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound(N_("This charter has no version with this number."))
    return found


def published_versions(session: Session, charter: Charter) -> Sequence[CharterVersion]:
    """The versions that everyone may read, oldest first."""
    return [version for version in versions(session, charter) if version.published_at is not None]


def amendment(session: Session, process: Process, key: str) -> Amendment:
    """An amendment by its key. Raises NotFound."""
    found = session.scalar(select(Amendment).where(Amendment.process_id == process.id, Amendment.key == key))
    if found is None:
        raise NotFound(N_("There is no amendment at this address."))
    return found


def amendments(session: Session, charter: Charter, *states: str, fresh: bool = False) -> list[Amendment]:
    """The amendments to a charter with those who support them, oldest first; `states` keeps those in one of them.

    `fresh`: read again what this session had read before.
    """
    query = select(Amendment).where(Amendment.charter_id == charter.id).order_by(Amendment.id)
    query = query.options(selectinload(Amendment.supports)).execution_options(populate_existing=fresh)
    return list(session.scalars(query.where(Amendment.state.in_(states)) if states else query))


def by_clause(found: Iterable[Amendment]) -> dict[str, list[Amendment]]:
    """Amendments by the clauses they concern."""
    places: dict[str, list[Amendment]] = {}
    for one in found:
        for clause in concerned(one.operations):
            places.setdefault(clause, []).append(one)
    return places


def supported_by(session: Session, amendment: Amendment, user_id: int | None) -> bool:
    """Whether a person supports an amendment."""
    query = select(Support.id).where(Support.amendment_id == amendment.id, Support.user_id == user_id)
    return user_id is not None and session.scalar(query) is not None


def to_support(session: Session, process: Process, user_id: int) -> list[Amendment]:
    """Proposed amendments of a process that a person neither wrote nor supports yet."""
    mine = select(Support.amendment_id).where(Support.user_id == user_id)
    query = select(Amendment).where(
        Amendment.process_id == process.id,
        Amendment.state == "proposed",
        Amendment.author_id.is_distinct_from(user_id),
        Amendment.id.not_in(mine),
    )
    return list(session.scalars(query.order_by(Amendment.id)))


def settlements(session: Session, charter: Charter, base_number: int | None = None) -> Sequence[Settlement]:
    """The conflicts put to the vote on the latest version (or a stated one) of a charter."""
    wanted = charter.latest.number if base_number is None else base_number
    query = select(Settlement).where(Settlement.charter_id == charter.id, Settlement.base_number == wanted)
    return session.scalars(query.order_by(Settlement.id)).all()


def resolutions(session: Session, charter: Charter, chosen: Iterable[Amendment]) -> list[Resolution]:
    """What was settled about these amendments, in the engine's form.

    An amendment that lost a passage never brings its words there, be the one that won among these or not.
    """
    keys = {one.key for one in chosen}
    return [
        resolution if resolution.keep in keys else replace(resolution, keep=None)
        for settlement in settlements(session, charter)
        if settlement.settled_at is not None and keys & set(settlement.amendments)
        for resolution in map(resolution_from_json, settlement.resolutions)
    ]


def merged(session: Session, charter: Charter, chosen: Sequence[Amendment]) -> Merge:
    """What these amendments make of the latest version, settled conflicts applied. Raises CharterError."""
    base = document(charter.latest.content)
    steps = [as_amendment(one.key, one.operations, base) for one in chosen]
    return merge(base, steps, resolutions(session, charter, chosen))


def candidate(session: Session, charter: Charter) -> Candidate | None:
    """The next version as last put to the vote, if it was."""
    query = select(Candidate).where(
        Candidate.charter_id == charter.id, Candidate.number == charter.latest.number + 1
    )
    return session.scalars(query.order_by(Candidate.id.desc()).limit(1)).first()


def minority_statements(
    session: Session, charter: Charter, version_number: int | None = None
) -> Sequence[MinorityStatement]:
    """The minority statements that stand on a charter; on one version, when given."""
    query = select(MinorityStatement).where(
        MinorityStatement.charter_id == charter.id, MinorityStatement.withdrawn_at.is_(None)
    )
    if version_number is not None:
        query = query.where(MinorityStatement.version_number == version_number)
    return session.scalars(query.order_by(MinorityStatement.number)).all()


def signatures_needed(process: Process) -> int:
    """How many signatures a minority statement needs to be printed with the charter (protocol, by default 1)."""
    return int(process.protocol.get("rules", {}).get("minority", {}).get("signatures", 1))


def printed_statements(
    session: Session, charter: Charter, version_number: int | None = None
) -> list[MinorityStatement]:
    """The minority statements that have the signatures they need to be printed; with one version, when given."""
    needed = signatures_needed(charter.process)
    return [
        one for one in minority_statements(session, charter, version_number) if len(one.signatures) >= needed
    ]


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """What an account proposed, supports and signed."""
    me = request.user.id
    proposed = select(Amendment).where(Amendment.author_id == me).order_by(Amendment.id)
    request.held["amendments"] = [
        {"key": one.key, "reason": one.reason, "operations": one.operations, "state": one.state}
        for one in session.scalars(proposed)
    ]
    preparing = select(Preparation).where(Preparation.user_id == me).order_by(Preparation.id)
    request.held["amendments_in_preparation"] = [
        {"charter": one.charter.key, "reason": one.reason, "operations": one.operations}
        for one in session.scalars(preparing)
    ]
    supported = select(Amendment.key).join(Support).where(Support.user_id == me).order_by(Amendment.id)
    request.held["supports"] = list(session.scalars(supported))
    signed = select(MinorityStatement).join(Signature).where(Signature.user_id == me)
    request.held["minority_statements"] = [
        {"charter": one.charter.key, "number": one.number, "text": one.text}
        for one in session.scalars(signed.order_by(MinorityStatement.id))
    ]
