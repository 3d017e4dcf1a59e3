"""Seats left empty, drawn again: a lottery of their own among those who hold none, sealed and revealed as the first."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from deliberate.core.database import db
from deliberate.core.errors import Conflict, Refusal
from deliberate.journal.queries import chain
from deliberate.panels.acts import abandon_draw, request_draw
from deliberate.panels.imports import sign_pool
from deliberate.panels.models import Draw, Registrant, Seat
from deliberate.panels.queries import current_draw, seats
from deliberate.panels.quotas import set_quotas
from deliberate.panels.replacements import request_replacement
from deliberate.panels.rules import OCCUPYING
from deliberate.panels.seats import answer_seat, call_alternate, confirm_refusal
from deliberate.panels.vacancies import empty, under_way, vacant
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Process
from sortition import verify_lottery
from tests.deliberate.panels.conftest import ROWS
from tests.deliberate.panels.work import reveal

Compute = Callable[[Draw], None]


@pytest.fixture
def bare(session: Session, organiser: User, guarantor: User, prepared: Draw, now: datetime) -> Draw:
    """A panel of six of whom two refused, once both alternates have refused too."""
    reveal(session, Actor(organiser.id), prepared, "42", now)

    def refuse(seat: Seat) -> None:
        answer_seat(session, Actor(organiser.id), seat, "declined", now)
        confirm_refusal(session, Actor(guarantor.id), seat, now)

    for seat in list(seats(session, prepared))[:2]:
        refuse(seat)
    for _ in range(2):
        refuse(call_alternate(session, Actor(organiser.id), prepared, now))
    return prepared


def test_empty_seats_are_drawn_among_those_who_hold_none_and_have_not_refused(
    session: Session, process: Process, organiser: User, bare: Draw, compute: Compute, now: datetime
) -> None:
    assert empty(session, bare) == 2
    before = {seat.registrant_id for seat in seats(session, bare)}
    draw = request_replacement(session, Actor(organiser.id), process, now, alternates=1)
    compute(draw)
    assert (draw.state, draw.drawn, draw.lottery["seated"], draw.lottery["size"]) == ("prepared", 2, 4, 6)
    assert draw.lottery["replaces"] == bare.commitment
    assert len(draw.lottery["pseudonyms"]) == 30 - 8
    assert current_draw(session, process) is bare
    reveal(session, Actor(organiser.id), draw, "07", now)
    found = seats(session, bare)
    assert [(seat.number, seat.state, seat.alternate_rank) for seat in found[8:]] == [
        (9, "offered", None),
        (10, "offered", None),
        (11, "waiting", 3),
    ]
    assert not before & {seat.registrant_id for seat in found[8:]}
    here = [seat.registrant.values for seat in found if seat.state in OCCUPYING]
    assert sum(values["gender"] == "women" for values in here) == 3
    assert 2 <= sum(values["age"] == "young" for values in here) <= 3
    findings = verify_lottery(
        draw.lottery, draw.attributes, draw.outcome["reveal"], draw.outcome["alternates"], draw.commitment
    )
    assert not [str(one) for one in findings if one.outcome == "failed"]
    acts = [entry["act"] for entry in chain(session, process.slug) if entry["object"] == draw.name]
    assert acts == ["request", "seal", "reveal", "name alternates"]


def test_one_draw_of_empty_seats_is_under_way_at_a_time_and_holds_their_places(
    session: Session, process: Process, organiser: User, bare: Draw, compute: Compute, now: datetime
) -> None:
    draw = request_replacement(session, Actor(organiser.id), process, now)
    assert under_way(session, bare) is draw
    assert (empty(session, bare), vacant(session, bare)) == (2, 0)
    with pytest.raises(Conflict, match="Draw 2 is to fill the empty seats already"):
        request_replacement(session, Actor(organiser.id), process, now)
    compute(draw)
    abandon_draw(session, Actor(organiser.id), draw, "a better date", now)
    assert vacant(session, bare) == 2
    assert request_replacement(session, Actor(organiser.id), process, now).number == 3


def test_alternates_who_wait_are_called_before_anybody_is_drawn(
    session: Session, process: Process, organiser: User, guarantor: User, prepared: Draw, now: datetime
) -> None:
    with pytest.raises(Conflict, match="No draw has been revealed yet"):
        request_replacement(session, Actor(organiser.id), process, now)
    reveal(session, Actor(organiser.id), prepared, "42", now)
    with pytest.raises(Conflict, match="Every seat is taken"):
        request_replacement(session, Actor(organiser.id), process, now)
    seat = seats(session, prepared)[0]
    answer_seat(session, Actor(organiser.id), seat, "declined", now)
    confirm_refusal(session, Actor(guarantor.id), seat, now)
    with pytest.raises(Conflict, match="Alternates still wait"):
        request_replacement(session, Actor(organiser.id), process, now)


def test_a_pool_that_changed_is_signed_again_before_its_empty_seats_are_drawn(
    session: Session,
    process: Process,
    organiser: User,
    guarantor: User,
    filled: list[Registrant],
    bare: Draw,
    now: datetime,
) -> None:
    held = {seat.registrant_id for seat in seats(session, bare)}
    next(one for one in filled if one.id not in held).state = "withdrawn"
    session.flush()
    with pytest.raises(Refusal, match="Ask a guarantor to sign it again"):
        request_replacement(session, Actor(organiser.id), process, now)
    sign_pool(session, Actor(guarantor.id), process, now)
    assert request_replacement(session, Actor(organiser.id), process, now).drawn == 2


def test_a_draw_of_empty_seats_that_is_not_possible_says_what_would_do(
    session: Session,
    process: Process,
    organiser: User,
    guarantor: User,
    filled: list[Registrant],
    bare: Draw,
    compute: Compute,
    now: datetime,
) -> None:
    found = seats(session, bare)
    lost = found[0].registrant.values["gender"]
    held = {seat.registrant_id for seat in found}
    for one in filled:
        if one.id not in held and one.values["gender"] == lost:
            one.state = "withdrawn"
    session.flush()
    sign_pool(session, Actor(guarantor.id), process, now)
    draw = request_replacement(session, Actor(organiser.id), process, now)
    compute(draw)
    assert draw.state == "failed"
    told = " ".join(one["template"] % one["values"] for one in draw.figures["advice"])
    assert "First, recruit." in told
    assert lost in told
    rows = [replace(row, minimum=1, maximum=5) if row.category == "gender" else row for row in ROWS]
    with pytest.raises(Refusal, match="Say why"):
        set_quotas(session, Actor(organiser.id), process, rows, now)
    set_quotas(session, Actor(organiser.id), process, rows, now, "too few of them are left")
    said = [entry for entry in chain(session, process.slug) if entry["act"] == "change quotas"]
    assert [entry["public"]["reason"] for entry in said] == ["too few of them are left"]
    with pytest.raises(Refusal, match="quotas have changed since a guarantor signed"):
        request_replacement(session, Actor(organiser.id), process, now)
    sign_pool(session, Actor(guarantor.id), process, now)
    again = request_replacement(session, Actor(organiser.id), process, now)
    with pytest.raises(Conflict, match="as long as no draw is to fill them"):
        set_quotas(session, Actor(organiser.id), process, rows, now, "once more")
    compute(again)
    assert again.state == "prepared"
    assert ["gender", lost, 1, 5] in again.seal["quotas"]
    assert ["gender", lost, 3, 3] in bare.seal["quotas"]


class TestPages:
    """What organisers and everyone see of it."""

    @pytest.fixture
    def session(self, app: Flask) -> Session:
        """The application's own session, so that the fixtures of the acts fill the pages."""
        return db.session()

    def test_an_organiser_draws_the_empty_seats_and_everyone_reads_how(
        self,
        app: Flask,
        client: FlaskClient,
        sign_in: Callable[[FlaskClient, str], FlaskClient],
        session: Session,
        process: Process,
        organiser: User,
        bare: Draw,
        compute: Compute,
        now: datetime,
    ) -> None:
        session.commit()
        at, desk, visitor = f"/processes/{process.slug}", sign_in(client, organiser.email), app.test_client()
        assert f"{at}/draws/replacement" in desk.get(f"{at}/seats").text
        page = desk.get(f"{at}/draws/replacement").text
        assert "2 seats are empty." in page
        assert "4 people keep theirs" in page
        assert "22 volunteers may still be drawn" in page
        said = {"alternates": "x", "source_en": "Two balls", "source_fr": ""}
        assert desk.post(f"{at}/draws/replacement", data=said).status_code == 422
        answer = desk.post(f"{at}/draws/replacement", data=said | {"alternates": "1"})
        assert answer.headers["Location"].endswith("/draws/2")
        draw = session.get_one(Draw, 2)
        assert "Draw 2 is to fill the empty seats" in desk.get(f"{at}/seats").text
        again = desk.post(f"{at}/draws/replacement", data=said | {"alternates": "1"})
        assert again.status_code == 409
        assert "Draw 2 is to fill the empty seats already." in again.text
        compute(draw)
        session.commit()
        assert "draw 2 is to fill them" in visitor.get(f"{at}/panel").text
        assert "100 ways to fill the 2 empty seats" in visitor.get(f"{at}/draws/2").text
        desk.post(f"{at}/draws/2/reveal", data={"randomness": "07", "step": "reveal"})
        compute(draw)
        assert "2 seats" in visitor.get(f"{at}/draws/2/ceremony").text
        shown = re.sub(r"\s+", " ", visitor.get(f"{at}/panel").text)
        assert "2 empty seats were drawn again on" in shown
        assert "2 people are offered a seat, and 1 wait as alternates." in visitor.get(f"{at}/draws/2").text
        assert "empty seats of draw 1" in desk.get(f"{at}/draws").text
        assert desk.get(f"{at}/seats").status_code == 200

    @pytest.mark.parametrize(
        ("objective", "said"),
        [
            ("maximin", "gives those with the least chance more than"),
            ("minimax", "somebody has a chance of at least"),
            ("nash", "of the largest geometric mean"),
            ("goldilocks", "highest and lowest chance together below"),
        ],
    )
    def test_a_draw_goes_by_the_objective_of_its_protocol_and_says_what_is_proved(
        self,
        client: FlaskClient,
        session: Session,
        process: Process,
        organiser: User,
        guarantor: User,
        filled: list[Registrant],
        compute: Compute,
        now: datetime,
        objective: str,
        said: str,
    ) -> None:
        process.protocol = process.protocol | {"panel": process.protocol["panel"] | {"objective": objective}}
        sign_pool(session, Actor(guarantor.id), process, now)
        draw = request_draw(session, Actor(organiser.id), process, now)
        compute(draw)
        session.commit()
        assert draw.lottery["objective"] == objective
        assert said in client.get(f"/processes/{process.slug}/draws/1").text
        assert f"({objective})" in client.get(f"/processes/{process.slug}/protocol").text.casefold()
