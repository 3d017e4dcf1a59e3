"""Tables of a session: who sits where, what is kept of it, who may read what."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.database import db
from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.deliberation.models import Sitting
from deliberate.deliberation.sittings.acts import mark_attendance, open_sitting
from deliberate.deliberation.tables.acts import Rules, TablesRefused, add_held, forget, make_tables
from deliberate.deliberation.tables.models import TablePlace, TablePlan
from deliberate.deliberation.tables.queries import guests, own_tables, plan_of
from deliberate.journal.queries import chain
from deliberate.panels.models import Draw, Registrant, Seat
from deliberate.panels.quotas import set_quotas
from deliberate.panels.rules import QuotaRow
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


def draw_seats(session: Session, room: Process, members: list[User], now: datetime) -> None:
    """A revealed draw that gave each member a seat: women and men by turns, the last three of them old."""
    draw = Draw(
        process_id=room.id, number=1, state="revealed", size=6, settings={}, entropy="", pool_digest="", ticket=0,
        randomness="0", requested_at=now, inputs={},
    )  # fmt: skip
    session.add(draw)
    for number, member in enumerate(members, start=1):
        values = {"gender": "woman" if number % 2 else "man", "age": "old" if number > 3 else "young"}
        volunteer = Registrant(
            process_id=room.id, pseudonym=f"v{number}", values=values, source="form", nonce="", columns={},
            registered_at=now,
        )  # fmt: skip
        draw.seats.append(
            Seat(number=number, registrant=volunteer, state="confirmed", user_id=member.id, confirmed_at=now)
        )
    session.flush()


def test_tables_mix_the_answers_that_the_seats_were_drawn_for(
    session: Session, sitting: Sitting, room: Process, members: list[User], facilitator: User, now: datetime
) -> None:
    draw_seats(session, room, members, now)
    plan = make_tables(session, Actor(facilitator.id), sitting, 2, 3, Rules(balance=("gender",)), now)
    for round_ in range(3):
        women = [one.tables[round_] for one in guests(session, plan, now) if one.seat and one.seat % 2]
        assert sorted(women) in ([1, 1, 2], [1, 2, 2])
    assert plan.figures["widened"] == []


def test_shares_that_cannot_all_be_kept_are_said(
    session: Session, sitting: Sitting, room: Process, members: list[User], facilitator: User, now: datetime
) -> None:
    draw_seats(session, room, members, now)
    rules = Rules(
        balance=("gender",), together=((members[0].id, members[2].id), (members[2].id, members[4].id))
    )
    plan = make_tables(session, Actor(facilitator.id), sitting, 2, 1, rules, now)
    assert {(limit["value"], limit["table"]) for limit in plan.figures["widened"]} >= {
        ("woman", 1),
        ("woman", 2),
    }
    assert plan.figures["smallest"]


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

    def test_the_form_proposes_to_mix_what_the_seats_were_drawn_for_and_shows_no_answer(
        self, client: FlaskClient, room: Process, address: str, facilitator: User, members: list[User],
        organiser: User, sign_in: SignIn, now: datetime,
    ) -> None:  # fmt: skip
        session = db.session()
        rows = [
            QuotaRow("gender", value, 3, 3, None, {"en": "Gender", "fr": "Genre"}, {"en": f"A {value}"})
            for value in ("woman", "man")
        ]
        set_quotas(session, Actor(organiser.id), room, rows, now)
        draw_seats(session, room, members, now)
        sign_in(client, facilitator.email)
        form = client.get(address + "/new").text
        assert "Seat 1 · Member 1" in form
        assert 'checked id="balance-0" name="balance" type="checkbox" value="gender"' in form
        together = {"together-0-one": members[0].id, "together-0-other": members[2].id,
                    "together-1-one": members[2].id, "together-1-other": members[4].id}  # fmt: skip
        typed = {"tables": "2", "rounds": "1", "balance": "gender", **together}
        page = client.get(client.post(address, data=typed).location).text
        assert "Table 1, “Gender”" in page
        client.post("/sign-out")
        sign_in(client, members[0].email)
        page = client.get(address).text
        assert "Seat 3" in page
        assert "Member 3" not in page
        assert "woman" not in page
