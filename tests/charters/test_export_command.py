"""`python -m charters export`: every format asked for, or none and a sentence."""

import json
from pathlib import Path

import pytest

from charters import read_akn, version_to_json, write_markdown
from charters.cli import main
from tests.charters.published import FIRST, PREAMBLE, SECOND


def written(folder: Path, name: str, content: object) -> str:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    minority = [{"clause": "t1", "text": "Non.", "count": 3, "signatures": []}]
    return {
        "first": written(tmp_path, "v1.json", version_to_json(FIRST)),
        "second": written(tmp_path, "v2.json", version_to_json(SECOND) | {"minority": minority}),
        "preamble": written(tmp_path, "preamble.json", version_to_json(PREAMBLE)),
        "french": written(tmp_path, "time.fr.md", write_markdown(FIRST.charter, ["fr"])),
        "english": written(tmp_path, "time.en.md", write_markdown(FIRST.charter, ["en"])),
        "out": str(tmp_path / "out"),
    }


def names(files: dict[str, str]) -> list[str]:
    out = Path(files["out"])
    return sorted(path.name for path in out.iterdir()) if out.exists() else []


def test_all_formats_are_written_with_history_preamble_address_and_minority(files: dict[str, str]) -> None:
    arguments = ["--to", "all", "--out", files["out"], "--lang", "fr", "--preamble", files["preamble"]]
    arguments += ["--chain", files["first"], "--address", "https://c.example/2"]
    assert main(["export", files["second"], *arguments]) == 0
    assert names(files) == [
        "time-2.fr.akn.xml", "time-2.fr.docx", "time-2.fr.html", "time-2.fr.md", "time-2.fr.pdf",
        "time-2.json", "time-2.jsonld",
    ]  # fmt: skip
    for name in ("time-2.fr.akn.xml", "time-2.fr.html", "time-2.fr.md", "time-2.jsonld"):
        text = Path(files["out"], name).read_text(encoding="utf-8")
        assert all(said in text for said in ("https://c.example/2", "Non.", "Vu la vie."))
    assert "2026-03-01" in Path(files["out"], "time-2.fr.akn.xml").read_text(encoding="utf-8")


def test_files_of_a_language_each_make_one_draft_and_stand_side_by_side(files: dict[str, str]) -> None:
    pair = [files["french"], files["english"]]
    arguments = ["--to", "html,md", "--out", files["out"], "--lang", "fr", "--beside", "en"]
    assert main(["export", *pair, *arguments]) == 0
    assert names(files) == ["time-0.fr-en.html", "time-0.fr-en.md"]


def test_akoma_ntoso_can_be_exported_again(files: dict[str, str], tmp_path: Path) -> None:
    assert main(["export", files["french"], "--to", "akn", "--out", files["out"]]) == 0
    source = Path(files["out"], "time-0.fr.akn.xml")
    assert main(["export", str(source), "--to", "akn", "--out", str(tmp_path / "again")]) == 0
    assert read_akn(source.read_bytes()) == read_akn((tmp_path / "again" / source.name).read_bytes())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "json,odt"], "“odt” is not a format"),
        (["--to", "json,pdf", "--lang", "fr", "--beside", "en"], "side by side"),
        (["--to", "json", "--lang", "de"], "not written in de"),
        (["--to", "json", "--preamble", "v1.json"], "not the one"),
        (["--to", "json", "--chain", "preamble.json"], "does not follow"),
        (["--to", "json", "--chain", "nowhere.json"], "cannot be read"),
    ],
)
def test_nothing_is_written_when_one_file_cannot_be_made(
    arguments: list[str], said: str, files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    placed = [str(tmp_path / one) if one.endswith(".json") else one for one in arguments]
    assert main(["export", files["second"], *placed, "--out", files["out"]]) == 2
    assert said in capsys.readouterr().err
    assert names(files) == []


def test_a_folder_that_cannot_be_written_is_said(
    files: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", files["first"], "--to", "json", "--out", files["french"]]) == 2
    assert "cannot be written" in capsys.readouterr().err
