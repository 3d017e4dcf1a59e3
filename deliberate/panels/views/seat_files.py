"""The seats as a table, for the organisers' own spreadsheet."""

from flask_security import auth_required
from werkzeug.wrappers import Response

from deliberate.core.database import db
from deliberate.panels import queries
from deliberate.panels.models import Seat
from deliberate.panels.views.blueprint import blueprint
from deliberate.panels.views.files import CONTACT, plain_table
from deliberate.panels.views.quotas import csv_file
from deliberate.panels.views.seats import draw_to_seat
from deliberate.process.current import process_here, require_here


@blueprint.get("/processes/<slug>/seats/seats.csv")
@auth_required("session")
def seats_file(slug: str) -> Response:
    """Every seat with its state, dates, contact and answers: for organisers."""
    process = process_here(slug)
    require_here(process, "change", "seat")
    rows = [_row(seat) for seat in queries.seats(db.session(), draw_to_seat(process))]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    return csv_file(plain_table(columns, rows), "seats.csv")


def _row(seat: Seat) -> dict[str, str]:
    contact = seat.registrant.contact
    days = ("offered_at", "answered_at", "refusal_confirmed_at", "confirmed_at", "final_from", "ended_at")
    row = {
        "seat": str(seat.number),
        "alternate": str(seat.alternate_rank or ""),
        "id": seat.registrant.pseudonym,
        "state": seat.state,
        "answered": seat.channel,
        "answer_by": seat.answer_by.isoformat() if seat.answer_by else "",
        **{day: at.date().isoformat() if (at := getattr(seat, day)) else "" for day in days},
        **{name: getattr(contact, name) if contact else "" for name in CONTACT},
    }
    return row | {name: value for name, value in seat.registrant.values.items() if name not in row}
