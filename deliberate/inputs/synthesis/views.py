"""The board: the lines of a round beside what stands on none, and the acts of placing. The other pages are beside it."""

from math import ceil
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext, ngettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.fields import texts
from deliberate.core.sending import Page, send, send_form
from deliberate.inputs.blueprint import blueprint, hidden_round, input_name, page_asked, round_asked
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import PER_PAGE, contributions_by_key, questions_of
from deliberate.inputs.synthesis import (
    acts,
    document_views,
    gathering,
    grid_views,
    line_views,
    queries,
    reading_views,
    reshaping_views,
    reviewing,
    wording_views,
)
from deliberate.inputs.synthesis.forms import LineForm
from deliberate.inputs.synthesis.models import Placement, SynthesisLine
from deliberate.inputs.synthesis.pages import asked, line_form, names_of_grid
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

__all__ = [
    "document_views",
    "grid_views",
    "line_views",
    "reading_views",
    "reshaping_views",
    "wording_views",
]


@blueprint.get("/processes/<slug>/synthesis", endpoint="board")
def show(slug: str) -> Page:
    """The lines of a round, each opening its contributions, and what nobody has placed yet."""
    process = process_here(slug)
    return board_page(process, round_asked(process), line_form(process))


def board_page(process: Process, number: int, form: LineForm, refusal: Refusal | None = None) -> str:
    """The board of a round, with the form of a new line as it was typed."""
    hidden = hidden_round(process) == number
    narrowed = asked()
    found, total = (
        ([], 0) if hidden else gathering.waiting(db.session(), process, number, narrowed, page_asked())
    )
    ticked = request.form.getlist("contribution")
    if request.args.get("tick") == "all":
        ticked = [one.key for one in found]
    lines = queries.lines_of(db.session(), process, number)
    return render_template(
        "inputs/synthesis/board.html",
        process=process,
        round=number,
        rounds=process.rounds,
        lines=lines,
        tallies=queries.tallies(db.session(), lines),
        names=names_of_grid(process),
        coverage=gathering.figures(db.session(), process, number),
        contributions=found,
        total=total,
        page=page_asked(),
        pages=ceil(total / PER_PAGE),
        asked=narrowed,
        narrowing=_narrowing(),
        questions=questions_of(db.session(), process, number),
        themes=[(theme, input_name(theme)) for theme in process.themes],
        contests=len(queries.contests(db.session(), process, number)[0]),
        proposed=queries.open_wordings(db.session(), process, number),
        kinds=queries.kinds_of_board(process),
        hidden=hidden,
        form=form,
        refusal=refusal,
        may_write=allowed(process, "change", "synthesis"),
        judge=actor().user_id if reviewing.kinds_of(db.session(), actor(), process, now()) else None,
        ticked=ticked,
        chosen=request.form.get("line", ""),
    )


@blueprint.post("/processes/<slug>/synthesis")
def write_line(slug: str) -> Page:
    """Write a new line, over the contributions that are ticked when there are any."""
    process = process_here(slug)
    require_here(process, "create", "synthesis")
    number, form = round_asked(process), line_form(process)

    def do() -> str:
        _new_line(process, number, form)
        flash(gettext("The line is written."), "success")
        return _back(slug, number)

    return send_form(form, do, lambda: board_page(process, number, form))


def _new_line(process: Process, number: int, form: LineForm) -> SynthesisLine:
    return acts.write_line(
        db.session(), actor(), process, number, form.dimension.data, texts(form, "text"), now(),
        theme=form.theme.data, dissent=texts(form, "dissent"),
    )  # fmt: skip


def _back(slug: str, number: int) -> str:
    """The board, narrowed as it was."""
    return url_for("inputs.board", slug=slug, round=number, **_narrowing(), _anchor="unplaced")


def _narrowing() -> dict[str, Any]:
    """What the list beside the lines is narrowed to, as addresses carry it on."""
    return {name: value for name, value in asked().items() if value}


@blueprint.post("/processes/<slug>/synthesis/place")
def place(slug: str) -> Page:
    """Place the ticked contributions on a line, on a line that is written with them, or note that they were read."""
    process = process_here(slug)
    require_here(process, "change", "synthesis")
    number, form = round_asked(process), line_form(process)
    ticked = list(contributions_by_key(db.session(), process, request.form.getlist("contribution")).values())

    def do() -> str:
        if not ticked and request.form.get("line") != "new":
            raise Refusal(N_("Tick contributions first."))
        _place(process, number, form, ticked)
        return _back(slug, number)

    try:
        return send(do)
    except Refusal as refusal:
        alone = refusal.field is None or refusal.field not in form
        if not alone:
            web.show_refusal(form, refusal)
        return board_page(process, number, form, refusal if alone else None), refusal.status


def _place(process: Process, number: int, form: LineForm, ticked: list[Contribution]) -> None:
    if request.form.get("action") == "read":
        acts.mark_read(db.session(), actor(), process, ticked, now())
        flash(gettext("Noted as read."), "success")
        return
    chosen = request.form.get("line", "")
    if not chosen:
        raise Refusal(N_("Choose the line they belong to, or write a new one for them."))
    line = (
        _new_line(process, number, form) if chosen == "new" else queries.line(db.session(), process, chosen)
    )
    if not ticked:
        flash(gettext("The line is written."), "success")
        return
    placed = acts.place(db.session(), actor(), process, line, ticked, now())
    flash(
        ngettext("%(num)s contribution is placed.", "%(num)s contributions are placed.", len(placed)),
        "success",
    )


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
        return line_views.line_page(process, found, refusal), refusal.status
