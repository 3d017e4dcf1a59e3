"""What says the same in nearly the same words is suggested, and nothing else."""

import pytest

from deliberate.inputs.similarity import groups, near_duplicates, similar, similar_to_each

SAID = {
    "bus": "Le bus du soir s’arrête à vingt heures, je ne peux plus aller aux réunions.",
    "bus-typed-again": "le bus du soir s'arrete a vingt heures je ne peux plus aller aux reunions",
    "bus-otherwise": "Les bus du soir s’arrêtent trop tôt : on ne va plus aux réunions.",
    "charter": "Une charte du temps devrait protéger les soirées en famille.",
    "charters": "Des chartes des temps protégeraient les soirs de famille.",
    "water": "Nobody should own the river that runs through our town.",
    "rivers": "Rivers that run through a town should not be owned by anybody.",
    "income": "A basic income would let me finish my training.",
}
ALIKE = [("bus", "bus-otherwise"), ("charter", "charters"), ("water", "rivers")]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_the_most_similar_text_is_the_one_a_reader_would_name(one: str, other: str) -> None:
    others = {key: text for key, text in SAID.items() if key not in (one, f"{one}-typed-again")}
    assert similar(SAID[one], others)[0][0] == other


def test_what_shares_only_little_words_is_not_similar() -> None:
    assert similar("Il y a des gens avec qui on ne peut pas.", SAID) == []
    assert similar("", SAID) == similar("🙂🙂", SAID) == similar("du temps", {}) == []


def test_a_text_is_not_suggested_to_itself_and_no_more_than_asked_for() -> None:
    found = similar_to_each({"bus": SAID["bus"]}, SAID, most=1)
    assert found == {"bus": [("bus-typed-again", 1.0)]}


def test_near_duplicates_are_those_typed_twice_whatever_their_accents_and_signs() -> None:
    assert near_duplicates(SAID) == [("bus", "bus-typed-again", 1.0)]
    assert near_duplicates({}) == []
    slip = SAID | {"slip": "Le bus du soir s’arrète à vingt heurs, je peux plus aller aux réunion."}
    assert groups(near_duplicates(slip)) == [["bus", "bus-typed-again", "slip"]]


def test_a_thousand_copies_make_a_thousand_pairs() -> None:
    pairs = near_duplicates({f"c{number:04}": "Du calme, partout." for number in range(1001)})
    assert len(pairs) == 1000
    assert len(groups(pairs)) == 1


def test_the_share_of_two_texts_does_not_depend_on_the_others() -> None:
    two = {key: SAID[key] for key in ("bus", "bus-otherwise")}
    assert near_duplicates(two, least=0.25)[0] in near_duplicates(SAID, least=0.25)
