"""An amendment being prepared: changes collected, each undone by itself, nothing lost when versions move on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.drafting import pending
from deliberate.drafting.acts import propose
from deliberate.drafting.models import Amendment, Charter, CharterVersion, Preparation
from deliberate.drafting.preparing import (
    begin_change,
    drop,
    forget_preparations,
    prepare,
    propose_prepared,
    take_up,
    undo,
)
from deliberate.drafting.rules import amended
from deliberate.journal.queries import chain
from deliberate.people.acts import Erased
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor

FREELY = "Chacun dispose librement d’une part de son temps pour les activités bénévoles."
CIVIC = "Chacun dispose d’une part de son temps pour l’action citoyenne."
NOTHING = "Chacun dispose d’une part de son temps pour ne rien faire."
NEW: dict[str, Any] = {
    "op": "insert",
    "parent": None,
    "after": "t2",
    "kind": "article",
    "text": {"fr": "Le temps se partage."},
}
WHY = {"fr": "Parce que."}
Adopted = Callable[..., CharterVersion]
Proposing = Callable[..., Amendment]


def replacing(text: str, clause: str = "t1") -> dict[str, Any]:
    return {"op": "replace", "clause": clause, "lang": "fr", "text": text}


@pytest.fixture
def keep(
    session: Session, members: list[Actor], charter: Charter, now: datetime
) -> Callable[..., Preparation]:
    """Keep changes for the first member's amendment."""
    return lambda *steps, **more: prepare(session, members[0], charter, steps, now, **more)


def test_changes_are_collected_and_proposed_together_under_the_ids_of_the_amendment(
    session: Session, keep: Callable[..., Preparation], members: list[Actor], now: datetime
) -> None:
    keep(replacing(FREELY))
    keep(NEW)
    draft = keep(replacing("Le temps se partage entre tous.", "draft.1"))
    before = len(list(chain(session, draft.charter.process.slug)))
    one = propose_prepared(session, members[0], draft, WHY, ["c-1"], now)
    after = amended(one.key, one.operations, pending.written_on(session, one))
    assert after.clause("t1").text["fr"] == FREELY
    assert after.clause("am-1.1").text["fr"] == "Le temps se partage entre tous."
    assert session.scalars(select(Preparation)).all() == []
    assert len(list(chain(session, one.process.slug))) == before + 1


def test_each_change_is_undone_by_itself_unless_a_later_one_builds_on_it(
    session: Session, keep: Callable[..., Preparation], members: list[Actor], now: datetime
) -> None:
    keep(replacing(FREELY))
    keep(NEW)
    draft = keep(replacing("Le temps se partage entre tous.", "draft.1"))
    with pytest.raises(Conflict, match="builds on this one"):
        undo(session, members[0], draft, 1, now)
    undo(session, members[0], draft, 0, now)
    assert [step["op"] for step in draft.operations] == ["insert", "replace"]
    undo(session, members[0], draft, 1, now)
    undo(session, members[0], draft, 0, now)
    assert keep(NEW).operations[0]["id"] == "draft.1"


def test_nobody_but_its_author_touches_what_is_being_prepared(
    session: Session, keep: Callable[..., Preparation], members: list[Actor], charter: Charter, now: datetime
) -> None:
    draft = keep(replacing(FREELY))
    with pytest.raises(NotPermitted):
        drop(session, members[1], draft, now)
    with pytest.raises(NotPermitted):
        prepare(session, VISITOR, charter, [replacing(CIVIC)], now)
    with pytest.raises(Refusal, match="Nothing is changed"):
        keep(replacing(FREELY))
    drop(session, members[0], draft, now)
    assert pending.preparation(session, charter, members[0].user_id) is None


def test_a_recommendation_says_whom_it_commits(keep: Callable[..., Preparation]) -> None:
    with pytest.raises(Refusal, match="whom it commits") as refusal:
        keep({**NEW, "kind": "recommendation"})
    assert refusal.value.field == "commits"
    keep({**NEW, "kind": "recommendation", "commits": ["authorities"]})
    with pytest.raises(Refusal, match="whom it commits"):
        keep({"op": "replace", "clause": "t2", "kind": "recommendation"})


def test_what_is_prepared_follows_a_version_and_says_what_was_lost(
    session: Session, keep: Callable[..., Preparation], accepted: Proposing, adopted: Adopted
) -> None:
    keep(replacing(NOTHING))
    draft = keep(NEW)
    adopted(accepted("t1", CIVIC))
    session.refresh(draft)
    assert draft.base_number == 2
    assert [step["op"] for step in draft.operations] == ["insert"]
    assert len(draft.lost) == 1


def test_what_could_not_follow_is_taken_up_again_by_its_author(
    session: Session,
    proposing: Proposing,
    accepted: Proposing,
    adopted: Adopted,
    members: list[Actor],
    now: datetime,
) -> None:
    one = proposing(operations=[replacing(NOTHING), NEW])
    adopted(accepted("t1", CIVIC))
    assert one.state == "stranded"
    with pytest.raises(NotPermitted):
        take_up(session, members[1], one, now)
    draft = take_up(session, members[0], one, now)
    assert (draft.reason, draft.answers) == (one.reason, ["c-104"])
    assert [step["op"] for step in draft.operations] == ["insert"]
    again = propose_prepared(session, members[0], draft, WHY, [], now)
    assert again.operations[0]["id"] == f"{again.key}.1"


def test_a_change_to_an_amendment_is_prepared_like_any_other(
    session: Session,
    keep: Callable[..., Preparation],
    proposing: Proposing,
    members: list[Actor],
    now: datetime,
) -> None:
    parent = proposing("t1", FREELY)
    draft = begin_change(session, members[0], parent, now)
    assert pending.prepared_on(session, draft).clause("t1").text["fr"] == FREELY
    with pytest.raises(Conflict, match="another amendment"):
        keep(replacing(CIVIC))
    keep(replacing(CIVIC), amends=parent)
    assert propose_prepared(session, members[0], draft, WHY, [], now).amends is parent


def test_what_an_erased_person_was_preparing_is_gone(
    session: Session, keep: Callable[..., Preparation], members: list[Actor], now: datetime
) -> None:
    keep(replacing(FREELY))
    forget_preparations(session, Erased(session.get_one(User, members[0].user_id)), now)
    assert session.scalars(select(Preparation)).all() == []


def test_an_amendment_keeps_the_ids_it_gives_its_clauses(
    session: Session, charter: Charter, members: list[Actor], now: datetime
) -> None:
    steps = [{**NEW, "id": "draft.4"}, {"op": "move", "clause": "t1", "parent": "draft.4", "after": None}]
    one = propose(session, members[0], charter, steps, WHY, [], now)
    assert (one.operations[0]["id"], one.operations[1]["parent"]) == ("am-1.1", "am-1.1")
