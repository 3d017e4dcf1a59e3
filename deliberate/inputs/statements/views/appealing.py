"""Appealing when a statement that one proposed was refused."""

from flask import flash, render_template, url_for
from flask_babel import gettext

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.core.sending import Page, send_form
from deliberate.inputs.blueprint import blueprint
from deliberate.inputs.moderating.appeals import appeal
from deliberate.inputs.moderating.forms import AppealForm
from deliberate.inputs.moderating.queries import standing
from deliberate.inputs.statements import queries
from deliberate.inputs.statements.current import participant_here
from deliberate.inputs.statements.models import Statement
from deliberate.process.current import process_here
from deliberate.process.models import Process


@blueprint.route("/processes/<slug>/votes/appeal/<key>", methods=["GET", "POST"])
def appeal_statement(slug: str, key: str) -> Page:
    """Ask a guarantor to look again at a refusal."""
    process, form = process_here(slug), AppealForm()
    mine = _proposed_here(process, key)

    def do() -> str:
        appeal(db.session(), process, mine, form.reason.data, now())
        flash(gettext("Your appeal was received. The answer will be shown among your votes."), "success")
        return url_for("inputs.my_votes", slug=slug)

    return send_form(form, do, lambda: _page(process, mine, form))


def _proposed_here(process: Process, key: str) -> Statement:
    participant = participant_here(process)
    proposed = queries.proposed_by(db.session(), participant) if participant else []
    mine = next((one for one in proposed if one.key == key), None)
    if mine is None:
        raise NotFound(N_("This statement was not proposed from this browser. Open the link you kept first."))
    return mine


def _page(process: Process, mine: Statement, form: AppealForm) -> str:
    return render_template(
        "inputs/moderating/appeal.html",
        process=process,
        thing=mine,
        address=url_for("inputs.appeal_statement", slug=process.slug, key=mine.key),
        receipt=url_for("inputs.my_votes", slug=process.slug),
        form=form,
        standing=standing(db.session(), process, mine),
    )
