"""Reading the register of adoptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from deliberate.core.errors import N_, NotFound
from deliberate.drafting.models import Charter, CharterVersion
from deliberate.drafting.queries import published_versions
from deliberate.people.rules import secret_hash
from deliberate.process.models import Process
from deliberate.publication.adoption.changes import changed, covered
from deliberate.publication.adoption.models import (
    Adoption,
    AdoptionContest,
    AdoptionDecision,
    AdoptionLink,
)
from deliberate.publication.adoption.rules import Standing, standing
from deliberate.publication.reading import as_stored


@dataclass(frozen=True)
class Row:
    """A territory in the register: where it stands, the version in force, and how many of its clauses changed since."""

    adoption: Adoption
    standing: Standing
    latest: CharterVersion
    changed: frozenset[str] = frozenset()

    @property
    def behind(self) -> bool:
        """Whether a newer version changed what it adopted and it said nothing of it yet."""
        return bool(self.changed) and not self.standing.ended and self.standing.seen < self.latest.number


def _of_process(process: Process) -> Any:
    query = select(Adoption).join(Charter).where(Charter.process_id == process.id)
    return query.order_by(Adoption.id).options(
        selectinload(Adoption.decisions), selectinload(Adoption.contests)
    )


def adoptions(session: Session, process: Process, charter: str = "", words: str = "") -> list[Row]:
    """The public register in the order of entry; of one charter, of territories whose name holds some words."""
    query = _of_process(process)
    if charter:
        query = query.where(Charter.key == charter)
    wanted = words.casefold()
    found = [one for one in session.scalars(query) if one.public and wanted in one.territory.casefold()]
    known = {of: published_versions(session, of) for of in {one.charter for one in found}}
    return [_row(one, known[one.charter]) for one in found]


def row(session: Session, adoption: Adoption) -> Row:
    """Where a territory with public decisions stands."""
    return _row(adoption, published_versions(session, adoption.charter))


def _row(adoption: Adoption, known: Sequence[CharterVersion]) -> Row:
    now = standing(adoption.public)
    assert now is not None
    latest = known[-1]
    differing: set[str] = set()
    if latest.number > now.version:
        held = next(version for version in known if version.number == now.version)
        differing = changed(as_stored(held), as_stored(latest), now.clauses)
    return Row(adoption, now, latest, frozenset(differing))


def adoption(session: Session, process: Process, key: str) -> Adoption:
    """A territory's entry by its key. Raises NotFound."""
    found: Adoption | None = session.scalar(_of_process(process).where(Adoption.key == key))
    if found is None:
        raise NotFound(N_("There is no adoption at this address."))
    return found


def public_adoption(session: Session, process: Process, key: str) -> Adoption:
    """An entry that everyone may read. Raises NotFound."""
    found = adoption(session, process, key)
    if not found.public:
        raise NotFound(N_("There is no adoption at this address."))
    return found


def decision_of(entry: Adoption, number: int) -> AdoptionDecision:
    """A decision of a territory by its number. Raises NotFound."""
    for one in entry.decisions:
        if one.number == number:
            return one
    raise NotFound(N_("This territory has no decision with this number."))


def by_link(session: Session, process: Process, secret: str) -> Adoption:
    """The entry that a delegate's secret opens. Raises NotFound with what to do."""
    found = session.scalar(
        _of_process(process).join(Adoption.links).where(AdoptionLink.hash == secret_hash(secret))
    )
    if found is None:
        raise NotFound(
            N_("This link is not known here any more. Ask for a new one from the page of the charter.")
        )
    entry: Adoption = found
    return entry


def adoptions_of(session: Session, charter: Charter, clause: str | None = None) -> list[Adoption]:
    """The territories that hold to a charter now; with `clause`, those that adopted it, or all that it stands in."""
    if clause is None:
        return [one for one, _standing in _holding(session, charter)]
    return by_clause(session, charter).get(clause, [])


def by_clause(session: Session, charter: Charter) -> dict[str, list[Adoption]]:
    """Clause → the territories that hold to it, in the order they entered."""
    found: dict[str, list[Adoption]] = {}
    versions = {one.number: one for one in published_versions(session, charter)}
    for one, now in _holding(session, charter):
        for clause in covered(as_stored(versions[now.version]).document, now.clauses):
            found.setdefault(clause, []).append(one)
    return found


def _holding(session: Session, charter: Charter) -> list[tuple[Adoption, Standing]]:
    query = select(Adoption).where(Adoption.charter_id == charter.id).order_by(Adoption.id)
    found = session.scalars(query.options(selectinload(Adoption.decisions)))
    held = [(one, standing(one.public)) for one in found]
    return [(one, now) for one, now in held if now is not None and not now.ended]


def waiting(session: Session, process: Process) -> Sequence[AdoptionDecision]:
    """The decisions of delegates that await review, oldest first."""
    query = (
        select(AdoptionDecision).join(Adoption).join(Charter)
        .where(Charter.process_id == process.id, AdoptionDecision.state == "waiting")
        .order_by(AdoptionDecision.id)
    )  # fmt: skip
    return session.scalars(query).all()


def contests_to_answer(session: Session, process: Process) -> Sequence[AdoptionContest]:
    """The contests that await an answer, oldest first."""
    query = (
        select(AdoptionContest).join(Adoption).join(Charter)
        .where(Charter.process_id == process.id, AdoptionContest.answered_at.is_(None))
        .order_by(AdoptionContest.id)
    )  # fmt: skip
    return session.scalars(query).all()


def as_record(adoption: Adoption) -> dict[str, Any]:
    """A public entry of the register as plain data: the bundle and the JSON export hold it."""
    return {
        "key": adoption.key,
        "charter": adoption.charter.key,
        "territory": adoption.territory,
        "kind": adoption.kind,
        "decisions": [_decision(one) for one in adoption.public],
        "contests": [
            {"number": one.number, "text": one.text if one.shown else None, "answer": one.answer}
            for one in adoption.contests
            if one.answered_at is not None
        ],
    }


def _decision(one: AdoptionDecision) -> dict[str, Any]:
    return {
        "number": one.number,
        "decision": one.decision,
        "version": one.version_number,
        "clauses": one.clauses,
        "reason": one.reason,
        "at": one.published_at.isoformat() if one.published_at else "",
    }
