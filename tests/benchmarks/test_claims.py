"""Claims are read off figures: met, not met, or not measured."""

import sys
from dataclasses import replace

import pytest

from tests.benchmarks import tell
from tests.benchmarks.claims import Claim, claims, tables_claim
from tests.benchmarks.curve import Point, chart
from tests.benchmarks.draws import PEERS_POOLS, DrawRow, OurFigure
from tests.benchmarks.peer import PeerFigure, stored_figures, to_run
from tests.benchmarks.runs import figures_of
from tests.benchmarks.tables import Session

OURS = OurFigure(
    seconds=[1.0, 3.0, 2.0],
    processor_seconds=[1.0, 1.0, 1.0],
    least=0.0495,
    leximin_least=0.05,
    left_out=0,
    bound=0.05,
    largest_difference=0.001,
    attained=True,
    memory_mb=90,
    verify_seconds=0.1,
    verify_memory_mb=50,
    failed=[],
)
PEER = PeerFigure("", "", "0.12.15", 100.0, 80.0, 0.05, 0, 40, 90, True, "a machine", "2026-11-22")
ROWS = [DrawRow(name, 200, 20, 6, 150, OURS, peer=PEER) for name in PEERS_POOLS]


def _claim(rows: list[DrawRow], words: str) -> Claim:
    return next(claim for claim in claims(rows) if words in claim.sentence)


def alone(row: DrawRow, others: float = 0.02) -> DrawRow:
    """A row measured with so many processors at work for something else."""
    assert row.ours
    assert row.peer
    ours = replace(row.ours, load=[1.0] * 3, others=[others] * 3)
    return replace(row, ours=ours, peer=replace(row.peer, load=1.0, others=others))


def test_the_clock_decides_where_both_ran_here_and_nothing_else_was_at_work() -> None:
    claim = _claim(list(map(alone, ROWS)), "50 times")
    assert claim.met
    assert claim.figure.startswith(
        "50.0 times by the clock, 80.0 times in processor seconds; the clock decides"
    )
    slower = [alone(replace(row, ours=replace(OURS, seconds=[3.0]))) for row in ROWS]
    assert _claim(slower, "50 times").met is False


@pytest.mark.parametrize(
    "rows",
    [
        ROWS,
        [alone(ROWS[0], 0.5), *map(alone, ROWS[1:])],
        [replace(ROWS[0], peer=replace(PEER, stored=True)), *map(alone, ROWS[1:])],
    ],
    ids=["load unknown", "busy on one pool", "one stored"],
)
def test_processor_seconds_decide_where_the_clock_may_not(rows: list[DrawRow]) -> None:
    assert "processor seconds decide" in _claim(rows, "50 times").figure
    slower = [replace(row, ours=replace(row.ours or OURS, processor_seconds=[2.0])) for row in rows]
    assert _claim(slower, "50 times").met is False


def test_a_measure_tells_how_busy_the_machine_was() -> None:
    found, problem = figures_of([sys.executable, "-c", "print('{}')"], 60)
    assert (problem, found is not None) == ("", True)
    assert found is not None
    assert found["load"] >= 0
    assert found["others"] is None or found["others"] >= 0


def test_a_mean_over_fewer_pools_is_no_proof() -> None:
    claim = _claim(ROWS[1:], "50 times")
    assert claim.met is None
    assert "without hd" in claim.figure


def test_a_stored_figure_is_marked_and_gains_nothing_from_a_busy_machine() -> None:
    rows = [replace(ROWS[0], peer=replace(PEER, stored=True)), *ROWS[1:]]
    assert "peer stored for hd" in _claim(rows, "50 times").figure
    assert "80.0*" in tell.draws_tables(rows)


@pytest.mark.parametrize(
    ("words", "ours"),
    [
        ("least chance", replace(OURS, least=0.0489)),
        ("nobody else left out", replace(OURS, left_out=1)),
        ("memory", replace(OURS, memory_mb=3000)),
        ("largest", replace(OURS, largest_difference=0.0021)),
        ("verify", replace(OURS, failed=["The panels were changed."])),
        ("faster than the peer on every", replace(OURS, processor_seconds=[81.0])),
    ],
)
def test_one_bad_pool_breaks_a_claim(words: str, ours: OurFigure) -> None:
    assert _claim(ROWS, words).met
    claim = _claim([replace(ROWS[0], ours=ours), *ROWS[1:]], words)
    assert claim.met is False
    assert "hd" in claim.figure


def test_a_pool_that_could_not_be_drawn_says_why() -> None:
    rows = [DrawRow("sf-e", 1727, 110, 7, 1187, None, "stopped after 900 s")]
    assert _claim(rows, "sf-e").figure == "stopped after 900 s"
    assert _claim(rows, "verify").met is False
    assert "stopped after 900 s" in tell.draws_tables(rows)


def test_nothing_is_claimed_of_nothing() -> None:
    assert {claim.met for claim in claims([])} == {None}


def test_the_peer_is_not_run_again_when_it_is_known_to_take_over_ten_minutes() -> None:
    assert to_run("auto", None)
    assert to_run("auto", PEER)
    assert not to_run("auto", replace(PEER, seconds=601.0, processor_seconds=601.0))
    assert not to_run("stored", None)
    assert to_run("run", replace(PEER, seconds=601.0))


def test_stored_figures_say_where_and_when_they_were_measured() -> None:
    figures = stored_figures()
    assert {figure.pool for figure in figures.values()} == set(PEERS_POOLS)
    for figure in figures.values():
        assert figure.stored
        assert figure.seconds > 0
        assert figure.machine
        assert figure.date


def test_the_cost_curve_names_both_series() -> None:
    drawn = chart([Point("fixed", 100, 40, 0.5, 0.4), Point("growing", 100, 14, 0.5, 0.3)])
    assert "40 seats" in drawn
    assert "√(2n) seats" in drawn


def test_tables_must_beat_greed_unless_nothing_better_exists() -> None:
    session = Session(
        24,
        4,
        4,
        2,
        pairs=200,
        chance=150,
        greedy=190,
        bound=210,
        simple_bound=240,
        widened=0,
        processor_seconds=1,
    )
    best = replace(session, pairs=210, greedy=210)
    assert tables_claim([session, best]).met
    assert tables_claim([session, replace(session, greedy=200)]).met is False
    assert tables_claim([]).met is None
