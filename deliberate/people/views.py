"""Pages of people: signing in by mailed link or printed code, signing out, one's account.

A mailed link shows a page; the button on it signs in, because mail scanners follow links.
"""

from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_security import auth_required, login_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from deliberate.core import error_pages, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.i18n import in_language
from deliberate.core.mail import post
from deliberate.people import acts
from deliberate.people.current import user
from deliberate.people.forms import AccountForm, CodeForm, LinkForm
from deliberate.people.models import User
from deliberate.people.queries import held_about
from deliberate.people.rules import LINK_LASTS

blueprint = Blueprint("people", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Ask for a link by mail, or sign in with a printed code."""
    by_code = "code" in request.form
    link_form, code_form = LinkForm(formdata=None if by_code else request.form), CodeForm()
    if by_code and code_form.validate_on_submit():
        return _sign_in_by_code(link_form, code_form)
    if not by_code and request.method == "POST" and link_form.validate():
        return _send_link(link_form, code_form)
    status = 422 if request.method == "POST" else 200
    return render_template("people/sign_in.html", link_form=link_form, code_form=code_form), status


def _sign_in_by_code(link_form: LinkForm, code_form: CodeForm) -> Response | tuple[str, int]:
    try:
        person = acts.use_code(db.session(), code_form.code.data, request.remote_addr or "", now())
    except Refusal as refusal:
        db.session.commit()  # the try is counted even though it failed
        page = render_template(
            "people/sign_in.html", link_form=link_form, code_form=web.show_refusal(code_form, refusal)
        )
        return page, refusal.status
    db.session.commit()
    return _enter(person)


def _send_link(link_form: LinkForm, code_form: CodeForm) -> Response | tuple[str, int]:
    email = link_form.email.data.strip().lower()
    try:
        acts.count_attempt(db.session(), f"link:{email}", acts.ATTEMPTS_PER_ACCOUNT, now())
    except Refusal as refusal:
        db.session.commit()
        page = render_template(
            "people/sign_in.html", link_form=web.show_refusal(link_form, refusal), code_form=code_form
        )
        return page, refusal.status
    person = db.session.scalar(select(User).where(User.email == email, User.erased_at.is_(None)))
    if person is not None:
        _mail_link(person)
    db.session.commit()
    return redirect(url_for("people.link_sent"))


def _mail_link(person: User) -> None:
    secret = acts.make_link(db.session(), person, now())
    address = web.outside_address("people.open_link", secret=secret)
    with in_language(person.language):
        subject = gettext("Your sign-in link")
        body = gettext(
            "Hello,\n\nOpen this address and press the button to sign in:\n\n%(address)s\n\n"
            "It works once, within %(minutes)s minutes. If you did not ask for it, do nothing.\n",
            address=address,
            minutes=LINK_LASTS // timedelta(minutes=1),
        )
    post(db.session(), person.email, subject, body, now())


@blueprint.get("/sign-in/sent")
def link_sent() -> str:
    """What to do next; the same page whether or not the address is known here."""
    return render_template("people/link_sent.html")


@blueprint.get("/sign-in/<secret>")
def open_link(secret: str) -> str:
    """A page with the button that signs in; opening it spends nothing."""
    return render_template("people/open_link.html", secret=secret)


@blueprint.post("/sign-in/<secret>")
def use_link(secret: str) -> Response:
    """Spend the link and sign in."""
    person = acts.use_link(db.session(), secret, now())
    db.session.commit()
    return _enter(person)


def _enter(person: User) -> Response:
    session.clear()  # neither a form's token nor a mark of who sat here before goes on
    login_user(person, remember=False)
    return redirect(url_for("process.mine"))


def please_sign_in() -> Response:
    """What someone gets who opens a page that needs an account; a form that was sent is given back, not lost."""
    if request.method == "POST":
        return make_response(*error_pages.lost_session())
    flash(gettext("Please sign in to open that page."), "notice")
    return redirect(url_for("people.sign_in"))


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Leave; the page says so."""
    logout_user()
    session.clear()
    flash(gettext("You are signed out. Nothing of yours stays on this screen."), "notice")
    return redirect("/")


@blueprint.route("/account", methods=["GET", "POST"])
@auth_required("session")
def account() -> str | Response | tuple[str, int]:
    """One's name and language."""
    person = user()
    assert person is not None
    form = AccountForm(obj=person)
    if form.validate_on_submit():
        person.name, person.language = form.name.data.strip(), form.language.data
        db.session.commit()
        flash(gettext("Recorded."), "notice")
        return redirect(url_for("people.account"))
    return render_template("people/account.html", form=form), 422 if form.errors else 200


@blueprint.get("/account/data.json")
@auth_required("session")
def data() -> Response:
    """What is held about the person signed in, as a file."""
    person = user()
    assert person is not None
    response: Response = web.download(held_about(db.session(), person, now()), "deliberate-my-data.json")
    return response
