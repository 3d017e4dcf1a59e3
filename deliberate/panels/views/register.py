"""Registering as a volunteer: the form, its paper twin, and checking a receipt number."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import mail, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.i18n import localized_text
from deliberate.core.sending import Page
from deliberate.panels import queries, recruitment
from deliberate.panels.forms import RegistrationForm, with_answers
from deliberate.panels.models import Registrant
from deliberate.panels.rules import kept_until, registration_open, registration_window
from deliberate.panels.views.blueprint import blueprint
from deliberate.people.acts import count_attempt
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here
from deliberate.process.models import Process

PER_ADDRESS = 100


def can_register(process: Process) -> bool:
    """Whether a visitor may register now."""
    return (
        allowed(process, "create", "registration")
        and registration_open(process.protocol, now())
        and queries.current_draw(db.session(), process) is None
    )


@blueprint.route("/processes/<slug>/register", methods=["GET", "POST"])
def register(slug: str) -> Page:
    """Volunteer for the draw. The answer shows the receipt at once, as its link is kept nowhere."""
    process = process_here(slug)
    categories = queries.categories(db.session(), process)
    form = with_answers(RegistrationForm, categories)()
    if form.validate_on_submit():
        if (before := web.once(db.session(), now())) is not None:
            return redirect(before)
        try:
            count_attempt(db.session(), f"registration:{request.remote_addr}", PER_ADDRESS, now())
            registrant, secret = recruitment.register(
                db.session(), actor(), process, form.values, form.contact, now()
            )
        except Refusal as refusal:
            db.session.rollback()
            return _form(process, web.show_refusal(form, refusal)), refusal.status
        address = web.outside_address("panels.receipt", slug=slug, secret=secret)
        _confirm_by_mail(process, registrant, address)
        web.once_done(db.session(), url_for("panels.received", slug=slug))
        db.session.commit()
        return render_template(
            "panels/received.html", process=process, registrant=registrant, secret=secret, address=address
        )
    return _form(process, form), 422 if form.is_submitted() else 200


def _form(process: Process, form: RegistrationForm) -> str:
    return render_template(
        "panels/register.html",
        process=process,
        form=form,
        can_register=can_register(process),
        window=registration_window(process.protocol),
        kept_until=kept_until(process.protocol, now()),
    )


def _confirm_by_mail(process: Process, registrant: Registrant, address: str) -> None:
    if registrant.contact is None or not registrant.contact.email:
        return
    body = gettext(
        "You are registered for the draw: %(title)s.\n\n"
        "Your receipt number: %(number)s\n\n"
        "Your own page, where you can correct your answers, withdraw, and later read what your chance was:\n"
        "%(address)s\n\n"
        "Keep this letter: whoever has this address can act for you. If you did not register, open the page and "
        "withdraw.",
        title=localized_text(process.title),
        number=registrant.pseudonym,
        address=address,
    )
    mail.post(db.session(), registrant.contact.email, gettext("Your registration for the draw"), body, now())


@blueprint.get("/processes/<slug>/register/received")
def received(slug: str) -> str:
    """Where a form sent twice leads: it was entered once."""
    return render_template("panels/received.html", process=process_here(slug), registrant=None)


@blueprint.get("/processes/<slug>/register/form")
def paper_form(slug: str) -> str:
    """The same questions, to print and fill in by hand."""
    process = process_here(slug)
    return render_template(
        "panels/paper_form.html",
        process=process,
        categories=queries.categories(db.session(), process),
        window=registration_window(process.protocol),
        kept_until=kept_until(process.protocol, now()),
    )


@blueprint.get("/processes/<slug>/register/check")
def check_receipt(slug: str) -> str | tuple[str, int]:
    """Whether a receipt number is in the pool: for anyone who holds one."""
    process = process_here(slug)
    number = request.args.get("number", "").strip()
    found, refused = None, None
    if number:
        try:
            found = queries.registrant(db.session(), process, number)
        except Refusal as refusal:
            refused = refusal
    page = render_template(
        "panels/check_receipt.html", process=process, number=number, registrant=found, refused=refused
    )
    return (page, 404) if refused else page
