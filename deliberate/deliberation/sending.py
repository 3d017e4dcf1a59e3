"""How a form is answered: done once however often it is sent, with one commit, and nothing left of a refusal."""

from collections.abc import Callable

from flask import redirect, request
from flask_babel import get_locale
from werkzeug.wrappers import Response

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal

Page = str | Response | tuple[str, int]


def send(do: Callable[[], str]) -> Response:
    """Do what the form asks for and go to the address that `do` returns; a second sending only goes there.

    A Refusal passes through with everything undone.
    """
    if (before := web.once(db.session(), now())) is not None:
        return redirect(before)
    try:
        address = do()
    except Refusal:
        db.session.rollback()
        raise
    web.once_done(db.session(), address)
    db.session.commit()
    return redirect(address)


def texts(name: str) -> dict[str, str]:
    """The fields `name_fr`, `name_en`… of the form as one text per language, empty ones left out."""
    return {code: said for code in ("fr", "en") if (said := request.form.get(f"{name}_{code}", "").strip())}


def in_my_language(text: str | None) -> dict[str, str]:
    """A text typed in the language of the page."""
    return {str(get_locale().language): text.strip()} if text and text.strip() else {}
