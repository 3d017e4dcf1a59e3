"""Markdown for people: what they write by hand is read, and what is written loses nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charters import Charter, CharterError, Clause, in_language, read_markdown, write_markdown
from charters.languages import aligned
from tests.charters.published import FIRST, TYPED, random_charter

BY_HAND = """\
---
title: {fr: "Charte du temps", en: "Charter of time"}
theme: time
---
# Préambule {#pre}
Le temps est à **tous** & <b>chacun</b>.

[en] Time is for everyone.

## Titre I — Principes {#p}
### Droit 1 — Le temps choisi {#t1 commits=authorities,citizens ref="ETS 5" ref="SDG 8.5" stale=en}
[en] # Chosen time
Chacun décide.
Librement.

\\# pas un titre
\\1. ni un point
> Une note.
>
> En deux paragraphes.
> [en] A note.
1. Premier {accolades} : {#t1a}
   1. lettre a {#t1b}
2) Second.
- Un paragraphe.
---
Ce qui suit n’est pas lu.
"""


def test_what_is_written_by_hand_is_read_with_kinds_addressees_references_and_notes() -> None:
    charter = read_markdown(BY_HAND)
    right = charter.clause("t1")
    assert charter.clause("pre").text == {
        "fr": "Le temps est à **tous** & <b>chacun</b>.", "en": "Time is for everyone.",
    }  # fmt: skip
    assert (right.kind, right.commits, right.references) == (
        "right",
        ("authorities", "citizens"),
        ("ETS 5", "SDG 8.5"),
    )
    assert right.heading == {"fr": "Le temps choisi", "en": "Chosen time"}
    assert right.text == {"fr": "Chacun décide.\nLibrement.\n\n# pas un titre\n1. ni un point"}
    assert right.note == {"fr": "Une note.\n\nEn deux paragraphes.", "en": "A note."}
    assert right.stale == ("en",)
    assert [child.kind for child in right.clauses] == ["point", "point", "paragraph"]
    assert charter.clause("t1a").text == {"fr": "Premier {accolades} :"}
    assert [child.id for child in charter.clause("t1a").clauses] == ["t1b"]


def test_what_was_written_by_hand_is_written_back_and_read_again() -> None:
    charter = read_markdown(BY_HAND)
    assert read_markdown(write_markdown(charter)) == charter


def test_ids_made_on_reading_are_the_same_for_every_reader() -> None:
    text = BY_HAND.replace(" {#t1a}", "").replace(" {#t1b}", "")
    assert read_markdown(text) == read_markdown(text.replace("\n", "\r\n"))


def test_a_file_for_each_language_put_together_is_the_charter() -> None:
    files = [write_markdown(FIRST.charter, [lang]) for lang in ("fr", "en")]
    assert [read_markdown(text) for text in files] == [
        in_language(FIRST.charter, lang) for lang in ("fr", "en")
    ]
    assert aligned([read_markdown(text) for text in files]) == FIRST.charter


@pytest.mark.parametrize("typed", TYPED)
def test_what_looks_like_markup_is_read_as_it_was_typed(typed: str) -> None:
    words = {"fr": typed, "en": typed}
    inner = Clause("t2", "point", words, {}, (), (typed,), words)
    charter = Charter(
        "c", words, (Clause("t1", "article", words, words, (), (typed,), words, (), (inner,)),), typed
    )
    assert read_markdown(write_markdown(charter)) == charter


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32), st.integers(0, 200))
def test_a_charter_of_any_size_comes_back(seed: int, clauses: int) -> None:
    charter = random_charter(seed, clauses, [*TYPED, "mot"])
    assert read_markdown(write_markdown(charter)) == charter


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Article 1", "title between two lines"),
        ("---\ntitle: Charte\n---\n", "does not say its language"),
        ('---\ntitle: {fr: "x"}\ncolour: red\n---\n', "Line 3 is not known"),
        ('---\ntitle: {fr: "x"\n---\n', "Line 2 cannot be read"),
        ('---\ntitle: {fr: "x"}\n---\nUn mot.\n', "Line 4 comes before any clause"),
        ('---\ntitle: {fr: "x"}\n---\n# Article 1 {#a colour=red}\n', "Line 4 has an unknown mark"),
        ('---\ntitle: {fr: "x"}\n---\n# A {#a}\n# B {#a}\n', "Two clauses have the id a"),
        ('---\ntitle: {fr: "x"}\n---\n# A {#a ref="\\x"}\n', "Line 4"),
        ('---\ntitle: {fr: "x"}\npreamble: {charter: "c", version: two, content: "x"}\n---\n', "version"),
        ('---\ntitle: {fr: "x"}\nlanguages: [FRENCH]\n---\n', "not a language code"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(CharterError, match=said):
        read_markdown(text)


def test_languages_whose_clauses_differ_are_refused_by_name() -> None:
    french = Charter("c", {"fr": "C"}, (Clause("a"), Clause("b")))
    with pytest.raises(CharterError, match="a, b here, a there"):
        aligned([french, Charter("c", {"en": "C"}, (Clause("a"),))])
    with pytest.raises(CharterError, match="Clause b does not have the same kind"):
        aligned([french, Charter("c", {"en": "C"}, (Clause("a"), Clause("b", "point")))])
