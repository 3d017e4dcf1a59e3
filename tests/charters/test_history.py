"""Versions, the view of what changed, languages that wait, and where words come from."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charters import (
    Amendment,
    Charter,
    CharterError,
    Clause,
    Lives,
    Passage,
    Provenance,
    Resolution,
    Version,
    apply,
    changes,
    check_chain,
    life,
    merge,
    next_version,
    provenance,
    unanswered,
    unsourced,
)
from charters.operations import Confirm, Describe, Join, Move, Replace, Split, Strike
from tests.benchmarks.charter_texts import chain

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


def chain_of(*steps: list[Amendment]) -> list[Version]:
    chain = [FIRST]
    for n, amendments in enumerate(steps, start=2):
        charter = merge(chain[-1].charter, amendments).charter
        assert charter is not None
        chain.append(
            next_version(chain[-1], charter, date=f"2026-0{n}-01", act=f"act-{n}", amendments=amendments)
        )
    return chain


def told(passages: list[Passage]) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(passage.text.strip(), passage.origin.version, passage.origin.amendments) for passage in passages]


def test_words_keep_their_origins_through_a_split_a_move_and_a_join() -> None:
    chain = chain_of(
        [EDIT, CUT],
        [Amendment("am-3", (Move("am-2.1", None, None),))],
        [
            Amendment(
                "am-4", (Join(("t2", "am-2.1"), {"fr": "Rien ne se vend. Tous les dons comptent, enfin."}),)
            )
        ],
    )
    assert told(provenance(chain, "t2", "fr")) == [
        ("Rien ne se vend.", 1, ()),
        ("Tous les", 2, ("am-1",)),
        ("dons comptent", 1, ()),
        (", enfin", 4, ("am-4",)),
        (".", 1, ()),
    ]


def test_titles_headings_and_notes_have_origins_too() -> None:
    described = Amendment(
        "am-5",
        (Describe("fr", "Charte du temps"), Replace("t2", "fr", heading="Le don", note="Voir le dossier.")),
        answers=("c-1", "lesson-2"),
    )
    chain = chain_of([described], [Amendment("am-6", (Replace("t2", "fr", heading="Le don libre"),))])
    assert told(provenance(chain, None, "fr")) == [("Charte", 1, ()), ("du temps", 2, ("am-5",))]
    assert told(provenance(chain, "t2", "fr", "heading")) == [
        ("Le don", 2, ("am-5",)),
        ("libre", 3, ("am-6",)),
    ]
    (note,) = provenance(chain, "t2", "fr", "note")
    assert note.origin.answers == ("c-1", "lesson-2")
    assert [origin.version for origin in Provenance(chain).origins("t2")] == [1, 2, 3]
    assert provenance(chain, "t2", "en") == []


def test_words_written_while_resolving_a_conflict_belong_to_no_amendment() -> None:
    rivals = [
        Amendment(f"am-{n}", (Replace("t2", "fr", text=f"Rien ne se {word}."),))
        for n, word in enumerate(["loue", "prête"])
    ]
    last = Resolution("t2", "text", None, "fr", "text", (Replace("t2", "fr", text="Rien ne se cède."),))
    charter = merge(FIRST.charter, rivals, [last]).charter
    assert charter is not None
    chain = [FIRST, next_version(FIRST, charter, date="2026-02-01", amendments=rivals, resolutions=[last])]
    assert ("cède", 2, ()) in told(provenance(chain, "t2", "fr"))


def test_a_word_that_two_amendments_wrote_has_both() -> None:
    same = [Amendment(f"am-{n}", (Replace("t2", "fr", text="Rien ne se vend jamais."),)) for n in (1, 2)]
    assert ("jamais", 2, ("am-1", "am-2")) in told(provenance(chain_of(same), "t2", "fr"))


def test_a_clause_tells_its_life_with_that_of_the_clause_it_was_cut_from() -> None:
    chain = chain_of(
        [EDIT, CUT],
        [Amendment("am-3", (Move("am-2.1", None, None),), answers=("c-3",))],
        [Amendment("am-4", (Strike("am-2.1"),))],
    )
    moments = life(chain, "am-2.1")
    assert [(one.version, one.clause, one.status, one.amendments) for one in moments] == [
        (1, "t1", "inserted", ()),
        (2, "am-2.1", "split", ("am-2",)),
        (3, "am-2.1", "moved", ("am-3",)),
        (4, "am-2.1", "struck", ("am-4",)),
    ]
    assert moments[1].others == ("t1", "am-2.1")
    assert moments[1].words("text", "fr") == (
        ("delete", "Les"),
        ("insert", "Tous les"),
        ("equal", " dons comptent."),
    )
    assert (moments[2].date, moments[2].act, moments[2].answers, moments[2].moved) == (
        "2026-03-01",
        "act-3",
        ("c-3",),
        True,
    )
    assert moments[3].words("text", "fr") == (("delete", "Tous les dons comptent."),)
    assert moments[0].languages == ("en", "fr")
    assert moments[1].languages == ("fr",)
    with pytest.raises(CharterError, match="No version"):
        life(chain, "zz")


def test_a_clause_that_others_were_joined_into_tells_their_lives_until_then() -> None:
    chain = chain_of(
        [Amendment("am-1", (Replace("t2", "fr", note="Une note."),))],
        [Amendment("am-2", (Join(("t1", "t2")),))],
    )
    assert [(one.version, one.clause, one.status) for one in life(chain, "t1")] == [
        (1, "t2", "inserted"),
        (1, "t1", "inserted"),
        (2, "t2", "changed"),
        (3, "t1", "joined"),
    ]


def test_what_nothing_answers_and_what_rests_on_nothing_is_reported() -> None:
    chain = chain_of([EDIT])
    assert unanswered(["c-8", "c-9", "lesson-1"], chain) == ["c-8", "lesson-1"]
    assert unsourced(chain) == ["t2"]
    overwritten = Amendment(
        "am-2", (Replace("t1", "fr", text="Autre chose."), Replace("t1", "en", text="Else."))
    )
    assert unsourced(chain_of([EDIT], [overwritten])) == ["t1", "t2"]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6))
def test_every_word_of_every_text_has_one_origin_and_every_clause_a_life(seed: int) -> None:
    versions = chain(40, 6, amendments=5, seed=seed)
    known, lives = Provenance(versions), Lives(versions)
    for clause, _parent, _depth in versions[-1].charter.walk():
        texts = [(name, lang) for name in ("heading", "text", "note") for lang in getattr(clause, name)]
        for field, lang in texts:
            passages = known.passages(clause.id, lang, field)
            assert "".join(passage.text for passage in passages) == getattr(clause, field)[lang]
            assert all(1 <= passage.origin.version <= 6 for passage in passages)
        moments = lives.of(clause.id)
        assert moments[-1].new is not None
        assert moments[-1].new.text == clause.text
        assert [one.version for one in moments] == sorted(one.version for one in moments)
    some = versions[-1].charter.clauses[seed % len(versions[-1].charter.clauses)]
    for lang in some.text:
        assert provenance(versions, some.id, lang) == known.passages(some.id, lang)
