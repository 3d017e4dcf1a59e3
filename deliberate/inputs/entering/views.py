"""Pages for what sheets of paper, files and groups said: first a preview, then the record; and its undoing."""

from typing import Any

from flask import Response, flash, render_template, request, url_for
from flask_babel import gettext, ngettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.i18n import language
from deliberate.core.sending import Page, send, send_form
from deliberate.inputs.blueprint import blueprint, language_choices
from deliberate.inputs.dossiers.queries import dossier
from deliberate.inputs.entering import acts, queries, rules
from deliberate.inputs.entering.forms import EntryForm, ReasonForm
from deliberate.inputs.entering.wordings import question_choices, received_at, today, wording_chosen
from deliberate.inputs.models import Question
from deliberate.inputs.rules import Fault, faults_of, folded
from deliberate.inputs.spreadsheets import XLSX, write_csv, write_xlsx
from deliberate.inputs.synthesis.queries import grid_codes, grid_rows
from deliberate.inputs.uploads import read_upload
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process

LINES_SHOWN, BATCHES_SHOWN = 200, 20


@blueprint.route("/processes/<slug>/paper", methods=["GET", "POST"])
def paper(slug: str) -> Page:
    """Type what groups and sheets of paper said: first a preview, then the record."""
    process = process_here(slug)
    require_here(process, "enter", "contribution")
    form = _entry_form(process)
    if request.method == "GET":
        return _entry_page(process, form)
    try:
        lines = _lines(form)
        if not form.validate():
            return _entry_page(process, form), 422
        if request.form.get("action") != "record":
            return _preview(process, form, lines)
        return send(lambda: _record(process, form, lines))
    except Refusal as refusal:
        web.show_refusal(form, refusal)
        return _entry_page(process, form, faults=faults_of(refusal)), refusal.status


def _entry_form(process: Process) -> EntryForm:
    form = EntryForm(received=today(process), language=language(), code=request.args.get("code", ""))
    form.language.choices = language_choices()
    form.question.choices = question_choices(process)
    return form


def _entry_page(process: Process, form: EntryForm, faults: list[Fault] | None = None, **shown: Any) -> str:
    return render_template(
        "inputs/entering/paper.html",
        process=process,
        form=form,
        faults=faults or [],
        rows=shown.get("rows", []),
        totals=shown.get("totals"),
        grid=grid_rows(db.session(), process),
        batches=queries.last_batches(db.session(), process, BATCHES_SHOWN),
        lines_shown=LINES_SHOWN,
    )


def _lines(form: EntryForm) -> str:
    """What was typed, with what a chosen file holds: from then on it stands in the page, to be seen and mended."""
    typed = str(form.lines.data or "")
    if held := read_upload(form.file.data, rules.ROWS_LIMIT):
        typed = held if not typed.strip() else f"{typed}\n{held}"
        form.lines.data = typed
    return typed


def _preview(process: Process, form: EntryForm, lines: str) -> Page:
    """What will be recorded, with what is wrong and what repeats something beside its line."""
    question, _ = wording_chosen(process, form)
    read = rules.read_lines(lines, grid_codes(db.session(), process))
    said = [(line.place, line.entry.text) for line in read if line.entry]
    twice = rules.repeated(said)
    there = queries.said_already(db.session(), question, [text for _, text in said])
    rows = [
        rules.Seen(
            line,
            twice.get(line.place),
            there.get(folded(line.entry.text)) if line.entry else None,
        )
        for line in read
    ]
    faults = [fault for line in read for fault in line.faults]
    counts = [line.entry.count for line in read if line.entry]
    totals = {
        "answers": len(counts),
        "people": sum(counts),
        "repeats": sum(1 for row in rows if row.twice or row.there),
    }
    rows = sorted(rows, key=lambda row: not row.line.faults)[:LINES_SHOWN]
    rows.sort(key=lambda row: row.line.place)
    return _entry_page(process, form, faults, rows=rows, totals=totals), 422 if faults else 200


def _record(process: Process, form: EntryForm, lines: str) -> str:
    question, variant = wording_chosen(process, form)
    origin = rules.Origin(
        form.channel.data, form.language.data, received_at(process, question, form.received.data), variant,
        note=form.note.data or "", categories=form.categories(), late=bool(form.late.data),
    )  # fmt: skip
    together = form.group_answer.data or ""
    batch = acts.enter_lines(db.session(), actor(), process, question, lines, origin, now(), together)
    flash(_recorded(process, question, len(batch.contributions), batch.round), "success")
    return url_for("inputs.batch", slug=process.slug, number=batch.number)


def _recorded(process: Process, question: Question, count: int, round: int) -> str:
    said: str = ngettext("%(num)s answer is recorded.", "%(num)s answers are recorded.", count)
    if round == question.round:
        return said
    waits = gettext("They wait for round %(round)s.", round=round)
    return f"{said} {waits}"


@blueprint.route("/processes/<slug>/paper/batches/<int:number>", methods=["GET", "POST"])
def batch(slug: str, number: int) -> Page:
    """What was recorded at once; taken back at once when it was a mistake."""
    process = process_here(slug)
    require_here(process, "enter", "contribution")
    found = queries.batch(db.session(), process, number)
    form = ReasonForm()

    def do() -> str:
        count = acts.take_back_batch(db.session(), actor(), process, found, form.reason.data or "", now())
        flash(
            ngettext("%(num)s answer was taken back.", "%(num)s answers were taken back.", count), "success"
        )
        return url_for("inputs.batch", slug=slug, number=number)

    def page() -> str:
        settled = dossier(db.session(), process, found.round) is not None
        return render_template(
            "inputs/entering/batch.html", process=process, batch=found, form=form, settled=settled
        )

    return send_form(form, do, page)


@blueprint.get("/processes/<slug>/paper/answers.<kind>")
def entry_template(slug: str, kind: str) -> Response:
    """An empty table with the columns that bulk entry reads, named in the reader's language."""
    process_here(slug)
    french = {english: word for word, english in rules.IN_FRENCH.items()}
    columns = [french[name] if language() == "fr" else name for name in rules.COLUMNS]
    if kind == "csv":
        return web.file(write_csv(columns, [], ";"), "text/csv", "answers.csv")
    if kind == "xlsx":
        return web.file(write_xlsx(columns, []), XLSX, "answers.xlsx")
    raise NotFound(N_("Answers are typed in CSV or in Excel (.xlsx)."))
