"""A member's own page. The other pages are in the rooms."""

from flask import render_template
from flask_security import auth_required

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.sending import Page
from deliberate.deliberation import queries
from deliberate.deliberation.ballots import views as ballots
from deliberate.deliberation.ballots.queries import ballots_due
from deliberate.deliberation.blueprint import blueprint
from deliberate.deliberation.evidence import views as evidence
from deliberate.deliberation.notes import views as notes
from deliberate.deliberation.sittings import views as sittings
from deliberate.deliberation.tables import views as tables
from deliberate.deliberation.tables.queries import own_tables
from deliberate.panels.queries import seat_of
from deliberate.people.current import actor, user
from deliberate.process.current import process_here, require_here
from deliberate.process.queries import appointed, roles_of

# Importing a module of pages is what puts them at their addresses.
__all__ = ["ballots", "blueprint", "evidence", "notes", "sittings", "tables"]


@blueprint.get("/processes/<slug>/my-panel")
@auth_required("session")
def my_panel(slug: str) -> Page:
    """A member's work: the next session, the dossier, ballots due, amendments to support."""
    process = process_here(slug)
    require_here(process, "see", "amendment")
    me = user()
    assert me is not None
    found = queries.sittings(db.session(), process)
    terms = [one for one in appointed(db.session(), process, "panel member", now()) if one.user_id == me.id]
    upcoming = [one for one in found if one.opens_at.date() >= now().date()] or found[-1:]
    return render_template(
        "deliberation/my_panel.html",
        process=process,
        roles=roles_of(db.session(), actor(), process, now()),
        term=terms[0] if terms else None,
        seat=seat_of(db.session(), process, me.id),
        upcoming=upcoming,
        tables={one.id: own_tables(db.session(), one, me.id) for one in upcoming},
        due=ballots_due(db.session(), process, me.id, now()),
        now=now(),
    )
