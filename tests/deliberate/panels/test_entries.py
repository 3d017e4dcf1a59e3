"""Whom each pseudonym of a sealed draw stands for: bound by the seal, checked at the reveal, gone with an erasure."""

import json
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from deliberate.panels.acts import DrawRefused, reveal
from deliberate.panels.erasure import erase_registrant
from deliberate.panels.models import Draw, Registrant
from deliberate.people.models import User
from deliberate.people.rules import Actor
from sortition import verify_lottery


def key_of(draw: Draw) -> dict[str, dict[str, str]]:
    return {own: {"id": of, "salt": draw.salts[own]} for own, of in draw.key.items()}


def test_two_volunteers_exchanged_after_the_seal_stop_the_reveal(
    session: Session, organiser: User, prepared: Draw, now: datetime
) -> None:
    first, second = list(prepared.key)[:2]
    true = dict(prepared.key)
    prepared.key = true | {first: true[second], second: true[first]}
    with pytest.raises(DrawRefused, match="no longer stands for the volunteer"):
        reveal(session, Actor(organiser.id), prepared, "42", now)
    assert prepared.state == "prepared"
    prepared.key = true
    reveal(session, Actor(organiser.id), prepared, "42", now)
    assert prepared.state == "revealed"


def test_the_number_of_a_seat_follows_no_order_that_is_public(
    session: Session, organiser: User, prepared: Draw, now: datetime
) -> None:
    reveal(session, Actor(organiser.id), prepared, "42", now)
    seated = [seat.registrant.pseudonym for seat in prepared.seats if seat.alternate_rank is None]
    assert seated == prepared.outcome["panel"]
    own = {of: name for name, of in prepared.key.items()}
    # One in 720 each that chance alone gives these orders.
    assert seated != sorted(seated) or [own[one] for one in seated] != sorted(own[one] for one in seated)


def test_the_key_of_a_draw_verifies_with_the_number_of_alternates(prepared: Draw) -> None:
    assert prepared.lottery["alternates"]["number"] == prepared.settings["alternates"]
    findings = verify_lottery(prepared.lottery, prepared.attributes, key=key_of(prepared))
    assert not [str(one) for one in findings if one.outcome == "failed"]
    assert any("30 volunteers in key.csv" in str(one) for one in findings)


def test_erasing_somebody_leaves_neither_salt_nor_entropy_and_the_draw_still_verifies(
    session: Session, organiser: User, prepared: Draw, filled: list[Registrant], now: datetime
) -> None:
    reveal(session, Actor(organiser.id), prepared, "42", now)
    prepared.awaited = 0
    gone = next(one for one in filled if one.pseudonym not in prepared.outcome["panel"])
    own = next(own for own, of in prepared.key.items() if of == gone.pseudonym)
    salt = prepared.salts[own]
    erase_registrant(session, Actor(organiser.id), gone, now)
    assert prepared.entropy == ""
    assert salt not in json.dumps([prepared.salts, prepared.attributes, prepared.lottery, prepared.outcome])
    findings = verify_lottery(prepared.lottery, prepared.attributes, key=key_of(prepared))
    assert not [str(one) for one in findings if one.outcome == "failed"]
