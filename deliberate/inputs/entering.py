"""Pages of the team before and beside the screen: the questions, printed answer sheets, and bulk entry with a preview."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage

from deliberate.core import typed, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.fields import both, choices, texts
from deliberate.core.i18n import language, localized_text
from deliberate.core.sending import Page, send
from deliberate.inputs import bulk, entry, queries, questions, rules
from deliberate.inputs.blueprint import blueprint, input_name, language_choices
from deliberate.inputs.forms import EntryForm, QuestionForm
from deliberate.inputs.models import Question
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process


def theme_choices(process: Process) -> list[Any]:
    """The themes of a process for a list, with none in particular first."""
    return choices(
        [("", gettext("No theme in particular")), *((theme, input_name(theme)) for theme in process.themes)]
    )


# Questions


@blueprint.route("/processes/<slug>/set-up/questions", endpoint="questions", methods=["GET", "POST"])
def questions_asked(slug: str) -> Page:
    """The questions of every round, and the form that adds one."""
    process = process_here(slug)
    require_here(process, "create", "question")
    form = _question_form(process, QuestionForm())
    if request.method == "GET":
        return _questions_page(process, form)
    return _save_question(process, form, None)


@blueprint.route("/processes/<slug>/set-up/questions/<key>", methods=["GET", "POST"])
def change_question(slug: str, key: str) -> Page:
    """Reword a question before its open phase."""
    process = process_here(slug)
    require_here(process, "change", "question")
    question = queries.question(db.session(), process, key)
    kept = {**both("text", question.text), "theme": question.theme, "key": key, "round": str(question.round)}
    form = _question_form(
        process, QuestionForm(data={**kept, "variants": bulk.variant_lines(question.variants)})
    )
    if request.method == "GET":
        return _questions_page(process, form, question)
    return _save_question(process, form, question)


def _question_form(process: Process, form: QuestionForm) -> QuestionForm:
    rounds = sorted({phase["round"] for phase in process.protocol.get("phases", [])})
    form.round.choices = choices([(str(number), str(number)) for number in rounds])
    form.theme.choices = theme_choices(process)
    return form


def _questions_page(process: Process, form: QuestionForm, question: Question | None = None) -> str:
    found = queries.questions_of(db.session(), process)
    used = {one.key for one in found}
    shipped = [template for template in questions.templates() if template["key"] not in used]
    return render_template(
        "inputs/questions.html",
        process=process,
        form=form,
        question=question,
        questions=found,
        shipped=shipped,
    )


def _save_question(process: Process, form: QuestionForm, question: Question | None) -> Page:
    if not form.validate():
        return _questions_page(process, form, question), 422
    try:
        return send(lambda: _record_question(process, form, question))
    except Refusal as refusal:
        return _questions_page(process, web.show_refusal(form, refusal), question), refusal.status


def _record_question(process: Process, form: QuestionForm, question: Question | None) -> str:
    text = texts(form, "text")
    more = {"variants": bulk.read_variants(form.variants.data or ""), "theme": form.theme.data}
    if question is None:
        key, number = form.key.data.strip(), int(form.round.data)
        questions.add_question(db.session(), actor(), process, key, number, text, now(), **more)
    else:
        questions.change_question(db.session(), actor(), process, question, text, now(), **more)
    flash(gettext("The question is recorded."), "success")
    return url_for("inputs.questions", slug=process.slug)


@blueprint.post("/processes/<slug>/set-up/questions-that-ship")
def add_shipped(slug: str) -> Page:
    """Add the ticked questions that ship to a round."""
    process = process_here(slug)
    require_here(process, "create", "question")
    ticked = request.form.getlist("template")

    def do() -> str:
        for template in questions.templates():
            if template["key"] in ticked:
                questions.add_question(
                    db.session(), actor(), process, template["key"], request.form.get("round", 1, typed.whole),
                    template["text"], now(), variants=template.get("variants"),
                )  # fmt: skip
        return url_for("inputs.questions", slug=slug)

    return send(do)


@blueprint.get("/processes/<slug>/questions/<key>/sheet")
def sheet(slug: str, key: str) -> Page:
    """A sheet to print, one per person: the question, lines to write on, and its code for whoever types it."""
    process = process_here(slug)
    question = queries.question(db.session(), process, key)
    variant = request.args.get("wording", "")
    return render_template(
        "inputs/sheet.html",
        process=process,
        question=question,
        wording=question.wording(variant),
        code=sheet_code(question, variant),
        ages=rules.AGE_NAMES,
        genders=rules.GENDER_NAMES,
    )


def sheet_code(question: Question, variant: str = "") -> str:
    """What a printed sheet says so that it is typed under the right question and wording."""
    return "/".join(filter(None, (str(question.round), question.key, variant)))


# Bulk entry


@blueprint.route("/processes/<slug>/paper", methods=["GET", "POST"])
def paper(slug: str) -> Page:
    """Type what groups and sheets of paper said: first a preview, then the record."""
    process = process_here(slug)
    require_here(process, "enter", "contribution")
    form = _entry_form(process)
    if request.method == "GET":
        return _entry_page(process, form)
    lines = _lines(form)
    if not form.validate():
        return _entry_page(process, form), 422
    if request.form.get("action") != "record":
        statements, faults = bulk.read_statements(lines, queries.grid_codes(db.session(), process))
        return _entry_page(process, form, statements, faults), 422 if faults else 200
    try:
        return send(lambda: _record(process, form, lines))
    except Refusal as refusal:
        web.show_refusal(form, refusal)
        return _entry_page(process, form, faults=rules.faults_of(refusal)), refusal.status


def _entry_form(process: Process) -> EntryForm:
    form = EntryForm(received=now().astimezone(_zone(process)).date(), language=language())
    form.language.choices = language_choices()
    asked = []
    for question in queries.questions_of(db.session(), process, process.round(now())):
        for variant in ("", *(one["key"] for one in question.variants)):
            code = sheet_code(question, variant)
            asked.append((code, f"{code} — {localized_text(question.wording(variant))}"))
    form.question.choices = choices(asked)
    return form


def _entry_page(
    process: Process,
    form: EntryForm,
    statements: list[bulk.Statement] | None = None,
    faults: list[rules.Fault] | None = None,
) -> str:
    return render_template(
        "inputs/paper.html",
        process=process,
        form=form,
        statements=statements or [],
        faults=faults or [],
        grid=queries.grid_rows(db.session(), process),
        questions=queries.questions_of(db.session(), process, process.round(now())),
    )


def _lines(form: EntryForm) -> str:
    """What was typed, with what a chosen file holds: from then on it stands in the page, to be seen and mended."""
    typed = str(form.lines.data or "")
    if held := read_upload(form.file.data):
        typed = held if not typed.strip() else f"{typed}\n{held}"
        form.lines.data = typed
    return typed


def read_upload(upload: FileStorage | None) -> str:
    """The text of an uploaded file: UTF-8, or what a spreadsheet in western Europe writes."""
    if not upload or not upload.filename:
        return ""
    content: bytes = upload.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return text.replace("\0", "")


def _record(process: Process, form: EntryForm, lines: str) -> str:
    key, _, variant = str(form.question.data).partition("/")[2].partition("/")
    question = queries.question(db.session(), process, key)
    recorded = entry.enter_paper(
        db.session(), actor(), process, question, lines, form.language.data, now(),
        channel=form.channel.data, received=_received(process, question, form.received.data), variant=variant,
        note=form.note.data or "", categories=form.categories(), group_answer=form.group_answer.data or "",
    )  # fmt: skip
    flash(ngettext("%(num)s answer is recorded.", "%(num)s answers are recorded.", len(recorded)), "success")
    return url_for("inputs.paper", slug=process.slug)


def _received(process: Process, question: Question, day: date) -> datetime:
    """The moment that stands for a day: its end, but within the open phase when the day holds its close, and not ahead."""
    zone = _zone(process)
    moment = datetime.combine(day, time.max, zone)
    closes = [
        p.closes_at for p in process.phases if p.kind == "open" and p.round == question.round and p.closes_at
    ]
    if closes and closes[0] <= moment and closes[0].astimezone(zone).date() == day:
        moment = closes[0] - timedelta(seconds=1)
    if day > now().astimezone(zone).date():
        raise Refusal(N_("This day is still to come."), field="received")
    return min(moment, now())


def _zone(process: Process) -> ZoneInfo:
    return ZoneInfo(process.protocol.get("time_zone", "UTC"))
