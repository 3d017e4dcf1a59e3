"""Which question and wording is typed, and when it was received: what the entry pages share."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wtforms.fields import SelectChoice

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.fields import choices
from deliberate.core.i18n import localized_text
from deliberate.inputs import queries as hall
from deliberate.inputs.entering import queries, rules
from deliberate.inputs.entering.forms import EntryForm
from deliberate.inputs.models import Question
from deliberate.process.models import Process


def question_choices(process: Process) -> list[SelectChoice]:
    """Every wording of the round's questions, under the code that its sheets bear."""
    asked = []
    for question in hall.questions_of(db.session(), process, process.round(now())):
        for variant in ("", *(one["key"] for one in question.variants)):
            code = question.sheet_code(variant)
            asked.append((code, f"{code} — {localized_text(question.wording(variant))}"))
    return choices(asked)


def wording_of(process: Process, code: str) -> tuple[Question, str]:
    """The question and the wording that a code stands for."""
    key, _, variant = code.partition("/")[2].partition("/")
    return hall.question(db.session(), process, key), variant


def wording_chosen(process: Process, form: EntryForm) -> tuple[Question, str]:
    """What was chosen in the list, unless the code of a question or of a numbered sheet was typed.

    The list then shows it too. Raises Refusal for a code that stands for nothing.
    """
    typed = (form.code.data or "").strip()
    if typed:
        known = [str(choice.value) for choice in form.question.choices or []]
        code = rules.question_code(typed, known) or _sheet_question(process, typed)
        if code not in known:
            raise Refusal(
                N_(
                    "“%(code)s” is not the code of a question of this round. Choose the question in the list."
                ),
                field="code",
                code=typed[:40],
            )
        form.question.data, form.code.data = code, ""
    return wording_of(process, str(form.question.data))


def _sheet_question(process: Process, typed: str) -> str | None:
    code = rules.sheet_code(typed)
    sheet = queries.sheets(db.session(), process, [code]).get(code)
    return sheet.question.sheet_code(sheet.variant) if sheet else None


def received_at(process: Process, question: Question, day: date) -> datetime:
    """The moment that stands for a day: its end, but within the open phase when the day holds its close, and not ahead."""
    zone = _zone(process)
    moment = datetime.combine(day, time.max, zone)
    phase = process.open_phase(question.round)
    closes = phase.closes_at if phase else None
    if closes and closes <= moment and closes.astimezone(zone).date() == day:
        moment = closes - timedelta(seconds=1)
    if day > today(process):
        raise Refusal(N_("This day is still to come."), field="received")
    return min(moment, now())


def today(process: Process) -> date:
    """The day it is where the process is."""
    return now().astimezone(_zone(process)).date()


def _zone(process: Process) -> ZoneInfo:
    return ZoneInfo(process.protocol.get("time_zone", "UTC"))
