"""What a public page is about, on which day, and answers that last."""

from datetime import date

from flask import Response, request

from deliberate.core.current import settings
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.i18n import use_time_zone
from deliberate.drafting import queries as drafting
from deliberate.drafting.models import Charter
from deliberate.process.current import process_here
from deliberate.process.models import Process

YEAR = 365 * 24 * 3600


def process_at(slug: str) -> Process:
    """The process at this address; times are said in its own zone from here on. Raises NotFound."""
    process = process_here(slug)
    if zone := process.protocol.get("time_zone"):
        use_time_zone(zone)
    return process


def charter_at(slug: str, key: str) -> tuple[Process, Charter]:
    """The charter at this address and its process. Raises NotFound."""
    process = process_at(slug)
    return process, drafting.charter(db.session(), process, key)


def asked_day() -> date | None:
    """The day that `?at=2026-06-14` asks for; None where it asks for none. Raises Refusal."""
    asked = request.args.get("at", "").strip()
    if not asked:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        raise Refusal(
            N_("“%(day)s” is not a date. Write year-month-day, such as 2026-06-14."), day=asked[:40]
        ) from None


def whole_address(place: str) -> str:
    """A place of this site with the address it is configured to have, never with what a request says it is."""
    return f"{settings().base_url}{place}"


def lasting(response: Response, tag: str) -> Response:
    """Mark an answer as one that never changes, so that it is asked for once."""
    response.set_etag(tag.removeprefix("sha256:"))
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.make_conditional(request)
    return response
