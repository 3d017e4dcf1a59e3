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
    apply,
    conflict_to_json,
    content_digest,
    folded,
    merge,
    read_markdown,
    rebase,
    resolution_from_json,
    resolution_to_json,
    rivals,
    uncontested,
    write_markdown,
)
from charters.operations import Insert, Move, Replace, Strike, operations_from_json

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


def test_an_amendment_follows_several_versions_at_once_as_its_author_wrote_it() -> None:
    second = merge(BASE, [FIRST]).charter
    assert second is not None
    third = apply(second, [Insert(None, None, Clause("t0", text={"fr": "D’abord."}))])
    steps = (Replace("t2", "fr", text="Il ne se vend jamais."),)
    written = Amendment(
        "am-7", steps, author="table 3", reason="Pour insister.", answers=("c-4",), amends="am-5"
    )
    carried = rebase(written, BASE, third).amendment
    assert carried == replace(written, base=content_digest(third))


def test_words_adopted_around_a_change_are_taken_in() -> None:
    current = merge(BASE, [FIRST]).charter
    assert current is not None
    pending = Amendment("am-8", (Replace("t1", "fr", text="Chacun décide de tout son temps."),))
    carried = rebase(pending, BASE, current).amendment
    assert carried is not None
    assert carried.operations == (Replace("t1", "fr", text="Chacun dispose de tout son temps."),)


def test_an_amendment_whose_wish_was_granted_is_done() -> None:
    current = merge(BASE, [FIRST]).charter
    assert current is not None
    assert rebase(replace(FIRST, id="am-9"), BASE, current).is_done


def test_a_change_of_an_amendment_follows_it_to_a_new_version() -> None:
    parent = Amendment("am-5", (Replace("t2", "fr", text="Il ne se vend jamais."),))
    change = Amendment(
        "am-5a", (Replace("t2", "fr", text="Il ne se vend ni ne se loue jamais."),), amends="am-5"
    )
    current = merge(BASE, [FIRST]).charter
    assert current is not None
    carried = rebase(parent, BASE, current).amendment
    assert carried is not None
    before, now = apply(BASE, parent.operations), apply(current, carried.operations)
    followed = rebase(change, before, now).amendment
    assert followed is not None
    assert followed.amends == "am-5"
    both = folded(current, [carried, followed])
    assert texts(merge(current, both.amendments).charter)[1] == "Il ne se vend ni ne se loue jamais."


def test_what_nobody_contests_goes_first_and_the_rest_follows_it() -> None:
    parted = uncontested(BASE, [SECOND, EDIT, FIRST])
    assert [one.id for one in parted.amendments] == ["am-4"]
    assert [conflict.amendments for conflict in parted.conflicts] == [("am-1", "am-2")]
    assert list(parted.rest) == ["am-1", "am-2"]
    assert all(one.amendment is not None and one.amendment.base for one in parted.rest.values())


def test_rivals_are_named_two_by_two_unless_only_more_of_them_conflict() -> None:
    ring = [Amendment(f"am-{n}", (Move(f"p{n}", f"p{(n + 1) % 3}", None),)) for n in range(3)]
    base = Charter("c", {"fr": "C"}, (*BASE.clauses, *(Clause(f"p{n}") for n in range(3))))
    third = Amendment("am-9", (Replace("t1", "fr", text="Chacun use de son temps."),))
    same = [replace(FIRST, id="am-7"), replace(SECOND, id="am-8"), third]
    found = {conflict.amendments for conflict in rivals(base, [*ring, *same])}
    assert found == {("am-0", "am-1", "am-2"), ("am-7", "am-8"), ("am-7", "am-9"), ("am-8", "am-9")}


def test_a_ring_of_moves_is_settled_by_keeping_one_of_them() -> None:
    base = charter({"a": "Un.", "b": "Deux."})
    some = [Amendment("am-1", (Move("a", "b", None),)), Amendment("am-2", (Move("b", "a", None),))]
    merged = merge(base, some, [Resolution("a", "cycle", "am-2")]).charter
    assert merged is not None
    assert [clause.id for clause in merged.clauses] == ["a"]


def test_what_was_placed_after_a_clause_that_does_not_come_stays() -> None:
    base = charter({"a": "Un.", "b": "Deux.", "c": "Trois."})
    steps = (Move("c", "a", None), Insert("a", "c", Clause("n", text={"fr": "Suite."})))
    some = [Amendment("am-1", steps), Amendment("am-2", (Move("c", "b", None),))]
    merged = merge(base, some, [Resolution("c", "move", "am-2")]).charter
    assert merged is not None
    assert merged.index.parent["n"] == "a"


def test_an_error_names_the_amendment_that_cannot_be_applied() -> None:
    with pytest.raises(CharterError) as refused:
        merge(BASE, [FIRST, Amendment("am-6", (Strike("t9"),))])
    assert refused.value.amendment == "am-6"
