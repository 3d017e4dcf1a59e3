"""Appeals: sent from a receipt, decided by guarantors, listed for everyone."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import typed
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.sending import Page, send_form
from deliberate.inputs.blueprint import blueprint
from deliberate.inputs.moderating import appeals as acts
from deliberate.inputs.moderating import queries
from deliberate.inputs.moderating.forms import AppealAnswerForm, AppealForm
from deliberate.inputs.moderating.models import Appeal
from deliberate.inputs.moderating.queries import Standing
from deliberate.inputs.moderating.rules import APPEAL_NAMES, appeal_time
from deliberate.inputs.moderating.things import Thing, kind_of, thing_named, thing_of
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process


@blueprint.app_template_filter("appeal_standing")
def appeal_standing(thing: Thing) -> Standing:
    """Where the author of something refused stands with appeals, for their receipt."""
    return queries.standing(db.session(), db.session.get_one(Process, thing.process_id), thing)


@blueprint.app_template_filter("appeal_state")
def appeal_state(state: str) -> str:
    """How an appeal stands, in the reader's language."""
    return str(gettext(APPEAL_NAMES[state]))


@blueprint.route("/receipts/<secret>/appeal", methods=["GET", "POST"])
def appeal(secret: str) -> Page:
    """Ask a guarantor to look again at a refusal; what an appeal is stands above the form."""
    thing = thing_of(db.session(), secret)
    process, form = db.session.get_one(Process, thing.process_id), AppealForm()
    receipt = url_for(kind_of(thing).receipt, secret=secret)

    def do() -> str:
        acts.appeal(db.session(), process, thing, form.reason.data, now())
        flash(gettext("Your appeal was received. The answer will be shown on your receipt."), "success")
        return receipt

    def show() -> str:
        return render_template(
            "inputs/moderating/appeal.html",
            process=process,
            thing=thing,
            address=url_for("inputs.appeal", secret=secret),
            receipt=receipt,
            form=form,
            standing=appeal_standing(thing),
        )

    return send_form(form, do, show, again=receipt)


@blueprint.route("/processes/<slug>/appeals", methods=["GET", "POST"])
def appeals(slug: str) -> Page:
    """Every appeal with its answer; guarantors decide here on those that wait."""
    process = process_here(slug)
    form = AppealAnswerForm()
    if request.method == "GET":
        return _appeals_page(process, form)
    require_here(process, "decide", "appeal")
    chosen = queries.appeal(db.session(), process, request.form.get("appeal", 0, typed.whole))

    def do() -> str:
        decision = request.form.get("decision", "")
        acts.answer_appeal(db.session(), actor(), process, chosen, decision, form.answer.data or "", now())
        flash(gettext("Your decision is recorded, and stands in the public log."), "success")
        return url_for("inputs.appeals", slug=slug)

    return send_form(form, do, lambda: _appeals_page(process, form, chosen))


def _appeals_page(process: Process, form: AppealAnswerForm, chosen: Appeal | None = None) -> str:
    found = queries.appeals_of(db.session(), process)
    may_decide = allowed(process, "decide", "appeal")
    waiting = [one for one in found if one.state == "waiting"]
    return render_template(
        "inputs/moderating/appeals.html",
        process=process,
        appeals=found,
        waiting=waiting,
        things={one.id: thing_named(db.session(), process, one.object) for one in waiting}
        if may_decide
        else {},
        may_decide=may_decide,
        form=form,
        chosen=chosen,
        days=appeal_time(process.protocol).days,
        now=now(),
    )
