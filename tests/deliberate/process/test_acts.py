"""A process: fixed before it starts, then opened and closed phase by phase."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.journal.queries import chain
from deliberate.journal.rules import chain_faults
from deliberate.people.acts import make_user
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.acts import FaultyProtocol, close_phase, create_process, lock_protocol, open_phase
from deliberate.process.appointments import appoint
from deliberate.process.models import Process


def test_a_locked_protocol_has_a_digest_and_stands_in_the_journal(session: Session, process: Process) -> None:
    entries = list(chain(session, process.slug))
    assert [entry["act"] for entry in entries] == ["create", "lock"]
    assert entries[-1]["public"]["digest"] == process.protocol_digest
    assert chain_faults(entries) == []


def test_phases_open_and_close_in_their_order(
    session: Session, process: Process, organiser: User, now: datetime
) -> None:
    actor = Actor(organiser.id)
    with pytest.raises(Conflict):
        open_phase(session, actor, process.phases[1], now)
    open_phase(session, actor, process.phases[0], now)
    assert process.situation(now) == "open"
    close_phase(session, actor, process.phases[0], now + timedelta(days=1))
    assert process.situation(now + timedelta(days=1)) == "settling"
    open_phase(session, actor, process.phases[1], now + timedelta(days=2))
    assert process.situation(now + timedelta(days=2)) == "deliberation"


def test_a_protocol_with_a_date_before_today_is_not_locked(
    session: Session, organiser: User, process: Process, now: datetime
) -> None:
    protocol = {**process.protocol, "registration": {"opens": "2026-01-01", "closes": "2026-02-01"}}
    texts = {name: {"en": "x"} for name in ("title", "question", "remit", "commissioned_by", "funded_by")}
    draft = create_process(session, Actor(organiser.id), texts, protocol, now)
    with pytest.raises(FaultyProtocol) as refusal:
        lock_protocol(session, Actor(organiser.id), draft, now)
    assert [fault.field for fault in refusal.value.faults] == ["registration.closes"]
    assert draft.locked_at is None


def test_a_visitor_opens_no_phase(session: Session, process: Process, now: datetime) -> None:
    with pytest.raises(NotPermitted):
        open_phase(session, VISITOR, process.phases[0], now)


def test_a_guarantor_holds_no_other_role(
    session: Session, process: Process, organiser: User, now: datetime
) -> None:
    with pytest.raises(Refusal, match="guarantor"):
        appoint(session, Actor(organiser.id), process, organiser, "guarantor", now)
    other = make_user(session, "g@example.org", "G", now)
    appoint(session, Actor(organiser.id), process, other, "guarantor", now)
    with pytest.raises(Refusal, match="guarantor"):
        appoint(session, Actor(organiser.id), process, other, "moderator", now)
