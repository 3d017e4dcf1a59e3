"""A draw: asked for over a signed pool, sealed, revealed once, or abandoned in public."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.core.housekeeping import clear
from deliberate.journal.queries import chain
from deliberate.journal.rules import chain_faults
from deliberate.panels.acts import abandon_draw, cancel_draw, request_draw
from deliberate.panels.imports import sign_pool
from deliberate.panels.lotteries import engine_inputs, source_as_text
from deliberate.panels.models import Draw, Registrant
from deliberate.panels.places import place_of
from deliberate.panels.queries import current_draw, draws, seats
from deliberate.panels.recruitment import remove_registrant
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.models import Process
from sortition import prepare, verify_lottery
from tests.deliberate.panels.work import reveal


def acts_of(session: Session, process: Process) -> list[str]:
    return [entry["act"] for entry in chain(session, process.slug)]


def outcomes(draw: Draw) -> dict[str, list[str]]:
    """The sentences of a verification, by outcome."""
    findings = verify_lottery(
        draw.lottery,
        draw.attributes,
        draw.outcome["reveal"],
        draw.outcome["alternates"],
        draw.commitment,
    )
    found: dict[str, list[str]] = {}
    for finding in findings:
        found.setdefault(finding.outcome, []).append(str(finding))
    return found


def test_a_draw_needs_a_pool_signed_as_it_is(
    session: Session,
    process: Process,
    organiser: User,
    guarantor: User,
    filled: list[Registrant],
    now: datetime,
) -> None:
    actor = Actor(organiser.id)
    with pytest.raises(Refusal, match="sign the pool"):
        request_draw(session, actor, process, now)
    sign_pool(session, Actor(guarantor.id), process, now)
    remove_registrant(session, actor, filled[0], "Moved abroad", now)
    with pytest.raises(Refusal, match="changed since"):
        request_draw(session, actor, process, now)
    sign_pool(session, Actor(guarantor.id), process, now)
    assert request_draw(session, actor, process, now).state == "requested"


def test_the_digest_is_in_the_journal_before_the_randomness_exists(
    session: Session, process: Process, prepared: Draw
) -> None:
    assert prepared.state == "prepared"
    entry = list(chain(session, process.slug))[-1]
    assert entry["act"] == "seal"
    assert entry["public"]["commitment"] == prepared.commitment
    assert entry["public"]["settings"]["randomness"]["en"] == "Two balls drawn in public"
    assert chain_faults(list(chain(session, process.slug))) == []


def test_a_reveal_seats_the_panel_and_its_alternates_and_verifies(
    session: Session, process: Process, organiser: User, prepared: Draw, now: datetime
) -> None:
    reveal(session, Actor(organiser.id), prepared, " 4 2 ", now)
    found = seats(session, prepared)
    assert prepared.ticket == 42
    assert [seat.state for seat in found] == ["offered"] * 6 + ["waiting"] * 2
    assert [seat.alternate_rank for seat in found[6:]] == [1, 2]
    genders = [seat.registrant.values["gender"] for seat in found[:6]]
    assert genders.count("women") == 3
    checked = outcomes(prepared)
    assert "failed" not in checked
    assert any("draws panel 42" in sentence for sentence in checked["passed"])


def test_a_second_reveal_is_refused_and_the_same_one_changes_nothing(
    session: Session, process: Process, organiser: User, prepared: Draw, now: datetime
) -> None:
    reveal(session, Actor(organiser.id), prepared, "42", now)
    before = acts_of(session, process)
    reveal(session, Actor(organiser.id), prepared, "42", now)
    assert acts_of(session, process) == before
    with pytest.raises(Conflict, match="already revealed, with “42”"):
        reveal(session, Actor(organiser.id), prepared, "43", now)
    assert len(seats(session, prepared)) == 8


def test_randomness_that_does_not_fit_the_declared_rule_reveals_nothing(
    session: Session, organiser: User, prepared: Draw, now: datetime
) -> None:
    with pytest.raises(Refusal, match="2 digits"):
        reveal(session, Actor(organiser.id), prepared, "sunny", now)
    assert prepared.state == "prepared"


def test_a_rehearsal_needs_no_signature_and_never_seats_anyone(
    session: Session, process: Process, organiser: User, filled: list[Registrant], now: datetime, compute: Any
) -> None:
    draw = request_draw(session, Actor(organiser.id), process, now, rehearsal=True)
    compute(draw)
    reveal(session, Actor(organiser.id), draw, "07", now)
    assert draw.ticket == 7
    assert len(draw.outcome["panel"]) == 6
    assert seats(session, draw) == []
    assert current_draw(session, process) is None


def test_there_is_one_draw_at_a_time_and_an_abandoned_one_stays_public(
    session: Session, process: Process, organiser: User, prepared: Draw, now: datetime
) -> None:
    actor = Actor(organiser.id)
    with pytest.raises(Conflict):
        request_draw(session, actor, process, now)
    with pytest.raises(Refusal, match="Say why"):
        abandon_draw(session, actor, prepared, " ", now)
    abandon_draw(session, actor, prepared, "The hall was flooded", now)
    second = request_draw(session, actor, process, now)
    assert second.number == 2
    assert [draw.state for draw in draws(session, process)] == ["requested", "abandoned"]
    assert list(chain(session, process.slug))[-2]["public"]["reason"] == "The hall was flooded"
    with pytest.raises(Conflict):
        reveal(session, actor, prepared, "42", now)


def test_a_killed_computation_taken_up_again_gives_the_same_commitment(
    session: Session, process: Process, organiser: User, prepared: Draw, now: datetime
) -> None:
    quotas, respondents = engine_inputs(prepared)
    again = prepare(
        quotas,
        respondents,
        prepared.size,
        panels=prepared.settings["panels"],
        alternates=prepared.settings["alternates"],
        ticket=prepared.settings["ticket"],
        randomness_source=source_as_text(prepared.settings),
        entropy=bytes.fromhex(prepared.entropy),
    )
    assert again.commitment == prepared.commitment


def test_a_cancelled_draw_is_not_computed(
    session: Session, process: Process, organiser: User, filled: list[Registrant], now: datetime, compute: Any
) -> None:
    draw = request_draw(session, Actor(organiser.id), process, now, rehearsal=True)
    cancel_draw(session, Actor(organiser.id), draw, now)
    assert session.get_one(jobs.Job, draw.job_id).state == "cancelled"
    with pytest.raises(jobs.Cancelled):
        compute(draw)
    assert draw.commitment is None


def test_a_volunteer_can_be_told_their_panels_and_check_their_own_row(
    session: Session, prepared: Draw, filled: list[Registrant]
) -> None:
    places = [place for registrant in filled if (place := place_of(session, prepared, registrant))]
    assert len(places) == 30
    assert sum(len(place.panels) for place in places) == 6 * 100
    for place in places:
        sealed = hashlib.sha256(bytes.fromhex(place.nonce) + place.said.encode()).hexdigest()
        assert sealed == place.commitment
    assert places[0].row == ["women", "old"]


def test_only_organisers_ask_for_a_draw(
    session: Session, process: Process, guarantor: User, filled: list[Registrant], now: datetime
) -> None:
    for actor in (VISITOR, Actor(guarantor.id)):
        with pytest.raises(NotPermitted):
            request_draw(session, actor, process, now, rehearsal=True)


def test_a_list_changed_after_it_was_sealed_is_not_revealed(
    session: Session, organiser: User, prepared: Draw, now: datetime
) -> None:
    prepared.lottery = {**prepared.lottery, "panels": prepared.lottery["panels"][::-1]}
    with pytest.raises(Conflict, match="no longer matches"):
        reveal(session, Actor(organiser.id), prepared, "42", now)
    assert prepared.state == "prepared"


def test_a_draw_outlives_the_work_that_computed_it(session: Session, prepared: Draw, now: datetime) -> None:
    job = session.get_one(jobs.Job, prepared.job_id)
    job.state, job.ended_at = "done", now
    session.flush()
    clear(session, now + timedelta(days=31), 30)
    session.refresh(prepared)
    assert (prepared.state, prepared.job_id) == ("prepared", None)
