"""`python -m sortition tables`: from a list of people to a file to print."""

import csv
from pathlib import Path

import pytest

from sortition.cli import main
from sortition.tables import assignment


@pytest.fixture(autouse=True)
def _little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assignment, "WORK", 2_000_000)


@pytest.fixture
def selected(tmp_path: Path) -> Path:
    path = tmp_path / "selected.csv"
    rows = [
        f"m{one},Name {one},{'woman' if one % 2 else 'Woman ' if one == 6 else 'man'},{one // 11}"
        for one in range(12)
    ]
    path.write_text("\n".join(["id;name;gender;helper", *(row.replace(",", ";") for row in rows)]), "utf-8")
    return path  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_file_has_every_column_and_a_table_for_each_round(
    selected: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, pairs = tmp_path / "tables.csv", tmp_path / "apart.csv"
    pairs.write_text("m0,m1\nm2,m3\n", "utf-8")
    code = main(
        ["tables", str(selected), "--tables", "3", "--rounds", "2", "--balance", "gender", "--apart", str(pairs),
         "--facilitator", "m11", "--facilitator", "Zoe", "--seat", "m5=2", "--out", str(out)]
    )  # fmt: skip
    assert code == 0
    found = {row["id"]: row for row in rows(out)}
    assert found["m4"]["name"] == "Name 4"
    assert found["m11"]["round 1 table"] == found["m11"]["round 2 table"] == "1"
    assert found["m5"]["round 2 table"] == "2"
    for number in ("1", "2"):
        seat = {one: row[f"round {number} table"] for one, row in found.items()}
        assert set(seat.values()) == {"1", "2", "3"}
        assert seat["m0"] != seat["m1"]
        assert seat["m2"] != seat["m3"]
    said = capsys.readouterr().out
    assert "different pairs meet: " in said
    assert "Round 2" in said
    assert "+ Zoe" in said


def test_people_who_agree_in_a_column_sit_together(selected: Path, tmp_path: Path) -> None:
    out = tmp_path / "tables.csv"
    text = selected.read_text("utf-8").replace(";0", ";").replace("Name 3;woman;", "Name 3;woman;1")
    selected.write_text(text, "utf-8")
    assert (
        main(
            [
                "tables",
                str(selected),
                "--tables",
                "3",
                "--rounds",
                "3",
                "--together",
                "helper",
                "--out",
                str(out),
            ]
        )
        == 0
    )
    found = {row["id"]: row for row in rows(out)}
    for number in ("1", "2", "3"):
        assert found["m3"][f"round {number} table"] == found["m11"][f"round {number} table"]  # fmt: skip


def test_a_plan_is_mended_for_those_who_are_there_and_says_who_moves(
    selected: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planned, out = tmp_path / "planned.csv", tmp_path / "tables.csv"
    people = ["tables", str(selected), "--balance", "gender", "--facilitator", "Zoe", "--out"]
    assert main([*people, str(planned), "--tables", "3", "--rounds", "3"]) == 0
    there = [line for line in selected.read_text("utf-8").splitlines() if not line.startswith("m4;")]
    selected.write_text("\n".join([*there, "late;Late;woman;0"]), "utf-8")
    assert main([*people, str(out), "--repair", str(planned), "--from-round", "2"]) == 0
    before, after = ({row["id"]: row for row in rows(path)} for path in (planned, out))
    assert {one: row["round 1 table"] for one, row in after.items()} == {
        **{one: row["round 1 table"] for one, row in before.items()},
        "late": "",
    }
    assert after["m4"]["round 2 table"] == ""
    assert after["late"]["round 2 table"] in {"1", "2", "3"}
    assert after["Zoe"]["round 3 table"] == before["Zoe"]["round 3 table"]
    assert "People who sit elsewhere than planned" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("plan", "extra", "told"),
    [
        ("id,round 1 table\nm0,1\n", ["--from-round", "2"], "there is no round 2 to mend"),
        ("id,round 1 table\nm0,x\n", [], "“x” is not the number of a table"),
        ("id,table\nm0,1\n", [], "has no column “round 1 table”"),
        ("id,round 1 table\nm0,1\n", ["--facilitator", "Zoe"], "“Zoe” stays at no table"),
    ],
)
def test_a_plan_that_cannot_be_mended_is_refused_with_a_sentence(
    selected: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], plan: str, extra: list[str], told: str
) -> None:
    given, out = tmp_path / "given.csv", tmp_path / "tables.csv"
    given.write_text(plan, "utf-8")
    assert main(["tables", str(selected), "--repair", str(given), "--out", str(out), *extra]) == 2
    assert told in capsys.readouterr().err
    assert not out.exists()


def test_a_contradiction_exits_1_and_names_the_rules(
    selected: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "tables.csv"
    asked = [
        "tables",
        str(selected),
        "--tables",
        "2",
        "--rounds",
        "2",
        "--apart",
        "helper",
        "--out",
        str(out),
    ]
    assert main(asked) == 1
    assert "never share a table" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        (["--balance", "shoe"], "has no column “shoe”"),
        (["--apart", "nothing.csv"], "neither a column of the people nor a file"),
        (["--seat", "m1"], "is not ID=TABLE"),
        (["--seat", "m1=9"], "numbered from 1 to 3"),
        (["--facilitator", "m1", "--seat", "x=1"], "“x”, who is not among"),
        (["--entropy", "zz"], "not hexadecimal"),
    ],
)
def test_wrong_input_exits_2_with_a_sentence_and_writes_nothing(
    selected: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], extra: list[str], told: str
) -> None:
    out = tmp_path / "tables.csv"
    assert main(["tables", str(selected), "--tables", "3", "--rounds", "2", "--out", str(out), *extra]) == 2
    assert told in capsys.readouterr().err
    assert not out.exists()
