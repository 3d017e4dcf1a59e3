"""Pages of the notes of tables."""

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
from deliberate.deliberation.notes import acts
from deliberate.deliberation.notes.forms import NoteForm
from deliberate.deliberation.sittings.views import sitting_page
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here


@blueprint.post("/processes/<slug>/sittings/<int:number>/notes")
@auth_required("session")
def add_note(slug: str, number: int) -> Page:
    """Keep the note of a table."""
    process = process_here(slug)
    require_here(process, "change", "session")
    form = NoteForm()

    def do() -> str:
        found = queries.sitting(db.session(), process, number)
        acts.add_note(
            db.session(), actor(), found, form.label.data or "", in_my_language(form.text.data), now()
        )
        return url_for("deliberation.sitting", slug=slug, number=number, _anchor="notes")

    if not form.validate_on_submit():
        return sitting_page(process, number, note=form), 422
    try:
        return send(do)
    except Refusal as refusal:
        return sitting_page(process_here(slug), number, note=web.show_refusal(form, refusal)), refusal.status
