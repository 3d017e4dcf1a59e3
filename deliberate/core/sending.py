"""How a form is answered: done once however often it is sent, with one commit, and nothing left of a refusal."""

from collections.abc import Callable

from flask import make_response, redirect
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal

Page = str | Response | tuple[str, int]


def send_form(
    form: FlaskForm, do: Callable[[], str], show: Callable[[], str | Response], again: str | None = None
) -> Response:
    """Answer a form: `show` it, show it again with what is wrong or refused, or `send` it.

    `show` gives the page as the form then stands.
    """
    if not form.validate_on_submit():
        return make_response(show(), 422 if form.errors else 200)
    try:
        return send(do, again)
    except Refusal as refusal:
        web.show_refusal(form, refusal)
        return make_response(show(), refusal.status)


def send(do: Callable[[], str], again: str | None = None) -> Response:
    """Do what the form asks for and go to the address that `do` returns; a second sending only goes there.

    `again` is where a second sending goes instead, and is kept nowhere: for an address that holds a secret. A Refusal
    passes through with everything undone.
    """
    if (before := web.once(db.session(), now())) is not None:
        return redirect(again or before)
    try:
        address = do()
    except Refusal:
        db.session.rollback()
        raise
    if again is None:
        web.once_done(db.session(), address)
    db.session.commit()
    return redirect(address)
