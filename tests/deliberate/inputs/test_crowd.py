"""Many people at once before a real server with four processes: what each of them sent is kept, once."""

from pathlib import Path

from tests.benchmarks.crowd import VOTES, Kept, crowd
from tests.conftest import postgresql_server

VISITORS = 30


def test_nothing_of_a_crowd_is_lost_or_doubled_on_sqlite(tmp_path: Path) -> None:
    found = crowd(tmp_path / "instance", VISITORS, 8251)
    assert found.kept == Kept(VISITORS, 0, VISITORS * VOTES, VISITORS * VOTES)


def test_nothing_of_a_crowd_is_lost_or_doubled_on_postgresql(tmp_path: Path) -> None:
    with postgresql_server() as address:
        found = crowd(tmp_path / "instance", VISITORS, 8252, address)
    assert found.kept == Kept(VISITORS, 0, VISITORS * VOTES, VISITORS * VOTES)
