"""The process a page is about."""

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.people.current import actor
from deliberate.process import queries
from deliberate.process.acts import require
from deliberate.process.models import Process


def process_here(slug: str) -> Process:
    """The process at this address for the person who asks. Raises NotFound."""
    return queries.process_by_slug(db.session(), slug, actor(), now())


def allowed(process: Process, capability: str, object: str) -> bool:
    """Whether the person who asks has a capability now: for showing or leaving out a button."""
    return queries.allowed(db.session(), actor(), process, capability, object, now())


def require_here(process: Process, capability: str, object: str) -> None:
    """Refuse a page to those who lack a capability now. Raises NotPermitted."""
    require(db.session(), actor(), process, capability, object, now())
