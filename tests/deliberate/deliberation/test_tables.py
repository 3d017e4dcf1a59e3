"""Tables of a session: who sits where, what is kept of it, who may read what."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import db
from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.deliberation.acts import mark_attendance, open_sitting
from deliberate.deliberation.models import Sitting, TablePlace, TablePlan
from deliberate.deliberation.table_queries import guests, own_tables, plan_of
from deliberate.deliberation.tables import Rules, TablesRefused, add_held, forget, make_tables
from deliberate.journal.queries import chain
from deliberate.people.acts import Erased
from deliberate.people.models import User
from deliberate.people.queries import DataRequested
from deliberate.people.rules import Actor
from deliberate.process.models import Process

SignIn = Callable[[FlaskClient, str], FlaskClient]


@pytest.fixture
def sitting(session: Session, room: Process, facilitator: User, now: datetime) -> Sitting:
    return open_sitting(session, Actor(facilitator.id), room, {"en": "First day"}, now, now)


def test_everyone_sits_once_in_each_rotation_and_the_journal_says_only_numbers(
    session: Session, sitting: Sitting, members: list[User], facilitator: User, now: datetime
) -> None:
    rules = Rules(
        hosts=(facilitator.id,), apart=((members[0].id, members[1].id),), fixed=((members[2].id, 2),)
    )
    plan = make_tables(session, Actor(facilitator.id), sitting, 2, 3, rules, now)
    seated = {one.user.id: one.tables for one in guests(session, plan, now)}
    assert set(seated) == {*(one.id for one in members), facilitator.id}
    assert seated[facilitator.id] == (1, 1, 1)
    assert seated[members[2].id] == (2, 2, 2)
    assert all(a != b for a, b in zip(seated[members[0].id], seated[members[1].id], strict=True))
    assert own_tables(session, sitting, members[2].id) == [2, 2, 2]
    entry = list(chain(session, sitting.process.slug))[-1]
    assert (entry["act"], entry["object"]) == ("set tables", "session:1")
    assert set(entry["public"]) == {"tables", "rounds", "people", "pairs", "bound"}
    assert entry["public"]["pairs"] <= entry["public"]["bound"]


def test_tables_are_replaced_only_when_asked(
    session: Session, sitting: Sitting, members: list[User], facilitator: User, now: datetime
) -> None:
    chair = Actor(facilitator.id)
    make_tables(session, chair, sitting, 2, 1, Rules(), now)
    with pytest.raises(Conflict, match="has tables already"):
        make_tables(session, chair, sitting, 3, 1, Rules(), now)
    make_tables(session, chair, sitting, 3, 2, Rules(), now + timedelta(hours=1), anew=True)
    plan = plan_of(session, sitting)
    assert plan is not None
    assert (plan.tables, len(plan.places)) == (3, 12)
    assert len(session.scalars(select(TablePlace)).all()) == 12


def test_only_those_present_are_seated_when_asked(
    session: Session, sitting: Sitting, members: list[User], facilitator: User, now: datetime
) -> None:
    chair = Actor(facilitator.id)
    with pytest.raises(Refusal, match="nobody to seat"):
        make_tables(session, chair, sitting, 2, 1, Rules(present=True), now)
    mark_attendance(session, chair, sitting, [one.id for one in members[:4]], now)
    plan = make_tables(session, chair, sitting, 2, 1, Rules(present=True), now)
    assert {place.user_id for place in plan.places} == {one.id for one in members[:4]}


def test_what_cannot_be_kept_is_refused_and_the_tables_before_stay(
    session: Session, sitting: Sitting, members: list[User], facilitator: User, now: datetime
) -> None:
    chair, pair = Actor(facilitator.id), (members[0].id, members[1].id)
    plan = make_tables(session, chair, sitting, 2, 1, Rules(), now)
    with pytest.raises(TablesRefused, match="cannot be kept together") as caught:
        make_tables(session, chair, sitting, 2, 1, Rules(apart=(pair,), together=(pair,)), now, anew=True)
    assert len(caught.value.problems) == 2
    with pytest.raises(Refusal, match="no facilitator"):
        make_tables(session, chair, sitting, 2, 1, Rules(hosts=(members[0].id,)), now, anew=True)
    with pytest.raises(Refusal, match="1 to 100 tables"):
        make_tables(session, chair, sitting, 101, 1, Rules(), now, anew=True)
    assert plan_of(session, sitting) is plan


def test_a_member_does_not_make_tables(
    session: Session, sitting: Sitting, members: list[User], now: datetime
) -> None:
    with pytest.raises(NotPermitted):
        make_tables(session, Actor(members[0].id), sitting, 2, 1, Rules(), now)


def test_an_erased_person_leaves_the_tables_and_the_rules(
    session: Session, sitting: Sitting, members: list[User], facilitator: User, now: datetime
) -> None:
    gone, stays = members[0], members[1]
    rules = Rules(
        apart=((gone.id, stays.id), (stays.id, members[2].id)), fixed=((gone.id, 1),), hosts=(facilitator.id,)
    )
    plan = make_tables(session, Actor(facilitator.id), sitting, 2, 2, rules, now)
    request = DataRequested(gone)
    add_held(session, request, now)
    assert [(one["session"], one["round"]) for one in request.held["tables"]] == [(1, 1), (1, 2)]
    forget(session, Erased(gone), now)
    session.expire_all()
    assert gone.id not in {place.user_id for place in plan.places}
    assert plan.rules["apart"] == [[stays.id, members[2].id]]
    assert plan.rules["fixed"] == []
    assert plan.rules["hosts"] == [facilitator.id]
    assert len(guests(session, plan, now)) == 6


class TestPages:
    """What people see."""

    @pytest.fixture
    def session(self, app: object) -> Session:
        return db.session()

    @pytest.fixture
    def address(self, sitting: Sitting, members: list[User]) -> str:
        db.session.commit()
        return f"/processes/{sitting.process.slug}/sittings/1/tables"

    def test_a_facilitator_makes_tables_prints_cards_and_members_find_theirs(
        self,
        client: FlaskClient,
        app: object,
        address: str,
        facilitator: User,
        members: list[User],
        sign_in: SignIn,
    ) -> None:
        sign_in(client, facilitator.email)
        assert "The tables are not made yet." in client.get(address).text
        assert "Make the tables" in client.get(address + "/new").text
        typed = {"tables": "2", "rounds": "3", "apart-0-one": members[0].id, "apart-0-other": members[1].id}
        answer = client.post(address, data=typed)
        assert answer.status_code == 302, answer.text
        page = client.get(answer.location).text
        assert "share a table at least once" in page
        assert "Member 3" in page
        cards = client.get(address + "/cards").text
        assert cards.count("<article") == 2
        assert "Rotation 3" in cards
        client.post("/sign-out")
        sign_in(client, members[0].email)
        page = client.get(address).text
        assert "(you)" in page
        assert "member1@" not in page
        assert "Make the tables" not in page
        mine = client.get(address.removesuffix("/sittings/1/tables") + "/my-panel").text
        assert "Your tables:" in mine
        assert client.get(address + "/cards").status_code == 403
        assert client.get(address + "/new").status_code == 403

    def test_a_visitor_does_not_read_who_sits_where(self, client: FlaskClient, address: str) -> None:
        assert client.get(address).status_code in (302, 401, 403)

    def test_a_contradiction_names_the_people_and_keeps_what_was_typed(
        self, client: FlaskClient, address: str, facilitator: User, members: list[User], sign_in: SignIn
    ) -> None:
        sign_in(client, facilitator.email)
        pair = {"one": members[0].id, "other": members[1].id}
        typed = {"tables": "2", "rounds": "1"}
        typed |= {
            f"{name}-0-{part}": str(who) for name in ("apart", "together") for part, who in pair.items()
        }
        answer = client.post(address, data=typed)
        assert answer.status_code == 422
        assert "cannot be kept together" in answer.text
        assert "Member 1, Member 2 never share a table." in answer.text
        assert f'<option selected value="{members[0].id}">' in answer.text
        assert db.session.query(TablePlan).count() == 0

    def test_tables_are_made_anew_after_a_box_is_ticked(
        self, client: FlaskClient, address: str, facilitator: User, sign_in: SignIn
    ) -> None:
        sign_in(client, facilitator.email)
        typed = {"tables": "2", "rounds": "1"}
        assert client.post(address, data=typed).status_code == 302
        answer = client.post(address, data=typed)
        assert answer.status_code == 409
        assert "Tick the box" in answer.text
        assert client.post(address, data={**typed, "anew": "y", "rounds": "2"}).status_code == 302
        assert db.session.query(TablePlan).one().rounds == 2
