"""The page of one line: its wordings, every contribution behind it, what the mixed board says of it."""

from math import ceil

from flask import flash, render_template, url_for
from flask_babel import gettext

from deliberate.core import typed
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.fields import texts
from deliberate.core.i18n import language
from deliberate.core.sending import Page, send_form
from deliberate.inputs.blueprint import blueprint, hidden_round, page_asked
from deliberate.inputs.queries import PER_PAGE
from deliberate.inputs.synthesis import acts, ancestry, queries, reviewing
from deliberate.inputs.synthesis.forms import ReviewForm
from deliberate.inputs.synthesis.models import SynthesisLine
from deliberate.inputs.synthesis.pages import line_form, line_here, names_of_grid
from deliberate.people.current import actor
from deliberate.process.current import allowed, require_here
from deliberate.process.models import Process


@blueprint.get("/processes/<slug>/synthesis/<key>")
def line(slug: str, key: str) -> Page:
    """One line, opening every contribution behind it; of one that was split or merged, where it went."""
    return line_page(*line_here(slug, key))


def line_page(
    process: Process, found: SynthesisLine, refusal: Refusal | None = None, review: ReviewForm | None = None
) -> str:
    """The page of a line, with what was refused."""
    page, session = page_asked(), db.session()
    tally = queries.tallies(session, [found])[found.key]
    may_write = allowed(process, "change", "synthesis")
    return render_template(
        "inputs/synthesis/line.html",
        process=process,
        line=found,
        name=names_of_grid(process).get(found.dimension, ""),
        hidden=hidden_round(process) == found.round,
        tally=tally,
        placements=queries.placements_of(session, found, page),
        page=page,
        pages=ceil(tally.contributions / PER_PAGE),
        heirs=ancestry.heirs(session, found) if found.retired_at else [],
        origins=ancestry.origins(session, found),
        undoable=_undoable(found) if may_write else [],
        said=queries.reviews_of(found),
        kinds=queries.kinds_of_board(process),
        mine=reviewing.kinds_of(session, actor(), process, now())
        if allowed(process, "review", "line")
        else [],
        review=review or ReviewForm(formdata=None, wording=found.wording),
        proposals=queries.wordings_of(session, found),
        may_write=may_write,
        may_propose=allowed(process, "create", "wording"),
        refusal=refusal,
    )


def _undoable(line: SynthesisLine) -> list[int]:
    """The splits and merges that can still be undone from the page of a line: the last that made or ended it."""
    live = [one for one in ancestry.reshapings_of(db.session(), line) if one.undone_at is None]
    return [one.id for one in live[-1:] if all(link.child.retired_at is None for link in one.ancestries)]


@blueprint.route("/processes/<slug>/synthesis/<key>/reword", methods=["GET", "POST"])
def reword_line(slug: str, key: str) -> Page:
    """Reword a line."""
    process, line = line_here(slug, key)
    require_here(process, "change", "synthesis")
    form = line_form(process, line)

    def do() -> str:
        acts.write_line(
            db.session(), actor(), process, line.round, form.dimension.data, texts(form, "text"), now(),
            theme=form.theme.data, dissent=texts(form, "dissent"), line=line,
        )  # fmt: skip
        flash(gettext("The line is reworded."), "success")
        return url_for("inputs.line", slug=slug, key=key)

    def show() -> str:
        return render_template("inputs/synthesis/reword_line.html", process=process, line=line, form=form)

    return send_form(form, do, show)


@blueprint.post("/processes/<slug>/synthesis/<key>/review")
def review_line(slug: str, key: str) -> Page:
    """Say, as a member of the mixed board, whether one agrees with the wording that was read."""
    process, line = line_here(slug, key)
    require_here(process, "review", "line")
    form = ReviewForm()

    def do() -> str:
        said = reviewing.review_line(
            db.session(), actor(), process, line, _wording(form), form.position.data, form.words.data or "",
            language(), now(),
        )  # fmt: skip
        flash(
            gettext("What you said of wording %(number)s stands beside it.", number=said.wording),
            "success",
        )
        return url_for("inputs.line", slug=slug, key=key, _anchor="board")

    return send_form(form, do, lambda: line_page(process, line, review=form))


def _wording(form: ReviewForm) -> int:
    try:
        return typed.whole(form.wording.data or "0")
    except ValueError:
        return 0
