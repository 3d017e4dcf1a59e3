"""How a form is answered: done once however often it is sent, with one commit, and nothing left of a refusal."""

from collections.abc import Callable

from flask import redirect
from werkzeug.wrappers import Response

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal

Page = str | Response | tuple[str, int]


def send(do: Callable[[], str], again: str | None = None) -> Response:
    """Do what the form asks for and go to the address that `do` returns; a second sending only goes there.

    `again` is where a second sending goes instead, for an address that holds a secret, which must not be kept. A
    Refusal passes through with everything undone.
    """
    if (before := web.once(db.session(), now())) is not None:
        return redirect(before)
    try:
        address = do()
    except Refusal:
        db.session.rollback()
        raise
    web.once_done(db.session(), again or address)
    db.session.commit()
    return redirect(address)
