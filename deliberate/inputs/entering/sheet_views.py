"""Numbered sheets to print: each carries a code for whoever types it and a receipt for whoever wrote on it."""

from dataclasses import replace

from flask import redirect, render_template, url_for

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.sending import Page
from deliberate.inputs.asking.sheets import sheet_of, sheets_page
from deliberate.inputs.blueprint import blueprint
from deliberate.inputs.entering import acts, queries
from deliberate.inputs.entering.forms import SheetsForm
from deliberate.inputs.entering.wordings import question_choices, wording_of
from deliberate.inputs.rules import in_groups
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process


@blueprint.route("/processes/<slug>/sheets", methods=["GET", "POST"])
def sheets(slug: str) -> Page:
    """Order numbered sheets; they are shown once, to be printed, because their receipts are kept nowhere."""
    process = process_here(slug)
    require_here(process, "enter", "contribution")
    form = SheetsForm()
    form.question.choices = question_choices(process)
    if not form.validate_on_submit():
        return _page(process, form), 422 if form.errors else 200
    if web.once(db.session(), now()) is not None:
        return redirect(url_for("inputs.sheets", slug=slug))
    try:
        return _print(process, form)
    except Refusal as refusal:
        db.session.rollback()
        return _page(process, web.show_refusal(form, refusal)), refusal.status


def _page(process: Process, form: SheetsForm) -> str:
    printed, typed = queries.sheet_counts(db.session(), process)
    return render_template(
        "inputs/entering/sheets.html", process=process, form=form, printed=printed, typed=typed
    )


def _print(process: Process, form: SheetsForm) -> str:
    question, variant = wording_of(process, form.question.data)
    made = acts.print_sheets(db.session(), actor(), process, question, variant, form.number.data or 0, now())
    blank = sheet_of(question, variant)
    sheets = [
        replace(blank, number=in_groups(sheet.code, " "), receipt=in_groups(secret)) for sheet, secret in made
    ]
    page = sheets_page(process, sheets, find_receipt=web.outside_address("inputs.find_receipt"))
    db.session.commit()
    return page
