"""The desk of those who answer: contributions found by words, question or line, ticked, and answered in one go."""

from math import ceil
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext, ngettext

from deliberate.core import typed
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.sending import Page, send_form
from deliberate.inputs.answers import acts, clauses, queries
from deliberate.inputs.answers.forms import OutcomeForm, filled
from deliberate.inputs.blueprint import filled_in, page_asked, text_asked
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import contributions_by_key, questions_of
from deliberate.inputs.synthesis.queries import lines_of
from deliberate.people.current import actor
from deliberate.process.current import require_here
from deliberate.process.models import Process

STATES = ("without", "drafted", "answered", "all")
# A line of synthesis is answered on one page, however many stand on it.
LINE_PAGE = 500


def desk_page(process: Process) -> Page:
    """The list with its form on GET; on POST the answer, given to all that is ticked or kept as a draft."""
    require_here(process, "create", "answer")
    asked = _asked()
    form = OutcomeForm() if request.method == "POST" else filled(_said_before(process))
    ticked = list(contributions_by_key(db.session(), process, request.form.getlist("contribution")).values())

    def do() -> str:
        _record(process, form, ticked)
        return url_for("inputs.missing_answers", slug=process.slug, **filled_in(asked))

    return send_form(form, do, lambda: _page(process, asked, form))


def _record(process: Process, form: OutcomeForm, ticked: list[Contribution]) -> None:
    what = request.form.get("action", "")
    if what == "draft":
        acts.draft_answers(db.session(), actor(), process, ticked, form.said(), now())
        flash(gettext("Kept as a draft; nobody outside the team sees it."), "success")
        return
    if what == "drafts":
        number = acts.give_drafts(db.session(), actor(), process, ticked, now())
    else:
        number = len(acts.answer_contributions(db.session(), actor(), process, ticked, form.said(), now()))
    said = ngettext("%(num)s contribution is answered.", "%(num)s contributions are answered.", number)
    flash(said + " " + gettext("Each of those who wrote can read it from their receipt."), "success")


def _asked() -> queries.Wanted:
    state = request.args.get("state", "")
    line = request.args.get("line", "")
    words = {name: text_asked(name) for name in ("words", "question", "theme")}
    return queries.Wanted(
        state=state if state in STATES else "all" if line or _one() else "without",
        line=line,
        round=request.args.get("round", None, typed.whole),
        **words,
    )


def _one() -> str:
    """The contribution that is answered alone, by its key."""
    return request.args.get("one", "")


def _said_before(process: Process) -> acts.Said | None:
    """The answer prepared for, or given to, the one contribution that is answered alone."""
    one = contributions_by_key(db.session(), process, [_one()]).get(_one()) if _one() else None
    if one is None:
        return None
    before = queries.drafts_of(db.session(), process).get(one.id) or one.answer
    return acts.as_said(before) if before else None


def _page(process: Process, asked: queries.Wanted, form: OutcomeForm) -> str:
    session = db.session()
    per_page = LINE_PAGE if asked.line else queries.DESK_PAGE
    found, total = queries.wanted(session, process, asked, page_asked(), per_page)
    if _one():
        found = list(contributions_by_key(session, process, [_one()]).values())
        total = len(found)
    lines = [line for number in process.rounds for line in lines_of(session, process, number)]
    return render_template(
        "inputs/answers/desk.html",
        process=process,
        contributions=found,
        total=total,
        page=page_asked(),
        pages=ceil(total / per_page),
        asked=filled_in(asked),
        state=asked.state,
        states=STATES,
        questions=questions_of(session, process),
        lines=lines,
        line=next((one for one in lines if one.key == asked.line), None),
        drafts=queries.drafts_of(session, process),
        form=form.offer(clauses.on_offer(session, process)),
        ticked=_ticked(found),
        one=_one(),
    )


def _ticked(found: Any) -> set[str]:
    """What was ticked, or what is to begin with: a line's contributions without an answer, all of them when asked."""
    if request.method == "POST":
        return set(request.form.getlist("contribution"))
    if request.args.get("tick") == "all" or _one():
        return {one.key for one in found}
    if request.args.get("line"):
        return {one.key for one in found if one.answer is None}
    return set()
