"""Recruiting and drawing the panel: volunteers, a signed pool, the sealed lottery, the balls, the seats."""

from datetime import timedelta

from sqlalchemy.orm import Session

from deliberate.core.jobs import Job, Run
from deliberate.demonstration.stage import Stage, spread
from deliberate.demonstration.volunteers import quota_rows, volunteers
from deliberate.panels.acts import request_draw, reveal
from deliberate.panels.imports import sign_pool
from deliberate.panels.jobs import compute_draw
from deliberate.panels.models import Draw, Seat
from deliberate.panels.queries import seats
from deliberate.panels.quotas import set_quotas
from deliberate.panels.recruitment import register
from deliberate.panels.seats import answer_seat, call_alternate, confirm_refusal, confirm_seat
from deliberate.people.rules import VISITOR

LEASE = "demonstration"
# Two of those drawn cannot come, and alternates are called in the order fixed by the draw.
DECLINE = (9, 20)


def recruit(stage: Stage) -> None:
    """Quotas are set, volunteers register one by one while registration is open, a guarantor signs the pool."""
    data = stage.data
    set_quotas(stage.session, stage.cast["organiser"], stage.process, quota_rows(data), data.day("locked"))
    people = volunteers(data, data.process["recruitment"]["registrants"])
    window = data.process["protocol"]["registration"]
    for (values, contact), moment in spread(people, data.start(window["opens"]), data.start(window["closes"])):
        register(stage.session, VISITOR, stage.process, values, contact, moment)
    sign_pool(stage.session, stage.cast["guarantor"], stage.process, data.day("pool_sealed") + timedelta(hours=10))
    stage.say(f"{len(people)} volunteers registered; a guarantor signed the pool")


def draw(stage: Stage) -> None:
    """Seal the lottery a week before the public draw, then let the balls name the panel and seat it."""
    sealed = stage.reach(stage.data.day("pool_sealed") + timedelta(hours=14))
    drawn = request_draw(stage.session, stage.cast["organiser"], stage.process, sealed)
    _compute(stage, drawn)
    now = stage.reach(stage.data.day("drawn") + timedelta(hours=11))
    reveal(stage.session, stage.cast["organiser"], drawn, stage.data.process["draw"]["randomness"], now)
    _seat(stage, drawn)
    stage.say(f"panel of {len(stage.members)} drawn among {drawn.settings['panels']} equally likely panels")


def _compute(stage: Stage, drawn: Draw) -> None:
    """Do here what the worker does for a draw asked for in the browser."""
    session = stage.session
    job = session.get_one(Job, drawn.job_id)
    job.state, job.lease = "running", LEASE
    session.commit()
    sealed = drawn.requested_at
    compute_draw(Run(session, lambda: _beside(session), job.id, LEASE, job.payload, None, lambda: sealed))
    job.state, job.lease, job.ended_at = "done", None, sealed
    session.commit()


def _beside(session: Session) -> Session:
    return Session(session.connection(), join_transaction_mode="create_savepoint")


def _seat(stage: Stage, drawn: Draw) -> None:
    organiser, now = stage.cast["organiser"], stage.data.day("drawn") + timedelta(days=3)
    for seat in seats(stage.session, drawn)[: drawn.size]:
        if seat.number in DECLINE:
            answer_seat(stage.session, organiser, seat, "declined", now, "telephone")
            confirm_refusal(stage.session, stage.cast["guarantor"], seat, now + timedelta(hours=2))
            _confirm(stage, call_alternate(stage.session, organiser, drawn, now + timedelta(hours=3)))
        else:
            _confirm(stage, seat)


def _confirm(stage: Stage, seat: Seat) -> None:
    organiser, now = stage.cast["organiser"], stage.data.day("drawn") + timedelta(days=4)
    answer_seat(stage.session, organiser, seat, "accepted", now, "letter")
    user, _ = confirm_seat(stage.session, organiser, seat, now + timedelta(hours=1))
    stage.members.append(user)
