"""Asking for a draw of the seats left empty: how many, among whom, and what it needs."""

from flask import render_template, url_for
from flask_security import auth_required

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.sending import Page, send
from deliberate.panels import replacements as acts
from deliberate.panels import vacancies
from deliberate.panels.forms import ReplacementForm
from deliberate.panels.views.blueprint import blueprint
from deliberate.panels.views.seats import draw_to_seat
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process


@blueprint.route("/processes/<slug>/draws/replacement", methods=["GET", "POST"])
@auth_required("session")
def replacement(slug: str) -> Page:
    """Prepare a draw of the empty seats; what stands in the way is said."""
    process = process_here(slug)
    require_here(process, "create", "draw")
    declared = process.protocol["panel"].get("randomness") or {}
    form = ReplacementForm(source_fr=declared.get("fr", ""), source_en=declared.get("en", ""), alternates=0)

    def do() -> str:
        draw = acts.request_replacement(
            db.session(),
            actor(),
            process,
            now(),
            alternates=form.alternates.data or 0,
            randomness_source=form.source,
        )
        return url_for("panels.draw", slug=slug, number=draw.number)

    if not form.validate_on_submit():
        return _page(process, form), 422 if form.is_submitted() else 200
    try:
        return send(do)
    except Refusal as refusal:
        return _page(process, web.show_refusal(form, refusal)), refusal.status


def _page(process: Process, form: ReplacementForm) -> str:
    session, draw = db.session(), draw_to_seat(process)
    return render_template(
        "panels/replacement.html",
        process=process,
        form=form,
        draw=draw,
        empty=vacancies.empty(session, draw),
        seated=len(vacancies.staying(session, draw)),
        people=len(vacancies.still_to_draw(session, draw)),
        refusal=acts.why_not(session, process, draw, now()),
    )
