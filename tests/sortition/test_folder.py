"""The folder of a lottery: what is sealed before the draw, who is bound to which pseudonym, who takes themselves out."""

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sortition import Quota, Respondent
from sortition.cli import main
from sortition.proofs import program

HEX = bytes(range(16)).hex()


@pytest.fixture(scope="session")
def drawn(
    tmp_path_factory: pytest.TempPathFactory, quotas: list[Quota], respondents: list[Respondent]
) -> Path:
    """A folder prepared, revealed and with its alternates, to be copied by whoever writes to it."""
    place = tmp_path_factory.mktemp("drawn")
    lines = [f"{one.category},{one.value},{one.min},{one.max}" for one in quotas]
    (place / "categories.csv").write_text("\n".join(["category,name,min,max", *lines]), "utf-8")
    rows = [",".join(person.row.values()) for person in respondents]
    (place / "people.csv").write_text("\n".join(["id,gender,age,email", *rows]), "utf-8")
    (place / "dropout.csv").write_text("category,value,multiplier\nage,16-29,3\n", "utf-8")
    files = [str(place / name) for name in ("categories.csv", "people.csv")]
    options = ["--size", "6", "--panels", "100", "--entropy", HEX, "--out", str(place / "lottery")]
    alternates = ["--alternates", "3", "--dropout", str(place / "dropout.csv")]
    assert main(["prepare", *files, *options, *alternates]) == 0
    assert main(["reveal", str(place / "lottery"), "--randomness", "42"]) == 0
    assert main(["alternates", str(place / "lottery")]) == 0
    return place / "lottery"


@pytest.fixture
def folder(drawn: Path, tmp_path: Path) -> Path:
    return shutil.copytree(drawn, tmp_path / "lottery")


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def test_the_number_of_alternates_and_who_drops_out_are_sealed_and_kept(
    drawn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sealed = json.loads((drawn / "lottery.json").read_bytes())["alternates"]
    assert sealed == {"number": 3, "dropout": [["", "", "1/10"], ["age", "16-29", "3/1"]]}
    assert len(table(drawn / "alternates.csv")) == 3
    assert main(["verify", str(drawn)]) == 0
    assert (
        "The number of alternates, 3, and the chances to drop out are those sealed" in capsys.readouterr().out
    )


def test_other_alternates_than_those_sealed_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "alternates.json").unlink()
    assert main(["alternates", str(folder), "--number", "4"]) == 2
    assert "This lottery sealed 3 alternates" in capsys.readouterr().err
    assert not (folder / "alternates.json").exists()


def test_two_people_exchanged_in_the_key_are_noticed_and_nothing_is_drawn(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = (folder / "key.csv").read_text("utf-8-sig").splitlines()
    first, second = (line.split(",", 1) for line in key[1:3])
    key[1:3] = [f"{first[0]},{second[1]}", f"{second[0]},{first[1]}"]
    (folder / "key.csv").write_text("\n".join(key), "utf-8")
    assert main(["verify", str(folder)]) == 1
    assert f"In key.csv, {first[0]} is not the volunteer sealed under it." in capsys.readouterr().out
    assert main(["reveal", str(folder), "--randomness", "42"]) == 2


def test_a_key_saved_with_semicolons_is_still_the_key(folder: Path) -> None:
    rows = table(folder / "key.csv")
    lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
    (folder / "key.csv").write_text("\n".join(lines), "utf-8")
    assert main(["verify", str(folder)]) == 0


def test_a_file_that_is_no_key_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "key.csv").write_text("name,id\nAna,1\n", "utf-8")
    assert main(["verify", str(folder)]) == 2
    assert "is not the key that was written" in capsys.readouterr().err


def test_whoever_withdraws_leaves_nothing_and_the_lottery_still_verifies(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = table(folder / "selected.csv")[0]["id"]
    own = next(row for row in table(folder / "key.csv") if row["id"] == person)
    assert main(["withdraw", str(folder), person]) == 0
    assert "No longer show it to everyone" in capsys.readouterr().out
    assert not (folder / "entropy.txt").exists()
    for path in folder.iterdir():
        text = path.read_text("utf-8")
        assert own["salt"] not in text
        assert path.suffix != ".csv" or f"{person}@example.org" not in text
    assert main(["verify", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "Volunteers taken out of key.csv: 1." in said
    assert "Rows withdrawn by the people they concern: 1." in said
    assert main(["person", str(folder), person, "--out", str(folder / "mine.json")]) == 2
    # The same reveal again leaves the seat empty.
    assert main(["reveal", str(folder), "--randomness", "42"]) == 0
    assert "Of the people drawn, 1 withdrew before" in capsys.readouterr().out
    assert len(table(folder / "selected.csv")) == 5


def test_a_seat_alone_is_said_to_tell_the_answers_of_who_left(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    panel = [row["id"] for row in table(folder / "selected.csv") if row["gender"] == "woman"]
    again = ["replace", str(folder), "--panels", "10", "--entropy", HEX]
    assert main([*again, "--leaving", panel[0], "--out", str(tmp_path / "one")]) == 0
    assert "One seat alone" in capsys.readouterr().err
    assert main([*again, "--leaving", ",".join(panel[:2]), "--out", str(tmp_path / "two")]) == 0
    assert "One seat alone" not in capsys.readouterr().err


def test_the_verifier_in_the_folder_needs_nothing_but_python(drawn: Path, folder: Path) -> None:
    run = [sys.executable, "-I", str(folder / "verify.py")]
    done = subprocess.run(run, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Every panel meets every quota." in done.stdout
    attributes = json.loads((folder / "attributes.json").read_bytes())
    attributes["panels"][7].pop()
    (folder / "attributes.json").write_text(json.dumps(attributes), "utf-8")
    done = subprocess.run(run, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Panel 7, or its nonce, is not the one committed to." in done.stdout
    (folder / "lottery.json").write_text("[")
    assert program.main([str(folder)]) == 2


def test_one_person_gets_a_page_of_their_own(folder: Path, tmp_path: Path) -> None:
    page, mine = tmp_path / "mine.html", tmp_path / "mine.json"
    assert main(["person", str(folder), "p7", "--out", str(mine), "--page", str(page)]) == 0
    held = json.loads(mine.read_bytes())["panels"]
    text = page.read_text("utf-8")
    assert f"Your chance is {len(held)} in 100" in text
    assert "p7@example.org" not in text


def test_no_lottery_is_laid_over_an_invitation(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "invitation.json").write_text("{}")
    assert main(["replace", str(folder), "--leaving", "p1", "--out", str(tmp_path / "letters")]) == 2
    assert "already holds a lottery" in capsys.readouterr().err
