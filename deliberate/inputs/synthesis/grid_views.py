"""The grid in force and its versions, and putting another one in force: looked at before it is."""

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint
from deliberate.inputs.forms import FileForm
from deliberate.inputs.rules import faults_of
from deliberate.inputs.spreadsheets import write_csv
from deliberate.inputs.synthesis import grids, queries, rules
from deliberate.inputs.synthesis.pages import row_name
from deliberate.inputs.uploads import read_upload
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process


@blueprint.route("/processes/<slug>/grid", methods=["GET", "POST"])
def grid(slug: str) -> Page:
    """The grid in force and its versions; the form that replaces it shows first what would change."""
    process = process_here(slug)
    form = FileForm()
    if request.method == "GET":
        return _page(process, form)
    require_here(process, "change", "grid")
    try:
        form.content.data = read_upload(form.file.data) or form.content.data
        if request.form.get("action") != "replace":
            return _page(process, form, grids.preview(db.session(), process, form.content.data or ""))
        return send(lambda: _replace(process, form.content.data or ""))
    except Refusal as refusal:
        db.session.rollback()
        return _page(process, web.show_refusal(form, refusal), refusal=refusal), refusal.status


def _replace(process: Process, content: str) -> str:
    moved = {
        name.removeprefix("moved-"): code for name, code in request.form.items() if name.startswith("moved-")
    }
    grids.replace_grid(db.session(), actor(), process, content, now(), moved=moved)
    flash(gettext("The new version of the grid is in force."), "success")
    return url_for("inputs.grid", slug=process.slug)


def _page(
    process: Process, form: FileForm, preview: grids.Preview | None = None, refusal: Refusal | None = None
) -> str:
    if preview is None and refusal is not None and request.form.get("action") == "replace":
        preview = _still_read(process, form.content.data or "")
    return render_template(
        "inputs/synthesis/grid.html",
        process=process,
        rows=queries.grid_rows(db.session(), process),
        number=queries.grid_number(db.session(), process),
        versions=queries.grids_of(db.session(), process),
        used=queries.codes_in_use(db.session(), process),
        form=form,
        preview=preview,
        targets=[(rules.grid_code(row), row_name(row)) for row in preview.rows] if preview else [],
        chosen=request.form,
        faults=faults_of(refusal) if refusal else [],
        may_change=allowed(process, "change", "grid"),
    )


def _still_read(process: Process, content: str) -> grids.Preview | None:
    """The preview again, when what was refused is where its lines go."""
    try:
        return grids.preview(db.session(), process, content)
    except Refusal:
        return None


@blueprint.get("/processes/<slug>/grid/<int:number>.csv")
def grid_file(slug: str, number: int) -> Response:
    """A version of the grid as a table to keep, to change, and to send back."""
    process = process_here(slug)
    rows = queries.rows_of(db.session(), process, number)
    table = write_csv(rules.COLUMNS, ([row.get(name, "") for name in rules.COLUMNS] for row in rows))
    return web.file(table, "text/csv", f"grid-{number}.csv")
