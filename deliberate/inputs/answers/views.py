"""Pages of “you said, we did”."""

from math import ceil

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.fields import texts
from deliberate.core.sending import Page, send
from deliberate.inputs import rules
from deliberate.inputs.answers import acts, queries
from deliberate.inputs.answers.forms import OutcomeForm
from deliberate.inputs.blueprint import blueprint, hidden_round, page_asked
from deliberate.inputs.queries import PER_PAGE, contributions_by_key
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process


@blueprint.get("/processes/<slug>/answers")
def answers(slug: str) -> Page:
    """What became of each contribution."""
    process = process_here(slug)
    outcome = request.args.get("outcome", "")
    found, total = queries.answered(
        db.session(), process, outcome if outcome in rules.OUTCOMES else "", page_asked()
    )
    return render_template(
        "inputs/answers.html",
        process=process,
        contributions=found,
        outcome=outcome,
        total=total,
        counts=queries.outcome_counts(db.session(), process),
        page=page_asked(),
        pages=ceil(total / PER_PAGE),
        hidden=hidden_round(process),
    )


@blueprint.route("/processes/<slug>/answers/missing", methods=["GET", "POST"])
def missing_answers(slug: str) -> Page:
    """The contributions that nobody has answered; those who may answer do it here, many at once."""
    process = process_here(slug)
    form = OutcomeForm()
    if request.method == "GET":
        return _missing_page(process, form)
    require_here(process, "create", "answer")
    ticked = contributions_by_key(db.session(), process, request.form.getlist("contribution"))

    def do() -> str:
        if not ticked:
            raise Refusal(N_("Tick at least one contribution."))
        for one in ticked.values():
            acts.answer_contribution(
                db.session(), actor(), process, one, form.outcome.data, texts(form, "reason"), now(),
                charter=(form.charter.data or "").strip(), clause=(form.clause.data or "").strip(),
            )  # fmt: skip
        flash(gettext("Recorded. Each of those who wrote can read it from their receipt."), "success")
        return url_for("inputs.missing_answers", slug=slug)

    try:
        return send(do)
    except Refusal as refusal:
        return _missing_page(process, web.show_refusal(form, refusal)), refusal.status


def _missing_page(process: Process, form: OutcomeForm) -> str:
    found, total = queries.unanswered(db.session(), process, page_asked())
    hidden = hidden_round(process)
    return render_template(
        "inputs/missing.html",
        process=process,
        contributions=[one for one in found if one.round != hidden],
        total=total,
        page=page_asked(),
        pages=ceil(total / PER_PAGE),
        form=form,
        ticked=request.form.getlist("contribution"),
        may_answer=allowed(process, "create", "answer"),
    )
