"""Sheets to print: a question in a wording, lines to write on, and the code under which the answer is typed."""

from dataclasses import dataclass

from flask import render_template, request

from deliberate.core import typed
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.sending import Page
from deliberate.inputs import queries
from deliberate.inputs.blueprint import blueprint
from deliberate.inputs.models import Question
from deliberate.inputs.rules import AGE_NAMES, GENDER_NAMES
from deliberate.process.current import process_here
from deliberate.process.models import Process


@dataclass(frozen=True)
class Sheet:
    """One sheet: the question in one of its wordings, for whom that is, and its code."""

    wording: dict[str, str]
    group: dict[str, str]
    code: str


def sheets_of(question: Question) -> list[Sheet]:
    """A sheet for each wording of a question, the question's own first."""
    own = Sheet(question.text, {}, question.sheet_code())
    return [own, *(_of_variant(question, variant["key"]) for variant in question.variants)]


def _of_variant(question: Question, key: str) -> Sheet:
    group = next((dict(one.get("for", {})) for one in question.variants if one["key"] == key), {})
    return Sheet(question.wording(key), group, question.sheet_code(key))


@blueprint.get("/processes/<slug>/questions/<key>/sheet")
def sheet(slug: str, key: str) -> Page:
    """A sheet to print, one per person."""
    process = process_here(slug)
    question = queries.question(db.session(), process, key)
    return _page(process, [_of_variant(question, request.args.get("wording", ""))])


@blueprint.get("/processes/<slug>/questions-on-paper")
def every_sheet(slug: str) -> Page:
    """The sheets of every question and wording of a round."""
    process = process_here(slug)
    number = request.args.get("round", None, typed.whole) or process.round(now())
    asked = queries.questions_of(db.session(), process, number)
    return _page(process, [one for question in asked for one in sheets_of(question)])


def _page(process: Process, sheets: list[Sheet]) -> str:
    return render_template(
        "inputs/sheet.html",
        process=process,
        sheets=sheets,
        two=request.args.get("two") == "1",
        ages=AGE_NAMES,
        genders=GENDER_NAMES,
    )
