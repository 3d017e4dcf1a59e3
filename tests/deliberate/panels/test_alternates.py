"""The panel sits at once; a worker finds its alternates, by what was drawn alone, however often it is killed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from deliberate.core.database import db
from deliberate.core.errors import Conflict, NotPermitted
from deliberate.core.jobs import LEASE, Cancelled, Job, run_next
from deliberate.journal.queries import chain
from deliberate.panels.acts import reveal, seek_alternates
from deliberate.panels.erasure import erase_registrant
from deliberate.panels.jobs import find_alternates
from deliberate.panels.letters import due
from deliberate.panels.models import Draw
from deliberate.panels.queries import seats
from deliberate.panels.seats import answer_seat, call_alternate, confirm_refusal
from deliberate.panels.vacancies import search
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.models import Process
from sortition import verify_lottery
from tests.deliberate.panels.work import Unheard

Compute = Callable[[Draw], None]


@pytest.fixture
def revealed(session: Session, organiser: User, prepared: Draw, now: datetime) -> Draw:
    """A panel drawn whose alternates a worker is still to find."""
    reveal(session, Actor(organiser.id), prepared, "42", now)
    return prepared


def test_the_panel_sits_before_its_alternates_are_known(
    session: Session, process: Process, revealed: Draw, compute: Compute, now: datetime
) -> None:
    assert [seat.state for seat in seats(session, revealed)] == ["offered"] * 6
    assert search(session, revealed) == "under way"
    assert due(session, revealed, "not drawn", now) == []
    compute(revealed)
    assert [(seat.state, seat.alternate_rank) for seat in seats(session, revealed)[6:]] == [
        ("waiting", 1),
        ("waiting", 2),
    ]
    assert search(session, revealed) == ""
    assert len(due(session, revealed, "not drawn", now)) == 30 - 8
    findings = verify_lottery(
        revealed.lottery, revealed.attributes, revealed.outcome["reveal"], revealed.outcome["alternates"]
    )
    assert not [str(one) for one in findings if one.outcome == "failed"]
    last = [entry for entry in chain(session, process.slug) if entry["object"] == "draw:1"][-1]
    assert (last["act"], last["actor"]) == ("name alternates", "clock")
    assert last["public"]["commitment"] == revealed.outcome["alternates"]["commitment"]


def test_no_alternate_is_called_before_they_are_known(
    session: Session, organiser: User, guarantor: User, revealed: Draw, compute: Compute, now: datetime
) -> None:
    seat = seats(session, revealed)[0]
    answer_seat(session, Actor(organiser.id), seat, "declined", now)
    confirm_refusal(session, Actor(guarantor.id), seat, now)
    with pytest.raises(Conflict, match="still being looked for"):
        call_alternate(session, Actor(organiser.id), revealed, now)
    compute(revealed)
    assert call_alternate(session, Actor(organiser.id), revealed, now).alternate_rank is not None


def test_nobody_of_the_lottery_is_erased_while_its_alternates_are_looked_for(
    session: Session, organiser: User, revealed: Draw, compute: Compute, now: datetime
) -> None:
    someone = seats(session, revealed)[0].registrant
    with pytest.raises(Conflict, match="Withdraw now, and ask again afterwards"):
        erase_registrant(session, Actor(organiser.id), someone, now)
    compute(revealed)
    erase_registrant(session, Actor(organiser.id), someone, now)
    assert seats(session, revealed)[0].as_sealed is None


def test_a_search_that_failed_is_asked_for_again_by_organisers_alone(
    session: Session, organiser: User, guarantor: User, revealed: Draw, compute: Compute, now: datetime
) -> None:
    with pytest.raises(Conflict, match="are being looked for, or are there already"):
        seek_alternates(session, Actor(organiser.id), revealed, now)
    session.get_one(Job, revealed.job_id).state = "failed"
    seat = seats(session, revealed)[0]
    answer_seat(session, Actor(organiser.id), seat, "declined", now)
    confirm_refusal(session, Actor(guarantor.id), seat, now)
    with pytest.raises(Conflict, match="could not be found: have them looked for again"):
        call_alternate(session, Actor(organiser.id), revealed, now)
    with pytest.raises(NotPermitted):
        seek_alternates(session, VISITOR, revealed, now)
    seek_alternates(session, Actor(organiser.id), revealed, now)
    compute(revealed)
    assert len(revealed.outcome["waiting"]) == 2
    with pytest.raises(Cancelled):
        find_alternates(Unheard(session, lambda: session, 0, "", {"draw": revealed.id}, None, lambda: now))


class TestPages:
    """What people see meanwhile, and a worker of the application's own."""

    @pytest.fixture
    def session(self, app: Flask) -> Session:
        """The application's own session, so that the fixtures of the acts fill the pages."""
        return db.session()

    def test_a_worker_killed_on_the_way_is_followed_by_one_that_finds_the_same(
        self,
        app: Flask,
        desk: FlaskClient,
        session: Session,
        process: Process,
        prepared: Draw,
        now: datetime,
    ) -> None:
        at = f"/processes/{process.slug}"
        for job in session.query(Job):
            job.state = "done"
        session.commit()
        said = desk.post(f"{at}/draws/1/reveal", data={"randomness": "42", "step": "reveal"})
        assert said.status_code == 302
        visitor = app.test_client()
        page = visitor.get(f"{at}/draws/1").text
        assert "2 alternates follow from what was drawn." in page
        assert "6 people are offered a seat." in page
        assert "they will appear here" in visitor.get(f"{at}/draws/1/ceremony").text
        assert visitor.get(f"{at}/draws/1/progress.json").get_json()["finished"] is False
        assert visitor.get(f"{at}/draws/1/alternates.json").status_code == 404
        assert desk.get(f"{at}/seats").status_code == 200
        job = session.get_one(Job, session.get_one(Draw, 1).job_id)
        session.commit()
        find_alternates(Unheard(session, lambda: session, job.id, "", dict(job.payload), None, lambda: now))
        first = session.get_one(Draw, 1).outcome
        session.rollback()
        job.state, job.lease, job.lease_until, job.attempts = "running", "killed", now, 1
        session.commit()
        assert run_next(session, lambda: Session(db.engine), lambda: now + 2 * LEASE + timedelta(seconds=1))
        assert session.get_one(Draw, 1).outcome == first
        assert visitor.get(f"{at}/draws/1/progress.json").get_json()["finished"] is True
        assert "2 alternates, in the order they are called" in visitor.get(f"{at}/draws/1/ceremony").text

    def test_a_search_that_failed_is_said_with_a_button_for_organisers(
        self,
        app: Flask,
        desk: FlaskClient,
        session: Session,
        process: Process,
        revealed: Draw,
    ) -> None:
        session.get_one(Job, revealed.job_id).state = "failed"
        session.commit()
        at = f"/processes/{process.slug}"
        assert "The alternates could not be found." in desk.get(f"{at}/seats").text
        assert "Look for the alternates again" in desk.get(f"{at}/draws/1").text
        visitor = app.test_client()
        assert "Look for the alternates again" not in visitor.get(f"{at}/draws/1").text
        assert "could not be found yet" in visitor.get(f"{at}/draws/1/ceremony").text
        desk.post(f"{at}/draws/1/alternates")
        assert "The alternates are looked for again." in desk.get(f"{at}/draws/1").text
