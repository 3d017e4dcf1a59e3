"""The web shell: templates, static files, headers, refusals beside their field, and forms done once.

`init_app(app)` needs `app.config["SETTINGS"]`. Templates get `url_if(endpoint, **values)` (the address, or
None when nothing answers at that endpoint), `once_token()`, `site_name()`, `sentence(template, values)` and
the geometry of `core.charts`.

A view that changes something (see `core.sending`):

    form = ProposalForm()

    def do() -> str:
        proposal = acts.propose(db.session(), actor(), ..., now())
        return url_for("drafting.amendment", slug=slug, key=proposal.key)

    return send_form(form, do, lambda: _page(process, form))

A second sending finds the form's hidden `once` token in `OnceToken`, written in the transaction of the first.
A Refusal that a view does not catch becomes a page with its sentence and status.
"""

import hashlib
import secrets
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, Response, current_app, flash, request, session, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError
from wtforms.form import BaseForm

from deliberate.core import bounds, charts, error_pages
from deliberate.core.current import settings
from deliberate.core.database import OnceToken
from deliberate.core.errors import Refusal
from deliberate.core.i18n import sentence

PACKAGE = Path(__file__).parents[1]
YEAR = 365 * 24 * 3600
TOKEN_LENGTH = 64
FORM_PARTS = 5000
ONCE_FIELD = "once"
RECEIVED_COOKIE = "received"

csrf = CSRFProtect()
Form = TypeVar("Form", bound=BaseForm)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; media-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
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
        # A file that was previewed comes back inside the form that confirms it.
        MAX_FORM_MEMORY_SIZE=settings.upload_megabytes * 1024 * 1024,
        MAX_FORM_PARTS=FORM_PARTS,
        # Writing a clause takes hours: a page stays good for as long as its session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    bounds.init_app(app)
    csrf.init_app(app)
    _prepare_templates(app)
    app.url_defaults(_add_version)
    app.after_request(_add_headers)
    app.after_request(_say_received)
    error_pages.init_app(app)


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    if app.testing:
        app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        url_if=url_if,
        once_token=once_token,
        drafts_owner=drafts_owner,
        site_name=site_name,
        charts=charts,
        sentence=sentence,
    )


def site_name() -> str:
    """The name in the masthead: the instance's own, or « Chartes citoyennes »."""
    name = settings().name
    return gettext("Citizens’ charters") if name == "Deliberate" else name


def url_if(endpoint: str, **values: Any) -> str | None:
    """The address of an endpoint, or None when nothing is registered under that name and values."""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return None


# Static files and headers


@cache
def _version(path: Path, _modified: int) -> str:
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
    if settings().secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    if request.endpoint == "static":
        lasting = request.args.get("v") and response.status_code == 200
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if lasting else "no-cache"
    elif request.endpoint == "people.sign_out":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    elif "_user_id" in session or _secret_address():
        # A shared laptop must not show the last person's pages through the back button.
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _secret_address() -> bool:
    """Whether the address itself is the key to the page: a receipt, a sign-in link."""
    return "secret" in (request.view_args or {})


# Forms: what a refusal says, what was sent twice


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


def drafts_owner() -> str:
    """Whose drafts a browser keeps: a name that says nothing about the person; empty for a visitor."""
    known = session.get("_user_id")
    secret = settings().secret_key
    return hashlib.sha256(f"drafts {secret} {known}".encode()).hexdigest()[:16] if known else ""


def _say_received(response: Response) -> Response:
    """After a form was done, let the browser forget the draft it kept of it."""
    if request.method != "POST" or response.status_code not in {302, 303}:
        return response
    token = request.form.get(ONCE_FIELD, "")[:TOKEN_LENGTH]
    if token and response.location != url_if("people.sign_in"):
        secure = settings().secure
        response.set_cookie(RECEIVED_COOKIE, token, max_age=600, secure=secure, samesite="Lax")
    return response


def once(database: Session, now: datetime) -> str | None:
    """Claim the token of the form being answered, before the act and in its transaction.

    None: first sending, go on. Otherwise the address the first sending led to; a message has been flashed.
    When the act is refused the claim is rolled back with it, so that the corrected form can be sent.
    """
    token = request.form.get(ONCE_FIELD, "")[:TOKEN_LENGTH]
    if not token:
        return None
    try:
        with database.begin_nested():
            # A secret is written nowhere, not even until the outcome replaces it.
            outcome = "/" if _secret_address() else request.full_path[:500]
            database.add(OnceToken(token=token, outcome=outcome, at=now))
    except IntegrityError:
        flash(gettext("This page had already been received. It was recorded once only."), "notice")
        return database.get_one(OnceToken, token).outcome
    return None


def once_done(database: Session, address: str) -> None:
    """Remember where a first sending led, for a second one to go there too."""
    if claimed := database.get(OnceToken, request.form.get(ONCE_FIELD, "")[:TOKEN_LENGTH]):
        claimed.outcome = address


# Addresses and files


def outside_address(endpoint: str, **values: Any) -> str:
    """The full address of a page, for a letter: from the configured base URL, never from the Host header."""
    return settings().base_url + url_for(endpoint, **values)


def file(content: str | bytes, mimetype: str, filename: str, inline: bool = False) -> Response:
    """A file to keep, or with `inline` to look at in the browser."""
    response = current_app.make_response(content)
    response.mimetype = mimetype
    kind = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f'{kind}; filename="{filename}"'
    return response


def download(content: Any, filename: str) -> Response:
    """Plain data as a JSON file to keep."""
    return file(current_app.json.dumps(content), "application/json", filename)
