"""The process a page is about."""

from flask import g

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.people.current import actor
from deliberate.process import queries
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.rules import may


def process_here(slug: str) -> Process:
    """The process at this address for the person who asks. Raises NotFound."""
    return queries.process_by_slug(db.session(), slug, actor(), now())


def allowed(process: Process, capability: str, object: str) -> bool:
    """Whether the person who asks has a capability now: for showing or leaving out a button.

    Their roles are read once for each page, however many buttons it has; acts read them again.
    """
    person, known = actor(), g.setdefault("roles", {})
    if (process.id, person) not in known:
        known[process.id, person] = queries.roles_of(db.session(), person, process, now())
    return may(process.situation(now()), object, known[process.id, person], capability)


def require_here(process: Process, capability: str, object: str) -> None:
    """Refuse a page to those who lack a capability now. Raises NotPermitted."""
    require(db.session(), actor(), process, capability, object, now())
