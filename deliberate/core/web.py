"""The web shell: templates, static files, headers, error pages, refusals, and forms sent twice or too late.

`init_app(app)` needs `app.config["SETTINGS"]`. Templates get `url_if(endpoint, **values)` (the address, or None while
nothing answers at that endpoint), `once_token()`, `site_name()` and the geometry of `core.charts`.

A view that changes something:

    form = ProposalForm()
    if form.validate_on_submit():
        if (before := web.once(db.session, now)) is not None:
            return redirect(before)                              # the same page, sent a second time
        try:
            proposal = acts.propose(db.session, now, ...)
        except Refusal as refusal:
            db.session.rollback()
            return render_template("...", form=web.show_refusal(form, refusal)), refusal.status
        address = url_for("drafting.proposal", id=proposal.id)
        web.once_done(db.session, address)
        db.session.commit()
        return redirect(address)

A Refusal that a view does not catch becomes a page with its sentence and status.
"""

import hashlib
import secrets
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, Response, current_app, flash, jsonify, render_template, request, session, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BuildError
from wtforms.form import BaseForm

from deliberate.core import charts
from deliberate.core.database import OnceToken
from deliberate.core.errors import N_, Refusal
from deliberate.core.i18n import sentence

PACKAGE = Path(__file__).parents[1]
YEAR = 365 * 24 * 3600
TOKEN_LENGTH = 64
FORM_BYTES = 4 * 1024 * 1024
FORM_PARTS = 5000
ONCE_FIELD = "once"
NEVER_ECHOED = ("password", "code", "token", "key", "passphrase", "secret", "choice", "grade", "rank")

csrf = CSRFProtect()
Form = TypeVar("Form", bound=BaseForm)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

# What happened, and what to do about it.
ERRORS = {
    400: (N_("This request could not be read"), N_("Something in it is missing or malformed. Go back, and try again from the page you came from.")),
    401: (N_("Please sign in"), N_("This page is for people who are signed in.")),
    403: (N_("You cannot do this here"), N_("Your role, or the current phase, does not allow it. The page of the process says who may do what at the moment.")),
    404: (N_("There is nothing at this address"), N_("It may have been mistyped, or what was here was withdrawn. Start again from the home page.")),
    405: (N_("This address only answers a form"), N_("Go back to the page with the form, and send it from there.")),
    409: (N_("This changed in the meantime"), N_("Someone changed the same thing before you did. Go back, reload the page to see the change, then try again.")),
    413: (N_("This is too large to be sent"), N_("Files may weigh up to %(megabytes)s MB. Split the file, or make it smaller, then send it again.")),
    415: (N_("This kind of file cannot be read here"), N_("The page with the form says which kinds of files it takes.")),
    422: (N_("This was not done"), N_("Something in what was sent does not fit. Go back, check it, and try again.")),
    429: (N_("Too many attempts"), N_("To protect accounts and votes, please wait a few minutes, then try again. Nothing you did is lost.")),
    500: (N_("Something went wrong on our side"), N_("What you sent was not recorded. The fault was noted for the people who run this site. Try again in a few minutes.")),
    503: (N_("The site is resting for a moment"), N_("Try again in a few minutes.")),
}


def template_folder() -> Path:
    """Inside the package when it was installed, beside it in a working copy."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"


def init_app(app: Flask) -> None:
    """Set up cookies, templates, static files, headers and error pages."""
    settings = app.config["SETTINGS"]
    app.config.update(
        SESSION_COOKIE_NAME="deliberate",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        MAX_CONTENT_LENGTH=settings.upload_megabytes * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=FORM_PARTS,
        # Writing a clause takes hours: a page stays good for as long as its session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    csrf.init_app(app)
    _prepare_templates(app)
    app.url_defaults(_add_version)
    app.after_request(_add_headers)
    app.register_error_handler(CSRFError, lambda error: lost_session())
    app.register_error_handler(Refusal, refusal_page)
    app.register_error_handler(HTTPException, _http_error)


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    if app.testing:
        app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        url_if=url_if, once_token=once_token, site_name=site_name, charts=charts, sentence=sentence
    )


def site_name() -> str:
    """The name in the masthead: the instance's own, or « Chartes citoyennes »."""
    name = str(current_app.config["SETTINGS"].name)
    return gettext("Citizens’ charters") if name == "Deliberate" else name


def url_if(endpoint: str, **values: Any) -> str | None:
    """The address of an endpoint, or None when nothing is registered under that name and values."""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return None


# Static files and headers


@cache
def _version(path: Path, modified: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def static_version(filename: str) -> str | None:
    """The start of the file's SHA-256, or None when there is no such file."""
    path = Path(current_app.static_folder or "") / filename
    return _version(path, path.stat().st_mtime_ns) if path.is_file() else None


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and (version := static_version(values.get("filename", ""))):
        values["v"] = version


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SETTINGS"].secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    if request.endpoint == "static":
        lasting = request.args.get("v") and response.status_code == 200
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if lasting else "no-cache"
    elif "_user_id" in session:
        # A shared laptop must not show the last person's pages through the back button.
        response.headers["Cache-Control"] = "no-store"
    return response


# Forms: what a refusal says, what was sent twice, what was sent after the session ended


def show_refusal(form: Form, refusal: Refusal) -> Form:
    """Put the refusal's sentence beside the field it names, else at the top of the form; returns the form."""
    said = sentence(refusal.template, refusal.values)
    if refusal.field and refusal.field in form:
        field = form[refusal.field]
        field.errors = [*field.errors, said]
    else:
        form.form_errors = [*form.form_errors, said]
    return form


def once_token() -> str:
    """A new token for the hidden field `once` of a form."""
    return secrets.token_urlsafe(24)


def once(database: Session, now: datetime) -> str | None:
    """Claim the token of the form being answered, before the act and in its transaction.

    None: first sending, go on. Otherwise the address the first sending led to; a message has been flashed. When the
    act is refused the claim is rolled back with it, so that the corrected form can be sent.
    """
    token = request.form.get(ONCE_FIELD, "")[:TOKEN_LENGTH]
    if not token:
        return None
    try:
        with database.begin_nested():
            database.add(OnceToken(token=token, outcome=request.full_path[:500], at=now))
    except IntegrityError:
        flash(gettext("This page had already been received. It was recorded once only."), "notice")
        return database.get_one(OnceToken, token).outcome
    return None


def once_done(database: Session, address: str) -> None:
    """Remember where a first sending led, for a second one to go there too."""
    if claimed := database.get(OnceToken, request.form.get(ONCE_FIELD, "")[:TOKEN_LENGTH]):
        claimed.outcome = address


def lost_session() -> tuple[str, int]:
    """A page that gives back what was typed before the session was lost, with a button to send it again.

    For a request from this site alone: another site must not be able to prepare a form with a good token. Secrets,
    ballot choices and files are never given back, nor anything from a form that has a field `no_echo`.
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
    return name == ONCE_FIELD or not any(word in name.lower() for word in NEVER_ECHOED)


# Error pages


def refusal_page(refusal: Refusal) -> tuple[str | Response, int]:
    """The page of a refusal that no view caught."""
    return _error_page(refusal.status, sentence(refusal.template, refusal.values))


def _http_error(error: HTTPException) -> HTTPException | tuple[str | Response, int]:
    code = error.code or 500
    if code < 400 or error.response is not None:
        return error
    return _error_page(code if code in ERRORS else 400 if code < 500 else 500)


def _error_page(status: int, said: str | None = None) -> tuple[str | Response, int]:
    title, advice = ERRORS.get(status, ERRORS[422])
    advice = said or gettext(advice, megabytes=current_app.config["SETTINGS"].upload_megabytes)
    if request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json":
        return jsonify(error=gettext(title), detail=advice), status
    return render_template("errors/error.html", status=status, title=gettext(title), advice=advice), status
