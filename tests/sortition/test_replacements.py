"""Seats given up: who keeps theirs, and the lottery of the empty seats."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortition import Lottery, Respondent, SortitionError, reveal
from sortition.cli import main
from sortition.vacancies.replacements import Changes, Vacancy, vacancy

ENTROPY = "00112233445566778899aabbccddeeff"


def standing(lottery: Lottery, respondents: list[Respondent], ticket: str = "42", **changes: Any) -> Vacancy:
    rows = {person.id: person.row for person in respondents}
    people = {name: (id_, rows[id_]) for name, id_ in lottery.key.items()}
    drawn = reveal(lottery.public, lottery.attributes, ticket)
    return vacancy(lottery.public, lottery.attributes, people, drawn.people, Changes(**changes))


def panel(lottery: Lottery) -> list[str]:
    return sorted(lottery.key[name] for name in reveal(lottery.public, lottery.attributes, "42").people)


def test_members_who_stay_are_seated_and_those_who_leave_are_not_drawn_again(
    lottery: Lottery, respondents: list[Respondent]
) -> None:
    members = panel(lottery)
    outside = sorted({person.id for person in respondents} - set(members))
    found = standing(lottery, respondents, leaving=members[:2], called=outside[:1], gone=outside[1:3])
    assert {person.id for person in found.seated} == {*members[2:], outside[0]}
    assert {person.id for person in found.pool} == set(outside[3:])
    assert (found.size, found.empty, found.replaces) == (6, 1, lottery.commitment)
    by_id = {person.id: person.values for person in respondents}
    assert all(person.values == by_id[person.id] for person in (*found.seated, *found.pool))


@given(data=st.data())
def test_nobody_is_in_two_places(
    data: st.DataObject, lottery: Lottery, respondents: list[Respondent]
) -> None:
    members = panel(lottery)
    leaving = data.draw(st.lists(st.sampled_from(members), min_size=1, unique=True))
    outside = sorted({person.id for person in respondents} - set(members))
    gone = data.draw(st.lists(st.sampled_from(outside), unique=True))
    found = standing(lottery, respondents, leaving=leaving, gone=gone)
    seated, pool = ({person.id for person in some} for some in (found.seated, found.pool))
    assert not seated & pool
    assert seated | set(leaving) == set(members)
    assert pool | set(gone) == set(outside)
    assert found.empty == len(leaving)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"leaving": ["nobody"]}, "“nobody” is said to leave, but holds no seat"),
        ({"leaving": [], "called": ["nobody"]}, "“nobody” is said to be called, but is no alternate"),
        ({"leaving": [], "gone": ["nobody"]}, "“nobody” is said to be gone, but is nobody of this pool"),
    ],
)
def test_everybody_who_is_not_where_they_are_said_to_be_is_named(
    lottery: Lottery, respondents: list[Respondent], changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SortitionError) as caught:
        standing(lottery, respondents, **changes)
    assert sentence in "\n".join(map(str, caught.value.problems))


def test_a_member_cannot_be_gone_and_stay(lottery: Lottery, respondents: list[Respondent]) -> None:
    with pytest.raises(SortitionError) as caught:
        standing(lottery, respondents, leaving=[], gone=panel(lottery)[:1])
    assert "say that they leave" in str(caught.value.problems[0])


def test_a_full_panel_has_nothing_to_draw(lottery: Lottery, respondents: list[Respondent]) -> None:
    with pytest.raises(SortitionError, match="All 6 seats of the panel are held"):
        standing(lottery, respondents, leaving=[])


@pytest.fixture
def draw(pool_files: tuple[Path, Path], tmp_path: Path) -> Path:
    """A lottery drawn on the command line."""
    folder = tmp_path / "draw"
    options = ["--size", "6", "--out", str(folder), "--panels", "100", "--entropy", ENTROPY]
    assert main(["prepare", *map(str, pool_files), *options]) == 0
    assert main(["reveal", str(folder), "--randomness", "42"]) == 0
    return folder


def ids(path: Path) -> list[str]:
    return [row["id"] for row in csv.DictReader(path.read_text("utf-8-sig").splitlines())]


def women_first(path: Path) -> list[str]:
    """The ids of a panel, those of its women first: enough other women remain in the pool whoever is drawn."""
    rows = csv.DictReader(path.read_text("utf-8-sig").splitlines())
    return [row["id"] for row in sorted(rows, key=lambda row: row["gender"] != "woman")]


@pytest.fixture
def replace(draw: Path, tmp_path: Path) -> Callable[..., int]:
    def run(*more: str, out: str = "again", folder: Path = draw) -> int:
        options = ["--out", str(tmp_path / out), "--panels", "100", "--entropy", ENTROPY]
        return main(["replace", str(folder), *more, *options])

    return run


def test_the_empty_seats_are_drawn_by_a_lottery_of_their_own(
    draw: Path, replace: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    members, again = women_first(draw / "selected.csv"), tmp_path / "again"
    assert replace("--leaving", ",".join(members[:2])) == 0
    assert "Members who stay: 4. Empty seats: 2, drawn among 24 people." in capsys.readouterr().out
    assert main(["reveal", str(again), "--randomness", "17"]) == 0
    assert main(["alternates", str(again), "--number", "2"]) == 0
    assert main(["verify", str(again)]) == 0
    told = capsys.readouterr().out
    assert "FAILED" not in told
    assert "the 4 people who keep their seats were drawn" in told
    drawn = ids(again / "selected.csv")
    assert len(drawn) == 2
    assert not set(drawn) & set(members)
    assert sorted(ids(again / "seated.csv")) == sorted(members[2:])
    document = json.loads((again / "lottery.json").read_bytes())
    assert document["replaces"] == (draw / "commitment.txt").read_text().strip()
    assert (document["size"], document["seated"]) == (6, 4)


def test_the_panel_meets_the_quotas_again(
    draw: Path, replace: Callable[..., int], tmp_path: Path, respondents: list[Respondent], quotas: list[Any]
) -> None:
    by_id = {person.id: person.values for person in respondents}
    assert replace("--leaving", ids(draw / "selected.csv")[0]) == 0
    again = tmp_path / "again"
    assert main(["reveal", str(again), "--randomness", "99"]) == 0
    whole = [by_id[one] for one in (*ids(again / "seated.csv"), *ids(again / "selected.csv"))]
    assert len(whole) == 6
    for quota in quotas:
        assert quota.min <= sum(values[quota.category] == quota.value for values in whole) <= quota.max


def test_seats_given_up_a_second_time_are_drawn_again(
    draw: Path, replace: Callable[..., int], tmp_path: Path
) -> None:
    members, again = women_first(draw / "selected.csv"), tmp_path / "again"
    replace("--leaving", members[0])
    main(["reveal", str(again), "--randomness", "17"])
    (first,) = ids(again / "selected.csv")
    assert replace("--leaving", f"{first},{members[1]}", out="third", folder=again) == 0
    main(["reveal", str(tmp_path / "third"), "--randomness", "17"])
    assert sorted(ids(tmp_path / "third" / "seated.csv")) == sorted(members[2:])
    drawn = ids(tmp_path / "third" / "selected.csv")
    assert len(drawn) == 2
    assert not set(drawn) & {first, *members}


def test_alternates_who_were_called_keep_their_seat(
    draw: Path, replace: Callable[..., int], tmp_path: Path
) -> None:
    main(["alternates", str(draw), "--number", "3"])
    members, waiting = ids(draw / "selected.csv"), ids(draw / "alternates.csv")
    gone = tmp_path / "gone.csv"
    gone.write_text("id,why\n" + "".join(f"{one},refused\n" for one in waiting[1:]), "utf-8")
    key = csv.DictReader((draw / "key.csv").read_text("utf-8-sig").splitlines())
    row = {one["id"]: one for one in key}
    alike = [one for one in members if row[one]["gender"] == row[waiting[0]]["gender"]]
    code = replace("--leaving", ",".join(alike[:2]), "--called", waiting[0], "--gone", str(gone))
    if code == 1:  # the alternate may leave no room for the quotas; that is an answer too
        return
    assert set(ids(tmp_path / "again" / "seated.csv")) == {*members, waiting[0]} - set(alike[:2])
    assert not set(waiting) & set(ids(tmp_path / "again" / "key.csv"))


def test_the_same_entropy_writes_the_same_folder(
    draw: Path, replace: Callable[..., int], tmp_path: Path
) -> None:
    leaving = ids(draw / "selected.csv")[0]
    assert replace("--leaving", leaving) == replace("--leaving", leaving, out="twin") == 0
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("again", "twin")
    )
    assert first == second


def test_empty_seats_that_nobody_can_fill_answer_no(
    draw: Path, replace: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    men = [
        row
        for row in csv.DictReader((draw / "key.csv").read_text("utf-8-sig").splitlines())
        if row["gender"] == "man"
    ]
    seated = set(ids(draw / "selected.csv"))
    leaving = next(row["id"] for row in men if row["id"] in seated)
    gone = tmp_path / "gone.txt"
    gone.write_text("".join(f"{row['id']}\n" for row in men if row["id"] not in seated), "utf-8")
    assert replace("--leaving", leaving, "--gone", str(gone)) == 1
    told = capsys.readouterr().err
    assert "Members who stay: 5. Empty seats: 1." in told
    assert "gender: man" in told
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--leaving", "nobody"], "“nobody” is said to leave"),
        (["--leaving", ""], "All 6 seats of the panel are held"),
        (["--leaving", "p1", "--id-column", "passport"], "has no column “passport”"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_written(
    replace: Callable[..., int],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    sentence: str,
) -> None:
    assert replace(*more) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "again").exists()


def test_replacements_wait_for_the_reveal(
    draw: Path, replace: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    (draw / "reveal.json").unlink()
    assert replace("--leaving", "p1") == 2
    assert "reveal.json is not there" in capsys.readouterr().err


def test_a_folder_that_holds_a_lottery_is_left_as_it_is(
    draw: Path, replace: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leaving = ids(draw / "selected.csv")[0]
    replace("--leaving", leaving)
    before = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert replace("--leaving", leaving) == 2
    assert "already holds a lottery" in capsys.readouterr().err
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
