"""Addresses nearly alike, and whether they are one home: the organisers' page."""

from flask import render_template, request, url_for
from flask_security import auth_required

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_
from deliberate.core.sending import Page
from deliberate.panels import queries
from deliberate.panels.households import doubts, living
from deliberate.panels.imports import decide_household
from deliberate.panels.views.blueprint import blueprint, do
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here


@blueprint.get("/processes/<slug>/pool/households")
@auth_required("session")
def households(slug: str) -> str:
    """Every pair of addresses that may be one home, those to decide first."""
    process = process_here(slug)
    require_here(process, "change", "pool")
    return render_template(
        "panels/households.html",
        process=process,
        living=living(db.session(), process),
        pairs=doubts(db.session(), process),
        signed=queries.last_signature(db.session(), process) is not None,
    )


@blueprint.post("/processes/<slug>/pool/households")
@auth_required("session")
def decide_household_here(slug: str) -> Page:
    """Decide one pair."""
    process = process_here(slug)
    form = request.form
    return do(
        lambda: decide_household(
            db.session(),
            actor(),
            process,
            form.get("first", ""),
            form.get("second", ""),
            form.get("same") == "yes",
            now(),
            reason=form.get("reason", ""),
        ),
        url_for("panels.households", slug=slug),
        N_("The decision is recorded."),
    )
