"""What is held about a person, all of it, in the file that they take away."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.app import HANDLERS
from deliberate.core import events
from deliberate.drafting.models import Amendment, Signature
from deliberate.people.models import User
from deliberate.people.queries import held_about


def member(session: Session, user_id: int | None) -> User:
    return session.get_one(User, user_id)


def test_a_member_takes_away_their_seat_their_votes_and_what_they_wrote(
    session: Session, journey: Any
) -> None:
    for kind, handler in HANDLERS:
        events.on(kind, handler)
    author = member(session, session.scalar(select(Amendment.author_id)))
    held = held_about(session, author, journey.now)
    assert [role["role"] for role in held["roles"]] == ["panel member"]
    assert held["seats"][0]["contact"]["email"] == author.email
    assert set(held["seats"][0]["answers"]) == {"gender"}
    assert [vote["choice"] for vote in held["votes"]] == [["yes"], ["yes"]]
    assert [amendment["key"] for amendment in held["amendments"]] == ["am-1"]


def test_a_signatory_takes_away_the_statement_they_signed(session: Session, journey: Any) -> None:
    for kind, handler in HANDLERS:
        events.on(kind, handler)
    signatory = member(session, session.scalar(select(Signature.user_id)))
    statements = held_about(session, signatory, journey.now)["minority_statements"]
    assert [statement["text"] for statement in statements] == [{"fr": "Nous aurions fixé une part."}]
