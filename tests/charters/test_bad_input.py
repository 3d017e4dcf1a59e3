"""What is wrong is said in one sentence with its place, and nothing is half-written."""

import json
from pathlib import Path
from typing import Any

import pytest

from charters import (
    MAX_TEXT,
    Amendment,
    Charter,
    CharterError,
    Clause,
    Version,
    apply,
    charter_to_json,
    check_chain,
    content_digest,
    merge,
    next_version,
    past_clauses,
    reinstated,
    version_to_json,
)
from charters.cli import main
from charters.operations import Describe, Insert, Move, Operation, Replace, Strike

BASE = Charter(
    "c",
    {"fr": "Charte"},
    (Clause("t1", text={"fr": "Un mot."}), Clause("t2", text={"fr": "Deux mots."}, heading={"fr": "Deux"})),
)


@pytest.fixture
def base(tmp_path: Path) -> str:
    return written(tmp_path / "base.json", charter_to_json(BASE))


def written(path: Path, value: Any) -> str:
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(path)


def replaced(text: str, clause: str = "t1") -> list[dict[str, Any]]:
    return [{"op": "replace", "clause": clause, "lang": "fr", "text": text}]


@pytest.mark.parametrize(
    ("amendment", "sentence"),
    [
        ({"operations": replaced("x", "t9")}, "am-1: There is no clause t9 in the text to be changed."),
        ({"base": "sha256:" + "0" * 64}, "written for another version"),
        ({"operations": [{"op": "move", "clause": "t1", "parent": "t1"}]}, "cannot be moved below itself"),
        ({"operations": replaced("a\x00b")}, "U+0000, at character 2"),
        ({"operations": replaced("x" * 1_000_000)}, "has 1000000 characters; 100000 are possible"),
        (
            {"operations": [{"op": "insert", "id": "t1", "lang": "fr", "text": "x"}]},
            "already that of another",
        ),
        ({"operations": [{"op": "replace", "clause": "t1", "lang": "French", "text": "x"}]}, "language code"),
        ({"operations": [{"op": "replace", "clause": "t1", "text": "x"}]}, "does not say its language"),
        ({"operations": [{"op": "join", "clauses": ["t1"]}]}, "at least two different clauses"),
        ({"operations": [{"op": "describe", "lang": "fr", "title": ""}]}, "no title"),
        ({"operations": [{"op": "renumber"}]}, "is not an operation"),
        ({"op": []}, "is not known in the amendment"),
        ({"id": "base"}, "cannot be the id of an amendment"),
        ({"amends": "am-0"}, "which is not among those given"),
        ('{"id": "am-1", "id": "am-2"}', "stands twice"),
        ('{"id": "am-1", "answers": NaN}', "not a number that JSON knows"),
        ('{"id": ' + "1" * 5000 + "}", "has 5000 digits"),
        ("[" * 200_000, "nested too deeply"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 80 else "amendment",
)
def test_a_wrong_amendment_is_refused_and_nothing_written(
    amendment: Any, sentence: str, base: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    value = amendment if isinstance(amendment, str) else {"id": "am-1", **amendment}
    out = tmp_path / "out.json"
    assert main(["merge", base, written(tmp_path / "am.json", value), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert len(said.splitlines()) == 1
    assert not out.exists()


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"clauses": [{"id": "a"}, {"id": "a"}]}, "Two clauses have the id a"),
        ({"clauses": [{"id": "a", "text": {"fr": "x\x07"}}]}, "U+0007, at character 2"),
        ({"title": {"fr": "x\x1b"}}, "The title or theme has a control character, U+001B"),
        ({"clauses": [{"id": "a", "text": {"fr": "x" * 1_000_000}}]}, "Divide it"),
        ({"preamble": {"charter": "p", "version": 10**12, "content": ""}}, "not a whole number"),
        ({"preamble": {"charter": "p", "version": 1, "content": "md5:1"}}, "not a digest"),
        ({"theme": 1.5}, "missing or is not text"),
    ],
)
def test_a_wrong_charter_is_not_valid(
    value: dict[str, Any], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "c.json", {"id": "c", "title": {"fr": "C"}, **value})
    assert main(["validate", path]) == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(("encoding", "code"), [("utf-8-sig", 0), ("utf-16", 2), ("latin-1", 2)])
def test_only_utf8_is_read_with_or_without_its_mark(encoding: str, code: int, tmp_path: Path) -> None:
    path = tmp_path / "c.md"
    path.write_text('---\ntitle: {fr: "Été"}\n---\n# Article\nDurée.\n', encoding=encoding)
    assert main(["validate", str(path)]) == code


@pytest.mark.parametrize("place", ["base.json/inside/out.json", "."])
def test_a_place_that_cannot_be_written_is_said_and_left_as_it_was(
    place: str, base: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = written(tmp_path / "am-1.json", {"id": "am-1", "operations": replaced("Mot.")})
    before = sorted(tmp_path.iterdir())
    assert main(["merge", base, one, "--out", str(tmp_path / place)]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_clauses_nested_without_end_are_refused() -> None:
    steps: list[Operation] = [Insert(f"n{n - 1}" if n else None, None, Clause(f"n{n}")) for n in range(5000)]
    with pytest.raises(CharterError, match="levels deep"):
        apply(BASE, steps)
    upwards = [Clause(f"n{n}") for n in range(2000)]
    tops: list[Operation] = [Insert(None, None, clause) for clause in upwards]
    hung: list[Operation] = [Move(f"n{n}", f"n{n + 1}", None) for n in range(1999)]
    with pytest.raises(CharterError, match="levels deep"):
        apply(BASE, [*tops, *hung])


def test_amendments_that_only_together_nest_too_deep_conflict() -> None:
    base = Charter("c", {"fr": "C"}, tuple(Clause(f"n{n}") for n in range(40)))
    some = [Amendment(f"am-{n}", (Move(f"n{n}", f"n{n + 1}", None),)) for n in range(39)]
    (conflict,) = merge(base, some).conflicts
    assert conflict.kind == "depth"
    assert len(conflict.amendments) >= 32


def test_amendments_that_only_together_take_the_title_away_conflict() -> None:
    base = Charter("c", {"fr": "C", "en": "C"})
    some = [Amendment(f"am-{lang}", (Describe(lang, ""),)) for lang in ("fr", "en")]
    assert {(c.clause, c.kind) for c in merge(base, some).conflicts} == {(None, "title")}


def test_two_edits_of_the_longest_text_merge() -> None:
    words = [f"mot{n % 977}" for n in range(MAX_TEXT // 7)]
    base = Charter("c", {"fr": "C"}, (Clause("t1", text={"fr": " ".join(words)}),))
    edits = [[*words[:n], "autre", *words[n + 1 :]] for n in (3, 9000)]
    some = [Amendment(f"am-{n}", (Replace("t1", "fr", text=" ".join(edit)),)) for n, edit in enumerate(edits)]
    merged = merge(base, some).charter
    assert merged is not None
    assert merged.clause("t1").text["fr"].count("autre") == 2


FIRST = Version(1, BASE, "2026-01-01")
SECOND = next_version(FIRST, apply(BASE, [Strike("t2")]), date="2026-02-01")


def brought_back(clause: Clause) -> Charter:
    return apply(SECOND.charter, [Insert(None, "t1", clause)])


def test_a_struck_id_does_not_come_back_as_another_clause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = brought_back(Clause("t2", text={"fr": "Tout autre chose."}))
    with pytest.raises(CharterError, match="was that of a clause since struck"):
        next_version(SECOND, other, date="2026-03-01", past=past_clauses([FIRST, SECOND]))
    chain = [FIRST, SECOND, next_version(SECOND, other, date="2026-03-01")]
    files = [written(tmp_path / f"v{one.number}.json", version_to_json(one)) for one in chain]
    assert main(["validate", *files]) == 1
    assert "The id t2 was that of a clause since struck" in capsys.readouterr().err
    assert main(["validate", *files[:2]]) == 0


def test_a_struck_clause_comes_back_as_it_was() -> None:
    past = past_clauses([FIRST, SECOND])
    again = brought_back(BASE.clause("t2"))
    third = next_version(SECOND, again, date="2026-03-01", past=past)
    check_chain([FIRST, SECOND, third])
    assert reinstated(SECOND.charter, again, past) == ["t2"]


def test_versions_that_do_not_follow_from_each_other_are_not_valid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = Version(2, BASE, "2026-02-01", parents=(content_digest(BASE),))
    files = [
        written(tmp_path / f"v{n}.json", version_to_json(one)) for n, one in enumerate([FIRST, stranger])
    ]
    assert main(["validate", *files]) == 1
    assert "does not follow" in capsys.readouterr().err
