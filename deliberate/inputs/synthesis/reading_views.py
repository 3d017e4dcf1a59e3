"""Reading what was said one by one, by keyboard: the words, the lines they may belong to, then the next."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint, round_asked
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import contribution
from deliberate.inputs.synthesis import acts, gathering, queries
from deliberate.inputs.synthesis.pages import names_of_grid
from deliberate.inputs.synthesis.suggestions import lines_like
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process


@blueprint.get("/processes/<slug>/synthesis/reading")
def read_next(slug: str) -> Page:
    """Go to the first contribution that nobody has read; when there is none, to the first that stands on no line."""
    process = process_here(slug)
    require_here(process, "change", "synthesis")
    return redirect(_on(process, round_asked(process), ""))


def _on(process: Process, number: int, key: str) -> str:
    """The address of the next one that waits, or of the board when nothing does."""
    _, after = gathering.beside(db.session(), process, number, key)
    after = after or gathering.beside(db.session(), process, number, "")[1]
    if not after or after == key:
        return url_for("inputs.board", slug=process.slug, round=number)
    return url_for("inputs.read", slug=process.slug, key=after)


@blueprint.route("/processes/<slug>/synthesis/reading/<key>", methods=["GET", "POST"])
def read(slug: str, key: str) -> Page:
    """One contribution and the lines of its round: place it on some of them, or leave it for later, read."""
    process = process_here(slug)
    require_here(process, "change", "synthesis")
    found = contribution(db.session(), process, key)
    if request.method == "GET":
        return _page(process, found)

    def do() -> str:
        after = gathering.beside(db.session(), process, found.round, key)[1]
        _place(process, found)
        return url_for("inputs.read", slug=slug, key=after) if after else _on(process, found.round, key)

    try:
        return send(do)
    except Refusal as refusal:
        return _page(process, found, refusal), refusal.status


def _place(process: Process, found: Contribution) -> None:
    if request.form.get("action") == "read":
        acts.mark_read(db.session(), actor(), process, [found], now())
        return
    lines = queries.lines_by_key(db.session(), process, request.form.getlist("line"))
    if not lines:
        raise Refusal(N_("Tick the lines these words belong to, or leave them for later."))
    for line in lines:
        acts.place(db.session(), actor(), process, line, [found], now())
    flash(gettext("Placed."), "success")


def _page(process: Process, found: Contribution, refusal: Refusal | None = None) -> str:
    before, after = gathering.beside(db.session(), process, found.round, found.key)
    lines = queries.lines_of(db.session(), process, found.round)
    near = lines_like(db.session(), process, found) if found.state == "published" else []
    return render_template(
        "inputs/synthesis/reading.html",
        process=process,
        contribution=found,
        before=before,
        after=after,
        near=sorted((line for line in lines if line.key in near), key=lambda line: near.index(line.key)),
        others=[line for line in lines if line.key not in near],
        standing={placement.line.key for placement in found.placements},
        names=names_of_grid(process),
        coverage=gathering.figures(db.session(), process, found.round),
        ticked=request.form.getlist("line"),
        refusal=refusal,
    )
