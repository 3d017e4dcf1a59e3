"""`diff`, `blame`, `life` and `coverage`, from files to what is printed."""

import json
from pathlib import Path

import pytest

from charters import (
    Amendment,
    Charter,
    Clause,
    Version,
    apply,
    charter_to_json,
    next_version,
    version_to_json,
)
from charters.cli import main
from charters.operations import Join, Replace, Split, Strike

FIRST = Version(
    1,
    Charter(
        "c",
        {"fr": "Charte du temps"},
        (
            Clause("t1", text={"fr": "Une heure vaut une heure. Les dons comptent."}),
            Clause("t2", text={"fr": "Rien ne se vend."}),
        ),
    ),
    "2026-01-01",
)
CUT = Amendment(
    "am-1", (Split("t1", {"fr": ("Une heure vaut une heure.", "Tous les dons comptent.")}),), answers=("c-9",)
)
NOTED = Amendment("am-2", (Replace("t2", "fr", heading="Le don", note="Voir le dossier."),))


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Three versions as they are published."""
    second = next_version(
        FIRST, apply(FIRST.charter, CUT.operations), date="2026-02-01", act="act-2", amendments=[CUT]
    )
    third = next_version(
        second, apply(second.charter, NOTED.operations), date="2026-03-01", amendments=[NOTED]
    )
    paths = [tmp_path / f"v{version.number}.json" for version in (FIRST, second, third)]
    for path, version in zip(paths, (FIRST, second, third), strict=True):
        path.write_text(json.dumps(version_to_json(version)), encoding="utf-8")
    return [str(path) for path in paths]


def test_each_word_is_traced_to_its_version_amendment_and_contribution(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["blame", *files, "--clause", "am-1.1"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Article 2 (am-1.1), text",
        "  version 2, am-1, for c-9\tTous les ",
        "  version 1\tdons comptent.",
    ]


def test_a_whole_charter_is_traced_as_data(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["blame", *files, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["clause"], one["field"]) for one in found] == [
        (None, "title"),
        ("t1", "text"),
        ("am-1.1", "text"),
        ("t2", "heading"),
        ("t2", "text"),
        ("t2", "note"),
    ]
    brought = found[2]["passages"][0]
    assert (brought["version"], brought["date"], brought["act"]) == (2, "2026-02-01", "act-2")
    assert (brought["amendments"], brought["answers"]) == (["am-1"], ["c-9"])


def test_the_life_of_a_clause_begins_with_that_of_its_parent(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["life", *files, "--clause", "am-1.1"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("+ t1\u00a0: ajouté — version 1, 2026-01-01")
    assert "÷ am-1.1\u00a0: partagé (avec t1) — version 2, 2026-02-01, am-1, → c-9" in told
    assert main(["life", *files, "--clause", "t2", "--format", "json"]) == 0
    moments = json.loads(capsys.readouterr().out)
    assert [moment["status"] for moment in moments] == ["inserted", "changed"]
    assert moments[1]["words"] == {
        "heading": [["insert", "Le don"]],
        "note": [["insert", "Voir le dossier."]],
    }


def test_what_rests_on_nothing_and_what_nothing_answers_is_listed(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = tmp_path / "contributions.txt"
    ids.write_text("c-9\n\n  c-10 \nc-10\n", encoding="utf-8")
    assert main(["coverage", *files, "--contributions", str(ids)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Clauses without a source: 2",
        "  t1\tArticle 1",
        "  t2\tArticle 3 — Le don",
        "Contributions without an answer: 1",
        "  c-10",
    ]


def test_drafts_that_record_no_operations_are_traced_by_what_they_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    joined = apply(FIRST.charter, [Join(("t1", "t2"))])
    paths = [tmp_path / "one.json", tmp_path / "two.json", tmp_path / "three.json"]
    for path, charter in zip(paths, (FIRST.charter, joined, apply(joined, [Strike("t1")])), strict=True):
        value = version_to_json(Version(1, charter, "2026-01-01"))["charter"]
        path.write_text(json.dumps(value), encoding="utf-8")
    assert main(["blame", *map(str, paths[:2]), "--clause", "t1"]) == 0
    assert [line.split("\t")[0].strip() for line in capsys.readouterr().out.splitlines()[1:]] == ["one.json"]
    assert main(["life", *map(str, paths), "--clause", "t1"]) == 0
    assert "− t1\u00a0: supprimé — three.json" in capsys.readouterr().out


def test_a_draft_that_a_published_version_follows_is_named_by_its_file(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft = tmp_path / "draft.json"
    draft.write_text(json.dumps(charter_to_json(FIRST.charter)), encoding="utf-8")
    assert main(["blame", str(draft), files[1], "--clause", "t2"]) == 0
    assert capsys.readouterr().out.splitlines() == ["Article 3 (t2), text", "  draft.json\tRien ne se vend."]


def test_a_clause_that_never_was_and_a_file_that_is_not_there_are_wrong_input(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["life", *files, "--clause", "zz"]) == 2
    assert main(["blame", *files, "--clause", "zz"]) == 2
    assert main(["coverage", *files, "--contributions", "nowhere.txt"]) == 2
    assert main(["diff", files[0], files[1], "--lang", "de"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 4


@pytest.mark.parametrize(
    "view", [["--side-by-side"], ["--format", "html"], ["--format", "json", "--context", "1"]]
)
def test_every_view_of_a_comparison_can_be_asked_for(
    view: list[str], files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", files[0], files[2], *view]) == 0
    assert "Tous les" in capsys.readouterr().out
