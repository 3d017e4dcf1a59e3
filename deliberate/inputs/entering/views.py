"""Pages for what groups and sheets of paper said: first a preview, then the record."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import flash, render_template, request, url_for
from flask_babel import ngettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.fields import choices
from deliberate.core.i18n import language, localized_text
from deliberate.core.sending import Page, send
from deliberate.inputs import queries
from deliberate.inputs.blueprint import blueprint, language_choices
from deliberate.inputs.entering import acts, rules
from deliberate.inputs.entering.forms import EntryForm
from deliberate.inputs.models import Question
from deliberate.inputs.rules import Fault, faults_of
from deliberate.inputs.synthesis.queries import grid_codes, grid_rows
from deliberate.inputs.uploads import read_upload
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process


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
        statements, faults = rules.read_statements(lines, grid_codes(db.session(), process))
        return _entry_page(process, form, statements, faults), 422 if faults else 200
    try:
        return send(lambda: _record(process, form, lines))
    except Refusal as refusal:
        web.show_refusal(form, refusal)
        return _entry_page(process, form, faults=faults_of(refusal)), refusal.status


def _entry_form(process: Process) -> EntryForm:
    form = EntryForm(received=now().astimezone(_zone(process)).date(), language=language())
    form.language.choices = language_choices()
    asked = []
    for question in queries.questions_of(db.session(), process, process.round(now())):
        for variant in ("", *(one["key"] for one in question.variants)):
            code = question.sheet_code(variant)
            asked.append((code, f"{code} — {localized_text(question.wording(variant))}"))
    form.question.choices = choices(asked)
    return form


def _entry_page(
    process: Process,
    form: EntryForm,
    statements: list[rules.Statement] | None = None,
    faults: list[Fault] | None = None,
) -> str:
    return render_template(
        "inputs/paper.html",
        process=process,
        form=form,
        statements=statements or [],
        faults=faults or [],
        grid=grid_rows(db.session(), process),
        questions=queries.questions_of(db.session(), process, process.round(now())),
    )


def _lines(form: EntryForm) -> str:
    """What was typed, with what a chosen file holds: from then on it stands in the page, to be seen and mended."""
    typed = str(form.lines.data or "")
    if held := read_upload(form.file.data):
        typed = held if not typed.strip() else f"{typed}\n{held}"
        form.lines.data = typed
    return typed


def _record(process: Process, form: EntryForm, lines: str) -> str:
    key, _, variant = str(form.question.data).partition("/")[2].partition("/")
    question = queries.question(db.session(), process, key)
    recorded = acts.enter_paper(
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
