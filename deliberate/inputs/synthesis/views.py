"""The synthesis: read by everyone, written by rapporteurs; the grid it stands on; reading by category."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import typed, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.fields import both, choices, texts
from deliberate.core.i18n import language
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint, hidden_round, theme_choices
from deliberate.inputs.forms import FileForm
from deliberate.inputs.queries import contributions_by_key
from deliberate.inputs.rules import CATEGORIES, SMALLEST_CELL, Fault, faults_of
from deliberate.inputs.synthesis import acts, queries, rules
from deliberate.inputs.synthesis.forms import LineForm
from deliberate.inputs.synthesis.models import Placement, SynthesisLine
from deliberate.inputs.uploads import read_upload
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

SHOWN_AT_ONCE = 50


@blueprint.get("/processes/<slug>/synthesis", endpoint="board")
def show(slug: str) -> Page:
    """The lines of a round, each opening its contributions, and what nobody has placed yet."""
    process = process_here(slug)
    return _board(process, _round(process), _line_form(process))


def _round(process: Process) -> int:
    return request.values.get("round", process.round(now()), typed.whole)


def _line_form(process: Process, line: SynthesisLine | None = None) -> LineForm:
    data = {}
    if line is not None:
        data = {
            **both("text", line.text),
            **both("dissent", line.dissent),
            "dimension": line.dimension,
            "theme": line.theme,
        }
    form = LineForm(data=data)
    form.theme.choices = theme_choices(process)
    rows = queries.grid_rows(db.session(), process)
    form.dimension.choices = choices(
        [(rules.grid_code(row), f"{rules.grid_code(row)} — {row_name(row)}") for row in rows]
    )
    return form


def row_name(row: dict[str, str]) -> str:
    """The name of a row of the grid in the reader's language."""
    return row.get(language()) or row["en"] or row["fr"]


def _board(process: Process, number: int, form: LineForm, refusal: Refusal | None = None) -> str:
    category = request.args.get("category", "")
    names = {rules.grid_code(row): row_name(row) for row in queries.grid_rows(db.session(), process)}
    covered = acts.coverage(db.session(), process, number)
    return render_template(
        "inputs/board.html",
        process=process,
        round=number,
        rounds=sorted({phase.round for phase in process.phases}),
        lines=queries.lines_of(db.session(), process, number),
        names=names,
        coverage=covered,
        shown=covered["unplaced"][:SHOWN_AT_ONCE],
        hidden=hidden_round(process) == number,
        form=form,
        refusal=refusal,
        category=category,
        categories=CATEGORIES,
        table=queries.by_category(db.session(), process, number, category) if category in CATEGORIES else {},
        smallest=SMALLEST_CELL,
        may_write=allowed(process, "change", "synthesis"),
        ticked=request.form.getlist("contribution"),
    )


@blueprint.post("/processes/<slug>/synthesis")
def write_line(slug: str) -> Page:
    """Write a new line."""
    process = process_here(slug)
    require_here(process, "create", "synthesis")
    number, form = _round(process), _line_form(process)
    if not form.validate():
        return _board(process, number, form), 422

    def do() -> str:
        acts.write_line(
            db.session(), actor(), process, number, form.dimension.data, texts(form, "text"), now(),
            theme=form.theme.data, dissent=texts(form, "dissent"),
        )  # fmt: skip
        flash(gettext("The line is written."), "success")
        return url_for("inputs.board", slug=slug, round=number)

    try:
        return send(do)
    except Refusal as refusal:
        return _board(process, number, web.show_refusal(form, refusal)), refusal.status


@blueprint.get("/processes/<slug>/synthesis/<key>")
def line(slug: str, key: str) -> Page:
    """One line, opening every contribution behind it."""
    process = process_here(slug)
    return _line_page(process, queries.line(db.session(), process, key))


def _line_page(process: Process, found: SynthesisLine, refusal: Refusal | None = None) -> str:
    names = {rules.grid_code(row): row_name(row) for row in queries.grid_rows(db.session(), process)}
    return render_template(
        "inputs/line.html",
        process=process,
        line=found,
        name=names.get(found.dimension, ""),
        hidden=hidden_round(process) == found.round,
        may_write=allowed(process, "change", "synthesis"),
        refusal=refusal,
    )


@blueprint.route("/processes/<slug>/synthesis/<key>/reword", methods=["GET", "POST"])
def reword_line(slug: str, key: str) -> Page:
    """Reword a line."""
    process = process_here(slug)
    require_here(process, "change", "synthesis")
    line = queries.line(db.session(), process, key)
    form = _line_form(process, line)
    if request.method == "GET":
        return render_template("inputs/reword_line.html", process=process, line=line, form=form)

    def do() -> str:
        acts.write_line(
            db.session(), actor(), process, line.round, form.dimension.data, texts(form, "text"), now(),
            theme=form.theme.data, dissent=texts(form, "dissent"), line=line,
        )  # fmt: skip
        flash(gettext("The line is reworded."), "success")
        return url_for("inputs.line", slug=slug, key=key)

    try:
        return send(do)
    except Refusal as refusal:
        page = render_template(
            "inputs/reword_line.html", process=process, line=line, form=web.show_refusal(form, refusal)
        )
        return page, refusal.status


@blueprint.post("/processes/<slug>/synthesis/place")
def place(slug: str) -> Page:
    """Place the ticked contributions on a line."""
    process = process_here(slug)
    require_here(process, "change", "synthesis")
    number = _round(process)
    ticked = contributions_by_key(db.session(), process, request.form.getlist("contribution"))

    def do() -> str:
        if not ticked or not request.form.get("line"):
            raise Refusal(N_("Tick contributions, and choose the line they belong to."))
        line = queries.line(db.session(), process, request.form["line"])
        acts.place(db.session(), actor(), process, line, list(ticked.values()), now())
        flash(gettext("The contributions are placed."), "success")
        return url_for("inputs.board", slug=slug, round=number)

    try:
        return send(do)
    except Refusal as refusal:
        return _board(process, number, _line_form(process), refusal), refusal.status


@blueprint.post("/processes/<slug>/synthesis/placements/<int:number>")
def settle_placement(slug: str, number: int) -> Page:
    """Take a contribution off a line, or answer its author's objection."""
    process = process_here(slug)
    require_here(process, "change", "synthesis")
    placement = db.session.get(Placement, number)
    if placement is None or placement.line.process_id != process.id:
        raise NotFound(
            N_("These words no longer stand on that line. Reload the page to see where they stand.")
        )
    found = placement.line

    def do() -> str:
        if "answer" in request.form:
            acts.answer_contest(db.session(), actor(), process, placement, request.form["answer"], now())
        else:
            acts.unplace(db.session(), actor(), process, placement, now())
        flash(gettext("Recorded."), "success")
        return url_for("inputs.line", slug=slug, key=found.key)

    try:
        return send(do)
    except Refusal as refusal:
        return _line_page(process, found, refusal), refusal.status


@blueprint.route("/processes/<slug>/grid", methods=["GET", "POST"])
def grid(slug: str) -> Page:
    """The grid in force, and the form that replaces it."""
    process = process_here(slug)
    form, faults = FileForm(), list[Fault]()
    status = 200
    if request.method == "POST":
        form.content.data = read_upload(form.file.data) or form.content.data
        try:
            acts.replace_grid(db.session(), actor(), process, form.content.data or "", now())
            db.session.commit()
            flash(gettext("The new version of the grid is in force."), "success")
            return redirect(url_for("inputs.grid", slug=slug))
        except Refusal as refusal:
            db.session.rollback()
            web.show_refusal(form, refusal)
            faults = faults_of(refusal)
            status = refusal.status
    page = render_template(
        "inputs/grid.html",
        process=process,
        rows=queries.grid_rows(db.session(), process),
        number=queries.grid_number(db.session(), process),
        form=form,
        faults=faults,
        may_change=allowed(process, "change", "grid"),
    )
    return page, status
