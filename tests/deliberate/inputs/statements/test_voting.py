"""Voting: one vote per person and statement, tallies that follow, nothing after the close, everything taken back."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.inputs.contributing.acts import contribute, withdraw_contribution
from deliberate.inputs.events import ContributionTakenBack
from deliberate.inputs.models import Question
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.rules import months_later
from deliberate.inputs.statements import acts, making, queries, rules
from deliberate.inputs.statements.models import Participant, Statement, StatementVote
from deliberate.journal.models import PrivatePart
from deliberate.journal.queries import chain
from deliberate.people.acts import Erased, erase, make_user
from deliberate.people.models import User
from deliberate.people.queries import DataRequested
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import close_phase, open_phase
from deliberate.process.models import Process
from deliberate.process.rules import Span

LATER = timedelta(minutes=5)


@pytest.fixture
def statement(session: Session, open_process: Process, organiser: User, now: datetime) -> Statement:
    """A statement put to everyone in the open phase."""
    text = {"en": "Shops stay closed on Sundays.", "fr": "Les magasins restent fermés le dimanche."}
    return making.add_statement(session, Actor(organiser.id), open_process, text, "en", now)


def tallies(statement: Statement) -> tuple[int, int, int]:
    return statement.agrees, statement.disagrees, statement.passes


def test_votes_are_tallied_and_the_last_vote_of_a_person_stands(
    session: Session, open_process: Process, statement: Statement, now: datetime
) -> None:
    for secret, value in (("ana", 1), ("bob", 1), ("eva", 0), ("bob", -1), ("bob", -1), ("ana", 1)):
        acts.vote(session, VISITOR, open_process, statement, value, now, secret=secret)
    assert tallies(statement) == (1, 1, 1)
    assert sorted(session.scalars(select(StatementVote.value))) == [-1, 0, 1]


def test_only_the_hash_of_a_secret_is_kept(
    session: Session, open_process: Process, statement: Statement, now: datetime
) -> None:
    participant = acts.vote(session, VISITOR, open_process, statement, 1, now, secret="a-secret-of-someone")
    kept = {column.key: getattr(participant, column.key) for column in Participant.__table__.columns}
    assert "a-secret-of-someone" not in str(kept)
    assert queries.holder_of(session, "a-secret-of-someone") is participant


def test_an_account_votes_once_whatever_secret_its_browser_keeps(
    session: Session, open_process: Process, statement: Statement, organiser: User, now: datetime
) -> None:
    for secret in ("one", "two"):
        acts.vote(session, Actor(organiser.id), open_process, statement, 1, now, secret=secret)
    assert tallies(statement) == (1, 0, 0)


def test_whoever_has_neither_account_nor_secret_is_told_about_cookies(
    session: Session, open_process: Process, statement: Statement, now: datetime
) -> None:
    with pytest.raises(Refusal, match="did not send back the cookie"):
        acts.vote(session, VISITOR, open_process, statement, 1, now)


def test_a_vote_after_the_close_is_not_recorded_and_says_so(
    session: Session, open_process: Process, statement: Statement, organiser: User, now: datetime
) -> None:
    acts.vote(session, VISITOR, open_process, statement, 1, now, secret="ana")
    close_phase(session, Actor(organiser.id), open_process.phases[0], now + LATER)
    with pytest.raises(NotPermitted, match="over, or has not begun, so this vote was not recorded"):
        acts.vote(session, VISITOR, open_process, statement, -1, now + LATER, secret="ana")
    assert tallies(statement) == (1, 0, 0)


def test_a_statement_of_an_earlier_round_takes_no_vote_in_a_later_one(
    session: Session, open_process: Process, statement: Statement, organiser: User, now: datetime
) -> None:
    actor, phases = Actor(organiser.id), open_process.phases
    close_phase(session, actor, phases[0], now + LATER)
    for at, phase in enumerate(phases[1:3], start=2):
        open_phase(session, actor, phase, now + at * LATER)
        if phase is phases[1]:
            close_phase(session, actor, phase, now + at * LATER)
    with pytest.raises(NotPermitted, match="round 1"):
        acts.vote(session, VISITOR, open_process, statement, 1, now + 4 * LATER, secret="ana")


def test_a_retired_statement_keeps_its_votes_takes_no_more_and_can_be_put_back(
    session: Session, open_process: Process, statement: Statement, organiser: User, now: datetime
) -> None:
    acts.vote(session, VISITOR, open_process, statement, 1, now, secret="ana")
    making.retire(session, Actor(organiser.id), open_process, statement, "It says two things at once.", now)
    with pytest.raises(Conflict, match="no longer put to anyone"), session.begin_nested():
        acts.vote(session, VISITOR, open_process, statement, 1, now, secret="bob")
    assert queries.figures(session, open_process, 1) == {"statements": 0, "votes": 0}
    making.put_back(session, Actor(organiser.id), open_process, statement, "It was clear after all.", now)
    assert tallies(statement) == (1, 0, 0)
    said = [(entry["act"], entry["public"].get("reason")) for entry in chain(session, open_process.slug)]
    assert ("retire", "It says two things at once.") in said
    assert ("put back", "It was clear after all.") in said


def test_retiring_needs_a_reason_and_stops_with_the_open_phase(
    session: Session, open_process: Process, statement: Statement, organiser: User, now: datetime
) -> None:
    with pytest.raises(Refusal, match="Say why"):
        making.retire(session, Actor(organiser.id), open_process, statement, " ", now)
    close_phase(session, Actor(organiser.id), open_process.phases[0], now + LATER)
    with pytest.raises(Conflict, match="statements stay as they are"):
        making.retire(session, Actor(organiser.id), open_process, statement, "Too late", now + LATER)


def test_one_vote_is_taken_back_and_all_of_them_withdrawn_even_after_the_close(
    session: Session, open_process: Process, statement: Statement, organiser: User, now: datetime
) -> None:
    other = making.add_statement(
        session, Actor(organiser.id), open_process, {"en": "Trams are free."}, "en", now
    )
    ana = acts.vote(session, VISITOR, open_process, statement, 1, now, secret="ana")
    acts.vote(session, VISITOR, open_process, other, -1, now, secret="ana")
    acts.vote(session, VISITOR, open_process, statement, 1, now, secret="bob")
    acts.take_back(session, open_process, ana, other, now)
    assert tallies(other) == (0, 0, 0)
    close_phase(session, Actor(organiser.id), open_process.phases[0], now + LATER)
    with pytest.raises(NotPermitted, match="You can still withdraw all of them"):
        acts.take_back(session, open_process, ana, statement, now + LATER)
    assert acts.withdraw_votes(session, ana, now + LATER) == 1
    assert tallies(statement) == (1, 0, 0)
    assert queries.participant_with(session, open_process, "ana") is None


def test_erasing_a_person_erases_their_votes_and_the_words_they_proposed(
    session: Session, open_process: Process, statement: Statement, now: datetime
) -> None:
    user = make_user(session, "ana@example.org", "Ana", now)
    ana = acts.vote(session, Actor(user.id), open_process, statement, -1, now)
    acts.say_about_oneself(session, ana, {"age": "30-44"}, now)
    proposed = acts.propose(session, Actor(user.id), open_process, {"en": "Trams run all night."}, "en", now)
    asked = DataRequested(user)
    queries.add_held(session, asked, now)
    held = asked.held["votes_on_statements"][0]
    assert held["votes"][0]["vote"] == -1
    assert held["about_oneself"] == {"age": "30-44"}
    assert held["proposed"][0]["text"] == {"en": "Trams run all night."}
    acts.forget_voter(session, Erased(user), now)
    erase(session, user, now)
    assert tallies(statement) == (0, 0, 0)
    assert session.scalar(select(func.count(StatementVote.value))) == 0
    assert (proposed.state, proposed.text, proposed.folded) == ("withdrawn", {}, "")
    kept = session.scalars(select(PrivatePart).where(PrivatePart.person == proposed.person)).all()
    assert kept == []


def test_after_the_months_of_the_protocol_votes_are_nobody_s(
    session: Session, open_process: Process, statement: Statement, now: datetime
) -> None:
    ana = acts.vote(session, VISITOR, open_process, statement, 1, now, secret="ana")
    acts.say_about_oneself(session, ana, {"age": "30-44"}, now)
    months = open_process.protocol["retention_months"]
    assert acts.unlink_in_time(session, months_later(now, months) - LATER) == 0
    assert acts.unlink_in_time(session, months_later(now, months)) == 1
    assert queries.participant_with(session, open_process, "ana") is None
    assert (ana.categories, tallies(statement)) == ({}, (1, 0, 0))


def test_a_proposed_statement_waits_for_moderation_and_its_author_stands_in_no_journal(
    session: Session, open_process: Process, organiser: User, now: datetime
) -> None:
    proposed = acts.propose(
        session, VISITOR, open_process, {"fr": "  Les trams\nroulent la nuit. "}, "fr", now, secret="ana"
    )
    assert (proposed.state, proposed.text) == ("waiting", {"fr": "Les trams roulent la nuit."})
    with pytest.raises(Conflict, match="no longer put to anyone"), session.begin_nested():
        acts.vote(session, VISITOR, open_process, proposed, 1, now, secret="bob")
    moderate(session, Actor(organiser.id), open_process, proposed, "publish", "", now)
    acts.vote(session, VISITOR, open_process, proposed, 1, now, secret="bob")
    assert proposed.agrees == 1
    entry = next(one for one in chain(session, open_process.slug) if one["act"] == "propose")
    assert entry["actor"] == "visitor"
    assert "trams" not in str(entry)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ({"en": " "}, "Write the statement in at least one language"),
        ({"en": "a" * 281}, "281 characters; the limit is 280"),
        ({"fr": "En français seulement."}, "in the language it was first said in"),
    ],
)
def test_a_proposal_that_is_no_statement_gets_a_sentence(
    session: Session, open_process: Process, now: datetime, text: dict[str, str], said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        acts.propose(session, VISITOR, open_process, text, "en", now, secret="ana")


def test_nobody_proposes_without_end_while_nothing_is_read(
    session: Session, open_process: Process, now: datetime
) -> None:
    for number in range(rules.PROPOSALS_WAITING):
        acts.propose(session, VISITOR, open_process, {"en": f"Idea {number}"}, "en", now, secret="ana")
    with pytest.raises(Refusal, match="wait to be read"):
        acts.propose(session, VISITOR, open_process, {"en": "One more"}, "en", now, secret="ana")


def test_nobody_proposes_without_end_where_statements_are_public_at_once(
    session: Session, open_process: Process, now: datetime
) -> None:
    open_process.protocol = {**open_process.protocol, "moderation": "after"}
    for number in range(rules.PROPOSALS_WAITING):
        acts.propose(session, VISITOR, open_process, {"en": f"Idea {number}"}, "en", now, secret="ana")
    with pytest.raises(Refusal, match="within an hour"):
        acts.propose(session, VISITOR, open_process, {"en": "One more"}, "en", now, secret="ana")
    later = now + rules.PROPOSALS_WITHIN
    acts.propose(session, VISITOR, open_process, {"en": "One more"}, "en", later, secret="ana")


def test_signs_that_turn_text_around_are_left_out_of_a_statement() -> None:
    assert rules.clean_statement({"en": "Trams\u202e eerf\u202c 🚋 are"}) == {"en": "Trams eerf 🚋 are"}


def test_the_first_wording_stays_once_people_voted_and_translations_can_be_mended(
    session: Session, open_process: Process, statement: Statement, organiser: User, now: datetime
) -> None:
    actor = Actor(organiser.id)
    acts.vote(session, VISITOR, open_process, statement, 1, now, secret="ana")
    making.reword(session, actor, open_process, statement, {**statement.text, "fr": "Dimanche fermé."}, now)
    assert statement.text["fr"] == "Dimanche fermé."
    with pytest.raises(Conflict, match="People voted on these words"):
        making.reword(session, actor, open_process, statement, {"en": "Shops open on Sundays."}, now)


def test_a_statement_keeps_its_root_and_goes_with_the_words_it_repeats(
    session: Session, open_process: Process, organiser: User, now: datetime
) -> None:
    actor = Actor(organiser.id)
    open_process.protocol = {**open_process.protocol, "moderation": "after"}
    question = _question(session, open_process)
    root, secret = contribute(
        session,
        VISITOR,
        open_process,
        question,
        "I think that trams should be free.",
        "en",
        "web",
        {},
        "",
        now,
    )
    add = making.add_statement
    repeated = add(
        session, actor, open_process, {"en": "Trams should be free."}, "en", now, contribution=root
    )
    reworded = add(
        session, actor, open_process, {"en": "Travel costs nothing."}, "en", now, contribution=root
    )
    acts.vote(session, VISITOR, open_process, repeated, 1, now, secret="ana")
    assert queries.drawn_from(session, [root.id]) == {root.id: [repeated, reworded]}
    making.forget_drawn(session, ContributionTakenBack(root, "Trams should be free, and early."), now)
    assert repeated.state == "published", "the correction says it too"
    making.forget_drawn(session, ContributionTakenBack(root), now)
    withdraw_contribution(session, secret, now)
    assert (repeated.state, repeated.text, repeated.agrees) == ("withdrawn", {}, 1)
    assert reworded.state == "published"


def _question(session: Session, process: Process) -> Question:
    question = Question(process_id=process.id, key="time", round=1, number=1, text={"en": "What?"})
    session.add(question)
    session.flush()
    return question


@pytest.mark.parametrize(
    ("protocol", "voted", "there", "closed", "seen"),
    [
        ({}, 0, 20, False, False),
        ({}, 6, 20, False, False),
        ({}, 7, 20, False, True),
        ({}, 3, 3, False, True),
        ({}, 0, 0, False, False),
        ({}, 0, 20, True, True),
        ({"results": "at the close"}, 20, 20, False, False),
        ({"results": "at the close"}, 0, 20, True, True),
    ],
)
def test_results_show_after_voting_or_at_the_close_as_the_protocol_says(
    now: datetime, protocol: dict[str, str], voted: int, there: int, closed: bool, seen: bool
) -> None:
    span = Span("open", 1, now - LATER, now if closed else None)
    assert rules.results_visible(protocol, span, voted, there, now) is seen


def test_the_next_statements_differ_are_not_those_voted_on_and_stay_the_same_on_reload() -> None:
    weights = dict.fromkeys(range(10), 1.0)
    first = rules.next_ones(weights, {0, 1, 2}, 4, "ana:3")
    assert len(set(first)) == 4
    assert not {0, 1, 2} & set(first)
    assert first == rules.next_ones(weights, {2, 1, 0}, 4, "ana:3")
    assert sorted(rules.next_ones(weights, {0}, 99, "bob")) == list(range(1, 10))
