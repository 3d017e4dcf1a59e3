"""The open input: what is said is kept, can be taken back, and ends in an answer."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core import events
from deliberate.core.errors import Conflict, NotFound, NotPermitted, Refusal
from deliberate.inputs.answers.acts import answer_contribution
from deliberate.inputs.answers.queries import answers_for, outcome_counts, unanswered
from deliberate.inputs.asking.acts import add_question, change_question, templates
from deliberate.inputs.contributing.acts import (
    contribute,
    contribution_of,
    correct_contribution,
    forget_contributions,
    withdraw_contribution,
)
from deliberate.inputs.dossiers.acts import refuse_unsettled, settle_dossier
from deliberate.inputs.entering.acts import enter_paper
from deliberate.inputs.experience.acts import (
    add_lesson,
    as_record,
    export_csv,
    export_json,
    import_lessons,
    validate_lesson,
)
from deliberate.inputs.experience.queries import lessons_of
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.queries import counts, questions_of, search
from deliberate.inputs.rules import FaultyEntry
from deliberate.inputs.synthesis.acts import (
    answer_contest,
    contest_placement,
    coverage,
    place,
    replace_grid,
    unplace,
    write_line,
)
from deliberate.inputs.synthesis.queries import by_category, grid_codes, grid_number
from deliberate.journal.queries import chain, openings
from deliberate.journal.rules import chain_faults, commitment
from deliberate.people.acts import Erased, make_user
from deliberate.people.models import User
from deliberate.people.rules import CLOCK, VISITOR, Actor
from deliberate.process.acts import PhaseOpening, close_phase, open_phase, record_transitions
from deliberate.process.appointments import appoint
from deliberate.process.models import Process

SAID = "Du temps avec ma fille."
DAY = timedelta(days=1)


@pytest.fixture
def question(session: Session, process: Process, organiser: User, now: datetime) -> Question:
    text = {"fr": "Pour vous, qu’est-ce que le bien-être ?", "en": "For you, what is well-being?"}
    variants = [{"key": "young", "text": {"en": "What makes a good day?"}}]
    question = add_question(
        session, Actor(organiser.id), process, "well-being", 1, text, now, variants=variants
    )
    open_phase(session, Actor(organiser.id), process.phases[0], now)
    return question


def said(
    session: Session, process: Process, question: Question, now: datetime, text: str = SAID
) -> tuple[Contribution, str]:
    return contribute(session, VISITOR, process, question, text, "fr", "web", {}, "time", now)


def published(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> tuple[Contribution, str]:
    contribution, secret = said(session, process, question, now)
    moderate(session, Actor(organiser.id), process, contribution, "publish", "", now)
    return contribution, secret


def test_an_answer_waits_for_moderation_and_only_the_hash_of_its_receipt_is_kept(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    contribution, secret = said(session, process, question, now)
    assert contribution.state == "waiting"
    assert secret not in str(vars(contribution))
    assert contribution_of(session, secret) is contribution
    entry_ = list(chain(session, process.slug))[-1]
    assert entry_["act"] == "contribute"
    assert SAID not in str(entry_)
    assert openings(session, process.slug) == {}


def test_a_published_answer_opens_in_the_journal_and_a_refused_one_does_not(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    contribution, _ = published(session, process, question, organiser, now)
    (opening,) = openings(session, process.slug).values()
    assert opening["content"] == {"text": SAID}
    assert commitment(opening["nonce"], opening["content"]) == contribution.commitment
    with pytest.raises(Refusal, match="why"):
        moderate(session, Actor(organiser.id), process, contribution, "refuse", " ", now)
    moderate(session, Actor(organiser.id), process, contribution, "refuse", "Names a neighbour.", now)
    assert openings(session, process.slug) == {}
    assert search(session, process) == ([], 0)


def test_with_moderation_after_publication_an_answer_is_public_at_once(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    process.protocol = {**process.protocol, "moderation": "after"}
    assert said(session, process, question, now)[0].state == "published"


def test_an_answer_outside_the_open_phase_of_its_round_is_refused(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    close_phase(session, Actor(organiser.id), process.phases[0], now + DAY)
    with pytest.raises(NotPermitted, match="not being collected"):
        said(session, process, question, now + DAY)


def test_paper_received_before_the_close_is_typed_after_it_and_later_paper_is_not(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    close_phase(session, Actor(organiser.id), process.phases[0], now + DAY)
    actor = Actor(organiser.id)
    recorded = enter_paper(
        session, actor, process, question, "3;Du calme;A03", "fr", now + 2 * DAY, received=now
    )
    assert [(one.count, one.text, one.component, one.round) for one in recorded] == [
        (3, "Du calme", "A03", 1)
    ]
    with pytest.raises(Refusal, match="outside the open phase"):
        enter_paper(session, actor, process, question, "Du calme", "fr", now + 2 * DAY, received=now + DAY)


def test_a_group_answers_after_its_members(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    recorded = enter_paper(
        session, Actor(organiser.id), process, question, "2;Du temps\nDes amis", "fr", now,
        channel="group", group_answer="Du temps entre amis", note="Apprentis",
    )  # fmt: skip
    assert [(one.text, one.collective, one.count) for one in recorded] == [
        ("Du temps", False, 2), ("Des amis", False, 1), ("Du temps entre amis", True, 3),
    ]  # fmt: skip


def test_bulk_entry_with_faults_says_them_all_and_writes_nothing(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    with pytest.raises(FaultyEntry) as refusal:
        enter_paper(
            session, Actor(organiser.id), process, question, "x;Du temps\n2;\n1;Du calme;Z99", "fr", now
        )
    assert [fault.place for fault in refusal.value.faults] == [1, 2, 3]
    assert session.scalar(select(func.count(Contribution.id))) == 0


def test_a_visitor_enters_nothing_in_bulk(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    with pytest.raises(NotPermitted):
        enter_paper(session, VISITOR, process, question, "Du temps", "fr", now)


def test_a_receipt_corrects_and_the_first_words_are_forgotten(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    contribution, secret = published(session, process, question, organiser, now)
    correct_contribution(session, secret, "Du temps, et du silence.", now)
    assert contribution.state == "waiting"
    moderate(session, Actor(organiser.id), process, contribution, "publish", "", now)
    assert [opening["content"]["text"] for opening in openings(session, process.slug).values()] == [
        "Du temps, et du silence."
    ]
    assert chain_faults(list(chain(session, process.slug))) == []


def test_a_receipt_withdraws_the_words_and_leaves_the_place(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    contribution, secret = published(session, process, question, organiser, now)
    withdraw_contribution(session, secret, now)
    assert (contribution.state, contribution.text, contribution.folded) == ("withdrawn", "", "")
    assert openings(session, process.slug) == {}
    assert chain_faults(list(chain(session, process.slug))) == []
    with pytest.raises(Conflict):
        withdraw_contribution(session, secret, now)
    with pytest.raises(NotFound):
        withdraw_contribution(session, "guess", now)


def test_erasing_a_person_withdraws_what_they_contributed(
    session: Session, process: Process, question: Question, now: datetime
) -> None:
    user = make_user(session, "eve@example.org", "Eve", now)
    contribution, _ = contribute(session, Actor(user.id), process, question, SAID, "fr", "web", {}, "", now)
    forget_contributions(session, Erased(user), now)
    assert (contribution.state, contribution.text, contribution.user_id) == ("withdrawn", "", None)


def test_questions_stay_as_they_are_once_their_phase_has_begun(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    with pytest.raises(Conflict, match="has begun"):
        change_question(session, Actor(organiser.id), process, question, {"en": "Else?"}, now + DAY)
    assert add_question(session, Actor(organiser.id), process, "next", 2, {"en": "Else?"}, now).number == 1


def test_the_questions_that_ship_can_be_added_in_both_languages(
    session: Session, process: Process, organiser: User, now: datetime
) -> None:
    for template in templates():
        added = add_question(
            session, Actor(organiser.id), process, template["key"], 1, template["text"], now, variants=template.get("variants")
        )  # fmt: skip
        assert set(added.text) == {"fr", "en"}
    assert [len(one.variants) for one in questions_of(session, process, 1)] == [0, 0, 0, 2]


def test_search_finds_words_without_their_accents(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    contribution, _ = said(session, process, question, now, "Prendre le petit-déjeuner en famille")
    moderate(session, Actor(organiser.id), process, contribution, "publish", "", now)
    assert search(session, process, words="DEJEUNER famille")[0] == [contribution]
    assert search(session, process, words="dîner")[1] == 0
    assert search(session, process, hidden_round=1)[1] == 0


def test_the_dossier_waits_for_moderation_contests_and_the_days_to_contest(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    actor, closed, after = Actor(organiser.id), now + DAY, now + 10 * DAY
    contribution, secret = published(session, process, question, organiser, now)
    late, _ = said(session, process, question, now)
    close_phase(session, actor, process.phases[0], closed)
    with pytest.raises(Conflict, match=r"still wait for moderation: 1\."):
        settle_dossier(session, actor, process, after)
    moderate(session, actor, process, late, "refuse", "Advertising.", closed)
    line = write_line(session, actor, process, 1, "D03", {"en": "Time with those we love"}, closed)
    (placement,) = place(session, actor, process, line, [contribution], closed)
    contest_placement(session, secret, placement, "This is about work.", closed)
    with pytest.raises(Conflict, match=r"still wait for an answer: 1\."):
        settle_dossier(session, actor, process, after)
    answer_contest(session, actor, process, placement, "The line on work opens it too.", closed)
    with pytest.raises(Conflict, match="can contest"):
        settle_dossier(session, actor, process, closed)
    dossier = settle_dossier(session, actor, process, after)
    assert [one["key"] for one in dossier.content["contributions"]] == [contribution.key]
    assert list(chain(session, process.slug))[-1]["public"]["digest"] == dossier.digest
    with pytest.raises(Conflict, match="already settled"):
        settle_dossier(session, actor, process, after)
    with pytest.raises(Conflict, match="settled"):
        correct_contribution(session, secret, "Else", after)
    withdraw_contribution(session, secret, after)
    assert SAID not in str(dossier.content)


def test_coverage_names_what_stands_on_no_line(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    actor = Actor(organiser.id)
    first, _ = published(session, process, question, organiser, now)
    second, _ = published(session, process, question, organiser, now)
    line = write_line(session, actor, process, 1, "A", {"en": "Time"}, now)
    (placement,) = place(session, actor, process, line, [first, first], now)
    assert coverage(session, process, 1) == {"total": 2, "placed": 1, "unplaced": [second]}
    unplace(session, actor, process, placement, now)
    assert coverage(session, process, 1)["placed"] == 0


def test_reading_by_category_hides_small_cells(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    process.protocol = {**process.protocol, "moderation": "after"}
    actor = Actor(organiser.id)
    people = [("women", 9), ("men", 7), ("other", 2)]
    placed = [
        enter_paper(
            session, actor, process, question, f"{count};Du temps", "fr", now, categories={"gender": gender}
        )[0]
        for gender, count in people
    ]
    place(
        session,
        actor,
        process,
        write_line(session, actor, process, 1, "A05", {"en": "T"}, now),
        placed,
        now,
    )
    assert by_category(session, process, 1, "gender") == {"A": {"women": 9, "men": None, "other": None}}


def test_a_grid_is_replaced_by_a_new_version_but_no_line_loses_its_code(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    actor = Actor(organiser.id)
    write_line(session, actor, process, 1, "A05", {"en": "Learning"}, now)
    with pytest.raises(FaultyEntry, match="Nothing was recorded") as refusal:
        replace_grid(session, actor, process, "code,component,en,fr\nX,,One,Un\nX,,Two,Deux\n", now)
    assert [str(fault) for fault in refusal.value.faults] == [
        "The code “X” appears twice.", "The code “A05” is missing, but a line of the synthesis stands on it.",
    ]  # fmt: skip
    grid = replace_grid(session, actor, process, "code,component,en,fr\nA,A05,Learning,Apprendre\n", now)
    assert grid_codes(session, process) == {"A05"}
    assert grid_number(session, process) == grid.number == 1


def test_a_deliberation_does_not_begin_by_act_before_the_dossier_of_what_was_said_is_settled(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    events.on(PhaseOpening, refuse_unsettled)
    actor, later = Actor(organiser.id), now + 20 * DAY
    published(session, process, question, organiser, now)
    close_phase(session, actor, process.phases[0], now + DAY)
    with pytest.raises(Conflict, match="Settle the dossier first"):
        open_phase(session, actor, process.phases[1], later)
    assert process.situation(later) == "settling"
    settle_dossier(session, actor, process, later)
    open_phase(session, actor, process.phases[1], later)
    assert process.situation(later) == "deliberation"
    close_phase(session, actor, process.phases[1], later + DAY)
    open_phase(session, actor, process.phases[2], later + 2 * DAY)


def test_a_deliberation_begins_by_act_when_nothing_is_left_to_settle(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    events.on(PhaseOpening, refuse_unsettled)
    _, secret = published(session, process, question, organiser, now)
    withdraw_contribution(session, secret, now)
    close_phase(session, Actor(organiser.id), process.phases[0], now + DAY)
    open_phase(session, Actor(organiser.id), process.phases[1], now + DAY)
    assert process.situation(now + DAY) == "deliberation"


def test_a_deliberation_that_the_protocol_dated_begins_on_its_day(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    events.on(PhaseOpening, refuse_unsettled)
    published(session, process, question, organiser, now)
    close_phase(session, Actor(organiser.id), process.phases[0], now + DAY)
    process.phases[1].opens_at = now + 2 * DAY
    record_transitions(session, CLOCK, now + 2 * DAY)
    assert process.situation(now + 2 * DAY) == "deliberation"


def test_each_contribution_ends_in_an_answer_with_its_clause(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    actor = Actor(organiser.id)
    contribution, _ = published(session, process, question, organiser, now)
    close_phase(session, actor, process.phases[0], now + DAY)
    later = now + 20 * DAY
    settle_dossier(session, actor, process, later)
    open_phase(session, actor, process.phases[1], later)
    assert unanswered(session, process) == ([contribution], 1)
    with pytest.raises(Refusal, match="clause"):
        answer_contribution(session, actor, process, contribution, "adopted", {"en": "Yes"}, later)
    answer_contribution(
        session, actor, process, contribution, "adopted", {"en": "Yes"}, later, charter="time", clause="t1"
    )
    (answer,) = answers_for(session, process, "time", "t1")
    assert answer.contribution is contribution
    assert unanswered(session, process) == ([], 0)
    assert outcome_counts(session, process)["adopted"] == 1
    assert counts(session, process, 1) == {
        "contributions": 1,
        "people": 1,
        "waiting": 0,
        "answered": 1,
        "lessons": 0,
    }


LESSON = {
    "key": "l-time-banks", "title": {"en": "An hour is worth an hour"}, "outcome": "failed", "theme": "time",
    "tried": {"en": "Exchanging hours"}, "teaches": {"en": "Trust first"}, "sdg": [10, 8], "sectors": ["care"],
    "validation": [{"criterion": {"en": "Told by those who lived it"}, "who": {"en": "Table 3"}}],
}  # fmt: skip


@pytest.mark.parametrize("export", [export_json, export_csv])
def test_lessons_go_out_and_come_back_the_same(
    session: Session, process: Process, organiser: User, now: datetime, export: object
) -> None:
    actor = Actor(organiser.id)
    lesson = add_lesson(session, actor, process, LESSON, now)
    before = as_record(lesson)
    text = export(session, process)  # type: ignore[operator]
    session.delete(lesson)
    (again,) = import_lessons(session, actor, process, text, now)
    assert as_record(again) == before


def test_a_list_of_lessons_with_faults_says_them_all_and_writes_nothing(
    session: Session, process: Process, organiser: User, now: datetime
) -> None:
    text = "key;outcome;title_en;tried_en;teaches_en;sdg\nok;worked;T;x;y;3\nBad key;perhaps;;x;y;99\n"
    with pytest.raises(FaultyEntry) as refusal:
        import_lessons(session, Actor(organiser.id), process, text, now)
    assert {fault.place for fault in refusal.value.faults} == {2}
    assert len(refusal.value.faults) == 4
    assert lessons_of(session, process) == []


def test_a_lesson_told_by_a_visitor_waits_and_then_opens_in_the_journal(
    session: Session, process: Process, question: Question, organiser: User, now: datetime
) -> None:
    lesson = add_lesson(session, VISITOR, process, LESSON, now)
    assert lesson.state == "waiting"
    moderator = make_user(session, "m@example.org", "M", now)
    appoint(session, Actor(organiser.id), process, moderator, "moderator", now)
    moderate(session, Actor(moderator.id), process, lesson, "publish", "", now)
    assert [opening["content"]["key"] for opening in openings(session, process.slug).values()] == [
        "l-time-banks"
    ]
    validate_lesson(
        session,
        Actor(moderator.id),
        process,
        lesson,
        {"criterion": {"en": "Checked on site"}, "who": {"en": "Two citizens"}},
        now,
    )
    assert len(lesson.validation) == 2
