"""What the pages of panels stand on."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect
from flask_babel import gettext
from werkzeug.wrappers import Response

from deliberate.core.errors import NotPermitted, Refusal
from deliberate.core.i18n import sentence
from deliberate.core.sending import send

blueprint = Blueprint("panels", __name__)


def do(act: Callable[[], object], address: str, said: str, again: str | None = None) -> Response:
    """Answer a single button: do the act once, say that it was done, and go to a page.

    A refusal undoes the act and is said on the page instead; who may not do it at all is told so on a page of its own.
    """

    def act_and_say() -> str:
        act()
        flash(gettext(said), "success")
        return address

    try:
        return send(act_and_say, again)
    except NotPermitted:
        raise
    except Refusal as refusal:
        flash(sentence(refusal.template, refusal.values), "error")
        return redirect(address)
