"""Sheets to print: a question in a wording, lines to write on, and the code under which the answer is typed."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for

from deliberate.core import typed
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.sending import Page
from deliberate.inputs import queries
from deliberate.inputs.blueprint import blueprint, text_asked
from deliberate.inputs.models import Question
from deliberate.inputs.rules import AGE_NAMES, GENDER_NAMES
from deliberate.process.current import allowed, process_here
from deliberate.process.models import Process


@dataclass(frozen=True)
class Sheet:
    """One sheet: the question in one of its wordings, for whom that is, and its code.

    A numbered one has a code of its own, and a strip to keep with the secret of its receipt.
    """

    wording: dict[str, str]
    group: dict[str, str]
    code: str
    number: str = ""
    receipt: str = ""


def sheets_of(question: Question) -> list[Sheet]:
    """A sheet for each wording of a question, the question's own first."""
    wordings = ({"key": "", "text": question.text}, *question.variants)
    return [Sheet(one["text"], one.get("for", {}), question.sheet_code(one["key"])) for one in wordings]


def sheet_of(question: Question, variant: str) -> Sheet:
    """The sheet of one wording of a question; that of the question's own when there is no such wording."""
    sheets = sheets_of(question)
    return next((one for one in sheets if one.code == question.sheet_code(variant)), sheets[0])


@blueprint.get("/processes/<slug>/questions/<key>/sheet")
def sheet(slug: str, key: str) -> Page:
    """A sheet to print, one per person."""
    process, variant = process_here(slug), text_asked("wording")
    question = queries.question(db.session(), process, key)
    return _page(process, [sheet_of(question, variant)], "inputs.sheet", key=key, wording=variant or None)


@blueprint.get("/processes/<slug>/questions-on-paper")
def every_sheet(slug: str) -> Page:
    """The sheets of every question and wording of a round."""
    process = process_here(slug)
    number = request.args.get("round", None, typed.whole) or process.round(now())
    questions = queries.questions_of(db.session(), process, number)
    sheets = [one for question in questions for one in sheets_of(question)]
    return _page(process, sheets, "inputs.every_sheet", round=number)


def _page(process: Process, sheets: list[Sheet], endpoint: str, **here: Any) -> str:
    two = request.args.get("two") == "1"
    otherwise = url_for(endpoint, slug=process.slug, two=None if two else 1, **here)
    return sheets_page(process, sheets, two=two, otherwise=otherwise)


def sheets_page(
    process: Process, sheets: list[Sheet], *, two: bool = False, otherwise: str = "", find_receipt: str = ""
) -> str:
    """Sheets to print, `two` to a page or with a link to see them `otherwise`; strips name the page `find_receipt`."""
    return render_template(
        "inputs/asking/sheet.html",
        process=process,
        sheets=sheets,
        two=two,
        otherwise=otherwise,
        find_receipt=find_receipt,
        may_number=allowed(process, "enter", "contribution"),
        ages=AGE_NAMES,
        genders=GENDER_NAMES,
    )
