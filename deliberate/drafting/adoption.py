"""Acts that make a version of amendments the panel accepted, and that publish it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from charters.amendment import content_digest
from charters.model import Charter as Document
from charters.version import next_version, version_from_json
from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict
from deliberate.core.events import announce
from deliberate.deliberation.ballots.queries import ballots
from deliberate.drafting import pending, queries
from deliberate.drafting.acts import add_version, day_of
from deliberate.drafting.following import follow_version
from deliberate.drafting.models import Amendment, Candidate, Charter, CharterVersion
from deliberate.drafting.rules import amendment as as_amendment
from deliberate.drafting.rules import document
from deliberate.drafting.voting import next_text
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.record import note


class VersionPublished:
    """Announced when a version is published."""

    def __init__(self, version: CharterVersion) -> None:
        self.version = version


def adopt(
    session: Session, actor: Actor, charter: Charter, chosen: Sequence[Amendment], now: datetime
) -> CharterVersion:
    """Make the next version of accepted amendments, as the panel voted it. Pending ones are carried over to it.

    Raises Conflicting when amendments clash, Conflict when the vote on the whole is missing, lost or of another text.
    """
    require(session, actor, charter.process, "adopt", "version", now)
    lock(session, charter)
    if _open_ballots(session, charter):
        raise Conflict(N_("A ballot on this charter is open. Close it before adopting a version."))
    text = next_text(session, charter, chosen)
    candidate = _voted(session, charter, text)
    base = document(charter.latest.content)
    held = _ballots_behind(session, charter, chosen, candidate)
    following = next_version(
        version_from_json(charter.latest.document),
        text,
        date=day_of(charter.process, now),
        act=f"adopt version:{charter.key}:{candidate.number}",
        amendments=[
            replace(as_amendment(one.key, one.operations, base), answers=tuple(one.answers)) for one in chosen
        ],
        resolutions=queries.resolutions(session, charter, chosen),
        past=pending.past(session, charter),
    )
    version = add_version(session, charter, following, now, chosen, held)
    for one in chosen:
        one.state, one.version_number = "adopted", version.number
    session.flush()
    stranded = follow_version(session, charter, base, text, version.number)
    public = {
        "charter": charter.key, "number": version.number, "content": version.content_digest,
        "version": version.version_digest, "parents": list(following.parents), "amendments": version.amendments,
        "ballots": held, "stranded": stranded,
    }  # fmt: skip
    note(session, actor, charter.process, "adopt", f"version:{charter.key}:{version.number}", now, public)
    return version


def publish(session: Session, actor: Actor, version: CharterVersion, now: datetime) -> None:
    """Make a version public, with its amendments and minority statements. Announces VersionPublished."""
    process = version.charter.process
    require(session, actor, process, "publish", "publication", now)
    lock(session, version)
    if version.published_at is not None:
        raise Conflict(N_("This version is already published."))
    version.published_at = now
    session.flush()
    public = {"content": version.content_digest, "version": version.version_digest}
    note(session, actor, process, "publish", f"version:{version.charter.key}:{version.number}", now, public)
    announce(session, VersionPublished(version), now)


def _voted(session: Session, charter: Charter, text: Document) -> Candidate:
    candidate = queries.candidate(session, charter)
    if candidate is None or candidate.ballot.closed_at is None:
        raise Conflict(
            N_("The protocol asks for a vote on the whole version before it is adopted: hold it first.")
        )
    if not candidate.ballot.adopted:
        raise Conflict(
            N_(
                "The panel did not adopt this version. Change what it is made of, then put it to the vote again."
            )
        )
    if candidate.content_digest != content_digest(text):
        raise Conflict(
            N_("These amendments make another text than the one that was voted. Put this one to the vote.")
        )
    return candidate


def _open_ballots(session: Session, charter: Charter) -> bool:
    subjects = [one.subject for one in queries.amendments(session, charter, "ballot")]
    waiting = [ballot for ballot in ballots(session, charter.process) if ballot.closed_at is None]
    mine = (f"conflict:{charter.key}:", f"version:{charter.key}:")
    return any(ballot.subject in subjects or ballot.subject.startswith(mine) for ballot in waiting)


def _ballots_behind(
    session: Session, charter: Charter, chosen: Sequence[Amendment], candidate: Candidate
) -> list[int]:
    numbers = {ballot.number for one in chosen for ballot in ballots(session, charter.process, one.subject)}
    keys = {one.key for one in chosen}
    settled = [
        one for one in queries.settlements(session, charter) if one.settled_at and keys & set(one.amendments)
    ]
    return sorted(numbers | {one.ballot.number for one in settled} | {candidate.ballot.number})
