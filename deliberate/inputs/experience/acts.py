"""Acts on field lessons: telling one, checking one, bringing many in and out as JSON or CSV.

Failures teach as much as successes (roadmap, paragraphs 17 and 18); each lesson carries a ledger of how it was
validated, by whom, and with what dissent (paragraphs 25 and 26).
"""

import csv
import io
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Refusal
from deliberate.inputs.contributing.acts import first_state
from deliberate.inputs.experience import rules
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.experience.queries import lessons_of
from deliberate.inputs.rules import Fault, FaultyEntry, new_key
from deliberate.journal.canonical import digest
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.queries import allowed
from deliberate.process.record import note


def add_lesson(
    session: Session, actor: Actor, process: Process, given: dict[str, Any], now: datetime
) -> Lesson:
    """Record one lesson from plain data (see `lesson_rules.read_lesson`). Raises FaultyEntry with everything wrong.

    From a moderator or an organiser it is published at once; from anyone else, as the protocol's moderation says.
    """
    require(session, actor, process, "create", "lesson", now)
    content, faults = rules.read_lesson(given, 1)
    if content.get("key") in _keys(session, process):
        faults.append(
            Fault(1, N_("Another lesson already has the short name “%(key)s”."), {"key": content["key"]})
        )
    if faults:
        raise FaultyEntry(faults)
    return _add(session, actor, process, content, now)


def import_lessons(
    session: Session, actor: Actor, process: Process, text: str, now: datetime
) -> list[Lesson]:
    """Record every lesson of a JSON list or a CSV, or none: FaultyEntry says everything that is wrong, by entry."""
    require(session, actor, process, "create", "lesson", now)
    entries, faults = rules.read_file(text)
    keys = _keys(session, process)
    contents = []
    for place, given in enumerate(entries, start=1):
        content, wrong = rules.read_lesson(given, place)
        if content.get("key") and content["key"] in keys:
            wrong.append(
                Fault(
                    place, N_("Another lesson already has the short name “%(key)s”."), {"key": content["key"]}
                )
            )
        keys.add(content.get("key", ""))
        faults += wrong
        contents.append(content)
    if faults:
        raise FaultyEntry(faults)
    return [_add(session, actor, process, content, now) for content in contents]


def validate_lesson(
    session: Session, actor: Actor, process: Process, lesson: Lesson, check: dict[str, Any], now: datetime
) -> None:
    """Add a line to the ledger of a lesson: criterion, who, how, dissent (each a text per language)."""
    require(session, actor, process, "moderate", "lesson", now)
    line = rules.read_check(check)
    if not line["criterion"] or not line["who"]:
        raise Refusal(N_("Say what was checked, and by whom."), field="criterion")
    lesson.validation = [*lesson.validation, line]
    session.flush()
    note(session, actor, process, "validate", lesson.object, now, line)


def _keys(session: Session, process: Process) -> set[str]:
    return set(session.scalars(select(Lesson.key).where(Lesson.process_id == process.id)))


def _add(session: Session, actor: Actor, process: Process, content: dict[str, Any], now: datetime) -> Lesson:
    trusted = allowed(session, actor, process, "moderate", "lesson", now)
    lesson = Lesson(
        process_id=process.id,
        **{**content, "key": content["key"] or new_key("l")},
        round=process.round(now),
        state="published" if trusted else first_state(process),
        at=now,
    )
    session.add(lesson)
    session.flush()
    whole = as_record(lesson)
    public = {"round": lesson.round, "theme": lesson.theme, "outcome": lesson.outcome}
    note(
        session, actor, process, "tell", lesson.object, now, public | {"digest": digest("lesson", whole)},
        private=whole, person=lesson.person, published=lesson.state == "published",
    )  # fmt: skip
    return lesson


def as_record(lesson: Lesson) -> dict[str, Any]:
    """A lesson as plain data: what is exported, and what its digest is computed on."""
    return {name: getattr(lesson, name) for name in rules.FIELDS}


def export_json(session: Session, process: Process) -> str:
    """Every published lesson as a JSON list, in the form that `import_lessons` reads."""
    return json.dumps([as_record(one) for one in lessons_of(session, process)], ensure_ascii=False, indent=2)


def export_csv(session: Session, process: Process) -> str:
    """Every published lesson as CSV, in the form that `import_lessons` reads."""
    out = io.StringIO()
    lessons = lessons_of(session, process)
    languages = sorted(
        {code for one in lessons for name in rules.TEXTS for code in getattr(one, name)} | {"fr", "en"}
    )
    writer = csv.DictWriter(out, rules.csv_columns(languages), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rules.csv_row(as_record(one), languages) for one in lessons)
    return out.getvalue()
