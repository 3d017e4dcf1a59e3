"""Pages of other wordings: anyone proposes one and keeps a receipt; a rapporteur says what becomes of it."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.i18n import language
from deliberate.core.sending import Page, send, send_form
from deliberate.inputs.blueprint import blueprint, language_choices
from deliberate.inputs.contributing.rules import network
from deliberate.inputs.forms import refuse_program
from deliberate.inputs.synthesis import wordings
from deliberate.inputs.synthesis.forms import SettlingForm, WordingForm
from deliberate.inputs.synthesis.models import WordingProposal
from deliberate.inputs.synthesis.pages import line_here, refuse_hidden
from deliberate.people.acts import count_attempt
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here

# Proposals per quarter of an hour from one network address.
PROPOSALS_PER_ADDRESS = 60


@blueprint.route("/processes/<slug>/synthesis/<key>/wordings", methods=["GET", "POST"])
def propose_wording(slug: str, key: str) -> Page:
    """Say how one would put a line; without an account too."""
    process, line = line_here(slug, key)
    refuse_hidden(process, line.round)
    form = WordingForm(language=language())
    form.language.choices = language_choices()

    def do() -> str:
        refuse_program(form)
        count_attempt(
            db.session(), f"wording:{network(request.remote_addr or '')}", PROPOSALS_PER_ADDRESS, now()
        )
        _, secret = wordings.propose_wording(
            db.session(),
            actor(),
            process,
            line,
            form.text.data or "",
            form.why.data or "",
            form.language.data,
            now(),
        )
        flash(
            gettext("Thank you. Your wording was received. Keep this page’s address: it is your receipt."),
            "success",
        )
        return url_for("inputs.wording", secret=secret)

    def show() -> str:
        return render_template("inputs/synthesis/propose.html", process=process, line=line, form=form)

    return send_form(form, do, show, again=url_for("inputs.line", slug=slug, key=key))


@blueprint.get("/wordings/<secret>")
def wording(secret: str) -> str:
    """What the receipt of a proposed wording opens; nothing changes by opening it."""
    return _receipt(wordings.proposal_of(db.session(), secret), secret)


def _receipt(found: WordingProposal, secret: str) -> str:
    address = web.outside_address("inputs.wording", secret=secret)
    return render_template(
        "inputs/synthesis/receipt.html", process=found.process, proposal=found, secret=secret, address=address
    )


@blueprint.post("/wordings/<secret>/withdraw")
def withdraw_wording(secret: str) -> Page:
    """Erase a proposed wording."""
    wordings.proposal_of(db.session(), secret)

    def do() -> str:
        wordings.withdraw_wording(db.session(), secret, now())
        flash(gettext("Your words were withdrawn and erased."), "success")
        return url_for("inputs.wording", secret=secret)

    return send(do, again=url_for("publication.home"))


@blueprint.route("/processes/<slug>/wordings/<key>", methods=["GET", "POST"])
def settle_wording(slug: str, key: str) -> Page:
    """Take a proposed wording up or decline it, with a reason that everyone reads."""
    process = process_here(slug)
    require_here(process, "change", "synthesis")
    found = wordings.wording(db.session(), process, key)
    form = SettlingForm()

    def do() -> str:
        wordings.settle_wording(
            db.session(), actor(), process, found, form.outcome.data, form.answer.data or "", now()
        )
        flash(gettext("Recorded: everyone reads it beside the line."), "success")
        return url_for("inputs.line", slug=slug, key=found.line.key, _anchor=found.key)

    def show() -> str:
        return render_template(
            "inputs/synthesis/settle_wording.html", process=process, proposal=found, form=form
        )

    return send_form(form, do, show)
