"""What people and programs could send to drafting to break it, to read what is not theirs, or to write what stays."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from charters.model import MAX_TEXT
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.drafting import pending
from deliberate.drafting.acts import create_charter
from deliberate.drafting.models import Amendment, Charter, CharterVersion, Preparation
from deliberate.drafting.preparing import begin_change, prepare
from deliberate.drafting.voting import open_conflict_ballot
from deliberate.inputs.models import Contribution, Question
from deliberate.people.rules import Actor
from tests.deliberate.drafting.conftest import charter_of_time

Adopted = Callable[..., CharterVersion]
Proposing = Callable[..., Amendment]
SignIn = Callable[[FlaskClient, str], FlaskClient]
CIVIC = "Chacun dispose d’une part de son temps pour l’action citoyenne."
OTHER = "Chacun dispose d’une part de son temps pour apprendre."


def replacing(text: str, clause: str = "t1") -> dict[str, str]:
    return {"op": "replace", "clause": clause, "lang": "fr", "text": text}


@pytest.mark.parametrize("key", ["new", "Time", "a.json", "..", "-x", "a" * 41, "é"])
def test_a_charter_is_not_named_like_a_page_or_as_files_cannot_be(
    session: Session, charter: Charter, rapporteur: Actor, key: str, now: datetime
) -> None:
    with pytest.raises(Refusal, match="cannot be") as refusal:
        create_charter(session, rapporteur, charter.process, key, "", charter_of_time(), "first", now)
    assert refusal.value.field == "key"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": {"fr": "a" * 4001}}, "reason"),
        ({"answers": ["Madame Untel, 3 rue des Lilas"]}, "answers"),
        ({"answers": [f"c-{number}" for number in range(201)]}, "answers"),
        ({"table": "a" * 41}, "table"),
    ],
)
def test_what_stays_in_the_public_journal_is_short_and_made_of_codes(
    proposing: Proposing, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        proposing("t1", CIVIC, **more)
    assert refusal.value.field == field


@pytest.mark.parametrize("wording", ["a" * (MAX_TEXT + 1), "Un temps\x07 pour tous.", "Un temps \u202erap"])
def test_words_that_a_clause_cannot_bear_are_refused_before_they_are_voted(
    session: Session, charter: Charter, rapporteur: Actor, accepted: Proposing, wording: str, now: datetime
) -> None:
    both = [accepted("t1", CIVIC), accepted("t1", OTHER)]
    with pytest.raises(Refusal, match="clause t1"):
        open_conflict_ballot(
            session, rapporteur, charter, both, "t1", now, present=6, wording={"fr": wording}
        )


def test_what_was_prepared_on_an_amendment_that_cannot_follow_is_given_up_and_says_why(
    session: Session, charter: Charter, members: list[Actor], proposing: Proposing, accepted: Proposing,
    adopted: Adopted, now: datetime,
) -> None:  # fmt: skip
    parent = proposing("t1", CIVIC)
    begin_change(session, members[1], parent, now)
    draft = prepare(session, members[1], charter, [replacing(CIVIC + " Et plus.")], now, amends=parent)
    adopted(accepted("t1", OTHER))
    assert parent.state == "stranded"
    assert (draft.amends, draft.operations, len(draft.lost)) == (None, [], 1)
    assert pending.prepared_on(session, draft).clause("t1").text["fr"] == OTHER


@pytest.fixture
def root(charter: Charter) -> str:
    """The address of the charter being written."""
    return f"/processes/{charter.process.slug}/drafting/time"


class TestPages:
    """The same through a browser."""

    @pytest.fixture
    def session(self, app: Flask) -> Session:
        """The session of the application."""
        return db.session()

    @pytest.mark.parametrize("index", ["9" * 5000, "-1", "²", "99999999999", "x", ""])
    def test_undoing_what_is_not_there_is_told(
        self, client: FlaskClient, root: str, sign_in: SignIn, index: str
    ) -> None:
        sign_in(client, "member1@example.org")
        client.post(root + "/clauses/t1/words", data={"text_fr": CIVIC})
        assert client.post(root + "/preparation/undo", data={"index": index}).status_code == 404
        assert len(db.session.scalars(select(Preparation)).one().operations) == 1

    @pytest.mark.parametrize("state", ["waiting", "refused"])
    def test_a_contribution_that_is_not_public_is_not_read_by_naming_it(
        self, client: FlaskClient, root: str, charter: Charter, sign_in: SignIn, state: str, now: datetime
    ) -> None:
        question = Question(process_id=charter.process_id, key="q", round=1, number=1, text={"en": "?"})
        db.session.add(question)
        db.session.flush()
        said = Contribution(
            process_id=charter.process_id, key="c-7", question_id=question.id, round=1, text="Mon voisin triche.",
            folded="mon voisin triche.", language="fr", channel="web", state=state, received_at=now, at=now,
        )  # fmt: skip
        db.session.add(said)
        sign_in(client, "member1@example.org")
        client.post(root + "/clauses/t1/words", data={"text_fr": CIVIC})
        asked = {"action": "search", "source": "c-7", "answers": "c-7", "q": "c-7"}
        page = client.post(root + "/preparation", data=asked)
        assert page.status_code == 200
        assert "c-7" in page.text
        assert "voisin" not in page.text

    @pytest.mark.parametrize("edit", ["words", "split", "nature", "insert"])
    def test_a_million_characters_are_refused_with_a_sentence_and_nothing_is_kept(
        self, client: FlaskClient, root: str, sign_in: SignIn, edit: str
    ) -> None:
        sign_in(client, "member1@example.org")
        field = "references" if edit == "nature" else "text_fr"
        lines = {"split": "a\n---\n" * 170_000, "nature": "\n".join(map(str, range(150_000)))}
        answer = client.post(
            f"{root}/clauses/t1/{edit}", data={field: lines.get(edit, "a\n" * 500_000), "kind": "article"}
        )
        assert answer.status_code == 422
        assert db.session.scalars(select(Preparation)).all() == []
