"""Files as careless and hostile hands send them: everything wrong is said, nothing breaks."""

import pytest

from deliberate.inputs.entering.rules import read_entries

LONG_CELL = "x" * 200_000


@pytest.mark.parametrize("text", [LONG_CELL, f"1;{LONG_CELL}", f"{'9' * 5000};a", "²;a"])
def test_answers_that_cannot_be_read_are_a_fault(text: str) -> None:
    assert read_entries(text, set())[1]
