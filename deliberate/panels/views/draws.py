"""Draws: asking for one, watching it being computed, sealing, the public ceremony, abandoning."""

from typing import Any

from flask import Response as JsonResponse
from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.i18n import localized_text, percent
from deliberate.core.jobs import Job
from deliberate.core.sending import Page, send
from deliberate.panels import acts, queries
from deliberate.panels.figures import as_share, chances, panel_figures
from deliberate.panels.forms import RandomnessForm, ReasonForm, RequestForm
from deliberate.panels.models import Draw
from deliberate.panels.views.blueprint import blueprint, do
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process
from sortition import SortitionError
from sortition.randomness import digits_needed

STAGES = {
    "relaxation": N_("Finding the most equal chances that the quotas allow"),
    "panels": N_("Finding panels that give these chances"),
    "rounding": N_("Making a list of equally likely panels"),
    "sealing": N_("Sealing the list"),
}
RUNNING = ("requested", "computing")


def draw_here(process: Process, number: int) -> Draw:
    """A draw for the person who asks: public once sealed, unless it is a rehearsal. Raises NotFound."""
    draw = queries.draw_by_number(db.session(), process, number)
    public = not draw.rehearsal and draw.commitment is not None
    if not public and not allowed(process, "see", "draw"):
        raise NotFound(N_("There is no draw with this number."))
    return draw


def sealed_figures(process: Process, draw: Draw | None) -> dict[str, Any]:
    """What the charts of a page show: per category a label and rows; everyone's chance; the proven bound."""
    sealed = draw is not None and bool(draw.lottery)
    return {
        "figures": [
            {
                "label": localized_text(one.label),
                "rows": [row | {"label": localized_text(row["label"])} for row in one.rows],
            }
            for one in panel_figures(db.session(), process, draw if sealed else None)
        ],
        "chances": chances(draw) if sealed and draw else [],
        "bound": as_share(draw.figures["bound"]) if sealed and draw else None,
    }


@blueprint.route("/processes/<slug>/draws", methods=["GET", "POST"])
@auth_required("session")
def draws(slug: str) -> Page:
    """Every draw and rehearsal, and what is needed before the next one."""
    process = process_here(slug)
    require_here(process, "see", "draw")
    declared = process.protocol["panel"].get("randomness") or {}
    form = RequestForm(source_fr=declared.get("fr", ""), source_en=declared.get("en", ""))

    def do() -> str:
        rehearsal = request.form.get("action") == "rehearsal"
        draw = acts.request_draw(
            db.session(), actor(), process, now(), rehearsal=rehearsal, randomness_source=form.source
        )
        return url_for("panels.draw", slug=slug, number=draw.number)

    if not form.validate_on_submit():
        return _draws_page(process, form), 422 if form.is_submitted() else 200
    try:
        return send(do)
    except Refusal as refusal:
        return _draws_page(process, web.show_refusal(form, refusal)), refusal.status


def _draws_page(process: Process, form: RequestForm) -> str:
    signature = queries.last_signature(db.session(), process)
    return render_template(
        "panels/draws.html",
        process=process,
        form=form,
        draws=queries.draws(db.session(), process),
        quotas=queries.quotas(db.session(), process),
        people=queries.pool_size(db.session(), process),
        signed=signature is not None and signature.digest == queries.digest_of_pool(db.session(), process),
        current=queries.current_draw(db.session(), process),
        may_create=allowed(process, "create", "draw"),
    )


@blueprint.get("/processes/<slug>/draws/<int:number>")
def draw(slug: str, number: int) -> str:
    """One draw: its progress, its seal, its result, or why it ended."""
    process = process_here(slug)
    found = draw_here(process, number)
    return render_template(
        "panels/draw.html",
        process=process,
        draw=found,
        progress=_progress(found),
        **sealed_figures(process, found),
        may_create=allowed(process, "create", "draw"),
        may_see_rows=may_see_rows(process),
        form=ReasonForm(),
    )


def may_see_rows(process: Process) -> bool:
    """Whether the person who asks may read everybody's rows: guarantors and organisers, or all if the protocol says."""
    public = bool(process.protocol["panel"].get("attributes_public"))
    return public or allowed(process, "see", "pool")


@blueprint.get("/processes/<slug>/draws/<int:number>/progress.json")
def draw_progress(slug: str, number: int) -> JsonResponse:
    """How far the computation is."""
    return jsonify(_progress(draw_here(process_here(slug), number)))


def _progress(draw: Draw) -> dict[str, Any]:
    job = db.session().get(Job, draw.job_id) if draw.job_id else None
    known = job.progress if job else {}
    return {
        "done": known.get("done", 0),
        "total": known.get("total", 0),
        "text": _in_words(known),
        "finished": draw.state not in RUNNING,
    }


def _in_words(known: dict[str, Any]) -> str:
    if not known:
        return str(gettext("Waiting for a worker"))
    stage = STAGES[known["stage"]]
    said: str = gettext(stage)
    if known.get("attained") is None or known.get("bound") is None:
        return said
    chances = gettext(
        "least chance reached: %(attained)s of at most %(bound)s",
        attained=percent(known["attained"] / 1e6, 2),
        bound=percent(known["bound"] / 1e6, 2),
    )
    return f"{said} – {chances}"


@blueprint.post("/processes/<slug>/draws/<int:number>/cancel")
@auth_required("session")
def cancel_draw(slug: str, number: int) -> Page:
    """Stop a computation."""
    process = process_here(slug)
    found = queries.draw_by_number(db.session(), process, number)
    return do(
        lambda: acts.cancel_draw(db.session(), actor(), found, now()),
        url_for("panels.draws", slug=slug),
        N_("The computation is stopped; nothing was sealed."),
    )


@blueprint.post("/processes/<slug>/draws/<int:number>/abandon")
@auth_required("session")
def abandon_draw(slug: str, number: int) -> Page:
    """Give up a sealed lottery; it stays public, with the reason."""
    process = process_here(slug)
    found = queries.draw_by_number(db.session(), process, number)
    reason = request.form.get("reason", "")
    return do(
        lambda: acts.abandon_draw(db.session(), actor(), found, reason, now()),
        url_for("panels.draw", slug=slug, number=number),
        N_("The draw is abandoned. It stays public, with its reason."),
    )


@blueprint.route("/processes/<slug>/draws/<int:number>/reveal", methods=["GET", "POST"])
@auth_required("session")
def reveal(slug: str, number: int) -> Page:
    """The ceremony, fit for a projector: type what was drawn, read it again, then reveal, once."""
    process = process_here(slug)
    found = queries.draw_by_number(db.session(), process, number)
    require_here(process, "create", "draw")
    if found.state == "revealed" and request.method == "GET":
        return redirect(url_for("panels.draw", slug=slug, number=number))
    form = RandomnessForm()
    if not form.validate_on_submit():
        return _ceremony(process, found, form), 422 if form.is_submitted() else 200
    if request.form.get("step") != "reveal":
        return _ceremony(process, found, form, typed=form.randomness.data.strip())

    def do() -> str:
        acts.reveal(db.session(), actor(), found, form.randomness.data, now())
        flash(gettext("Panel number %(ticket)s was drawn.", ticket=found.ticket), "success")
        return url_for("panels.draw", slug=slug, number=number)

    try:
        return send(do)
    except Refusal as refusal:
        return _ceremony(process, found, web.show_refusal(form, refusal)), refusal.status


def _ceremony(process: Process, draw: Draw, form: RandomnessForm, typed: str | None = None) -> str:
    panels = draw.settings["panels"]
    try:
        digits = digits_needed(panels) if draw.settings["ticket"] == "digits" else 0
    except SortitionError:
        digits = 0
    return render_template(
        "panels/reveal.html", process=process, draw=draw, form=form, typed=typed, digits=digits, panels=panels
    )
