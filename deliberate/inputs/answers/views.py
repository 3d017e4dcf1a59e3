"""Pages of “you said, we did” that everyone reads."""

from math import ceil

from flask import render_template, request

from deliberate.core import web
from deliberate.core.database import db
from deliberate.core.sending import Page
from deliberate.inputs import rules
from deliberate.inputs.answers import queries
from deliberate.inputs.answers.desk import desk_page
from deliberate.inputs.blueprint import blueprint, hidden_round, page_asked, text_asked
from deliberate.inputs.queries import PER_PAGE
from deliberate.inputs.spreadsheets import write_csv
from deliberate.process.current import allowed, process_here
from deliberate.process.models import Process

COLUMNS = ("contribution", "outcome", "charter", "clause", "reason_fr", "reason_en", "at")


@blueprint.app_template_global("may_answer")
def may_answer(process: Process) -> bool:
    """Whether the reader may answer contributions now."""
    return allowed(process, "create", "answer")


@blueprint.get("/processes/<slug>/answers")
def answers(slug: str) -> Page:
    """What became of each contribution."""
    process = process_here(slug)
    words, outcome = text_asked("words"), text_asked("outcome")
    outcome = outcome if outcome in rules.OUTCOMES else ""
    hidden = hidden_round(process)
    found, total = queries.answered(db.session(), process, outcome, page_asked(), words=words, hidden=hidden)
    return render_template(
        "inputs/answers/answers.html",
        process=process,
        contributions=found,
        outcome=outcome,
        words_asked=words,
        total=total,
        counts=queries.outcome_counts(db.session(), process),
        page=page_asked(),
        pages=ceil(total / PER_PAGE),
    )


@blueprint.get("/processes/<slug>/answers.json")
def answers_json(slug: str) -> Page:
    """Every answer with those that it replaced, for programs."""
    process = process_here(slug)
    given = queries.answers_of(db.session(), process, hidden_round(process))
    return web.download([queries.as_record(*one) for one in given], f"{slug}-answers.json")


@blueprint.get("/processes/<slug>/answers.csv")
def answers_csv(slug: str) -> Page:
    """Every answer in force as a table; no cell of it is a formula."""
    process = process_here(slug)
    rows = [
        (
            one.key, answer.outcome, answer.charter, answer.clause,
            answer.reason.get("fr", ""), answer.reason.get("en", ""), answer.at.date().isoformat(),
        )
        for one, answer in queries.answers_of(db.session(), process, hidden_round(process))
    ]  # fmt: skip
    return web.file(write_csv(COLUMNS, rows), "text/csv", f"{slug}-answers.csv")


@blueprint.route("/processes/<slug>/answers/missing", methods=["GET", "POST"])
def missing_answers(slug: str) -> Page:
    """The contributions that nobody has answered; those who may answer do it here, many at once."""
    process = process_here(slug)
    if request.method == "POST" or may_answer(process):
        return desk_page(process)
    hidden = hidden_round(process)
    found, total = queries.unanswered(db.session(), process, page_asked(), hidden=hidden)
    return render_template(
        "inputs/answers/missing.html",
        process=process,
        contributions=found,
        total=total,
        page=page_asked(),
        pages=ceil(total / PER_PAGE),
        by_question=queries.coverage_by_question(db.session(), process),
    )
