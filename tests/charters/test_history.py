"""Versions, the view of what changed, languages that wait, and where words come from."""

import pytest

from charters import (
    Amendment,
    Charter,
    CharterError,
    Clause,
    Version,
    apply,
    changes,
    check_chain,
    merge,
    next_version,
    provenance,
)
from charters.operations import Confirm, Join, Move, Replace, Split, Strike

FIRST = Version(
    1,
    Charter(
        "c",
        {"fr": "Charte"},
        (
            Clause(
                "t1", text={"fr": "Une heure vaut une heure. Les dons comptent.", "en": "An hour is an hour."}
            ),
            Clause("t2", text={"fr": "Rien ne se vend."}),
        ),
    ),
    "2026-01-01",
)
EDIT = Amendment(
    "am-1", (Replace("t1", "fr", text="Une heure vaut une heure. Tous les dons comptent."),), answers=("c-9",)
)
CUT = Amendment(
    "am-2", (Split("t1", {"fr": ("Une heure vaut une heure.", "Les dons comptent.")}), Move("t2", None, None))
)


def adopted(*amendments: Amendment) -> Version:
    charter = merge(FIRST.charter, amendments).charter
    assert charter is not None
    return next_version(FIRST, charter, date="2026-06-14", act="act-2", amendments=amendments)


def test_a_word_keeps_its_origin_through_a_merge_with_a_split() -> None:
    passages = provenance([FIRST, adopted(EDIT, CUT)], "am-2.1", "fr")
    origins = [(p.text.strip(), p.origin.version, p.origin.amendments, p.origin.answers) for p in passages]
    assert origins == [("Tous les", 2, ("am-1",), ("c-9",)), ("dons comptent.", 1, (), ())]


def test_the_view_says_what_became_of_each_clause() -> None:
    second = adopted(CUT).charter
    assert [(c.clause, c.status) for c in changes(FIRST.charter, second, "fr")] == [
        ("t2", "moved"),
        ("t1", "split"),
        ("am-2.1", "split"),
    ]
    joined = apply(FIRST.charter, [Join(("t1", "t2"))])
    assert [(c.clause, c.status) for c in changes(FIRST.charter, joined, "fr")] == [
        ("t1", "joined"),
        ("t2", "joined"),
    ]
    struck = apply(FIRST.charter, [Strike("t2")])
    assert changes(FIRST.charter, struck, "fr")[1].text == (("delete", "Rien ne se vend."),)


def test_a_language_that_did_not_follow_waits_until_it_is_confirmed() -> None:
    changed = apply(FIRST.charter, EDIT.operations)
    assert changed.clause("t1").stale == ("en",)
    assert apply(changed, [Confirm("t1", "en")]).clause("t1").stale == ()
    both = [*EDIT.operations, Replace("t1", "en", text="An hour is worth an hour.")]
    assert apply(FIRST.charter, both).clause("t1").stale == ()


def test_a_chain_of_versions_holds_together() -> None:
    check_chain([FIRST, adopted(EDIT, CUT)])
    other = Version(1, FIRST.charter, "2026-01-02")
    with pytest.raises(CharterError, match="does not follow"):
        check_chain([other, adopted(EDIT)])


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CharterError, match="not a date"):
        Version(1, FIRST.charter, "2026-02-30")
