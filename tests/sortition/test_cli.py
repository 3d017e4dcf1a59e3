import csv
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sortition.cli import main

ENTROPY = "00112233445566778899aabbccddeeff"
Files = tuple[Path, Path]


def prepared(pool_files: Files, folder: Path, *more: str) -> int:
    paths = [str(path) for path in pool_files]
    options = ["--size", "6", "--out", str(folder), "--panels", "100", "--entropy", ENTROPY]
    return main(["prepare", *paths, *options, *more])


def ids(path: Path) -> list[str]:
    return [row["id"] for row in csv.DictReader(path.read_text("utf-8-sig").splitlines())]


def test_the_whole_draw_runs_from_check_to_verify(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "draw"
    assert main(["check", *map(str, pool_files), "--size", "6"]) == 0
    assert "A panel of 6 can be drawn from these 30 people." in capsys.readouterr().out
    assert prepared(pool_files, folder) == 0
    assert "Publish this digest before the draw: sha256:" in capsys.readouterr().out
    assert main(["reveal", str(folder), "--randomness", "4 2"]) == 0
    assert main(["alternates", str(folder), "--number", "4"]) == 0
    assert main(["verify", str(folder / "lottery.json")]) == 0
    assert "FAILED" not in capsys.readouterr().out
    groups = [ids(folder / f"{name}.csv") for name in ("selected", "alternates", "remaining")]
    assert [len(group) for group in groups] == [6, 4, 20]
    assert len({person for group in groups for person in group}) == 30


def test_the_people_drawn_keep_every_column_of_the_file(pool_files: Files, tmp_path: Path) -> None:
    prepared(pool_files, tmp_path / "draw")
    main(["reveal", str(tmp_path / "draw"), "--randomness", "42"])
    rows = list(csv.DictReader((tmp_path / "draw" / "selected.csv").read_text("utf-8-sig").splitlines()))
    assert all(row["email"] == f"{row['id']}@example.org" for row in rows)
    assert list(rows[0]) == ["id", "gender", "age", "email"]


def test_the_chances_name_the_panels_of_each_person(pool_files: Files, tmp_path: Path) -> None:
    prepared(pool_files, tmp_path / "draw")
    text = (tmp_path / "draw" / "chances.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 30
    assert all(len(row["panels"].split()) == round(100 * float(row["lottery_probability"])) for row in rows)


def test_the_same_entropy_writes_the_same_folder(pool_files: Files, tmp_path: Path) -> None:
    for name in ("first", "second"):
        assert prepared(pool_files, tmp_path / name) == 0
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "second")
    )
    assert first == second


def test_a_second_different_randomness_is_refused(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "draw")
    prepared(pool_files, tmp_path / "draw")
    assert main(["reveal", folder, "--randomness", "42"]) == 0
    before = (tmp_path / "draw" / "selected.csv").read_bytes()
    assert main(["reveal", folder, "--randomness", "43"]) == 2
    assert "A second draw is refused" in capsys.readouterr().err
    assert (tmp_path / "draw" / "selected.csv").read_bytes() == before
    assert main(["alternates", folder, "--number", "3"]) == 0
    assert main(["alternates", folder, "--number", "4"]) == 2
    assert "Alternates were already drawn" in capsys.readouterr().err


def test_a_folder_that_holds_a_lottery_is_not_overwritten(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared(pool_files, tmp_path / "draw")
    assert prepared(pool_files, tmp_path / "draw") == 2
    assert "already holds a lottery" in capsys.readouterr().err


def test_quotas_that_cannot_be_met_answer_no(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pool_files[0].write_text(pool_files[0].read_text("utf-8").replace("16-29,1,2", "16-29,9,9"), "utf-8")
    assert main(["check", *map(str, pool_files), "--size", "6"]) == 1
    assert "meets all of the following together" in capsys.readouterr().out
    assert prepared(pool_files, tmp_path / "draw") == 1
    assert "meets all of the following together" in capsys.readouterr().err
    assert not (tmp_path / "draw").exists()


def test_a_changed_lottery_does_not_verify_and_nothing_is_drawn_from_it(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared(pool_files, tmp_path / "draw")
    path = tmp_path / "draw" / "lottery.json"
    document = json.loads(path.read_bytes())
    document["panels"][0], document["panels"][1] = document["panels"][1], document["panels"][0]
    path.write_text(json.dumps(document), "utf-8")
    assert main(["verify", str(path)]) == 1
    assert "it was changed" in capsys.readouterr().out
    assert main(["reveal", str(tmp_path / "draw"), "--randomness", "42"]) == 2
    assert "does not verify" in capsys.readouterr().err


def test_a_lottery_alone_is_compared_with_the_digest_given(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared(pool_files, tmp_path / "draw")
    alone = tmp_path / "lottery.json"
    alone.write_bytes((tmp_path / "draw" / "lottery.json").read_bytes())
    digest = (tmp_path / "draw" / "commitment.txt").read_text().strip()
    assert main(["verify", str(alone)]) == 0
    assert "[not checked]" in capsys.readouterr().out
    assert main(["verify", str(alone), "--commitment", digest]) == 0
    assert main(["verify", str(alone), "--commitment", "sha256:" + "0" * 64]) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("abc", "not hexadecimal"), ("zz", "not hexadecimal"), ("", "not hexadecimal"), ("00ff", "has 2 bytes")],
)
def test_wrong_entropy_is_refused(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    assert prepared(pool_files, tmp_path / "draw", "--entropy", text) == 2
    assert sentence in capsys.readouterr().err


def test_every_problem_of_a_file_is_told(pool_files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    pool_files[1].write_text("id,gender,age\n1,x,y\n1,woman,60+\n", "utf-8")
    assert main(["check", *map(str, pool_files), "--size", "6"]) == 2
    told = capsys.readouterr().err
    assert told.count("Row ") == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "absent.csv", "absent.csv", "--size", "6"],
        ["reveal", "absent", "--randomness", "1"],
        ["alternates", "absent", "--number", "1"],
        ["verify", "absent.json"],
        ["verify", "."],
    ],
)
def test_a_missing_file_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert "absent" in capsys.readouterr().err or arguments == ["verify", "."]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_no_document_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    path = tmp_path / "lottery.json"
    path.write_bytes(content)
    assert main(["verify", str(path)]) == 2
    assert "is not a JSON document" in capsys.readouterr().err


def test_alternates_wait_for_the_reveal(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared(pool_files, tmp_path / "draw")
    assert main(["alternates", str(tmp_path / "draw"), "--number", "3"]) == 2
    assert "reveal.json is not there" in capsys.readouterr().err


def test_a_lost_key_is_told_before_anything_is_written(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared(pool_files, tmp_path / "draw")
    (tmp_path / "draw" / "key.csv").unlink()
    assert main(["reveal", str(tmp_path / "draw"), "--randomness", "42"]) == 2
    assert "nobody can say who the pseudonyms are" in capsys.readouterr().err
    assert not (tmp_path / "draw" / "reveal.json").exists()


def test_one_person_checks_their_own_row_without_anybody_elses(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, public = tmp_path / "draw", tmp_path / "public"
    prepared(pool_files, folder)
    assert main(["person", str(folder), "p7", "--out", str(tmp_path / "person.json")]) == 0
    public.mkdir()
    for name in ("lottery.json", "commitment.txt"):
        (public / name).write_bytes((folder / name).read_bytes())
    capsys.readouterr()
    assert main(["verify", str(public), "--person", str(tmp_path / "person.json")]) == 0
    assert "Your row was sealed as: woman / 60+. You are in " in capsys.readouterr().out
    mine = json.loads((tmp_path / "person.json").read_bytes())
    (tmp_path / "person.json").write_text(json.dumps(mine | {"panels": mine["panels"][1:]}), "utf-8")
    assert main(["verify", str(public), "--person", str(tmp_path / "person.json")]) == 1
    assert main(["person", str(folder), "nobody", "--out", str(tmp_path / "other.json")]) == 2
    assert "has 0 people with “nobody”" in capsys.readouterr().err
    assert not (tmp_path / "other.json").exists()


def test_an_answer_of_drand_draws_the_panel_however_it_is_laid_out(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "draw"
    prepared(pool_files, folder, "--ticket", "hash", "--randomness-source", "drand, round 7")
    signature = "ab" * 48
    answer = {
        "round": 7,
        "randomness": hashlib.sha256(bytes.fromhex(signature)).hexdigest(),
        "signature": signature,
    }
    wrong = json.dumps(answer | {"randomness": "00" * 32})
    assert main(["reveal", str(folder), "--randomness", wrong]) == 2
    assert "is not the SHA-256 of the signature" in capsys.readouterr().err
    assert main(["reveal", str(folder), "--randomness", '{"round": 7}']) == 2
    assert "begins like an answer of drand" in capsys.readouterr().err
    assert main(["reveal", str(folder), "--randomness", json.dumps(answer)]) == 0
    again = json.dumps(answer | {"previous_signature": "00"}, indent=2)
    assert main(["reveal", str(folder), "--randomness", again]) == 0
    assert main(["reveal", str(folder), "--randomness", str(answer["randomness"])]) == 0
    assert main(["reveal", str(folder), "--randomness", "another text"]) == 2
    assert main(["alternates", str(folder), "--number", "3"]) == 0
    capsys.readouterr()
    assert main(["verify", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "The randomness of drand round 7 is the SHA-256 of its signature." in told
    assert "[not checked] The signature of drand round 7 itself" in told
    document = json.loads((folder / "reveal.json").read_bytes())
    (folder / "reveal.json").write_text(json.dumps(document | {"randomness": wrong}), "utf-8")
    assert main(["verify", str(folder)]) == 1


@pytest.mark.parametrize("name", ["lottery", "attributes", "reveal"])
def test_links_and_devices_are_not_followed(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    folder = tmp_path / "draw"
    prepared(pool_files, folder)
    (folder / f"{name}.json").unlink(missing_ok=True)
    (folder / f"{name}.json").symlink_to("/dev/zero")
    assert main(["verify", str(folder)]) == 2
    assert "is a link or no plain file" in capsys.readouterr().err


def test_nothing_is_written_through_a_link_laid_in_the_folder(pool_files: Files, tmp_path: Path) -> None:
    folder, precious = tmp_path / "draw", tmp_path / "precious"
    prepared(pool_files, folder)
    precious.write_text("kept")
    (folder / "reveal.json.part").symlink_to(precious)
    assert main(["reveal", str(folder), "--randomness", "07"]) == 0
    assert precious.read_text() == "kept"
    assert not (folder / "reveal.json").is_symlink()


def test_a_key_that_never_ends_is_not_waited_for(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "draw"
    prepared(pool_files, folder)
    (folder / "key.csv").unlink()
    os.mkfifo(folder / "key.csv")
    assert main(["reveal", str(folder), "--randomness", "07"]) == 2
    assert "is a link or no plain file" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [
        b'{"size": NaN}',
        b'{"size": 1.5}',
        b'{"size": 1e999999999}',
        b'{"size": 1, "size": 2}',
        b'{"size": ' + b"9" * 1_000_000 + b"}",
        b"[" * 900 + b"]" * 900 + b",",
    ],
    ids=["nan", "fraction", "exponent", "twice", "giant", "deep"],
)
def test_json_that_no_lottery_is_made_of_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (tmp_path / "lottery.json").write_bytes(content)
    assert main(["verify", str(tmp_path)]) == 2
    assert "is not a JSON document" in capsys.readouterr().err


def test_a_file_larger_than_any_lottery_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tmp_path / "lottery.json").open("wb") as file:
        file.truncate(10**12)
    assert main(["verify", str(tmp_path)]) == 2
    (tmp_path / "lottery.json").write_bytes(b"[" + b"[]," * 1_000_001 + b"[]]")
    assert main(["verify", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("is larger than any lottery") == 2


def test_no_document_writes_commands_to_the_terminal(
    pool_files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepared(pool_files, tmp_path / "draw", "--randomness-source", "balls\x1b[2J")
    main(["reveal", str(tmp_path / "draw"), "--randomness", "42"])
    capsys.readouterr()
    assert main(["verify", str(tmp_path / "draw")]) == 0
    assert "\x1b" not in capsys.readouterr().out


EVERYTHING = """
import sys
from sortition.cli import main
categories, people, out, entropy = sys.argv[1:]
for name, more in (("plain", []), ("homes", ["--household", "email"])):
    folder = f"{out}/{name}"
    options = ["--size", "6", "--out", folder, "--panels", "100", "--entropy", entropy, "--alternates", "3"]
    assert main(["prepare", categories, people, *options, *more]) == 0
    assert main(["reveal", folder, "--randomness", "42"]) == 0
    assert main(["alternates", folder]) == 0
"""


def test_the_bytes_depend_neither_on_the_hash_seed_nor_on_threads(pool_files: Files, tmp_path: Path) -> None:
    written = []
    for seed, threads in (("0", "1"), ("1", "2"), ("987", "4")):
        out = tmp_path / seed
        threading = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads)
        subprocess.run(
            [sys.executable, "-c", EVERYTHING, *map(str, pool_files), str(out), ENTROPY],
            env={**os.environ, "PYTHONHASHSEED": seed, **threading},
            check=True,
            capture_output=True,
        )
        written.append({path.relative_to(out): path.read_bytes() for path in out.rglob("*.*")})
    assert len(written[0]) > 20
    assert written[0] == written[1] == written[2]
