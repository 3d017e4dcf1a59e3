"""Grids as careless and hostile hands send them, and where lines go when a code does."""

import pytest

from deliberate.inputs.spreadsheets import write_csv
from deliberate.inputs.synthesis.rules import COLUMNS, compare_grids, moves, read_grid

LONG_CELL = "x" * 200_000
HEAD = "code,component,en,fr\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        LONG_CELL,
        f"{HEAD}A,A1,{LONG_CELL},x",
        f'{HEAD}A,"A1,x',
        HEAD,
        f"{HEAD[:-1]}{',' * 10**6}\n" + "A\n" * 10**4,
    ],
)
def test_a_grid_that_cannot_be_read_is_a_fault(text: str) -> None:
    assert read_grid(text)[1]


def test_the_faults_of_a_grid_name_their_line_all_at_once() -> None:
    faults = read_grid(f"{HEAD}A,,x,y\nA,,x,y\n{'B' * 13},,x,y\nC,,,\n")[1]
    assert [fault.place for fault in faults] == [3, 4, 5]


def test_a_grid_that_goes_out_comes_back_the_same_and_is_no_formula() -> None:
    rows = read_grid(f"{HEAD}A,,=1+1,@cmd\nA,A1,Time,Temps\n")[0]
    written = write_csv(COLUMNS, ([row[name] for name in COLUMNS] for row in rows)).decode()
    assert "'=1+1" in written
    assert read_grid(written) == (rows, [])


def test_versions_are_compared_by_code() -> None:
    old = read_grid(f"{HEAD}A,,Time,Temps\nB,,Work,Travail\n")[0]
    new = read_grid(f"{HEAD}A,,Free time,Temps libre\nC,,Care,Soin\n")[0]
    found = compare_grids(old, new)
    assert ([row["code"] for row in found.added], [row["code"] for row in found.removed]) == (["C"], ["B"])
    assert [(was["en"], now["en"]) for was, now in found.renamed] == [("Time", "Free time")]
    assert not compare_grids(old, old)


def test_lines_on_a_code_that_goes_need_one_that_stays() -> None:
    assert moves(["A", "B"], ["A", "C"], {"B": "C"}) == ({"B": "C"}, [])
    moved, faults = moves(["B", "D"], ["A"], {"B": "D", "D": ""})
    assert (moved, [fault.values["code"] for fault in faults]) == ({}, ["B", "D"])
