"""The pages of refusals and faults: each says what happened and what to do, in the reader's language."""

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from deliberate.core.current import settings
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.i18n import sentence

NEVER_ECHOED = ("password", "code", "token", "key", "passphrase", "secret", "choice", "grade", "rank")

# Status → what happened, what to do about it.
ERRORS = {
    400: (
        N_("This request could not be read"),
        N_("Something in it is missing or malformed. Go back, and try again from the page you came from."),
    ),
    401: (
        N_("Please sign in"),
        N_("This page is for people who are signed in."),
    ),
    403: (
        N_("You cannot do this here"),
        N_(
            "Your role, or the current phase, does not allow it. The page of the process says who may "
            "do what at the moment."
        ),
    ),
    404: (
        N_("There is nothing at this address"),
        N_("It may have been mistyped, or what was here was withdrawn. Start again from the home page."),
    ),
    405: (
        N_("This address only answers a form"),
        N_("Go back to the page with the form, and send it from there."),
    ),
    409: (
        N_("This changed in the meantime"),
        N_(
            "Someone changed the same thing before you did. Go back, reload the page to see the change, "
            "then try again."
        ),
    ),
    413: (
        N_("This is too large to be sent"),
        N_("Files may weigh up to %(megabytes)s MB. Split the file, or make it smaller, then send it again."),
    ),
    415: (
        N_("This kind of file cannot be read here"),
        N_("The page with the form says which kinds of files it takes."),
    ),
    422: (
        N_("This was not done"),
        N_("Something in what was sent does not fit. Go back, check it, and try again."),
    ),
    429: (
        N_("Too many attempts"),
        N_(
            "To protect accounts and votes, please wait a few minutes, then try again. Nothing you did "
            "is lost."
        ),
    ),
    500: (
        N_("Something went wrong on our side"),
        N_(
            "The fault was noted for the people who run this site. Try again in a few minutes. If you were "
            "sending something, look first whether it is there already."
        ),
    ),
    503: (
        N_("The site is resting for a moment"),
        N_("Try again in a few minutes."),
    ),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(Refusal, refusal_page)
    app.register_error_handler(HTTPException, _http_error)
    for error in (IntegrityError, StaleDataError):
        app.register_error_handler(error, _changed_meanwhile)
    app.register_error_handler(DataError, _too_much)
    app.register_error_handler(OperationalError, _database_busy)


def _csrf_error(_error: CSRFError) -> tuple[str, int]:
    return lost_session()


def lost_session() -> tuple[str, int]:
    """A page that gives back what was typed before the session was lost, with a button to send it again.

    For a request from this site alone: another site must not be able to prepare a form with a good token.
    Secrets, ballot choices and files are never given back, nor anything of a form with a field `no_echo`.
    """
    typed = _typed() if _from_this_site() else []
    files = sorted({file.filename for file in request.files.values() if file.filename})
    address = request.full_path.rstrip("?")
    return render_template("errors/lost_session.html", typed=typed, files=files, address=address), 400


def _from_this_site() -> bool:
    origin = request.headers.get("Origin")
    return origin == request.host_url.rstrip("/") or request.headers.get("Sec-Fetch-Site") == "same-origin"


def _typed() -> list[tuple[str, str]]:
    if "no_echo" in request.form:
        return []
    return [(name, value) for name, value in request.form.items(multi=True) if _may_be_echoed(name)]


def _may_be_echoed(name: str) -> bool:
    return name == "once" or not any(word in name.lower() for word in NEVER_ECHOED)


def _changed_meanwhile(_error: Exception) -> tuple[str | Response, int]:
    """Two people did the same thing at once; the database kept the first."""
    return _error_page(409)


def _too_much(_error: DataError) -> tuple[str | Response, int]:
    said = gettext(
        "A text is too long, or a number too large, to be kept. Nothing was recorded. Go back, shorten it, and "
        "send it again."
    )
    return _error_page(422, said)


def _database_busy(error: OperationalError) -> tuple[str | Response, int]:
    """A lock that was waited for in vain, a deadlock, a server that is starting again."""
    current_app.logger.warning("the database did not answer: %s", error.orig)
    return _error_page(503)


def refusal_page(refusal: Refusal) -> tuple[str | Response, int]:
    """The page of a refusal that no view caught."""
    return _error_page(refusal.status, sentence(refusal.template, refusal.values))


def _http_error(error: HTTPException) -> HTTPException | tuple[str | Response, int]:
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error
    return _error_page(code if code in ERRORS else 400 if code < 500 else 500)


def _error_page(status: int, said: str | None = None) -> tuple[str | Response, int]:
    if "sqlalchemy" in current_app.extensions:
        # The page asks who reads it, which a transaction that failed would not answer.
        db.session.rollback()
    title, advice = ERRORS.get(status, ERRORS[422])
    advice = said or gettext(advice, megabytes=settings().upload_megabytes)
    if request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json":
        return jsonify(error=gettext(title), detail=advice), status
    return render_template("errors/error.html", status=status, title=gettext(title), advice=advice), status
