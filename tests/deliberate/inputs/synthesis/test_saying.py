"""What a mixed board says of a line, and the other wordings that anyone proposes."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.rules import LANGUAGES
from deliberate.inputs.synthesis import queries, reviewing, rules, wordings
from deliberate.inputs.synthesis.acts import retire_line, write_line
from deliberate.inputs.synthesis.models import LineReview, SynthesisLine, WordingProposal
from deliberate.journal.queries import chain, openings
from deliberate.people.acts import Erased, make_user
from deliberate.people.models import User
from deliberate.people.queries import DataRequested
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.appointments import appoint
from deliberate.process.models import Process

Member = Callable[[str, str], Actor]


@pytest.fixture
def line(
    session: Session, process: Process, rapporteur: Actor, question: object, now: datetime
) -> SynthesisLine:
    return write_line(session, rapporteur, process, 1, "A06", {"en": "Time off work"}, now)


def test_a_kind_bears_a_wording_when_more_of_it_agree_than_disagree() -> None:
    said = [("researcher", "agrees"), ("researcher", "disagrees"), ("official", "reservations")]
    found = rules.standing(["researcher", "official", "citizen"], said)
    assert (found.validated, found.dissent) == (("official",), 1)
    assert found.counts["citizen"] == {"agrees": 0, "reservations": 0, "disagrees": 0}


def test_a_review_is_of_one_wording_in_public_and_without_a_name(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, member: Member, now: datetime
) -> None:
    rosa, cleo = member("rosa", "researcher"), member("cleo", "citizen")
    reviewing.review_line(session, rosa, process, line, 1, "agrees", "", "en", now)
    reviewing.review_line(session, cleo, process, line, 1, "agrees", "", "en", now)
    reviewing.review_line(session, cleo, process, line, 1, "disagrees", "Too vague", "en", now)
    found = queries.standing_of(process, line)
    assert (found.validated, found.dissent) == (("researcher",), 1)
    entry = list(chain(session, process.slug))[-1]
    assert entry["public"] == {"wording": 1, "kind": "citizen", "position": "disagrees"}
    assert [one["content"] for one in openings(session, process.slug).values()][-1] == {"words": "Too vague"}
    write_line(session, rapporteur, process, 1, "A06", {"en": "Free time"}, now, line=line)
    assert queries.reviews_of(line) == []
    assert len(queries.reviews_of(line, 1)) == 2
    with pytest.raises(Refusal, match="reworded while you read"):
        reviewing.review_line(session, rosa, process, line, 1, "agrees", "", "en", now)


def test_only_the_board_of_the_protocol_reviews_and_dissent_says_what_it_is(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, member: Member, now: datetime
) -> None:
    with pytest.raises(NotPermitted):
        reviewing.review_line(session, rapporteur, process, line, 1, "agrees", "", "en", now)
    with pytest.raises(NotPermitted, match="names no mixed board"):
        reviewing.review_line(session, member("ada", "activist"), process, line, 1, "agrees", "", "en", now)
    with pytest.raises(Refusal, match="Write something"):
        reviewing.review_line(
            session, member("cleo", "citizen"), process, line, 1, "disagrees", " ", "en", now
        )
    with pytest.raises(Refusal, match="Say whether"):
        reviewing.review_line(session, member("rosa", "researcher"), process, line, 1, "maybe", "", "en", now)


def test_a_guarantor_never_sits_on_the_board(
    session: Session, process: Process, organiser: User, member: Member, now: datetime
) -> None:
    cleo = session.get_one(User, member("cleo", "citizen").user_id)
    with pytest.raises(Refusal, match="guarantor"):
        appoint(session, Actor(organiser.id), process, cleo, "guarantor", now)


def test_what_a_member_said_is_given_out_to_them_and_goes_with_their_account(
    session: Session, process: Process, line: SynthesisLine, member: Member, now: datetime
) -> None:
    cleo = member("cleo", "citizen")
    reviewing.review_line(session, cleo, process, line, 1, "disagrees", "Too vague", "en", now)
    user = session.get_one(User, cleo.user_id)
    request = DataRequested(user)
    reviewing.add_held(session, request, now)
    assert request.held["reviews"] == [
        {"line": line.key, "wording": 1, "position": "disagrees", "words": "Too vague"}
    ]
    reviewing.forget_reviews(session, Erased(user), now)
    (review,) = session.scalars(select(LineReview)).all()
    assert (review.words, review.user_id, review.position) == ("", None, "disagrees")
    assert "Too vague" not in str(openings(session, process.slug))


def test_a_wording_waits_for_moderation_and_only_the_hash_of_its_receipt_is_kept(
    session: Session, process: Process, organiser: User, line: SynthesisLine, now: datetime
) -> None:
    process.protocol = {**process.protocol, "moderation": "before"}
    proposal, secret = wordings.propose_wording(
        session, VISITOR, process, line, "Rest \u202eafter work", "<b>Better</b>", "en", now
    )
    assert (proposal.state, queries.wordings_of(session, line)) == ("waiting", [])
    assert secret not in str(vars(proposal))
    assert openings(session, process.slug) == {}
    with pytest.raises(Conflict):
        wordings.settle_wording(session, Actor(organiser.id), process, proposal, "taken up", "Yes", now)
    moderate(session, Actor(organiser.id), process, proposal, "publish", "", now)
    assert queries.wordings_of(session, line) == [proposal]
    assert queries.open_wordings(session, process, 1) == [proposal]
    assert wordings.proposal_of(session, secret) is proposal


def test_a_wording_taken_up_rewords_the_line_once(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, now: datetime
) -> None:
    process.protocol = {**process.protocol, "moderation": "after"}
    proposal, _ = wordings.propose_wording(session, VISITOR, process, line, "Du repos", "", "fr", now)
    with pytest.raises(Refusal, match="Write something"):
        wordings.settle_wording(session, rapporteur, process, proposal, "taken up", " ", now)
    wordings.settle_wording(session, rapporteur, process, proposal, "taken up", "Clearer", now)
    assert (line.text, line.wording) == ({"en": "Time off work", "fr": "Du repos"}, 2)
    acts = [(entry["act"], entry["object"]) for entry in chain(session, process.slug)]
    assert acts[-2:] == [("take up", proposal.object), ("write", line.object)]
    with pytest.raises(Conflict, match="already decided"):
        wordings.settle_wording(session, rapporteur, process, proposal, "declined", "No", now)
    with pytest.raises(NotPermitted):
        wordings.settle_wording(session, VISITOR, process, proposal, "declined", "No", now)


def test_a_wording_declined_leaves_the_line_and_its_answer_is_public(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, now: datetime
) -> None:
    proposal, _ = wordings.propose_wording(session, VISITOR, process, line, "Rest", "", "en", now)
    wordings.settle_wording(session, rapporteur, process, proposal, "declined", "Nobody said so", now)
    assert (line.wording, proposal.answer) == (1, "Nobody said so")
    assert queries.open_wordings(session, process, 1) == []


def test_a_wording_is_withdrawn_by_receipt_or_with_an_account(
    session: Session, process: Process, line: SynthesisLine, now: datetime
) -> None:
    mine = Actor(make_user(session, "ada@example.org", "Ada", now).id)
    _, secret = wordings.propose_wording(session, VISITOR, process, line, "Rest", "", "en", now)
    wordings.propose_wording(session, mine, process, line, "Leisure", "", "en", now)
    user = session.get_one(User, mine.user_id)
    request = DataRequested(user)
    wordings.add_held(session, request, now)
    assert [one["text"] for one in request.held["wordings"]] == ["Leisure"]
    wordings.withdraw_wording(session, secret, now)
    with pytest.raises(Conflict, match="already withdrawn"):
        wordings.withdraw_wording(session, secret, now)
    wordings.forget_wordings(session, Erased(user), now)
    assert {(one.state, one.text) for one in session.scalars(select(WordingProposal))} == {("withdrawn", "")}
    assert openings(session, process.slug) == {}


def test_nobody_proposes_for_a_line_that_is_gone_nor_words_without_end(
    session: Session, process: Process, rapporteur: Actor, line: SynthesisLine, now: datetime
) -> None:
    with pytest.raises(Refusal, match="the limit is 1000"):
        wordings.propose_wording(session, VISITOR, process, line, "x" * 100_000, "", "en", now)
    with pytest.raises(Refusal, match="wording in force"):
        wordings.propose_wording(session, VISITOR, process, line, " Time off work ", "", LANGUAGES[0], now)
    retire_line(session, rapporteur, process, line, now)
    with pytest.raises(Conflict, match="no longer in force"):
        wordings.propose_wording(session, VISITOR, process, line, "Rest", "", "en", now)
