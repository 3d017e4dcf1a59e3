"""The public page of the citizens drawn by lot."""

from collections.abc import Sequence
from typing import Any

from flask import render_template

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.panels import queries, vacancies
from deliberate.panels.contests import contestable
from deliberate.panels.models import Draw, Seat
from deliberate.panels.outlook import seat_numbers
from deliberate.panels.rules import final_from, registration_window
from deliberate.panels.views.blueprint import blueprint
from deliberate.panels.views.draws import may_see_rows, sealed_figures
from deliberate.panels.views.register import can_register
from deliberate.process.current import process_here

ENDED = ("abandoned", "cancelled", "failed")


@blueprint.get("/processes/<slug>/panel")
def panel(slug: str) -> str:
    """How the panel is drawn, what came of it, and how to verify it; every draw stays, the abandoned ones too."""
    process = process_here(slug)
    draw = queries.current_draw(db.session(), process)
    sealed = draw if draw is not None and draw.commitment else None
    real = queries.draws(db.session(), process, rehearsals=False)
    found = queries.seats(db.session(), sealed) if sealed and sealed.state == "revealed" else []
    return render_template(
        "panels/panel.html",
        process=process,
        draw=sealed,
        ended=[one for one in real if one.state in ENDED],
        **sealed_figures(process, sealed),
        people=queries.pool_size(db.session(), process),
        **_seats(sealed, found),
        size=sealed.size if sealed else process.protocol["panel"]["size"],
        signature=queries.last_signature(db.session(), process),
        can_register=can_register(process),
        window=registration_window(process.protocol),
        may_see_rows=may_see_rows(process, sealed),
    )


def _seats(draw: Draw | None, found: Sequence[Seat]) -> dict[str, Any]:
    """The seats in numbers, and how far the time to contest them is."""
    if draw is None or draw.revealed_at is None:
        return {"numbers": None}
    moment, ends = now(), vacancies.calls_end(db.session(), draw)
    empty = vacancies.empty(db.session(), draw, found)
    fillings = vacancies.replacements(db.session(), draw)
    final = sum(seat.final(moment) for seat in found)
    dates = [seat.final_from for seat in found if seat.state == "confirmed" and seat.final_from is not None]
    return {
        "numbers": seat_numbers(draw, found, empty, final),
        "contest_until": final_from(draw.process.protocol, draw.revealed_at),
        "contestable": contestable(db.session(), draw, moment),
        "last_final": max(dates, default=None),
        "over": ends is not None and ends <= moment,
        "filling": next((one for one in fillings if one.state == "prepared"), None),
        "refilled": [one for one in fillings if one.state == "revealed"],
    }
