"""Lessons are told, checked, corrected in the open, taken back, and brought in many at once or from elsewhere."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotFound, NotPermitted, Refusal
from deliberate.core.fulltext.models import IndexedText
from deliberate.inputs.experience.acts import (
    add_lesson,
    bring_lessons,
    correct_lesson,
    correct_own_lesson,
    forget_lessons,
    validate_lesson,
    withdraw_lesson,
)
from deliberate.inputs.experience.files import FORMS
from deliberate.inputs.experience.importing import import_lessons, plan_import
from deliberate.inputs.experience.models import Lesson, LessonVersion
from deliberate.inputs.experience.queries import add_held, as_record, elsewhere, lessons_of, shelf
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.rules import FaultyEntry
from deliberate.inputs.searching.queries import search
from deliberate.inputs.spreadsheets import read_text
from deliberate.journal.queries import chain, openings
from deliberate.people.acts import Erased, make_user
from deliberate.people.models import User
from deliberate.people.queries import DataRequested
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import create_process, lock_protocol
from deliberate.process.appointments import appoint
from deliberate.process.models import Process
from tests.conftest import PROTOCOL

LESSON: dict[str, Any] = {
    "key": "l-time-banks", "title": {"en": "An hour is worth an hour"}, "outcome": "failed", "theme": "time",
    "tried": {"en": "Exchanging hours"}, "teaches": {"en": "Trust first"}, "sdg": [10, 8], "sectors": ["care"],
    "validation": [{"criterion": {"en": "Told by those who lived it"}, "who": {"en": "Table 3"}}],
}  # fmt: skip


@pytest.fixture
def team(organiser: User) -> Actor:
    """The organiser."""
    return Actor(organiser.id)


def bundle(session: Session, process: Process) -> list[str]:
    """What the journal opens, as text."""
    return [json.dumps(one["content"]) for one in openings(session, process.slug).values()]


@pytest.mark.parametrize("form", list(FORMS))
def test_lessons_go_out_and_come_back_the_same(
    session: Session, open_process: Process, team: Actor, now: datetime, form: str
) -> None:
    lesson = add_lesson(session, team, open_process, LESSON, now)
    before = as_record(lesson)
    text = read_text(FORMS[form][0]([before]))
    session.delete(lesson)
    (again,) = import_lessons(session, team, open_process, text, now)
    assert as_record(again) == before


def test_a_list_of_lessons_with_faults_says_them_all_and_writes_nothing(
    session: Session, open_process: Process, team: Actor, now: datetime
) -> None:
    text = "key;outcome;title_en;tried_en;teaches_en;sdg\nok;worked;T;x;y;3\nBad key;perhaps;;x;y;99\n"
    with pytest.raises(FaultyEntry) as refusal:
        import_lessons(session, team, open_process, text, now)
    assert {fault.place for fault in refusal.value.faults} == {2}
    assert len(refusal.value.faults) == 4
    assert lessons_of(session, open_process) == []


def test_what_is_here_already_is_refused_skipped_or_corrected_as_one_chooses(
    session: Session, open_process: Process, team: Actor, now: datetime
) -> None:
    lesson = add_lesson(session, team, open_process, LESSON, now)
    text = json.dumps([{**LESSON, "outcome": "mixed"}, {**LESSON, "key": "l-new"}])
    with pytest.raises(FaultyEntry, match="Nothing was recorded"):
        import_lessons(session, team, open_process, text, now)
    skipping = plan_import(session, open_process, text, "skip")
    assert [line.fate for line in skipping.lines] == ["skipped", "new"]
    with pytest.raises(Refusal, match="reason is public"):
        import_lessons(session, team, open_process, text, now, known="update")
    import_lessons(session, team, open_process, text, now, known="update", reason="A better count")
    assert (lesson.outcome, lesson.version, len(lessons_of(session, open_process))) == ("mixed", 2, 2)


def test_a_lesson_told_by_a_visitor_waits_and_then_opens_in_the_journal(
    session: Session, open_process: Process, team: Actor, now: datetime
) -> None:
    lesson = add_lesson(session, VISITOR, open_process, LESSON, now, secret="s")
    assert lesson.state == "waiting"
    assert search(session, open_process, "hour").total == 0
    moderator = make_user(session, "m@example.org", "M", now)
    appoint(session, team, open_process, moderator, "moderator", now)
    moderate(session, Actor(moderator.id), open_process, lesson, "publish", "", now)
    assert "l-time-banks" in bundle(session, open_process)[0]
    check = {"criterion": {"en": "Checked on site"}, "who": {"en": "Two citizens"}}
    validate_lesson(session, Actor(moderator.id), open_process, lesson, check, now)
    assert len(lesson.validation) == 2


def test_the_team_corrects_a_lesson_in_the_open(
    session: Session, open_process: Process, team: Actor, now: datetime
) -> None:
    lesson = add_lesson(session, team, open_process, LESSON, now)
    better = {**LESSON, "title": {**LESSON["title"], "fr": "Une heure vaut une heure"}, "outcome": "mixed"}
    with pytest.raises(Refusal, match="Say why"):
        correct_lesson(session, team, open_process, lesson, better, " ", now)
    correct_lesson(session, team, open_process, lesson, better, "Half of it lasted", now)
    (before,) = lesson.versions
    assert (before.content["outcome"], before.reason, lesson.version) == ("failed", "Half of it lasted", 2)
    last = list(chain(session, open_process.slug))[-1]
    assert (last["act"], last["public"]["reason"]) == ("correct", "Half of it lasted")
    assert [one.key for one in search(session, open_process, "heures").found] == [lesson.key]
    with pytest.raises(Conflict, match="Nothing was changed"):
        correct_lesson(session, team, open_process, lesson, better, "Again", now)


def test_a_visitor_corrects_what_they_told_and_the_first_words_are_forgotten(
    session: Session, open_process: Process, team: Actor, now: datetime
) -> None:
    lesson = add_lesson(session, VISITOR, open_process, LESSON, now, secret="mine")
    moderate(session, team, open_process, lesson, "publish", "", now)
    correct_lesson(session, team, open_process, lesson, {**LESSON, "outcome": "mixed"}, "Half", now)
    new = {**LESSON, "title": {"en": "Marmalade"}}
    assert correct_own_lesson(session, "mine", new, now).state == "waiting"
    assert lesson.versions == []
    assert not any("worth an hour" in text for text in bundle(session, open_process))
    moderate(session, team, open_process, lesson, "publish", "", now)
    assert search(session, open_process, "worth").total == 0
    assert search(session, open_process, "marmalade").total == 1
    with pytest.raises(NotFound):
        correct_own_lesson(session, "not mine", new, now)


def test_withdrawn_words_are_nowhere(
    session: Session, open_process: Process, team: Actor, now: datetime
) -> None:
    lesson = add_lesson(session, VISITOR, open_process, LESSON, now, secret="mine")
    moderate(session, team, open_process, lesson, "publish", "", now)
    correct_lesson(session, team, open_process, lesson, {**LESSON, "outcome": "mixed"}, "Half", now)
    withdraw_lesson(session, "mine", now)
    assert (lesson.state, lesson.title, lesson.validation) == ("withdrawn", {}, [])
    assert bundle(session, open_process) == []
    assert session.query(IndexedText).filter_by(kind="lesson").count() == 0
    assert session.query(LessonVersion).count() == 0
    with pytest.raises(Conflict):
        withdraw_lesson(session, "mine", now)
    with pytest.raises(Conflict):
        correct_lesson(session, team, open_process, lesson, LESSON, "Back", now)


def test_what_a_person_told_while_signed_in_is_held_and_erased_with_them(
    session: Session, open_process: Process, now: datetime
) -> None:
    ana = make_user(session, "ana@example.org", "Ana", now)
    lesson = add_lesson(session, Actor(ana.id), open_process, LESSON, now, secret="mine")
    request = DataRequested(ana)
    add_held(session, request, now)
    assert [one["key"] for one in request.held["lessons"]] == ["l-time-banks"]
    forget_lessons(session, Erased(ana), now)
    assert (lesson.state, lesson.user_id, lesson.title) == ("withdrawn", None, {})


def test_a_lesson_of_another_process_is_brought_in_once_with_where_it_came_from(
    session: Session, open_process: Process, team: Actor, now: datetime
) -> None:
    texts = {name: {"en": name} for name in ("title", "question", "remit", "commissioned_by", "funded_by")}
    other = create_process(session, team, texts, json.loads(json.dumps(PROTOCOL)), now, slug="other")
    lock_protocol(session, team, other, now)
    theirs = add_lesson(session, team, other, LESSON, now)
    add_lesson(session, team, open_process, {**LESSON, "tried": {"en": "Ours"}}, now)
    assert elsewhere(session, open_process, "hours exchanging") == [theirs]
    (copy,) = bring_lessons(session, team, open_process, [theirs], now)
    assert (copy.origin, copy.validation) == ("other/l-time-banks", theirs.validation)
    assert copy.key != theirs.key
    with pytest.raises(Refusal, match="not here yet"):
        bring_lessons(session, team, open_process, [theirs], now)
    with pytest.raises(NotPermitted):
        bring_lessons(session, team, open_process, [copy], now)


def test_the_bank_is_searched_filtered_and_sorted_at_once(
    session: Session, open_process: Process, team: Actor, now: datetime
) -> None:
    for number in range(25):
        worked = {"outcome": "worked", "country": "Belgium"} if number % 5 == 0 else {"country": "France"}
        title = {"fr": f"Une charte numéro {number:02}", "en": f"A charter, number {number:02}"}
        lesson = {**LESSON, "key": f"l-{number:02}", "title": title, **worked}
        add_lesson(session, team, open_process, lesson, now + timedelta(minutes=number))
    whole = shelf(session, open_process, {}, "", "newest", 1, "fr")
    assert (whole.total, [one.key for one in whole.lessons][:2]) == (25, ["l-24", "l-23"])
    assert len(shelf(session, open_process, {}, "", "newest", 2, "fr").lessons) == 5
    found = shelf(session, open_process, {"outcome": "worked"}, "chartes", "title", 1, "fr")
    assert [one.key for one in found.lessons] == ["l-00", "l-05", "l-10", "l-15", "l-20"]
    assert dict(found.counts["outcome"]) == {"failed": 20, "worked": 5}
    assert any(hit for hit, _words in found.passages["l-00"].pieces) is False
    nothing = shelf(session, open_process, {"outcome": "worked", "country": "France"}, "", "newest", 1, "fr")
    assert (nothing.total, nothing.relaxed) == (0, [("outcome", 20), ("country", 5)])
    missed = shelf(session, open_process, {"outcome": "worked"}, "submarine", "best", 1, "fr")
    assert (missed.total, missed.without_words) == (0, 5)


def test_only_the_team_corrects_imports_or_brings_in(
    session: Session, open_process: Process, team: Actor, now: datetime
) -> None:
    lesson = add_lesson(session, team, open_process, LESSON, now)
    for act in (
        lambda: correct_lesson(session, VISITOR, open_process, lesson, LESSON, "Why", now),
        lambda: bring_lessons(session, VISITOR, open_process, [lesson], now),
        lambda: validate_lesson(session, VISITOR, open_process, lesson, {}, now),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert session.get_one(Lesson, lesson.id).version == 1
