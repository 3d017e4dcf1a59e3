"""The public page of the citizens drawn by lot."""

from flask import render_template

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.panels import queries
from deliberate.panels.rules import registration_window
from deliberate.panels.views.blueprint import blueprint
from deliberate.panels.views.draws import may_see_rows, sealed_figures
from deliberate.panels.views.register import can_register
from deliberate.process.current import process_here


@blueprint.get("/processes/<slug>/panel")
def panel(slug: str) -> str:
    """How the panel is drawn, what came of it, and how to verify it; every draw stays, the abandoned ones too."""
    process = process_here(slug)
    draw = queries.current_draw(db.session(), process)
    sealed = draw if draw is not None and draw.commitment else None
    others = [
        one for one in queries.draws(db.session(), process, rehearsals=False) if one.state == "abandoned"
    ]
    return render_template(
        "panels/panel.html",
        process=process,
        draw=sealed,
        abandoned=others,
        **sealed_figures(process, sealed),
        people=queries.pool_size(db.session(), process),
        seats=queries.seats(db.session(), sealed) if sealed else [],
        size=sealed.size if sealed else process.protocol["panel"]["size"],
        signature=queries.last_signature(db.session(), process),
        can_register=can_register(process),
        window=registration_window(process.protocol),
        may_see_rows=may_see_rows(process),
        now=now(),
    )
