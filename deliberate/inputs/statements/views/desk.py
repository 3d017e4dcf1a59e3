"""Pages of the team: the desk of statements, drawing them from contributions, changing one."""

from math import ceil

from flask import flash, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.fields import both
from deliberate.core.i18n import language
from deliberate.core.sending import Page, send
from deliberate.inputs import queries as contributions
from deliberate.inputs.blueprint import blueprint, page_asked, round_asked, text_asked
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import PER_PAGE
from deliberate.inputs.statements import making, queries, rules
from deliberate.inputs.statements.forms import StatementForm
from deliberate.inputs.statements.models import Statement
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process


@blueprint.route("/processes/<slug>/statements/desk", methods=["GET", "POST"])
def statements_desk(slug: str) -> Page:
    """Every statement, whatever its state; add one in the team's own words."""
    process, form = process_here(slug), StatementForm()
    require_here(process, "change", "statement")
    if not form.validate_on_submit():
        return _desk(process, form), 422 if form.errors else 200

    def do() -> str:
        text = form.texts()
        first = language() if language() in text else next(iter(text), language())
        making.add_statement(db.session(), actor(), process, text, first, now())
        flash(gettext("The statement is put to everyone."), "success")
        return url_for("inputs.statements_desk", slug=slug)

    try:
        return send(do)
    except Refusal as refusal:
        refusal.field = "text_fr" if refusal.field == "text" else refusal.field
        return _desk(process, web.show_refusal(form, refusal)), refusal.status


def _desk(process: Process, form: StatementForm) -> str:
    number = round_asked(process)
    words, state = text_asked("words"), text_asked("state")
    states = (state,) if state in queries.STATES else queries.STATES
    found, total = queries.search(db.session(), process, number, words, states=states, page=page_asked())
    return render_template(
        "inputs/statements/desk.html",
        process=process,
        form=form,
        statements=found,
        total=total,
        page=page_asked(),
        pages=ceil(total / PER_PAGE),
        asked={"words": words, "state": state, "round": number},
        rounds=process.rounds,
        figures=queries.figures(db.session(), process, number),
        limit=rules.TEXT_LIMIT,
    )


@blueprint.route("/processes/<slug>/statements/draw", methods=["GET", "POST"])
def draw_statements(slug: str) -> Page:
    """Make contributions short: those whose line is filled in become statements that keep their root."""
    process = process_here(slug)
    require_here(process, "change", "statement")
    if request.method == "GET":
        return _draw(process)

    def do() -> str:
        written = {
            key.removeprefix("short-"): said for key, said in request.form.items()
            if key.startswith("short-") and said.strip()
        }  # fmt: skip
        if not written:
            raise Refusal(N_("Write a short sentence beside at least one contribution."))
        for key, said in written.items():
            _make_short(process, contributions.contribution(db.session(), process, key), said)
        count = len(written)
        flash(gettext("Statements put to everyone: %(count)s.", count=count), "success")
        return url_for("inputs.draw_statements", slug=slug)

    try:
        return send(do)
    except Refusal as refusal:
        return _draw(process, refusal), refusal.status


def _make_short(process: Process, root: Contribution, said: str) -> None:
    try:
        making.add_statement(
            db.session(), actor(), process, {root.language: said}, root.language, now(), contribution=root
        )
    except Refusal as refusal:
        refusal.field = f"short-{root.key}"
        raise


def _draw(process: Process, refusal: Refusal | None = None) -> str:
    words, question = text_asked("words"), text_asked("question")
    found, total = contributions.search(
        db.session(), process, words=words, question=question, page=page_asked()
    )
    return render_template(
        "inputs/statements/draw.html",
        process=process,
        contributions=found,
        total=total,
        page=page_asked(),
        pages=ceil(total / PER_PAGE),
        asked={"words": words, "question": question},
        questions=contributions.questions_of(db.session(), process),
        drawn=queries.drawn_from(db.session(), [one.id for one in found]),
        typed=request.form,
        refusal=refusal,
        limit=rules.TEXT_LIMIT,
    )


@blueprint.route("/processes/<slug>/statements/<key>/change", methods=["GET", "POST"])
def change_statement(slug: str, key: str) -> Page:
    """Write a statement in both languages; retire it, or put it back, with a public reason."""
    process = process_here(slug)
    require_here(process, "change", "statement")
    found = queries.statement(db.session(), process, key)
    form = StatementForm(data=both("text", found.text))
    if request.method == "GET":
        return _change(process, found, form)
    if not form.validate():
        return _change(process, found, form), 422
    try:
        return send(lambda: _turn(process, found, form))
    except Refusal as refusal:
        return _change(process, queries.statement(db.session(), process, key), form, refusal), refusal.status


def _turn(process: Process, found: Statement, form: StatementForm) -> str:
    act, reason = request.form.get("act", "reword"), request.form.get("reason", "")
    if act == "retire":
        making.retire(db.session(), actor(), process, found, reason, now())
        flash(
            gettext("The statement is no longer put to anyone. Its votes stay, and so does the reason."),
            "success",
        )
    elif act == "put back":
        making.put_back(db.session(), actor(), process, found, reason, now())
        flash(gettext("The statement is put to everyone again."), "success")
    else:
        others = {code: said for code, said in found.text.items() if code not in ("fr", "en")}
        making.reword(db.session(), actor(), process, found, others | form.texts(), now())
        flash(gettext("The words of the statement are recorded."), "success")
    return url_for("inputs.statement", slug=process.slug, key=found.key)


def _change(process: Process, found: Statement, form: StatementForm, refusal: Refusal | None = None) -> str:
    if refusal is not None:
        refusal.field = f"text_{found.language}" if refusal.field == "text" else refusal.field
        form = web.show_refusal(form, refusal)
    return render_template(
        "inputs/statements/change.html",
        process=process,
        statement=found,
        form=form,
        reason=request.form.get("reason", ""),
        limit=rules.TEXT_LIMIT,
    )
