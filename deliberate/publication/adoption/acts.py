"""Acts of the register: a territory adopts a charter or clauses of it, follows a newer version, stays, or ends.

An organiser enters what a territory decided; a delegate does so by a secret link, and what a delegate writes is
reviewed before anyone reads it. Whatever a charter becomes, an adoption changes by a decision of its territory alone.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charters.problems import CharterError
from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.core.jobs import ask
from deliberate.drafting.adoption import VersionPublished
from deliberate.drafting.models import Charter, CharterVersion
from deliberate.drafting.queries import published_versions
from deliberate.people.acts import Erased
from deliberate.people.rules import CLOCK, Actor, new_link, secret_hash
from deliberate.process.acts import require
from deliberate.process.record import note
from deliberate.publication.adoption.changes import clause_digests
from deliberate.publication.adoption.models import Adoption, AdoptionContest, AdoptionDecision, AdoptionLink
from deliberate.publication.adoption.rules import (
    DECISIONS,
    KINDS,
    LONGEST_NAME,
    LONGEST_REASON,
    possible,
    standing,
)
from deliberate.publication.reading import as_stored, published_version

OFFER = "adoption offer"
ADDRESS_WITHIN = re.compile(r"://|@|www\.|\w\.\w+/", re.IGNORECASE)


@dataclass(frozen=True)
class Decision:
    """What a territory decides: on which version, which clauses (none: the whole charter), and why, per language."""

    decision: str
    version: int
    clauses: tuple[str, ...]
    reason: dict[str, str]


def enter_territory(
    session: Session,
    actor: Actor,
    charter: Charter,
    territory: str,
    kind: str,
    now: datetime,
    *,
    contact: str = "",
    language: str = "fr",
    wants_mail: bool = False,
) -> Adoption:
    """Begin an entry of the register; nothing is public before its first decision is. Raises Refusal."""
    require(session, actor, charter.process, "create", "adoption", now)
    if not published_versions(session, charter):
        raise Conflict(N_("No version of this charter is published yet: there is nothing to adopt."))
    name = " ".join(territory.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(
            N_("Name the territory, in %(most)s characters at most."), field="territory", most=LONGEST_NAME
        )
    if ADDRESS_WITHIN.search(name):  # letters say it, to whatever address a visitor types
        raise Refusal(
            N_("The name of a territory holds no address of a page or of a person."), field="territory"
        )
    if kind not in KINDS:
        raise Refusal(N_("Say what kind of territory it is."), field="kind")
    adoption = Adoption(
        charter_id=charter.id, key=f"ad-{secrets.token_hex(5)}", territory=name, kind=kind,
        contact=contact.strip().lower()[:254], language=language, wants_mail=wants_mail and bool(contact), at=now,
    )  # fmt: skip
    session.add(adoption)
    session.flush()
    return adoption


def make_link(session: Session, adoption: Adoption, now: datetime) -> str:
    """A secret (128 random bits) for a territory's delegate, good until the contact is erased; its hash is kept."""
    secret = new_link()
    adoption.links.append(AdoptionLink(hash=secret_hash(secret), at=now))
    session.flush()
    return secret


def decide(
    session: Session, actor: Actor, adoption: Adoption, chosen: Decision, now: datetime, *, after: int
) -> AdoptionDecision:
    """What an organiser enters for a territory: public at once. `after`: the last decision that was seen."""
    require(session, actor, adoption.charter.process, "change", "adoption", now)
    decision = _added(session, adoption, chosen, now, after)
    _publish(session, actor, decision, now)
    return decision


def propose_decision(
    session: Session, actor: Actor, adoption: Adoption, chosen: Decision, now: datetime, *, after: int
) -> AdoptionDecision:
    """What a delegate sends by their link: it waits for review. Raises Conflict while another one waits."""
    process = adoption.charter.process
    require(session, actor, process, "create", "adoption", now)
    decision = _added(session, adoption, chosen, now, after)
    public = {"charter": adoption.charter.key, "decision": decision.decision, "number": decision.number}
    note(session, actor, process, "propose", f"adoption:{adoption.key}", now, public)
    return decision


def publish_decision(session: Session, actor: Actor, decision: AdoptionDecision, now: datetime) -> None:
    """Publish what a delegate sent."""
    require(session, actor, decision.adoption.charter.process, "moderate", "adoption", now)
    _still_waiting(session, decision)
    _publish(session, actor, decision, now)


def refuse_decision(
    session: Session, actor: Actor, decision: AdoptionDecision, reason: str, now: datetime
) -> None:
    """Do not publish what a delegate sent, for a reason that is public and that the delegate reads."""
    process = decision.adoption.charter.process
    require(session, actor, process, "moderate", "adoption", now)
    _still_waiting(session, decision)
    decision.refusal, decision.state = written(reason, "reason"), "refused"
    session.flush()
    public = {"number": decision.number, "reason": decision.refusal}
    note(session, actor, process, "refuse", f"adoption:{decision.adoption.key}", now, public)


def erase_contact(
    session: Session, actor: Actor, adoption: Adoption, now: datetime, *, delegate: bool = False
) -> None:
    """Delete how a territory's delegate is reached, with their links; what is public stays.

    `delegate`: they ask it themselves, through their link (GDPR, article 17).
    """
    process = adoption.charter.process
    require(session, actor, process, "create" if delegate else "change", "adoption", now)
    lock(session, adoption)
    _forget_contact(adoption)
    session.flush()
    note(session, actor, process, "erase", f"adoption:{adoption.key}", now)


def forget(session: Session, event: Erased, now: datetime) -> None:
    """Hear that an account was erased: forget its address wherever the register holds it."""
    email = event.user.email.lower()
    for adoption in session.scalars(select(Adoption).where(Adoption.contact == email)):
        _forget_contact(adoption)
    for contest in session.scalars(select(AdoptionContest).where(AdoptionContest.contact == email)):
        contest.contact = ""
    session.flush()


def offer(session: Session, event: VersionPublished, now: datetime) -> None:
    """Hear that a version was published: tell those who hold to an earlier one. None of them is changed by it."""
    charter, number = event.version.charter, event.version.number
    told = holding_earlier(session, charter, number)
    if told:
        public = {"charter": charter.key, "territories": len(told)}
        note(session, CLOCK, charter.process, "offer", f"version:{charter.key}:{number}", now, public)
        ask(session, OFFER, {"version": event.version.id}, now)


def holding_earlier(session: Session, charter: Charter, number: int) -> list[Adoption]:
    """The territories that hold to a version of a charter before this one."""
    query = select(Adoption).where(Adoption.charter_id == charter.id).order_by(Adoption.id)
    found = [(one, standing(one.public)) for one in session.scalars(query)]
    return [one for one, now in found if now is not None and not now.ended and now.version < number]


def written(text: str, field: str) -> str:
    """A text of this register. Raises Refusal when it is empty or too long."""
    said = text.strip()
    if not said:
        raise Refusal(N_("Say why: everyone will read it."), field=field)
    if len(said) > LONGEST_REASON:
        raise Refusal(N_("This is too long: %(most)s characters at most."), field=field, most=LONGEST_REASON)
    return said


def _forget_contact(adoption: Adoption) -> None:
    adoption.contact, adoption.wants_mail = "", False
    adoption.links.clear()


def _added(
    session: Session, adoption: Adoption, chosen: Decision, now: datetime, after: int
) -> AdoptionDecision:
    lock(session, adoption)
    session.refresh(adoption, ["decisions"])
    if adoption.waiting is not None:
        raise Conflict(
            N_("A decision of this territory awaits review. The next one can be sent once it is read.")
        )
    last = adoption.decisions[-1].number if adoption.decisions else 0
    if last != after:
        raise Conflict(
            N_("Something else was decided for this territory in the meantime. Read it, then decide again.")
        )
    reason = {code: written(text, "reason") for code, text in chosen.reason.items() if text.strip()}
    if not reason:
        written("", "reason")
    version, clauses = _meant(session, adoption, chosen)
    decision = AdoptionDecision(
        number=last + 1, decision=chosen.decision, version_number=version.number, clauses=clauses, reason=reason,
        state="waiting", at=now,
    )  # fmt: skip
    adoption.decisions.append(decision)
    session.flush()
    return decision


def _meant(session: Session, adoption: Adoption, chosen: Decision) -> tuple[CharterVersion, dict[str, str]]:
    """The version and the clauses that a decision is about, checked against what stands."""
    latest = published_versions(session, adoption.charter)[-1]
    now = standing(adoption.public)
    if chosen.decision not in DECISIONS or chosen.decision not in possible(now, latest.number):
        raise Conflict(N_("This territory cannot decide that now: its page says where it stands."))
    if chosen.decision == "stay":
        return latest, {}
    if chosen.decision == "end":
        assert now is not None
        return published_version(session, adoption.charter, now.version), {}
    number = latest.number if chosen.decision == "follow" else chosen.version
    version = published_version(session, adoption.charter, number)
    return version, _digests(version, chosen.clauses)


def _digests(version: CharterVersion, clauses: Sequence[str]) -> dict[str, str]:
    try:
        return clause_digests(as_stored(version).document, dict.fromkeys(clauses))
    except CharterError:
        raise Refusal(
            N_("One of these clauses does not stand in version %(number)s. Choose among those that do."),
            field="clauses",
            number=version.number,
        ) from None


def _still_waiting(session: Session, decision: AdoptionDecision) -> None:
    lock(session, decision.adoption)
    session.refresh(decision)
    if decision.state != "waiting":
        raise Conflict(N_("This was already reviewed."))


def _publish(session: Session, actor: Actor, decision: AdoptionDecision, now: datetime) -> None:
    adoption = decision.adoption
    decision.state, decision.published_at = "public", now
    session.flush()
    version = published_version(session, adoption.charter, decision.version_number)
    public: dict[str, Any] = {
        "charter": adoption.charter.key, "number": decision.number, "version": version.number,
        "digest": version.version_digest, "clauses": decision.clauses,
    }  # fmt: skip
    said = {"territory": adoption.territory, "kind": adoption.kind, "reason": decision.reason}
    note(
        session, actor, adoption.charter.process, decision.decision, f"adoption:{adoption.key}", now, public,
        private=said, person=decision.person, published=True,
    )  # fmt: skip
