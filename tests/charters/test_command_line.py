"""The commands, from files to files."""

import json
from pathlib import Path

import pytest

from charters.cli import main

CHARTER = """---
title: {fr: "Charte du temps", en: "Charter of time"}
theme: time
---
# Préambule {#pre}
Le temps de vie est la ressource que tous reçoivent également.

## Article 1 — Le temps choisi {#t1}
Chacun décide d'une part de son temps.
1. Cette part est connue et respectée. {#t1a}
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "base.md"
    path.write_text(CHARTER, encoding="utf-8")
    return path


def amendment(folder: Path, name: str, text: str) -> str:
    path = folder / f"{name}.json"
    step = {"op": "replace", "clause": "t1", "lang": "fr", "text": text}
    path.write_text(json.dumps({"id": name, "operations": [step]}), encoding="utf-8")
    return str(path)


def test_a_charter_written_by_hand_is_valid(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(base)]) == 0
    assert "3 clauses, fr, en" in capsys.readouterr().out


def test_a_merge_is_written_and_compared(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = amendment(tmp_path, "am-1", "Chacun décide librement d'une part de son temps.")
    out = tmp_path / "out" / "merged.md"
    assert main(["merge", str(base), one, "--out", str(out)]) == 0
    assert main(["diff", str(base), str(out)]) == 0
    assert "Chacun décide {+librement +}d'une part" in capsys.readouterr().out
    for view in ("html", "json"):
        assert main(["diff", str(base), str(out), "--format", view]) == 0


def test_conflicts_are_said_and_written_and_nothing_else_is(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some = [
        amendment(tmp_path, f"am-{n}", f"Chacun {verb} d'une part de son temps.")
        for n, verb in enumerate(["use", "rêve"])
    ]
    out, conflicts = tmp_path / "merged.json", tmp_path / "conflicts.json"
    assert main(["merge", str(base), *some, "--out", str(out), "--conflicts", str(conflicts)]) == 1
    assert "same words" in capsys.readouterr().err
    assert not out.exists()
    assert json.loads(conflicts.read_text(encoding="utf-8"))[0]["clause"] == "t1"


def test_an_export_writes_each_format_and_reads_back(
    base: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out"
    assert main(["export", str(base), "--to", "html,pdf,json,md", "--out", str(folder), "--lang", "fr"]) == 0
    files = sorted(folder.iterdir())
    assert [path.suffix for path in files] == [".html", ".md", ".pdf", ".json"]
    assert main(["blame", str(files[3]), "--clause", "t1"]) == 0
    assert capsys.readouterr().out.endswith(f"{files[3].name}\tChacun décide d'une part de son temps.\n")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no title", 1),
        (b'{"id": "c", "title": {}}', 1),
        (b"[" * 100_000, 1),
        (b'{"id": "c", "title": {"fr": "\\ud800"}}', 1),
        (b'{"format": "deliberate/charter/1", "charter": 1.5}', 1),
        (b"\xff\xfe", 2),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(
    content: bytes, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / ("file.md" if content == b"no title" else "file.json")
    path.write_bytes(content)
    assert main(["validate", str(path)]) == code
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_missing_file_and_a_missing_clause_are_wrong_input(
    base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "nowhere.md"]) == 2
    assert main(["blame", str(base), "--clause", "zz"]) == 2
    assert main(["diff", str(base), str(base), "--lang", "de"]) == 2
    assert "zz" in capsys.readouterr().err
