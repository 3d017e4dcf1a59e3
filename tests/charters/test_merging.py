"""Merge cases written by hand: who changes what, what comes out, and why."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from charters import (
    Amendment,
    Charter,
    CharterError,
    Clause,
    Conflict,
    Resolution,
    conflict_to_json,
    content_digest,
    folded,
    merge,
    read_markdown,
    rebase,
    resolution_from_json,
    resolution_to_json,
    write_markdown,
)
from charters.operations import Insert, Replace, Strike, operations_from_json

CASES = sorted(Path(__file__).with_name("cases").glob("*.toml"))
TITLE = '---\ntitle: {fr: "Charte", en: "Charter"}\n---\n'


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_merge_gives_what_people_expect(path: Path) -> None:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    base = written(case["base"])
    found = folded_and_merged(base, amendments(case))
    if "refused" in case:
        assert found == case["refused"], case["why"]
    elif "merged" in case:
        assert isinstance(found, Charter), case["why"]
        assert write_markdown(found) == write_markdown(written(case["merged"], found.id)), case["why"]
    else:
        assert isinstance(found, list), case["why"]
        assert brief(found, case["conflict"]) == case["conflict"], case["why"]


def written(text: str, name: str = "c") -> Charter:
    """A charter as a case writes it: in Markdown, the title only where it matters."""
    return replace(read_markdown(text if text.startswith("---") else TITLE + text), id=name)


def amendments(case: dict[str, Any]) -> list[Amendment]:
    names = [name for name in case if name.startswith("am-")]
    amends = case.get("amends", {})
    return [
        Amendment(name, operations_from_json(case[name], name), amends=amends.get(name, "")) for name in names
    ]


def folded_and_merged(base: Charter, some: list[Amendment]) -> Charter | list[Conflict] | str:
    """The merged charter, the conflicts, or the sentence that refuses an amendment."""
    try:
        whole = folded(base, some)
        outcome = merge(base, whole.amendments)
    except CharterError as error:
        return str(error)
    return [*whole.conflicts, *outcome.conflicts] or outcome.charter or "neither text nor conflict"


def brief(found: list[Conflict], expected: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Conflicts with as much of each as the case states."""
    assert len(found) == len(expected)
    values = [conflict_to_json(conflict) for conflict in found]
    return [{key: value[key] for key in wanted} for value, wanted in zip(values, expected, strict=True)]


def charter(texts: dict[str, str]) -> Charter:
    return Charter(
        "c", {"fr": "Charte"}, tuple(Clause(name, text={"fr": text}) for name, text in texts.items())
    )


BASE = charter({"t1": "Chacun décide de son temps.", "t2": "Il ne se vend pas."})
FIRST = Amendment("am-1", (Replace("t1", "fr", text="Chacun dispose de son temps."),))
SECOND = Amendment("am-2", (Replace("t1", "fr", text="Chacun répond de son temps."),))
DELETION = Amendment("am-3", (Strike("t2"),))
EDIT = Amendment(
    "am-4", (Replace("t2", "fr", text="Il ne se vend jamais."), Insert("t2", None, Clause("n1")))
)


def texts(merged: Charter | None) -> list[str]:
    assert merged is not None
    return [clause.text["fr"] for clause in merged.clauses]


def test_a_decision_keeps_one_amendment_and_sets_the_other_aside() -> None:
    decided = merge(BASE, [FIRST, SECOND], [Resolution("t1", "text", "am-2", "fr", "text")])
    assert texts(decided.charter)[0] == "Chacun répond de son temps."


def test_a_decision_can_use_words_that_no_amendment_had() -> None:
    words = Replace("t1", "fr", text="Chacun choisit son temps.")
    decided = merge(BASE, [FIRST, SECOND], [Resolution("t1", "text", None, "fr", "text", (words,))])
    assert texts(decided.charter)[0] == "Chacun choisit son temps."


@pytest.mark.parametrize(("keep", "left"), [("am-3", 1), ("am-4", 2)])
def test_a_decision_settles_a_strike_either_way(keep: str, left: int) -> None:
    assert merge(BASE, [DELETION, EDIT]).charter is None
    decided = merge(BASE, [DELETION, EDIT], [Resolution("t2", "strike", keep)])
    assert len(texts(decided.charter)) == left


def test_a_decision_comes_back_from_json() -> None:
    decision = Resolution("t1", "text", None, "fr", "text", (Strike("t2"),))
    assert resolution_from_json(resolution_to_json(decision)) == decision


def test_a_decision_for_an_amendment_that_is_not_there_is_refused() -> None:
    with pytest.raises(CharterError, match="am-9"):
        merge(BASE, [FIRST], [Resolution("t1", "text", "am-9")])


def test_an_amendment_written_for_another_version_is_refused() -> None:
    with pytest.raises(CharterError, match="another version"):
        merge(BASE, [Amendment("am-1", (Strike("t1"),), base="sha256:" + "0" * 64)])


def test_two_amendments_with_one_id_are_refused() -> None:
    with pytest.raises(CharterError, match="Give each its own"):
        merge(BASE, [FIRST, FIRST])


def test_two_amendments_may_change_two_languages_and_both_wait_for_confirmation() -> None:
    base = Charter("c", {"fr": "C"}, (Clause("t1", text={"fr": "Un mot.", "en": "One word."}),))
    french = Amendment("am-1", (Replace("t1", "fr", text="Un seul mot."),))
    english = Amendment("am-2", (Replace("t1", "en", text="One good word."),))
    merged = merge(base, [french, english]).charter
    assert merged is not None
    assert merged.clauses[0].text == {"fr": "Un seul mot.", "en": "One good word."}
    assert merged.clauses[0].stale == ("en", "fr")


def test_a_pending_amendment_follows_a_new_version() -> None:
    current = merge(BASE, [FIRST]).charter
    assert current is not None
    carried = rebase(Amendment("am-4", EDIT.operations), BASE, current).amendment
    assert carried is not None
    assert carried.base == content_digest(current)
    assert texts(merge(current, [carried]).charter) == [
        "Chacun dispose de son temps.",
        "Il ne se vend jamais.",
    ]


def test_a_pending_amendment_that_cannot_follow_says_why() -> None:
    current = merge(BASE, [FIRST]).charter
    assert current is not None
    carried = rebase(SECOND, BASE, current)
    assert carried.amendment is None
    assert carried.conflicts[0].words == {"base": "décide", "adopted": "dispose", "am-2": "répond"}
