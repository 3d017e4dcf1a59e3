"""Languages, the common preamble, recommendations, words that reconcile, statements taken back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from charters.model import Charter as Document
from charters.model import Clause
from deliberate.core.errors import Conflict, NotFound, NotPermitted, Refusal
from deliberate.deliberation.ballots.models import Ballot
from deliberate.drafting import pending, queries
from deliberate.drafting.acts import create_charter
from deliberate.drafting.adoption import publish
from deliberate.drafting.minority import forget_signatures, sign_minority, state_minority, withdraw_signature
from deliberate.drafting.models import Amendment, Charter, CharterVersion
from deliberate.drafting.recommendations import by_addressee, recommendations
from deliberate.drafting.rules import document
from deliberate.drafting.translating import offer, propose_preamble, translate
from deliberate.drafting.voting import open_conflict_ballot
from deliberate.journal.models import PrivatePart
from deliberate.people.acts import Erased
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor

CIVIC = "Chacun dispose d’une part de son temps pour l’action citoyenne."
NOTHING = "Chacun dispose d’une part de son temps pour ne rien faire."
BOTH = "Chacun dispose d’une part de son temps, pour agir ou ne rien faire."
ENGLISH = "Everyone keeps a share of their time for civic action."
Adopted = Callable[..., CharterVersion]
Proposing = Callable[..., Amendment]
Voting = Callable[..., Ballot]


def test_a_translation_is_written_or_confirmed_and_enters_with_a_version(
    session: Session, charter: Charter, accepted: Proposing, adopted: Adopted, rapporteur: Actor, members: list[Actor],
    now: datetime,
) -> None:  # fmt: skip
    adopted(accepted("t1", CIVIC), accepted("t2", "Une heure vaut bien une heure."))
    assert document(charter.latest.content).clause("t1").stale == ("en",)
    typed = {
        "text_t1": ENGLISH,
        "faithful_t2": "1",
        "text_t2": "One hour is worth one hour.",
        "text_pre": "ignored",
    }
    one = translate(session, rapporteur, charter, "en", typed, {}, now)
    assert [step["op"] for step in one.operations] == ["replace", "confirm", "confirm"]
    text = document(charter.latest.content)
    one.state = "accepted"
    after = document(adopted(one).content)
    assert after.clause("t1").text == {"fr": CIVIC, "en": ENGLISH}
    assert [after.clause(name).stale for name in ("t1", "t2")] == [(), ()]
    assert after.clause("pre") == text.clause("pre")
    with pytest.raises(Refusal, match="Nothing is translated"):
        translate(session, rapporteur, charter, "en", {"text_t1": "Again."}, {}, now)
    with pytest.raises(NotPermitted):
        translate(session, VISITOR, charter, "en", {"text_t1": "Again."}, {}, now)


def common(title: str) -> Document:
    return Document(
        "preamble", {"fr": title}, (Clause("p1", "preamble", {"fr": "Nous, tirés au sort."}),), "preamble"
    )


def test_a_new_common_preamble_is_offered_and_never_imposed(
    session: Session, charter: Charter, rapporteur: Actor, members: list[Actor], organiser: User, accepted: Proposing,
    adopted: Adopted, now: datetime,
) -> None:  # fmt: skip
    assert offer(session, charter) is None
    with pytest.raises(Conflict, match="already includes"):
        propose_preamble(session, members[0], charter, {}, now)
    shared = create_charter(
        session, rapporteur, charter.process, "preamble", "preamble", common("Préambule"), "first", now
    )
    assert offer(session, charter) is None
    publish(session, Actor(organiser.id), shared.latest, now)
    offered = offer(session, charter)
    assert offered is not None
    assert (offered.pinned, offered.newest.number) == (None, 1)
    assert offer(session, shared) is None
    one = propose_preamble(session, members[0], charter, {}, now)
    with pytest.raises(Conflict, match="am-1 proposes this already"):
        propose_preamble(session, members[1], charter, {}, now)
    assert document(charter.latest.content).preamble is None
    one.state = "accepted"
    included = document(adopted(one).content).preamble
    assert included is not None
    assert (included.charter, included.version) == ("preamble", 1)
    assert offer(session, charter) is None


def test_recommendations_in_force_are_listed_by_those_they_commit(
    session: Session, charter: Charter, accepted: Proposing, adopted: Adopted, organiser: User, now: datetime
) -> None:
    step: dict[str, Any] = {
        "op": "insert", "parent": None, "after": "t2", "kind": "recommendation", "lang": "fr",
        "text": "Que la commune réponde.", "commits": ["authorities", "citizens"],
    }  # fmt: skip
    adopted(accepted("t1", "", operations=[step]))
    assert recommendations(session, charter.process) == []
    publish(session, Actor(organiser.id), charter.latest, now)
    version = adopted(accepted("t1", CIVIC))
    publish(session, Actor(organiser.id), version, now)
    [one] = recommendations(session, charter.process)
    assert (one.name, one.version.number, one.since.number) == ("time/am-1.1", 3, 2)
    found = by_addressee([one])
    assert list(found) == ["authorities", "citizens"]


def test_words_that_reconcile_are_offered_beside_the_amendments_and_recorded_with_the_reason(
    session: Session, charter: Charter, accepted: Proposing, adopted: Adopted, rapporteur: Actor, voting: Voting,
    now: datetime,
) -> None:  # fmt: skip
    pair = [accepted("t1", CIVIC), accepted("t1", NOTHING)]
    settlement = open_conflict_ballot(
        session, rapporteur, charter, pair, "t1", now, present=6, wording={"fr": BOTH, "en": " "},
        reason={"fr": "Les deux ont raison."},
    )  # fmt: skip
    assert [option["key"] for option in settlement.ballot.options] == ["am-1", "am-2", "wording", "none"]
    voting(settlement.ballot, [["wording"]] * 6)
    assert [one.state for one in pair] == ["accepted", "accepted"]
    assert settlement.resolutions[0]["operations"][0]["text"] == BOTH
    assert pending.rivals(session, charter, pair) == {"am-1": set(), "am-2": set()}
    version = adopted(*pair)
    assert document(version.content).clause("t1").text["fr"] == BOTH


def test_the_uncontested_are_adopted_first_and_the_rest_stays_alive(
    session: Session, charter: Charter, accepted: Proposing, adopted: Adopted
) -> None:
    free, one, other = (
        accepted("t2", "Une heure vaut bien une heure."),
        accepted("t1", CIVIC),
        accepted("t1", NOTHING),
    )
    rivals = pending.rivals(session, charter, [free, one, other])
    assert rivals == {"am-1": set(), "am-2": {"am-3"}, "am-3": {"am-2"}}
    assert pending.uncontested([free, one, other], rivals) == [free]
    adopted(free)
    assert [(a.state, a.base_number) for a in (free, one, other)] == [
        ("adopted", 1), ("accepted", 2), ("accepted", 2),
    ]  # fmt: skip


def test_the_words_of_a_statement_go_with_its_last_signature(
    session: Session, charter: Charter, members: list[Actor], now: datetime
) -> None:
    statement = state_minority(session, members[0], charter.latest, "t1", {"fr": "Nous non."}, now)
    sign_minority(session, members[1], statement, now)
    assert withdraw_signature(session, members[0], statement, now) == 1
    assert queries.minority_statements(session, charter) == [statement]
    with pytest.raises(Conflict, match="have not signed"):
        withdraw_signature(session, members[0], statement, now)
    assert withdraw_signature(session, members[1], statement, now) == 0
    assert (statement.text, statement.withdrawn_at) == ({}, now)
    assert session.query(PrivatePart).filter_by(person=f"minority:{statement.id}").count() == 0
    with pytest.raises(Conflict, match="was withdrawn"):
        sign_minority(session, members[2], statement, now)
    again = state_minority(session, members[0], charter.latest, "t1", {"fr": "Toujours non."}, now)
    assert again.number == 2


def test_a_statement_stays_while_somebody_who_is_still_there_signs_it(
    session: Session, charter: Charter, members: list[Actor], now: datetime
) -> None:
    statement = state_minority(session, members[0], charter.latest, None, {"fr": "Nous non."}, now)
    sign_minority(session, members[1], statement, now)
    for member, left in zip(members[:2], ([statement], []), strict=True):
        forget_signatures(session, Erased(session.get_one(User, member.user_id)), now)
        assert queries.minority_statements(session, charter) == left
    assert statement.text == {}


def test_a_statement_hangs_on_a_clause_that_is_there(
    session: Session, charter: Charter, members: list[Actor], now: datetime
) -> None:
    with pytest.raises(NotFound):
        state_minority(session, members[0], charter.latest, "t9", {"fr": "Non."}, now)
