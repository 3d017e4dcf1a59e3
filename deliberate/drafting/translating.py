"""Acts on what a charter says in several languages, and on the common preamble that it includes.

Both lead to an amendment like any other: the panel votes it, and a version brings it into the charter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from charters.model import Inclusion
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.drafting import pending, queries
from deliberate.drafting.acts import propose
from deliberate.drafting.editing import translated
from deliberate.drafting.models import PENDING, Amendment, Charter, CharterVersion
from deliberate.drafting.rules import document
from deliberate.people.rules import Actor
from deliberate.process.acts import require

COMMON = "preamble"
REASONS = {
    "fr": "Traduction mise à jour ou confirmée : %(lang)s.",
    "en": "Translation brought up to date or confirmed: %(lang)s.",
}
OFFERED = {
    "fr": "Reprendre la version %(number)d du préambule commun.",
    "en": "Include version %(number)d of the common preamble.",
}


@dataclass(frozen=True)
class Offer:
    """A version of the common preamble that a charter could include: what it includes now, and whether it was proposed."""

    common: Charter
    pinned: CharterVersion | None
    newest: CharterVersion
    proposed: Amendment | None


def translate(
    session: Session,
    actor: Actor,
    charter: Charter,
    lang: str,
    typed: Mapping[str, str],
    reason: Mapping[str, str],
    now: datetime,
) -> Amendment:
    """Propose what one language lacks: `typed` is `<field>_<clause>` → words, `faithful_<clause>` for a confirmation.

    Raises Refusal when nothing was written or confirmed.
    """
    require(session, actor, charter.process, "create", "translation", now)
    steps = translated(document(charter.latest.content), lang, typed)
    if not steps:
        raise Refusal(N_("Nothing is translated or confirmed yet: write a translation, or tick a clause."))
    said = {code: template % {"lang": lang} for code, template in REASONS.items()}
    return propose(session, actor, charter, steps, said | dict(reason), [], now, kind="translation")


def offer(session: Session, charter: Charter) -> Offer | None:
    """The published version of the common preamble that is newer than what a charter includes, if there is one.

    It is offered, never imposed: it enters the charter through an amendment, by the charter's own rule.
    """
    pinned = document(charter.latest.content).preamble
    key = pinned.charter if pinned else COMMON
    common = next((one for one in queries.charters(session, charter.process) if one.key == key), None)
    published = queries.published_versions(session, common) if common and common is not charter else []
    if common is None or not published or (pinned and pinned.version >= published[-1].number):
        return None
    newest = published[-1]
    included = next(
        (one for one in queries.versions(session, common) if pinned and one.number == pinned.version), None
    )
    open_ = pending.amended_here(session, charter, "ballot", *PENDING)
    proposed = next((one for one in open_ if _includes(one, newest)), None)
    return Offer(common, included, newest, proposed)


def propose_preamble(
    session: Session, actor: Actor, charter: Charter, reason: Mapping[str, str], now: datetime
) -> Amendment:
    """Propose that a charter include the newest common preamble. Raises Conflict when there is none, or it was proposed."""
    require(session, actor, charter.process, "create", "amendment", now)
    found = offer(session, charter)
    if found is None:
        raise Conflict(N_("This charter already includes the newest common preamble."))
    if found.proposed is not None:
        raise Conflict(
            N_("Amendment %(amendment)s proposes this already: support it instead."),
            amendment=found.proposed.key,
        )
    included = Inclusion(found.common.key, found.newest.number, found.newest.content_digest)
    preamble = {"charter": included.charter, "version": included.version, "content": included.content}
    said = {code: template % {"number": included.version} for code, template in OFFERED.items()}
    steps = [{"op": "describe", "preamble": preamble}]
    return propose(session, actor, charter, steps, said | dict(reason), [], now)


def _includes(amendment: Amendment, version: CharterVersion) -> bool:
    return any(
        (step.get("preamble") or {}).get("content") == version.content_digest for step in amendment.operations
    )
