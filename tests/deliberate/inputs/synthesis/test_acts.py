"""The synthesis: what is placed, read, split, merged and contested keeps its roots."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.inputs.contributing.acts import withdraw_contribution
from deliberate.inputs.dossiers.acts import settle_dossier
from deliberate.inputs.models import Contribution
from deliberate.inputs.rules import FaultyEntry
from deliberate.inputs.synthesis import queries
from deliberate.inputs.synthesis.acts import (
    answer_contest,
    contest_placement,
    forget_readers,
    mark_read,
    place,
    retire_line,
    unplace,
    write_line,
)
from deliberate.inputs.synthesis.ancestry import heirs, origins
from deliberate.inputs.synthesis.grids import preview, replace_grid
from deliberate.inputs.synthesis.models import Reading, Reshaping, SynthesisLine
from deliberate.inputs.synthesis.reshaping import Part, merge_lines, split_line, undo
from deliberate.inputs.synthesis.suggestions import like_line, lines_like
from deliberate.journal.queries import chain
from deliberate.people.acts import Erased, make_user
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import close_phase
from deliberate.process.models import Process

Say = Callable[..., tuple[Contribution, str]]
Close = Callable[[], datetime]
DAY = timedelta(days=1)
NEXT_GRID = "code,component,en,fr\nA,,Time,Temps\nA,A05,Learning,Apprendre\n"


@pytest.fixture
def line(session: Session, process: Process, rapporteur: Actor, say: Say, now: datetime) -> SynthesisLine:
    """A line on which three contributions stand."""
    line = write_line(
        session, rapporteur, process, 1, "A06", {"en": "Time off work"}, now, dissent={"en": "Some"}
    )
    place(session, rapporteur, process, line, [say(f"Said {n}")[0] for n in range(3)], now)
    return line


def keys(line: SynthesisLine) -> list[str]:
    return [placement.contribution.key for placement in line.placements]


def part(text: str, *contributions: str, dimension: str = "A06") -> Part:
    return Part(dimension, {"en": text}, frozenset(contributions))


def test_coverage_names_what_stands_on_no_line_and_what_nobody_has_read(
    session: Session, process: Process, rapporteur: Actor, say: Say, now: datetime
) -> None:
    first, second, third = (say()[0] for _ in range(3))
    line = write_line(session, rapporteur, process, 1, "A", {"en": "Time"}, now)
    (placement,) = place(session, rapporteur, process, line, [first, first], now)
    assert mark_read(session, rapporteur, process, [second, second], now) == 1
    assert mark_read(session, rapporteur, process, [second], now) == 0
    found = queries.coverage(session, process, 1)
    assert found == {"total": 3, "placed": 1, "unplaced": [second, third], "unread": [third]}
    unplace(session, rapporteur, process, placement, now)
    found = queries.coverage(session, process, 1)
    assert (found["placed"], found["unread"]) == (0, [third])


def test_who_read_what_goes_with_their_account_and_what_was_read_stays_so(
    session: Session, process: Process, rapporteur: Actor, say: Say, now: datetime
) -> None:
    mark_read(session, rapporteur, process, [say()[0]], now)
    user = session.get_one(User, rapporteur.user_id)
    forget_readers(session, Erased(user), now)
    assert session.scalars(select(Reading.user_id)).all() == [None]
    assert queries.coverage(session, process, 1)["unread"] == []


def test_a_visitor_places_and_reads_nothing(
    session: Session, process: Process, line: SynthesisLine, say: Say, now: datetime
) -> None:
    contribution, _ = say()
    with pytest.raises(NotPermitted):
        place(session, VISITOR, process, line, [contribution], now)
    with pytest.raises(NotPermitted):
        mark_read(session, VISITOR, process, [contribution], now)
    with pytest.raises(NotPermitted):
        split_line(session, VISITOR, process, line, [], now)


def test_rewording_keeps_every_wording(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, now: datetime
) -> None:
    write_line(session, rapporteur, process, 1, "A06", {"en": "Free time"}, now, line=line)
    write_line(session, rapporteur, process, 1, "A07", {"en": "Free time"}, now, line=line)
    assert [(one.number, one.text["en"]) for one in line.wordings] == [(1, "Time off work"), (2, "Free time")]
    assert (line.wording, line.dimension) == (2, "A07")


def test_a_split_moves_every_root_and_its_contest_and_the_old_address_leads_on(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, say: Say, close: Close
) -> None:
    mine, secret = say("I meant my garden")
    now = close()
    (placement,) = place(session, rapporteur, process, line, [mine], now)
    contest_placement(session, secret, placement, "Not about work.", now)
    one, two, three, four = keys(line)
    made = split_line(
        session, rapporteur, process, line, [part("Rest", one, two, four), part("Learning", two, three)], now
    )
    assert [keys(child) for child in made] == [[one, two, four], [three, two]]
    assert (keys(line), line.retired_at) == ([], now)
    assert heirs(session, line) == made
    assert origins(session, made[1]) == [line]
    assert [child.dissent for child in made] == [{"en": "Some"}] * 2
    waiting, _ = queries.contests(session, process, 1)
    assert [found.line for found in waiting] == [made[0]]
    entry = list(chain(session, process.slug))[-1]
    assert (entry["act"], entry["object"]) == ("split", f"line:{line.key}")
    assert [child["contributions"] for child in entry["public"]["into"]] == [
        sorted([one, two, four]),
        sorted([two, three]),
    ]


def test_a_split_that_would_lose_a_root_is_refused(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, now: datetime
) -> None:
    one, two, three = keys(line)
    with pytest.raises(Refusal, match=three):
        split_line(session, rapporteur, process, line, [part("Rest", one), part("Learn", two)], now)
    with pytest.raises(Refusal, match="at least one contribution"):
        split_line(session, rapporteur, process, line, [part("Rest", *keys(line)), part("Empty")], now)
    with pytest.raises(Refusal, match="at least two"):
        split_line(session, rapporteur, process, line, [part("Rest", *keys(line))], now)
    assert keys(line) == [one, two, three]


def test_a_merge_keeps_roots_dissent_and_contests_and_can_be_undone(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, say: Say, close: Close
) -> None:
    mine, secret = say("Mine")
    now = close()
    other = write_line(
        session, rapporteur, process, 1, "A05", {"en": "Learning"}, now, dissent={"en": "Others"}
    )
    both = line.placements[0].contribution
    place(session, rapporteur, process, other, [both, mine], now)
    contest_placement(session, secret, other.placements[1], "No.", now)
    before = {one: keys(one) for one in (line, other)}
    made = merge_lines(session, rapporteur, process, [other, line], "A", {"en": "Time of one’s own"}, now)
    assert sorted(keys(made)) == sorted({*before[line], *before[other]})
    assert made.dissent == {"en": "Some\nOthers"}
    assert heirs(session, line) == heirs(session, other) == [made]
    (reshaping,) = session.scalars(select(Reshaping)).all()
    undo(session, rapporteur, process, reshaping, now)
    assert {one: sorted(keys(one)) for one in (line, other)} == {
        one: sorted(found) for one, found in before.items()
    }
    assert heirs(session, made) == [line, other]
    assert [one.line for one in queries.contests(session, process, 1)[0]] == [other]
    with pytest.raises(Conflict, match="already undone"):
        undo(session, rapporteur, process, reshaping, now)


def test_a_merge_is_undone_neither_over_words_placed_since_nor_after_the_dossier(
    session: Session, process: Process, rapporteur: Actor, organiser: User, line: SynthesisLine, say: Say, now: datetime
) -> None:  # fmt: skip
    other = write_line(session, rapporteur, process, 1, "A05", {"en": "Learning"}, now)
    made = merge_lines(session, rapporteur, process, [line, other], "A", {"en": "Time"}, now)
    (reshaping,) = session.scalars(select(Reshaping)).all()
    later, _ = say("Later")
    (placement,) = place(session, rapporteur, process, made, [later], now)
    with pytest.raises(Conflict, match=later.key):
        undo(session, rapporteur, process, reshaping, now)
    unplace(session, rapporteur, process, placement, now)
    close_phase(session, Actor(organiser.id), process.phases[0], now + DAY)
    settle_dossier(session, Actor(organiser.id), process, now + 20 * DAY)
    with pytest.raises(Conflict, match="settled"):
        undo(session, rapporteur, process, reshaping, now + 20 * DAY)


def test_nothing_more_is_placed_on_a_line_that_is_no_longer_in_force(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, say: Say, now: datetime
) -> None:
    with pytest.raises(Conflict, match="stand on this line: 3"):
        retire_line(session, rapporteur, process, line, now)
    for placement in list(line.placements):
        unplace(session, rapporteur, process, placement, now)
    retire_line(session, rapporteur, process, line, now)
    with pytest.raises(Conflict, match="no longer in force"):
        place(session, rapporteur, process, line, [say()[0]], now)
    assert queries.lines_of(session, process, 1) == []
    assert queries.line(session, process, line.key) is line


def test_lines_of_two_rounds_are_not_merged(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, now: datetime
) -> None:
    other = write_line(session, rapporteur, process, 2, "A05", {"en": "Learning"}, now)
    with pytest.raises(Refusal, match="same round"):
        merge_lines(session, rapporteur, process, [line, other], "A", {"en": "Time"}, now)
    with pytest.raises(Refusal, match="at least two"):
        merge_lines(session, rapporteur, process, [line, line], "A", {"en": "Time"}, now)


def test_two_contests_of_the_same_words_become_one_that_waits(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, say: Say, close: Close
) -> None:
    mine, secret = say("Mine")
    now = close()
    other = write_line(session, rapporteur, process, 1, "A05", {"en": "Learning"}, now)
    for one, reason in ((line, "First"), (other, "Second")):
        (placement,) = place(session, rapporteur, process, one, [mine], now)
        contest_placement(session, secret, placement, reason, now)
    answer_contest(session, rapporteur, process, placement, "Because", now)
    merge_lines(session, rapporteur, process, [line, other], "A", {"en": "Time"}, now)
    waiting, answered = queries.contests(session, process, 1)
    assert ([one.contest for one in waiting], answered) == (["First\nSecond"], [])


def test_a_grid_is_replaced_when_every_line_has_a_place_on_it(
    session: Session, process: Process, organiser: User, line: SynthesisLine, now: datetime
) -> None:
    actor = Actor(organiser.id)
    with pytest.raises(FaultyEntry, match="Nothing was recorded") as refusal:
        replace_grid(session, actor, process, "code,component,en,fr\nX,,One,Un\nX,,Two,Deux\n", now)
    assert [str(fault) for fault in refusal.value.faults] == ["The code “X” appears twice."]
    with pytest.raises(FaultyEntry) as refusal:
        replace_grid(session, actor, process, NEXT_GRID, now, moved={"A06": "Z"})
    assert [fault.values for fault in refusal.value.faults] == [{"code": "A06"}]
    shown = preview(session, process, NEXT_GRID)
    assert shown.lost == {"A06": 1}
    assert [old["en"] for old, _ in shown.comparison.renamed] == ["Means of living", "Education and training"]
    grid = replace_grid(session, actor, process, NEXT_GRID, now, moved={"A06": "A05"})
    assert (line.dimension, line.grid, grid.moved) == ("A05", 1, {"A06": "A05"})
    assert queries.grid_codes(session, process) == {"A", "A05"}
    assert queries.rows_of(session, process, 0) == list(queries.shipped_grid())


def test_words_like_those_of_a_line_are_suggested(
    session: Session, process: Process, rapporteur: Actor, say: Say, now: datetime
) -> None:
    line = write_line(session, rapporteur, process, 1, "A10", {"en": "Trains that run at night"}, now)
    place(session, rapporteur, process, line, [say("More night trains between our towns")[0]], now)
    near, _ = say("We need night trains between towns")
    far, _ = say("Free school meals")
    assert lines_like(session, process, near) == [line.key]
    assert lines_like(session, process, far) == []
    assert like_line(line, {one.key: one.text for one in (far, near)}) == [near.key]


def test_withdrawn_words_no_longer_count_and_the_line_keeps_its_place_for_them(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, say: Say, now: datetime
) -> None:
    mine, secret = say("Mine", count=4)
    place(session, rapporteur, process, line, [mine], now)
    assert queries.people_on(line) == 7
    withdraw_contribution(session, secret, now)
    assert queries.people_on(line) == 3
    assert mine.key in queries.as_record(process, line)["contributions"]


def test_markup_and_direction_marks_of_a_line_stay_text(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, now: datetime
) -> None:
    with pytest.raises(Refusal, match="1500 characters; the limit is 1000"):
        write_line(session, rapporteur, process, 1, "A06", {"en": "x" * 1500}, now, line=line)
    with pytest.raises(Refusal, match="at least one language"):
        write_line(session, rapporteur, process, 1, "A06", {"en": " "}, now, line=line)
    with pytest.raises(Refusal, match="not a code"):
        write_line(session, rapporteur, process, 1, "=A1", {"en": "Time"}, now)
    make_user(session, "somebody@example.org", "Someone", now)
