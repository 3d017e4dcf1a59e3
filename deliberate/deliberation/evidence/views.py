"""Pages of what is put before the panel."""

from flask import url_for
from flask_security import auth_required

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.fields import in_my_language
from deliberate.core.sending import Page, send
from deliberate.deliberation import queries
from deliberate.deliberation.blueprint import blueprint
from deliberate.deliberation.evidence import acts
from deliberate.deliberation.evidence.forms import EvidenceForm
from deliberate.deliberation.sittings.views import sitting_page
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here


@blueprint.post("/processes/<slug>/sittings/<int:number>/evidence")
@auth_required("session")
def add_evidence(slug: str, number: int) -> Page:
    """Put a claim before the panel."""
    process = process_here(slug)
    require_here(process, "create", "evidence")
    form = EvidenceForm()

    def do() -> str:
        acts.add_evidence(
            db.session(), actor(), process, in_my_language(form.claim.data), form.source.data or "",
            form.stance.data, now(), sitting=queries.sitting(db.session(), process, number),
            about=form.about.data or "", validation=form.validation.data or "",
        )  # fmt: skip
        return url_for("deliberation.sitting", slug=slug, number=number, _anchor="evidence")

    if not form.validate_on_submit():
        return sitting_page(process, number, evidence=form), 422
    try:
        return send(do)
    except Refusal as refusal:
        return sitting_page(
            process_here(slug), number, evidence=web.show_refusal(form, refusal)
        ), refusal.status
