"""What everyone said, as files for everyone: public contributions only, without what people said about themselves."""

from collections.abc import Iterator

from flask import Response, jsonify
from sqlalchemy.orm import selectinload

from deliberate.core import web
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.inputs import queries
from deliberate.inputs.blueprint import blueprint, hidden_round
from deliberate.inputs.entering.queries import made_from
from deliberate.inputs.models import Contribution
from deliberate.inputs.spreadsheets import XLSX, write_csv, write_xlsx
from deliberate.process.current import process_here
from deliberate.process.models import Process

COLUMNS = (
    "key", "round", "question", "wording", "theme", "language", "channel", "count", "collective", "made_from",
    "received", "text",
)  # fmt: skip
Row = list[str | int]


@blueprint.get("/processes/<slug>/contributions.<kind>")
def contributions_file(slug: str, kind: str) -> Response:
    """Every public contribution that the reader may see, as CSV, XLSX or JSON."""
    process = process_here(slug)
    rows = _rows(process)
    if kind == "json":
        return jsonify([dict(zip(COLUMNS, row, strict=True)) for row in rows])
    if kind == "csv":
        return web.file(write_csv(COLUMNS, rows), "text/csv", f"{slug}-contributions.csv")
    if kind == "xlsx":
        return web.file(write_xlsx(COLUMNS, rows), XLSX, f"{slug}-contributions.xlsx")
    raise NotFound(N_("Contributions are given out as CSV, Excel (.xlsx) or JSON."))


def _rows(process: Process) -> Iterator[Row]:
    members = made_from(db.session(), process)
    query = queries.published(process, hidden_round(process)).order_by(Contribution.id)
    loaded = query.options(selectinload(Contribution.question)).execution_options(yield_per=500)
    for one in db.session.scalars(loaded):
        yield _row(one, members.get(one.key, []))


def _row(one: Contribution, members: list[str]) -> Row:
    return [
        one.key, one.round, one.question.key, one.variant, one.theme, one.language, one.channel, one.count,
        "yes" if one.collective else "", " ".join(members), one.received_at.date().isoformat(), one.text,
    ]  # fmt: skip
