from fractions import Fraction
from typing import Any

import pytest

from sortition import Lottery, Quota, SortitionError, alternates, next_alternate, reveal, verify_lottery
from sortition.proofs.canonical import digest
from sortition.proofs.documents import sealing
from sortition.randomness import from_hash
from sortition.vacancies.dropout import Dropout

QUOTAS = [Quota("gender", "woman", 1, 1), Quota("gender", "man", 1, 1)]
WOMAN, MAN = {"gender": "woman"}, {"gender": "man"}


def test_alternates_come_from_outside_the_panel(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    found = alternates(lottery.public, lottery.attributes, drawn, 5)
    assert len(set(found.people)) == 5
    assert not set(found.people) & set(drawn.people)
    assert set(found.people) <= set(lottery.key)


def test_alternates_lower_the_deviation_that_dropouts_cause(lottery: Lottery) -> None:
    found = alternates(
        lottery.public, lottery.attributes, reveal(lottery.public, lottery.attributes, "42"), 4
    )
    assert found.deviation < found.deviation_without / 2


def test_the_same_ceremony_draws_the_same_alternates(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    first, second = (alternates(lottery.public, lottery.attributes, drawn, 3) for _ in range(2))
    assert first == second


def test_another_text_may_be_declared_for_the_alternates(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    found = {
        alternates(lottery.public, lottery.attributes, drawn, 3, randomness=text).people for text in "abcdef"
    }
    assert len(found) > 1


@pytest.mark.parametrize("number", [0, 25])
def test_an_impossible_number_of_alternates_is_refused(lottery: Lottery, number: int) -> None:
    with pytest.raises(SortitionError, match="24 people remain outside the panel"):
        alternates(
            lottery.public, lottery.attributes, reveal(lottery.public, lottery.attributes, "42"), number
        )


def test_everyone_outside_the_panel_may_be_an_alternate(lottery: Lottery) -> None:
    found = alternates(
        lottery.public, lottery.attributes, reveal(lottery.public, lottery.attributes, "42"), 24
    )
    assert len(set(found.people)) == 24


@pytest.mark.parametrize(
    ("present", "waiting", "called"),
    [
        ([WOMAN], [WOMAN, MAN], 1),
        ([MAN], [WOMAN, MAN, WOMAN], 0),
        ([WOMAN, MAN], [MAN, WOMAN], 0),
        ([WOMAN], [], None),
        ([], [MAN], 0),
    ],
)
def test_whoever_mends_the_quotas_best_is_called_first(
    present: list[dict[str, Any]], waiting: list[dict[str, Any]], called: int | None
) -> None:
    assert next_alternate(QUOTAS, present, waiting) == called


def test_nobody_who_withdrew_their_row_is_an_alternate(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    first = alternates(lottery.public, lottery.attributes, drawn, 5)
    pseudonyms = lottery.public["pseudonyms"]
    assert isinstance(pseudonyms, list)
    gone = [pseudonyms.index(first.people[0]), pseudonyms.index(drawn.people[0])]
    rows = [None if place in gone else row for place, row in enumerate(lottery.attributes["rows"])]  # type: ignore[arg-type, var-annotated]
    later = alternates(lottery.public, lottery.attributes | {"rows": rows}, drawn, 5)
    assert len(later.people) == 5
    assert first.people[0] not in later.people


def test_the_estimate_says_which_quotas_stay_thin(lottery: Lottery) -> None:
    found = alternates(
        lottery.public, lottery.attributes, reveal(lottery.public, lottery.attributes, "42"), 4
    )
    assert sum(one.expected for one in found.thin) == pytest.approx(found.deviation)
    assert sum(one.without for one in found.thin) == pytest.approx(found.deviation_without)
    assert [one.expected for one in found.thin] == sorted((one.expected for one in found.thin), reverse=True)
    assert 0 <= found.met_without < found.met <= 1


def test_who_is_likely_to_drop_out_has_more_alternates_alike(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    rows = dict(zip(lottery.public["pseudonyms"], lottery.attributes["rows"], strict=True))  # type: ignore[call-overload]

    def men(dropout: Dropout) -> int:
        found = alternates(lottery.public, lottery.attributes, drawn, 3, dropout=dropout)
        return sum("man" in rows[name] for name in found.people)

    women_stay = men(Dropout(multipliers={("gender", "woman"): Fraction(0)}))
    men_stay = men(Dropout(multipliers={("gender", "man"): Fraction(0)}))
    assert men_stay < 2 <= women_stay


def test_the_dropout_model_is_sealed_with_the_sets(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    dropout = Dropout(multipliers={("gender", "man"): Fraction(3, 2)})
    found = alternates(lottery.public, lottery.attributes, drawn, 3, dropout=dropout)
    assert found.document["dropout"] == [["", "", "1/10"], ["gender", "man", "3/2"]]
    given = (lottery.public, lottery.attributes, drawn.document)
    assert {one.outcome for one in verify_lottery(*given, found.document)} == {"passed", "unchecked"}
    changed = {**found.document, "dropout": [["", "", "1/10"]]}
    assert "failed" in {one.outcome for one in verify_lottery(*given, changed)}


def test_only_the_set_drawn_is_open_to_everyone(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    found = alternates(lottery.public, lottery.attributes, drawn, 3)
    public = found.document
    assert public["sets"] == [
        sealing(*pair) for pair in zip(found.sets["nonces"], found.sets["sets"], strict=True)
    ]
    assert public["nonce"] == found.sets["nonces"][found.ticket]
    others = [one for place, one in enumerate(found.sets["nonces"]) if place != found.ticket]
    assert not any(one in str(public) for one in others)
    given = (lottery.public, None, drawn.document, public)
    alone, together = verify_lottery(*given), verify_lottery(*given, sets=found.sets)
    assert any("alternates-sets.json opens them" in str(one) for one in alone if one.outcome == "unchecked")
    assert any("All 100 sets of alternates are those sealed" in str(one) for one in together)


def test_the_nonces_follow_from_nothing_that_everyone_knows(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    first = alternates(lottery.public, lottery.attributes, drawn, 3)
    nonces: list[str] = lottery.attributes["panel_nonces"]  # type: ignore[assignment]
    secret = [nonce if place == drawn.ticket else nonce[::-1] for place, nonce in enumerate(nonces)]
    other = alternates(lottery.public, lottery.attributes | {"panel_nonces": secret}, drawn, 3)
    assert not set(first.sets["nonces"]) & set(other.sets["nonces"])


def test_a_set_that_holds_somebody_of_the_panel_is_refused_though_it_was_sealed(lottery: Lottery) -> None:
    drawn = reveal(lottery.public, lottery.attributes, "42")
    found = alternates(lottery.public, lottery.attributes, drawn, 3)
    sets: list[list[int]] = [list(one) for one in found.sets["sets"]]
    pseudonyms: list[str] = lottery.public["pseudonyms"]  # type: ignore[assignment]
    bad = next(place for place in range(len(sets)) if place != found.ticket)
    sets[bad][0] = pseudonyms.index(drawn.people[0])
    opened = found.sets | {"sets": sets}
    seal = {key: found.document[key] for key in ("format", "lottery", "panel", "dropout")}
    seal["sets"] = [sealing(*pair) for pair in zip(found.sets["nonces"], sets, strict=True)]
    commitment = digest("alternates", seal)
    ticket = from_hash(commitment, len(sets), found.randomness)
    lie = seal | {"commitment": commitment, "randomness": found.randomness, "ticket": ticket}
    lie |= {"nonce": found.sets["nonces"][ticket], "people": [pseudonyms[one] for one in sets[ticket]]}
    told = verify_lottery(lottery.public, None, drawn.document, lie, sets=opened)
    assert [str(one) for one in told if one.outcome == "failed"] == [
        "A set of alternates holds someone of the panel, someone twice or nobody of the pool."
    ]
