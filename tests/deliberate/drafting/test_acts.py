"""Drafting: amendments are proposed, voted, merged into versions, and nothing is lost on the way."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from charters.version import check_chain, version_from_json
from deliberate.core.errors import Conflict, NotFound, NotPermitted, Refusal
from deliberate.deliberation.ballots.models import Ballot
from deliberate.drafting import queries
from deliberate.drafting.acts import (
    create_charter,
    forget,
    propose,
    put_to_ballot,
    support,
    withdraw,
    withdraw_support,
)
from deliberate.drafting.adoption import adopt, publish
from deliberate.drafting.minority import sign_minority, state_minority
from deliberate.drafting.models import Amendment, Charter, CharterVersion
from deliberate.drafting.rules import document
from deliberate.drafting.voting import Conflicting, open_conflict_ballot, put_version_to_ballot
from deliberate.journal.queries import chain
from deliberate.journal.rules import chain_faults
from deliberate.people.acts import Erased
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.appointments import dismiss
from deliberate.process.models import Process
from deliberate.process.queries import appointed

ALL, NOBODY = [["yes"]] * 6, [["no"]] * 6
BASE = "Chacun dispose d’une part de son temps pour les activités bénévoles."
FREELY = "Chacun dispose librement d’une part de son temps pour les activités bénévoles."
CIVIC = "Chacun dispose d’une part de son temps pour l’action citoyenne."
NOTHING = "Chacun dispose d’une part de son temps pour ne rien faire."
Proposing = Callable[..., Amendment]
Voting = Callable[..., Ballot]


def french(version: CharterVersion, clause: str) -> str:
    return document(version.content).clause(clause).text["fr"]


def test_a_first_text_is_version_1_with_its_digests_in_the_journal(
    session: Session, charter: Charter
) -> None:
    version = charter.latest
    assert (version.number, version.history["parents"]) == (1, [])
    entry = list(chain(session, charter.process.slug))[-1]
    assert entry["public"]["version"] == version.version_digest
    assert document(version.content).clause("t2").text["en"] == "One hour is worth one hour."


def test_a_process_has_one_charter_under_a_name(
    session: Session, charter: Charter, rapporteur: Actor, now: datetime
) -> None:
    text = document(charter.latest.content)
    with pytest.raises(Conflict, match="already has"):
        create_charter(session, rapporteur, charter.process, "time", "time", text, "again", now)
    with pytest.raises(Refusal, match="cannot be the short name"):
        create_charter(session, rapporteur, charter.process, "le temps", "time", text, "again", now)


def test_amendments_are_numbered_over_the_whole_process(proposing: Proposing) -> None:
    assert proposing(text=FREELY).key == "am-1"
    assert proposing(text=CIVIC, key="am-40").key == "am-40"
    assert proposing(text=NOTHING).key == "am-41"


def test_an_amendment_that_changes_nothing_or_names_no_clause_is_refused(
    proposing: Proposing, charter: Charter
) -> None:
    with pytest.raises(Refusal, match="Nothing is changed"):
        proposing(text=BASE)
    with pytest.raises(Refusal, match="no clause t9"):
        proposing("t9", "Rien.")
    with pytest.raises(Refusal, match="Say why"):
        proposing(text=FREELY, reason={"fr": " "})
    assert charter.amendments == []


def test_an_amendment_brings_no_control_character_and_no_id_of_a_struck_clause(
    proposing: Proposing, accepted: Proposing, adopted: Callable[..., CharterVersion]
) -> None:
    with pytest.raises(Refusal, match="control character"):
        proposing(text=FREELY + "\x07")
    adopted(accepted("t2", "", operations=[{"op": "strike", "clause": "t2"}]))
    other = {
        "op": "insert",
        "parent": None,
        "after": "t1",
        "id": "t2",
        "kind": "article",
        "text": {"fr": "Autre."},
    }
    with pytest.raises(Refusal, match="since struck"):
        proposing(operations=[other])
    assert proposing(operations=[{**other, "id": "t7"}]).operations[0]["id"] == "t7"


def test_a_member_whose_term_ended_cannot_propose(
    session: Session, room: Process, organiser: User, proposing: Proposing, now: datetime
) -> None:
    seat = appointed(session, room, "panel member", now)[0]
    dismiss(session, Actor(organiser.id), seat, now + timedelta(hours=1))
    with pytest.raises(NotPermitted):
        proposing(text=FREELY, now=now + timedelta(hours=2))
    with pytest.raises(NotPermitted):
        proposing(text=FREELY, actor=VISITOR)


def test_the_words_of_a_draft_are_not_in_the_public_journal(
    session: Session, proposing: Proposing, room: Process
) -> None:
    proposing(text=FREELY)
    assert "librement" not in str(list(chain(session, room.slug)))


def test_support_counts_once_per_member(
    session: Session, proposing: Proposing, members: list[Actor], now: datetime
) -> None:
    one = proposing(text=FREELY)
    assert support(session, members[1], one, now) == 1
    assert support(session, members[1], one, now) == 1
    assert support(session, members[2], one, now) == 2
    assert withdraw_support(session, members[1], one, now) == 1
    assert [a.key for a in queries.to_support(session, one.process, members[1].user_id or 0)] == ["am-1"]
    assert queries.to_support(session, one.process, members[2].user_id or 0) == []


def test_only_the_author_withdraws_an_amendment_and_only_before_the_vote(
    session: Session, proposing: Proposing, members: list[Actor], rapporteur: Actor, now: datetime
) -> None:
    one, two = proposing(text=FREELY), proposing(text=CIVIC)
    with pytest.raises(NotPermitted):
        withdraw(session, members[1], one, now)
    withdraw(session, members[0], one, now)
    assert one.state == "withdrawn"
    put_to_ballot(session, rapporteur, two, now, present=6)
    with pytest.raises(Conflict):
        withdraw(session, members[0], two, now)


@pytest.mark.parametrize(
    ("choices", "state"),
    [(ALL, "accepted"), (NOBODY, "rejected"), ([["yes"]] * 4 + [["no"]] * 2, "rejected")],
)
def test_a_closed_ballot_accepts_or_rejects_the_amendment(
    session: Session,
    proposing: Proposing,
    rapporteur: Actor,
    voting: Voting,
    now: datetime,
    choices: list[list[str]],
    state: str,
) -> None:
    one = proposing(text=FREELY)
    voting(put_to_ballot(session, rapporteur, one, now, present=6), choices)
    assert one.state == state


def test_two_amendments_on_different_words_of_one_clause_merge(
    accepted: Proposing, adopted: Callable[..., CharterVersion]
) -> None:
    version = adopted(accepted("t1", FREELY), accepted("t1", CIVIC))
    assert (
        french(version, "t1") == "Chacun dispose librement d’une part de son temps pour l’action citoyenne."
    )
    assert version.amendments == ["am-1", "am-2"]
    assert version.ballots == [1, 2, 3]


def test_a_version_keeps_its_parent_and_what_led_to_it(
    session: Session, charter: Charter, accepted: Proposing, adopted: Callable[..., CharterVersion]
) -> None:
    first = charter.latest
    one = accepted("t1", FREELY)
    version = adopted(one)
    assert version.history["parents"] == [first.version_digest]
    assert version.content_digest != first.content_digest
    assert version.history["operations"][0]["op"] == "replace"
    assert chain_faults(list(chain(session, charter.process.slug))) == []
    assert (one.state, one.version_number) == ("adopted", 2)
    assert version.history["amendments"][0]["answers"] == ["c-104"]
    check_chain([version_from_json(one.document) for one in charter.versions])


def test_amendments_on_the_same_words_conflict_and_the_ballot_settles(
    session: Session, charter: Charter, accepted: Proposing, rapporteur: Actor, voting: Voting, now: datetime
) -> None:
    one, two = accepted("t1", CIVIC), accepted("t1", NOTHING)
    with pytest.raises(Conflicting) as refusal:
        put_version_to_ballot(session, rapporteur, charter, [one, two], now, present=6)
    [conflict] = refusal.value.conflicts
    assert conflict.clause == "t1"
    assert set(conflict.words) == {"base", "am-1", "am-2"}
    settlement = open_conflict_ballot(session, rapporteur, charter, [one, two], "t1", now, present=6)
    voting(settlement.ballot, [["am-2"]] * 5 + [["am-1"]])
    assert (settlement.kept, one.state, two.state) == ("am-2", "rejected", "accepted")
    voting(put_version_to_ballot(session, rapporteur, charter, [two], now, present=6), ALL)
    version = adopt(session, rapporteur, charter, [two], now)
    assert french(version, "t1") == NOTHING
    assert settlement.ballot.number in version.ballots


def test_what_a_losing_amendment_does_elsewhere_is_kept(
    session: Session, charter: Charter, rapporteur: Actor, accepted: Proposing, voting: Voting, now: datetime
) -> None:
    both = [
        {"op": "replace", "clause": "t1", "lang": "fr", "text": CIVIC},
        {"op": "replace", "clause": "t2", "lang": "fr", "text": "Une heure vaut toujours une heure."},
    ]
    one, two = accepted("t1", "", operations=both), accepted("t1", NOTHING)
    settlement = open_conflict_ballot(session, rapporteur, charter, [one, two], "t1", now, present=6)
    voting(settlement.ballot, [["am-2"]] * 6)
    assert (one.state, two.state) == ("accepted", "accepted")
    voting(put_version_to_ballot(session, rapporteur, charter, [one, two], now, present=6), ALL)
    version = adopt(session, rapporteur, charter, [one, two], now)
    assert french(version, "t1") == NOTHING
    assert french(version, "t2") == "Une heure vaut toujours une heure."
    assert version.history["resolutions"][0]["keep"] == "am-2"


def test_a_tie_settles_nothing_and_the_ballot_may_be_held_again(
    session: Session, charter: Charter, rapporteur: Actor, accepted: Proposing, voting: Voting, now: datetime
) -> None:
    pair = [accepted("t1", CIVIC), accepted("t1", NOTHING)]
    settlement = open_conflict_ballot(session, rapporteur, charter, pair, "t1", now, present=6)
    voting(settlement.ballot, [["am-1"]] * 3 + [["am-2"]] * 3)
    assert settlement.settled_at is None
    assert len(queries.merged(session, charter, pair).conflicts) == 1
    again = open_conflict_ballot(session, rapporteur, charter, pair, "t1", now, present=6)
    voting(again.ballot, [["none"]] * 6)
    assert again.kept is None
    assert [one.state for one in pair] == ["rejected", "rejected"]


def test_amendments_that_do_not_conflict_are_not_put_against_each_other(
    session: Session, charter: Charter, rapporteur: Actor, proposing: Proposing, now: datetime
) -> None:
    with pytest.raises(Refusal, match="do not conflict"):
        open_conflict_ballot(
            session,
            rapporteur,
            charter,
            [proposing(text=FREELY), proposing(text=CIVIC)],
            "t1",
            now,
            present=6,
        )


def test_adopting_carries_the_other_amendments_over_or_says_why_not(
    charter: Charter, accepted: Proposing, proposing: Proposing, adopted: Callable[..., CharterVersion]
) -> None:
    follows, cannot = proposing(text=FREELY), proposing(text=NOTHING)
    adopted(accepted("t1", CIVIC))
    assert (follows.state, follows.base_number) == ("proposed", 2)
    assert "librement" in follows.operations[0]["text"]
    assert "l’action citoyenne" in follows.operations[0]["text"]
    assert (cannot.state, cannot.base_number) == ("stranded", 1)
    assert cannot.problem is not None
    assert "same words" in cannot.problem[0]


def test_an_amendment_carried_over_is_adopted_in_the_next_version(
    accepted: Proposing, adopted: Callable[..., CharterVersion]
) -> None:
    first, second = accepted("t1", CIVIC), accepted("t1", FREELY)
    adopted(first)
    version = adopted(second)
    assert version.number == 3
    assert (
        french(version, "t1") == "Chacun dispose librement d’une part de son temps pour l’action citoyenne."
    )


def test_nothing_is_adopted_without_the_vote_on_the_whole(
    session: Session, charter: Charter, rapporteur: Actor, accepted: Proposing, proposing: Proposing, voting: Voting,
    now: datetime,
) -> None:  # fmt: skip
    one, two = accepted("t1", FREELY), accepted("t2", "Une heure en vaut une autre.")
    with pytest.raises(Conflict, match="hold it first"):
        adopt(session, rapporteur, charter, [one], now)
    voting(put_version_to_ballot(session, rapporteur, charter, [one], now, present=6), NOBODY)
    with pytest.raises(Conflict, match="did not adopt"):
        adopt(session, rapporteur, charter, [one], now)
    voting(put_version_to_ballot(session, rapporteur, charter, [one], now, present=6), ALL)
    with pytest.raises(Conflict, match="another text"):
        adopt(session, rapporteur, charter, [one, two], now)
    with pytest.raises(Conflict, match="not accepted"):
        adopt(session, rapporteur, charter, [proposing(text=CIVIC)], now)
    assert adopt(session, rapporteur, charter, [one], now).number == 2


def test_no_version_is_adopted_while_a_ballot_on_the_charter_is_open(
    session: Session, charter: Charter, rapporteur: Actor, accepted: Proposing, proposing: Proposing, voting: Voting,
    now: datetime,
) -> None:  # fmt: skip
    one = accepted("t1", FREELY)
    voting(put_version_to_ballot(session, rapporteur, charter, [one], now, present=6), ALL)
    put_to_ballot(session, rapporteur, proposing(text=CIVIC), now, present=6)
    with pytest.raises(Conflict, match="is open"):
        adopt(session, rapporteur, charter, [one], now)


def test_a_member_does_not_adopt_a_version(
    session: Session, charter: Charter, members: list[Actor], accepted: Proposing, now: datetime
) -> None:
    with pytest.raises(NotPermitted):
        adopt(session, members[0], charter, [accepted("t1", FREELY)], now)


def test_a_version_is_published_once(
    session: Session, charter: Charter, organiser: User, now: datetime
) -> None:
    publish(session, Actor(organiser.id), charter.latest, now)
    assert queries.published_versions(session, charter) == [charter.latest]
    with pytest.raises(Conflict, match="already published"):
        publish(session, Actor(organiser.id), charter.latest, now)


def test_a_minority_statement_hangs_on_a_clause_and_is_printed_when_signed_enough(
    session: Session, charter: Charter, room: Process, members: list[Actor], now: datetime
) -> None:
    room.protocol = {**room.protocol, "rules": {**room.protocol["rules"], "minority": {"signatures": 2}}}
    statement = state_minority(
        session, members[0], charter.latest, "t1", {"fr": "Nous aurions laissé choisir."}, now
    )
    assert queries.printed_statements(session, charter, 1) == []
    assert sign_minority(session, members[0], statement, now) == 1
    assert sign_minority(session, members[1], statement, now) == 2
    assert queries.printed_statements(session, charter, 1) == [statement]
    with pytest.raises(NotFound):
        state_minority(session, members[0], charter.latest, "t9", {"fr": "Non."}, now)
    with pytest.raises(Refusal):
        state_minority(session, members[0], charter.latest, "t1", {"fr": " "}, now)


def test_what_an_erased_member_wrote_stays_under_nobodys_name(
    session: Session, proposing: Proposing, members: list[Actor], now: datetime
) -> None:
    one = proposing(text=FREELY)
    support(session, members[1], one, now)
    for member in members[:2]:
        forget(session, Erased(session.get_one(User, member.user_id)), now)
    session.refresh(one)
    assert one.author_id is None
    assert [mark.user_id for mark in one.supports] == [None]
    assert propose(session, members[2], one.charter, one.operations, {"fr": "Encore."}, [], now).key == "am-2"
