"""Folding, merging in part, and carrying over, from files to files."""

import json
from pathlib import Path
from typing import Any

import pytest

from charters.cli import main

CHARTER = """---
title: {en: "Charter of time"}
---
# Article {#t1}
Everyone decides on their time.

# Article {#t2}
It is not for sale.
"""


class Desk:
    """A folder with a charter and amendments to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.base = str(folder / "base.md")
        Path(self.base).write_text(CHARTER, encoding="utf-8")

    def amendment(self, name: str, clause: str, text: str, **more: Any) -> str:
        step = {"op": "replace", "clause": clause, "lang": "en", "text": text}
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps({"id": name, "operations": [step], **more}), encoding="utf-8")
        return str(path)

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def path(self, name: str) -> str:
        return str(self.folder / name)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def three(desk: Desk) -> list[str]:
    return [
        desk.amendment("am-1", "t1", "Everyone disposes of their time.", answers=["c-7"]),
        desk.amendment("am-2", "t1", "Everyone answers for their time."),
        desk.amendment("am-3", "t2", "It is never for sale."),
    ]


def test_what_nobody_contests_is_merged_and_the_rest_written_on_the_new_text(
    desk: Desk, three: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", desk.path("next.md"), "--rest", desk.path("rest"), "--conflicts", desk.path("why.json")]
    assert main(["merge", desk.base, *three, "--uncontested", *out]) == 0
    said = capsys.readouterr()
    assert "merged: am-3" in said.out
    assert "left: am-1, am-2" in said.out
    assert "t1: am-1, am-2: These amendments change the same words" in said.err
    assert "never for sale" in desk.text("next.md")
    assert json.loads(desk.text("why.json"))[0]["clause"] == "t1"
    assert json.loads(desk.text("rest/am-1.json"))["answers"] == ["c-7"]
    assert (
        main(["merge", desk.path("next.md"), desk.path("rest/am-1.json"), "--out", desk.path("v3.md")]) == 0
    )
    assert "disposes" in desk.text("v3.md")


def test_a_pending_amendment_follows_or_says_why_not(
    desk: Desk, three: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["merge", desk.base, three[0], "--out", desk.path("next.md")]) == 0
    done = desk.amendment("am-4", "t1", "Everyone disposes of their time.")
    moved = ["rebase", desk.base, desk.path("next.md")]
    assert main([*moved, *three[1:], done, "--out", desk.path("pending")]) == 1
    said = capsys.readouterr()
    assert "t1: adopted, am-2: These amendments change the same words" in said.err
    assert "am-4: nothing is left to change" in said.out
    assert [path.name for path in (desk.folder / "pending").iterdir()] == ["am-3.json"]
    assert main([*moved, three[2], "--out", desk.path("pending")]) == 0


def test_a_change_of_an_amendment_is_folded_into_it(desk: Desk, three: list[str]) -> None:
    change = desk.amendment("am-1a", "t1", "Everyone freely disposes of their time.", amends="am-1")
    assert main(["fold", desk.base, three[0], change, "--out", desk.path("folded")]) == 0
    folded = json.loads(desk.text("folded/am-1.json"))
    assert [step["text"] for step in folded["operations"]] == ["Everyone freely disposes of their time."]
    assert main(["validate", change, desk.path("folded/am-1.json")]) == 0


def test_changes_of_an_amendment_that_clash_are_conflicts(
    desk: Desk, three: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["Everyone disposes of their days.", "Everyone disposes of their hours."]
    some = [desk.amendment(f"am-1{n}", "t1", text, amends="am-1") for n, text in enumerate(words)]
    assert main(["fold", desk.base, three[0], *some, "--out", desk.path("folded")]) == 1
    assert main(["merge", desk.base, three[0], *some, "--out", desk.path("next.md")]) == 1
    assert "am-10, am-11" in capsys.readouterr().err
    assert not (desk.folder / "folded").exists()
    assert not (desk.folder / "next.md").exists()


def test_a_decision_read_from_a_file_settles_a_conflict(
    desk: Desk, three: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    decision = {"clause": "t1", "kind": "text", "keep": "am-2", "lang": "en", "field": "text"}
    Path(desk.path("decided.json")).write_text(json.dumps([decision]), encoding="utf-8")
    out = ["--out", desk.path("next.md"), "--resolutions", desk.path("decided.json")]
    assert main(["merge", desk.base, *three, *out]) == 0
    assert capsys.readouterr().out == desk.path("next.md") + "\n"
    assert "answers for" in desk.text("next.md")


@pytest.mark.parametrize(
    "command", ["validate", "merge", "fold", "rebase", "diff", "blame", "export", "schema"]
)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out.splitlines()) > 5


@pytest.mark.parametrize("wrong", [["--rest", "rest"], ["--uncontested", "--resolutions", "decided.json"]])
def test_options_that_do_not_go_together_are_refused(
    wrong: list[str], desk: Desk, three: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["merge", desk.base, *three, "--out", desk.path("next.md"), *wrong]
    try:
        code = main(command)
    except SystemExit as ended:
        code = int(ended.code or 0)
    assert code == 2
    assert wrong[0] in capsys.readouterr().err
