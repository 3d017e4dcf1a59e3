"""What a public page is about, and answers that last."""

from flask import Response, request

from deliberate.core.i18n import use_time_zone
from deliberate.process.current import process_here
from deliberate.process.models import Process

YEAR = 365 * 24 * 3600


def process_at(slug: str) -> Process:
    """The process at this address; times are said in its own zone from here on. Raises NotFound."""
    process = process_here(slug)
    if zone := process.protocol.get("time_zone"):
        use_time_zone(zone)
    return process


def lasting(response: Response, tag: str) -> Response:
    """Mark an answer as one that never changes, so that it is asked for once."""
    response.set_etag(tag.removeprefix("sha256:"))
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.make_conditional(request)
    return response
