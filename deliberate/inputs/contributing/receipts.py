"""Pages of a receipt: it shows what became of an answer; its buttons correct, withdraw, contest, send it by mail.

Opening a receipt changes nothing. Whoever holds its address may act; only a hash of its secret is stored.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.core.i18n import language, localized_text
from deliberate.core.sending import Page, send, send_form
from deliberate.inputs import rules
from deliberate.inputs.blueprint import blueprint, collecting
from deliberate.inputs.contributing import acts, contacts, visit
from deliberate.inputs.contributing.forms import ContestForm, CorrectionForm, FindForm, MailForm
from deliberate.inputs.contributing.models import ContributorContact
from deliberate.inputs.contributing.rules import Progress, progress, typed_secret
from deliberate.inputs.dossiers.checklist import contest_until
from deliberate.inputs.dossiers.queries import is_settled
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating.things import kind_of, thing_with
from deliberate.inputs.queries import questions_of
from deliberate.inputs.synthesis.acts import contest_placement
from deliberate.inputs.synthesis.models import Placement
from deliberate.process.current import allowed, process_here


@dataclass(frozen=True)
class Forms:
    """The forms of a receipt's page, of which one at most was sent."""

    correction: CorrectionForm
    contest: ContestForm
    mail: MailForm

    @classmethod
    def blank(cls, contribution: Contribution) -> "Forms":
        """None was sent."""
        return cls(
            CorrectionForm(formdata=None, text=contribution.text),
            ContestForm(formdata=None),
            MailForm(formdata=None),
        )


@blueprint.route("/receipts", methods=["GET", "POST"])
def find_receipt() -> Page:
    """Open a receipt from a code on paper, or from an address that was copied by hand."""
    form, here = FindForm(), url_for("inputs.find_receipt")
    show = partial(render_template, "inputs/contributing/find_receipt.html", form=form)
    return send_form(form, lambda: _opened_by(form.code.data), show, again=here)


def _opened_by(code: str) -> str:
    """The address of the receipt that a code opens."""
    for secret in typed_secret(code):
        if (thing := thing_with(db.session(), secret)) is not None:
            return url_for(kind_of(thing).receipt, secret=secret)
    raise NotFound(
        N_(
            "This receipt is not known here. Check it letter by letter; the digits 0 and 1 are not used in codes."
        ),
        field="code",
    )


@blueprint.get("/receipts/<secret>")
def receipt(secret: str) -> Page:
    """What a receipt opens; nothing changes by opening it."""
    contribution = acts.contribution_of(db.session(), secret)
    return _page(contribution, secret, Forms.blank(contribution))


def _page(contribution: Contribution, secret: str, forms: Forms) -> str:
    process = contribution.process
    return render_template(
        "inputs/contributing/receipt.html",
        process=process,
        contribution=contribution,
        secret=secret,
        form=forms.correction,
        contest_form=forms.contest,
        mail_form=forms.mail,
        contact=db.session.get(ContributorContact, contribution.id),
        address=web.outside_address("inputs.receipt", secret=secret),
        settled=is_settled(db.session(), process, contribution.round),
        may_contest=allowed(process, "contest", "contribution"),
        contest_until=contest_until(process, contribution.round),
        progress=_progress(contribution),
        shared=visit.shared(),
        remembered=visit.anything(),
        limit=rules.TEXT_LIMIT,
    )


def _progress(contribution: Contribution) -> Progress | None:
    """How far the visit has come, while the answers of its round are collected and this browser gave some."""
    process, number = contribution.process, contribution.round
    answered = visit.answered(process, number)
    if not answered or not collecting(process, number):
        return None
    keys = [question.key for question in questions_of(db.session(), process, number)]
    return progress(keys, answered, contribution.question.key)


@blueprint.get("/receipts/<secret>/print")
def print_receipt(secret: str) -> Page:
    """A short page to print: the code, letter by letter, and what it is for; not the words themselves."""
    contribution = acts.contribution_of(db.session(), secret)
    return _short_page(contribution, secret, MailForm(formdata=None))


@blueprint.route("/processes/<slug>/received", methods=["GET", "POST"])
def received(slug: str) -> Page:
    """The receipt of the last answer on a shared computer; once that person has finished, it shows nothing."""
    process, secret = process_here(slug), visit.receipt()
    if not acts.known(db.session(), secret):
        return redirect(url_for("inputs.contribute", slug=process.slug))
    contribution, form = acts.contribution_of(db.session(), secret), MailForm()
    response = _mail(contribution, secret, form, lambda: _short_page(contribution, secret, form))
    response.headers["Cache-Control"] = "no-store"
    return response


def _short_page(contribution: Contribution, secret: str, form: MailForm) -> str:
    return render_template(
        "inputs/contributing/receipt_print.html",
        process=contribution.process,
        contribution=contribution,
        secret=secret,
        code=rules.in_groups(secret),
        address=web.outside_address("inputs.find_receipt"),
        mail_form=form,
        progress=_progress(contribution),
        shared=visit.shared(),
    )


@blueprint.post("/receipts/<secret>/correct")
def correct(secret: str) -> Page:
    """Replace the text."""
    contribution, form = acts.contribution_of(db.session(), secret), CorrectionForm()
    forms, receipt = replace(Forms.blank(contribution), correction=form), _address(secret)

    def do() -> str:
        acts.correct_contribution(db.session(), secret, form.text.data, now())
        flash(gettext("Your new words replace the first ones, which are forgotten."), "success")
        return receipt

    return send_form(form, do, lambda: _page(contribution, secret, forms), again=receipt)


@blueprint.route("/receipts/<secret>/withdraw", methods=["GET", "POST"])
def withdraw(secret: str) -> Page:
    """Say what withdrawing does, then do it."""
    contribution, receipt = acts.contribution_of(db.session(), secret), _address(secret)
    if request.method == "GET":
        return render_template(
            "inputs/contributing/withdraw.html",
            process=contribution.process,
            contribution=contribution,
            secret=secret,
        )

    def do() -> str:
        acts.withdraw_contribution(db.session(), secret, now())
        flash(gettext("Your words were withdrawn and erased."), "success")
        return receipt

    return send(do, again=receipt)


@blueprint.post("/receipts/<secret>/contest/<int:number>")
def contest(secret: str, number: int) -> Page:
    """Contest where one's words were placed."""
    contribution, form = acts.contribution_of(db.session(), secret), ContestForm()
    forms, receipt = replace(Forms.blank(contribution), contest=form), _address(secret)
    placement = db.session.get(Placement, number)
    if placement is None or placement.contribution_id != contribution.id:
        raise NotFound(
            N_("These words no longer stand on that line. Reload the page to see where they stand.")
        )

    def do() -> str:
        contest_placement(db.session(), secret, placement, form.reason.data, now())
        flash(gettext("Your objection was received. The answer will be shown here."), "success")
        return receipt

    return send_form(form, do, lambda: _page(contribution, secret, forms), again=receipt)


@blueprint.post("/receipts/<secret>/mail")
def mail_receipt(secret: str) -> Page:
    """Send the receipt by mail and, if asked, keep the address to tell what becomes of the words."""
    contribution, form = acts.contribution_of(db.session(), secret), MailForm()
    forms = replace(Forms.blank(contribution), mail=form)
    return _mail(contribution, secret, form, lambda: _page(contribution, secret, forms))


def _mail(contribution: Contribution, secret: str, form: MailForm, show: Callable[[], str]) -> Response:
    slug = contribution.process.slug
    shown = url_for("inputs.received", slug=slug) if visit.shared() else _address(secret)

    def do() -> str:
        contacts.mail_receipt(db.session(), secret, form.address.data, *_letter(contribution, secret), now())
        if form.follow.data:
            contacts.follow(db.session(), secret, form.address.data, language(), now())
        flash(gettext("The letter leaves in a moment."), "success")
        return shown

    return send_form(form, do, show, again=shown)


def _address(secret: str) -> str:
    return url_for("inputs.receipt", secret=secret)


def _letter(contribution: Contribution, secret: str) -> tuple[str, str]:
    body = gettext(
        "Someone, surely you, answered a question of: %(title)s.\n\n"
        "With this address you can read what became of the words, correct them until the dossier is settled, "
        "or withdraw them:\n%(address)s\n\n"
        "Contribution: %(key)s\n\n"
        "Keep this letter to yourself: whoever has the address can act for you. If you answered nothing, throw it "
        "away: your address is not kept unless the box for news was ticked, and the page says how to stop them.",
        title=localized_text(contribution.process.title),
        address=web.outside_address("inputs.receipt", secret=secret),
        key=contribution.key,
    )
    return gettext("Your receipt"), body


@blueprint.post("/receipts/<secret>/stop")
def stop_following(secret: str) -> Page:
    """Delete the address that was left."""

    def do() -> str:
        contacts.stop_following(db.session(), secret)
        flash(gettext("Your address is deleted: no more letters will come."), "success")
        return _address(secret)

    return send(do, again=_address(secret))
