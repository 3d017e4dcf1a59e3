"""Numbers and lists that would cost a reader's time or memory are refused before they do."""

from pathlib import Path
from typing import Any

import pytest

from deliberate.publication.findings import Report, UnsoundError
from deliberate.publication.folder import Folder, parse
from deliberate.publication.recount import check_draws, decided
from deliberate.publication.verify import main

RULE = {"method": "yes-no", "quorum": "1/2", "threshold": "2/3", "denominator": "cast"}


@pytest.mark.parametrize(
    "share", ["1e999999999", "1e-999999999", "1/" + "9" * 100_000, "9" * 100_000, "nan", ""]
)
@pytest.mark.parametrize("name", ["quorum", "threshold"])
def test_a_share_without_end_is_refused(name: str, share: str) -> None:
    with pytest.raises(ValueError, match="no fraction"):
        decided({**RULE, name: share}, {"yes": 5, "no": 1}, 6, 8, 6)


@pytest.mark.parametrize("share", ["0", "1", "1/2", "0.5"])
def test_a_share_may_be_written_as_people_do(share: str) -> None:
    assert decided({**RULE, "quorum": share}, {"yes": 7, "no": 1}, 8, 8, 8) == (True, None)


def test_a_file_of_empty_lists_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(UnsoundError, match="more values than any bundle has"):
        parse(b"[" + b"[]," * 2_000_001 + b"[]]", "contributions.json")


def draw_entries(*acts: str) -> list[dict[str, Any]]:
    return [
        {"number": number, "act": act, "object": "draw:1", "public": {"rehearsal": False, "commitment": ""}}
        for number, act in enumerate(acts)
    ]


@pytest.mark.parametrize(
    ("acts", "sentence"),
    [
        (("seal", "reveal", "reveal"), "draws/1: the journal has 2 entries “reveal” for this draw"),
        (("seal", "seal", "reveal"), "draws/1: the journal has 2 entries “seal” for this draw"),
        (("reveal",), "draws/1: the journal reveals this draw, which it never sealed as one that counts"),
    ],
)
def test_a_second_chance_in_the_journal_is_found(
    tmp_path: Path, acts: tuple[str, ...], sentence: str
) -> None:
    report = Report()
    check_draws(Folder(tmp_path), draw_entries(*acts), report)
    assert sentence in [str(fault) for fault in report.faults]


def test_a_bundle_writes_neither_commands_nor_lines_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    (tmp_path / "a\x1b[2K\nThis bundle verifies").symlink_to(tmp_path)
    assert main([str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert not any(line.startswith("This bundle verifies") for line in said.splitlines())
