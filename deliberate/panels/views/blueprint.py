"""What the pages of panels stand on."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect
from flask_babel import gettext
from werkzeug.wrappers import Response

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import NotPermitted, Refusal
from deliberate.core.i18n import sentence

blueprint = Blueprint("panels", __name__)
Page = str | Response | tuple[str, int]


def do(act: Callable[[], object], address: str, said: str, again: str | None = None) -> Response:
    """Answer a single button: do the act once, say that it was done, and go to a page.

    A refusal undoes the act and is said on the page instead; who may not do it at all is told so on a page of its own. `again` is where a second sending leads, for an address
    that holds a secret, which must not be kept.
    """
    if (before := web.once(db.session(), now())) is not None:
        return redirect(before)
    try:
        act()
    except NotPermitted:
        raise
    except Refusal as refusal:
        db.session.rollback()
        flash(sentence(refusal.template, refusal.values), "error")
        return redirect(address)
    web.once_done(db.session(), again or address)
    db.session.commit()
    flash(gettext(said), "success")
    return redirect(address)
