"""Pages on which lines are split, merged, retired, and given back."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import typed
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.fields import CODES, texts
from deliberate.core.sending import Page, send, send_form
from deliberate.inputs.blueprint import blueprint, round_asked
from deliberate.inputs.synthesis import acts, queries, reshaping
from deliberate.inputs.synthesis.forms import LineForm
from deliberate.inputs.synthesis.line_views import line_page
from deliberate.inputs.synthesis.models import Reshaping, SynthesisLine
from deliberate.inputs.synthesis.pages import codes, line_form, line_here, names_of_grid
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process

MOST_PARTS = 6


@blueprint.route("/processes/<slug>/synthesis/<key>/split", methods=["GET", "POST"])
def split_line(slug: str, key: str) -> Page:
    """Write the new lines, and say for each contribution on which of them it stands."""
    process, line = line_here(slug, key)
    require_here(process, "change", "synthesis")
    number = min(max(request.values.get("parts", 2, typed.whole), 2), MOST_PARTS)
    if request.method == "GET" or request.form.get("action") == "more":
        number = min(number + (request.method == "POST"), MOST_PARTS)
        return _split_page(process, line, number)

    def do() -> str:
        parts = [_part(place) for place in range(1, number + 1)]
        reshaping.split_line(db.session(), actor(), process, line, parts, now())
        flash(gettext("The line is split; its address leads to the new ones."), "success")
        return url_for("inputs.line", slug=slug, key=key)

    try:
        return send(do)
    except Refusal as refusal:
        return _split_page(process, line, number, refusal), refusal.status


def _part(place: int) -> reshaping.Part:
    text = {code: said for code in CODES if (said := request.form.get(f"text_{code}-{place}", "").strip())}
    return reshaping.Part(
        request.form.get(f"dimension-{place}", ""), text, frozenset(request.form.getlist(f"on-{place}"))
    )


def _split_page(process: Process, line: SynthesisLine, number: int, refusal: Refusal | None = None) -> str:
    return render_template(
        "inputs/synthesis/split.html",
        process=process,
        line=line,
        parts=number,
        most=MOST_PARTS,
        codes=codes(process),
        typed=request.form,
        ticked={place: set(request.form.getlist(f"on-{place}")) for place in range(1, number + 1)},
        refusal=refusal,
    )


@blueprint.route("/processes/<slug>/synthesis/merge", methods=["GET", "POST"])
def merge_lines(slug: str) -> Page:
    """Tick the lines of a round that say the same, and write the line that takes their place."""
    process = process_here(slug)
    require_here(process, "change", "synthesis")
    form = line_form(process)

    def do() -> str:
        lines = queries.lines_by_key(db.session(), process, request.form.getlist("line"))
        made = reshaping.merge_lines(
            db.session(), actor(), process, lines, form.dimension.data, texts(form, "text"), now(),
            theme=form.theme.data,
        )  # fmt: skip
        flash(gettext("The lines are merged; their addresses lead to the new one."), "success")
        return url_for("inputs.line", slug=slug, key=made.key)

    return send_form(form, do, lambda: _merge_page(process, form))


def _merge_page(process: Process, form: LineForm) -> str:
    number = round_asked(process)
    lines = queries.lines_of(db.session(), process, number)
    return render_template(
        "inputs/synthesis/merge.html",
        process=process,
        round=number,
        lines=lines,
        tallies=queries.tallies(db.session(), lines),
        names=names_of_grid(process),
        form=form,
        ticked=request.values.getlist("line"),
    )


@blueprint.post("/processes/<slug>/synthesis/<key>/retire")
def retire_line(slug: str, key: str) -> Page:
    """Take an empty line out of the synthesis."""
    process, line = line_here(slug, key)
    require_here(process, "change", "synthesis")

    def do() -> str:
        acts.retire_line(db.session(), actor(), process, line, now())
        flash(gettext("The line is retired. Its address still tells what it said."), "success")
        return url_for("inputs.board", slug=slug, round=line.round)

    try:
        return send(do)
    except Refusal as refusal:
        return line_page(process, line, refusal), refusal.status


@blueprint.post("/processes/<slug>/synthesis/<key>/undo/<int:number>")
def undo_reshaping(slug: str, key: str, number: int) -> Page:
    """Give back the lines that were split or merged."""
    process, line = line_here(slug, key)
    require_here(process, "change", "synthesis")
    found = db.session.get(Reshaping, number)
    if found is None or not any(line.id in (link.parent_id, link.child_id) for link in found.ancestries):
        raise NotFound(N_("There is nothing to undo on this line."))

    def do() -> str:
        reshaping.undo(db.session(), actor(), process, found, now())
        flash(gettext("Undone: the old lines are in force again."), "success")
        return url_for("inputs.line", slug=slug, key=found.ancestries[0].parent.key)

    try:
        return send(do)
    except Refusal as refusal:
        return line_page(process, line, refusal), refusal.status
