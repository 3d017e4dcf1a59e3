"""Who votes in this browser, and what they may see.

Someone signed in votes with their account. Anyone else is known by a secret of 128 random bits that a cookie of this
process alone keeps, signed so that nobody makes one up; the database keeps its hash.
"""

import secrets

from flask import Response, after_this_request, current_app, g, request, url_for
from itsdangerous import BadSignature, Signer

from deliberate.core.clock import now
from deliberate.core.current import settings
from deliberate.core.database import db
from deliberate.core.web import RECEIVED_COOKIE
from deliberate.inputs.statements import queries, rules
from deliberate.inputs.statements.models import Participant
from deliberate.people.current import actor
from deliberate.process.models import Process

COOKIE = "voting"
LASTS = 365 * 24 * 3600


def _signer(process: Process) -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt=f"voting\n{process.slug}")


def secret_here(process: Process) -> str:
    """The secret that this browser keeps for a process; empty when there is none, or none that was given out here."""
    try:
        return _signer(process).unsign(request.cookies.get(COOKIE, "")).decode()
    except (BadSignature, UnicodeDecodeError):
        return ""


def new_secret() -> str:
    """128 random bits as text."""
    return secrets.token_urlsafe(16)


def keep_secret(response: Response, process: Process, secret: str) -> Response:
    """Have the browser keep a secret, for the pages of this process alone."""
    response.set_cookie(
        COOKIE, _signer(process).sign(secret).decode(), LASTS, path=_path(process),
        secure=settings().secure, httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def forget_secret(response: Response, process: Process) -> Response:
    """Leave nothing in this browser."""
    response.delete_cookie(
        COOKIE, path=_path(process), secure=settings().secure, httponly=True, samesite="Lax"
    )
    # It names the last form that was sent, whose receipt a second sending would open.
    response.delete_cookie(RECEIVED_COOKIE)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _path(process: Process) -> str:
    return url_for("publication.process", slug=process.slug)


def participant_here(process: Process, *, anew: bool = False) -> Participant | None:
    """The part that whoever reads this page has in the voting, if they voted; `anew` after an act that makes it."""
    known = g.setdefault("participants", {})
    if anew or process.id not in known:
        known[process.id] = _participant(process)
    found: Participant | None = known[process.id]
    if found is not None:
        after_this_request(_kept_nowhere)
    return found


def _kept_nowhere(response: Response) -> Response:
    """A page that shows how somebody votes: the back button must not show it to the next person."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _participant(process: Process) -> Participant | None:
    who = actor()
    if who.user_id is not None:
        return queries.participant_of(db.session(), process, who.user_id)
    secret = secret_here(process)
    return queries.participant_with(db.session(), process, secret) if secret else None


def results_shown(process: Process, round: int) -> bool:
    """Whether this reader sees how others voted in a round; the team sees no more than anyone else."""
    voted = len(queries.votes_by(db.session(), participant_here(process), round))
    return shown_after(process, round, voted, queries.number_of_statements(db.session(), process, round))


def shown_after(process: Process, round: int, voted: int, statements: int) -> bool:
    """Whether someone who voted on so many of so many statements sees how others voted."""
    phase = process.open_phase(round)
    return rules.results_visible(process.protocol, phase.span if phase else None, voted, statements, now())
