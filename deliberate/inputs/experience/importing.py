"""Many lessons at once: first what would be recorded and everything that is wrong, then all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Refusal
from deliberate.inputs.experience import rules
from deliberate.inputs.experience.acts import TAKEN, correct_lesson, record_lesson
from deliberate.inputs.experience.files import read_file
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.experience.queries import as_record
from deliberate.inputs.rules import Fault, FaultyEntry
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process

KNOWN = {
    "refuse": N_("Nothing is recorded, and each is listed"),
    "skip": N_("It stays as it is"),
    "update": N_("It says what the file says; what it said before stays readable"),
}
NEW, UPDATED, UNCHANGED, SKIPPED = "new", "updated", "unchanged", "skipped"


@dataclass(frozen=True)
class Line:
    """What an entry of a file would do: its place, what becomes of it, and what it says."""

    place: int
    fate: str
    content: Mapping[str, Any]
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Every entry of a file with what would become of it, and everything that is wrong with it."""

    lines: list[Line]
    faults: list[Fault]

    def count(self, fate: str) -> int:
        """How many entries would have this fate."""
        return sum(line.fate == fate for line in self.lines)


def plan_import(session: Session, process: Process, text: str, known: str = "refuse") -> Plan:
    """What a JSON list or a CSV would do here; `known` says what becomes of short names that are here already."""
    entries, faults = read_file(text)
    lessons = {one.key: one for one in _lessons(session, process)}
    lines, met = [], set()
    for place, given in enumerate(entries, start=1):
        content, wrong = rules.read_lesson(given, place)
        key = content["key"]
        here = lessons.get(key) if key else None
        if (key and key in met) or (here is not None and (known == "refuse" or here.state == "withdrawn")):
            wrong.append(Fault(place, TAKEN, {"key": key}))
        met.add(key)
        faults += wrong
        lines.append(_line(place, content, here, known))
    return Plan(lines, faults)


def _line(place: int, content: dict[str, Any], here: Lesson | None, known: str) -> Line:
    if here is None:
        return Line(place, NEW, content)
    changed = tuple(rules.changed(as_record(here), content))
    fate = UNCHANGED if not changed else UPDATED if known == "update" else SKIPPED
    return Line(place, fate, content, changed)


def _lessons(session: Session, process: Process) -> list[Lesson]:
    return list(session.scalars(select(Lesson).where(Lesson.process_id == process.id)))


def import_lessons(
    session: Session,
    actor: Actor,
    process: Process,
    text: str,
    now: datetime,
    *,
    known: str = "refuse",
    reason: str = "",
) -> list[Lesson]:
    """Record every lesson of a JSON list or a CSV, or none: FaultyEntry says everything that is wrong, by entry.

    Those whose short name is here already are refused, skipped or updated, as `known` says; an update says why.
    """
    require(session, actor, process, "create", "lesson", now)
    plan = plan_import(session, process, text, known)
    if plan.faults:
        raise FaultyEntry(plan.faults)
    if known == "update" and plan.count(UPDATED) and not reason.strip():
        raise Refusal(N_("Say why what is here is corrected: the reason is public."), field="reason")
    lessons = {one.key: one for one in _lessons(session, process)} if known == "update" else {}
    recorded = []
    for line in plan.lines:
        content = dict(line.content)
        if line.fate == NEW:
            recorded.append(record_lesson(session, actor, process, content, now))
        elif line.fate == UPDATED:
            recorded.append(lessons[content["key"]])
            correct_lesson(session, actor, process, recorded[-1], content, reason, now)
    return recorded
