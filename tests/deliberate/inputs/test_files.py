"""Files as careless and hostile hands send them: everything wrong is said, nothing breaks."""

import pytest

from deliberate.inputs.entering.rules import read_statements
from deliberate.inputs.synthesis.rules import read_grid

LONG_CELL = "x" * 200_000


@pytest.mark.parametrize("text", [LONG_CELL, f"code,component,en,fr\nA,A1,{LONG_CELL},x"])
def test_a_grid_that_cannot_be_read_is_a_fault(text: str) -> None:
    assert read_grid(text)[1]


@pytest.mark.parametrize("text", [LONG_CELL, f"1;{LONG_CELL}", f"{'9' * 5000};a", "²;a"])
def test_answers_that_cannot_be_read_are_a_fault(text: str) -> None:
    assert read_statements(text, set())[1]


def test_the_faults_of_a_grid_name_their_line() -> None:
    faults = read_grid("code,component,en,fr\nA,,x,y\nA,,x,y\n")[1]
    assert [fault.place for fault in faults] == [3]
