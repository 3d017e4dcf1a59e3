"""Amendments to amendments: taken in by the author or by a ballot, and what becomes of those left over."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.deliberation.ballots.models import Ballot
from deliberate.drafting import pending
from deliberate.drafting.acts import propose, put_to_ballot, withdraw
from deliberate.drafting.folding import fold
from deliberate.drafting.models import Amendment, Charter, CharterVersion
from deliberate.drafting.rules import amended, document
from deliberate.drafting.voting import put_version_to_ballot
from deliberate.journal.queries import chain
from deliberate.people.rules import Actor

FREELY = "Chacun dispose librement d’une part de son temps pour les activités bénévoles."
FREELY_CIVIC = "Chacun dispose librement d’une part de son temps pour l’action citoyenne."
GREAT = "Chacun dispose librement d’une grande part de son temps pour les activités bénévoles."
ELSEWHERE = "Une heure vaut toujours une heure."
ALL, NOBODY = [["yes"]] * 6, [["no"]] * 6
Proposing = Callable[..., Amendment]
Voting = Callable[..., Ballot]


@pytest.fixture
def parent(proposing: Proposing) -> Amendment:
    """An amendment to the first article, by the first member."""
    return proposing("t1", FREELY)


@pytest.fixture
def changing(session: Session, members: list[Actor], now: datetime) -> Callable[..., Amendment]:
    """Propose a change to an amendment, as the second member."""

    def changing(parent: Amendment, text: str, clause: str = "t1") -> Amendment:
        steps = [{"op": "replace", "clause": clause, "lang": "fr", "text": text}]
        return propose(
            session, members[1], parent.charter, steps, {"fr": "Mieux ainsi."}, ["c-9"], now, amends=parent
        )

    return changing


def words(session: Session, one: Amendment, clause: str = "t1") -> str:
    after = amended(one.key, one.operations, pending.written_on(session, one))
    return after.clause(clause).text["fr"]


def test_a_change_stands_on_the_words_of_the_amendment_it_changes(
    session: Session, parent: Amendment, changing: Proposing
) -> None:
    change = changing(parent, FREELY_CIVIC)
    assert pending.written_on(session, change).clause("t1").text["fr"] == FREELY
    assert words(session, change) == FREELY_CIVIC
    entry = list(chain(session, parent.process.slug))[-1]
    assert entry["public"]["amends"] == "am-1"
    with pytest.raises(Refusal, match="Nothing is changed"):
        changing(parent, FREELY)


def test_there_is_no_change_to_a_change(parent: Amendment, changing: Proposing) -> None:
    change = changing(parent, FREELY_CIVIC)
    with pytest.raises(Conflict, match="already is a change"):
        changing(change, GREAT)


def test_the_author_takes_a_change_in_and_the_others_follow_or_say_why_not(
    session: Session, parent: Amendment, changing: Proposing, members: list[Actor], now: datetime
) -> None:
    change, follows = changing(parent, FREELY_CIVIC), changing(parent, GREAT)
    cannot = changing(parent, "Chacun dispose librement d’une part de son temps pour le repos.")
    with pytest.raises(NotPermitted, match="Only the author"):
        fold(session, members[1], change, now)
    assert fold(session, members[0], change, now) is parent
    assert (change.state, follows.state, cannot.state) == ("folded", "proposed", "stranded")
    assert words(session, parent) == FREELY_CIVIC
    assert words(session, follows) == FREELY_CIVIC.replace("une part", "une grande part")
    assert parent.answers == ["c-104", "c-9"]
    assert cannot.problem is not None
    with pytest.raises(Conflict):
        fold(session, members[0], change, now)


@pytest.mark.parametrize(("choices", "state"), [(ALL, "folded"), (NOBODY, "rejected")])
def test_a_ballot_decides_on_a_change(
    session: Session, parent: Amendment, changing: Proposing, rapporteur: Actor, voting: Voting, now: datetime,
    choices: list[list[str]], state: str,
) -> None:  # fmt: skip
    change = changing(parent, FREELY_CIVIC)
    ballot = put_to_ballot(session, rapporteur, change, now, present=6)
    assert "a change to amendment am-1" in ballot.question["en"]
    with pytest.raises(Conflict, match="is being voted on"):
        put_to_ballot(session, rapporteur, parent, now, present=6)
    voting(ballot, choices)
    assert change.state == state
    assert words(session, parent) == (FREELY_CIVIC if state == "folded" else FREELY)


def test_a_change_voted_after_another_took_its_words_is_stranded(
    session: Session, parent: Amendment, changing: Proposing, members: list[Actor], rapporteur: Actor,
    voting: Voting, now: datetime,
) -> None:  # fmt: skip
    first = changing(parent, FREELY_CIVIC)
    second = changing(parent, "Chacun dispose librement d’une part de son temps pour le repos.")
    ballot = put_to_ballot(session, rapporteur, second, now, present=6)
    fold(session, members[0], first, now)
    assert second.state == "ballot"
    voting(ballot, ALL)
    assert second.state == "stranded"
    assert words(session, parent) == FREELY_CIVIC


def test_changes_have_nothing_to_stand_on_once_their_amendment_is_withdrawn(
    session: Session, parent: Amendment, changing: Proposing, members: list[Actor], now: datetime
) -> None:
    change = changing(parent, FREELY_CIVIC)
    withdraw(session, members[0], parent, now)
    assert change.state == "stranded"
    assert change.problem is not None
    assert "withdrawn or rejected" in change.problem[0]
    with pytest.raises(Conflict, match="no longer be changed"):
        changing(parent, GREAT)


def test_a_change_left_over_becomes_an_amendment_to_the_version_that_adopted_its_own(
    session: Session, parent: Amendment, changing: Proposing, rapporteur: Actor, voting: Voting,
    adopted: Callable[..., CharterVersion], now: datetime,
) -> None:  # fmt: skip
    change = changing(parent, FREELY_CIVIC)
    voting(put_to_ballot(session, rapporteur, parent, now, present=6), ALL)
    version = adopted(parent)
    assert (change.state, change.amends, change.onto, change.base_number) == ("proposed", None, None, 2)
    assert words(session, change) == FREELY_CIVIC
    assert document(version.content).clause("t1").text["fr"] == FREELY


def test_an_amendment_and_the_changes_to_it_follow_a_version_together(
    session: Session, parent: Amendment, changing: Proposing, accepted: Proposing,
    adopted: Callable[..., CharterVersion],
) -> None:  # fmt: skip
    change = changing(parent, FREELY_CIVIC)
    adopted(accepted("t2", ELSEWHERE))
    assert (change.state, change.base_number, change.amends) == ("proposed", 2, parent)
    assert pending.written_on(session, change).clause("t2").text["fr"] == ELSEWHERE
    assert words(session, change) == FREELY_CIVIC


def test_a_change_never_enters_a_version_by_itself(
    session: Session,
    charter: Charter,
    parent: Amendment,
    changing: Proposing,
    rapporteur: Actor,
    now: datetime,
) -> None:
    change = changing(parent, FREELY_CIVIC)
    change.state = "accepted"
    with pytest.raises(Conflict, match="through the amendment that it changes"):
        put_version_to_ballot(session, rapporteur, charter, [change], now, present=6)
