"""At most one person per household, from the relaxation to the verification."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sortition import (
    Lottery,
    Quota,
    Respondent,
    alternates,
    check,
    prepare,
    read_respondents,
    reveal,
    verify_lottery,
)
from sortition.cli import main
from sortition.proofs.documents import panels_of_people, sealing
from sortition.sealing import digests

ENTROPY = bytes(range(16))
VALUES = {"gender": ("w", "m"), "age": ("young", "old")}


def sealed(quotas: list[Quota], people: list[Respondent], size: int, panels: int = 100) -> Lottery:
    return prepare(
        quotas, people, size, panels=panels, ticket="hash", randomness_source="a coin", entropy=ENTROPY
    )


def panels_of(lottery: Lottery) -> list[list[str]]:
    """The ids of the people on each panel."""
    public: Any = lottery.public
    attributes: Any = lottery.attributes
    return [[lottery.key[public["pseudonyms"][place]] for place in panel] for panel in attributes["panels"]]


def relabelled(public: dict[str, Any]) -> dict[str, Any]:
    """The document with the digests of its parts made to fit."""
    return {**public, "digests": digests({part: public[part] for part in public if part != "digests"})}


def failed(lottery: Any, attributes: Any) -> list[str]:
    return [str(one) for one in verify_lottery(lottery, attributes) if one.outcome == "failed"]


@pytest.fixture(scope="module")
def couples(quotas: list[Quota], respondents: list[Respondent]) -> Lottery:
    """The pool of 30, of whom the first 12 live in pairs."""
    pairs = [replace(person, household=f"home {n // 2}") for n, person in enumerate(respondents[:12])]
    return sealed(quotas, [*pairs, *respondents[12:]], 6)


@st.composite
def pools(draw: st.DrawFn) -> tuple[list[Quota], list[Respondent], int]:
    """A pool with homes, and quotas around one panel of it that has nobody's cohabitant."""
    row = st.tuples(*map(st.sampled_from, VALUES.values()), st.sampled_from(["", "", "a", "b", "c"]))
    rows = draw(st.lists(row, min_size=8, max_size=20))
    people = [
        Respondent(f"p{n}", dict(zip(VALUES, one[:2], strict=True)), {}, one[2]) for n, one in enumerate(rows)
    ]
    panel: list[Respondent] = []
    for person in draw(st.permutations(people)):
        if len(panel) < 4 and (not person.household or person.household not in {p.household for p in panel}):
            panel.append(person)
    quotas = []
    for category, values in VALUES.items():
        for value in values:
            count = sum(person.values[category] == value for person in panel)
            quotas.append(Quota(category, value, max(count - draw(st.integers(0, 1)), 0), count))
    return quotas, people, len(panel)


@settings(max_examples=25, deadline=None)
@given(pool=pools())
def test_no_panel_has_two_people_of_one_household_and_the_lottery_verifies(
    pool: tuple[list[Quota], list[Respondent], int],
) -> None:
    quotas, people, size = pool
    lottery = sealed(quotas, people, size, panels=20)
    home = {person.id: person.household for person in people}
    for panel in panels_of(lottery):
        assert len(set(panel)) == size
        assert all(number == 1 for name, number in Counter(home[person] for person in panel).items() if name)
    assert failed(lottery.public, lottery.attributes) == []
    assert lottery.least <= lottery.bound


@settings(max_examples=40, deadline=None)
@given(pool=pools(), size=st.integers(2, 5))
def test_the_check_counts_households(pool: tuple[list[Quota], list[Respondent], int], size: int) -> None:
    quotas, people, _ = pool

    def possible(panel: tuple[Respondent, ...]) -> bool:
        homes = [person.household for person in panel if person.household]
        counts = Counter((category, person.values[category]) for person in panel for category in VALUES)
        met = all(quota.min <= counts[quota.category, quota.value] <= quota.max for quota in quotas)
        return met and len(set(homes)) == len(homes)

    assert check(quotas, people, size).feasible == any(map(possible, combinations(people, size)))


def test_people_of_one_household_share_its_only_seat() -> None:
    people = [Respondent(f"p{n}", {"a": "x"}, {}, "home" if n < 4 else "") for n in range(6)]
    lottery = sealed([Quota("a", "x", 3, 3)], people, 3)
    assert [lottery.chances[f"p{n}"].lottery for n in range(6)] == pytest.approx([0.25] * 4 + [1, 1])


@pytest.mark.parametrize("seed", range(4))
def test_the_proof_names_households_as_published(seed: int) -> None:
    homes = ["", "large", "large", "large", "large", "small", "small", "", "middle", "middle", "middle"]
    people = [Respondent(f"p{n}", {"a": "x"}, {}, home) for n, home in enumerate(homes)]
    lottery = prepare(
        [Quota("a", "x", 5, 5)], people, 5, panels=100, randomness_source="a coin", entropy=bytes([seed] * 16)
    )
    certificate: Any = lottery.attributes["certificate"]
    levels = certificate["levels"]
    assert [level["chance"] for level in levels][:1] == ["1/4"]
    assert failed(lottery.public, lottery.attributes) == []


def test_a_household_named_by_one_person_only_changes_nothing(
    quotas: list[Quota], respondents: list[Respondent], lottery: Lottery
) -> None:
    alone = [replace(person, household=person.id) for person in respondents]
    assert (
        prepare(
            quotas, alone, 6, panels=100, randomness_source="two balls drawn in public", entropy=ENTROPY
        ).attributes["panels"]
        == lottery.attributes["panels"]
    )


def test_too_few_households_are_said_so() -> None:
    people = [Respondent(f"p{n}", {"a": "x"}, {}, "home") for n in range(4)]
    found = check([Quota("a", "x", 0, 9)], people, 2)
    assert not found.feasible
    assert "live in too few households" in str(found.problems[0])
    assert found.recruits is not None
    assert found.recruits.number == 1


def test_people_alone_in_their_values_are_counted_wherever_they_live() -> None:
    people = [Respondent(f"p{n}", {"a": "x"}, {}, "home" if n < 2 else "") for n in range(4)]
    assert check([Quota("a", "x", 0, 9)], people, 2).alone == 0


def test_the_verifier_says_that_the_rule_was_kept(couples: Lottery) -> None:
    told = [str(one) for one in verify_lottery(couples.public, couples.attributes) if one.outcome == "passed"]
    assert "No panel has two people of one household." in told


def test_a_panel_with_two_people_of_one_household_is_refused(couples: Lottery) -> None:
    attributes: Any = couples.attributes
    public: Any = couples.public
    panel = attributes["panels"][3]
    rows = [[*row[:-1], "0"] if place in panel[:2] else row for place, row in enumerate(attributes["rows"])]
    lie = {**attributes, "rows": rows}
    commitments = [
        sealing(nonce, [row, held])
        for nonce, row, held in zip(
            lie["nonces"], rows, panels_of_people(lie["panels"], len(rows)), strict=True
        )
    ]
    told = failed(relabelled({**public, "commitments": commitments}), lie)
    assert "Panel 3 has two people of one household." in told


def test_households_are_sealed_with_the_rows(couples: Lottery) -> None:
    attributes: Any = couples.attributes
    rows = [[*row[:-1], ""] for row in attributes["rows"]]
    assert len(failed(couples.public, {**attributes, "rows": rows})) == 12


def test_a_household_that_proves_too_much_is_refused(couples: Lottery) -> None:
    attributes: Any = couples.attributes
    levels = [
        {**level, "multipliers": level["multipliers"][:-1]} for level in attributes["certificate"]["levels"]
    ]
    certificate = {"cuts": [], "levels": levels}
    public = relabelled(
        {**couples.public, "certificate": sealing(attributes["certificate_nonce"], certificate)}
    )
    assert "does not fit the pool" in failed(public, {**attributes, "certificate": certificate})[0]


def test_rows_withdrawn_leave_the_rule_to_the_others(couples: Lottery) -> None:
    attributes: Any = couples.attributes
    blank = {part: [None, *attributes[part][1:]] for part in ("rows", "nonces")}
    assert failed(couples.public, {**attributes, **blank}) == []


def test_alternates_live_neither_with_the_panel_nor_with_each_other(
    couples: Lottery, respondents: list[Respondent]
) -> None:
    drawn = reveal(couples.public, couples.attributes, "tails")
    found = alternates(couples.public, couples.attributes, drawn, 12)
    numbers = {person.id: number for number, person in enumerate(respondents)}
    seated = [numbers[couples.key[name]] for name in (*drawn.people, *found.people)]
    homes = [number // 2 for number in seated if number < 12]
    assert len(set(homes)) == len(homes)
    told = verify_lottery(couples.public, couples.attributes, drawn.document, found.document)
    assert [one for one in told if one.outcome == "failed"] == []
    sentence = "No two people of one household are among the panel and its alternates."
    assert sentence in map(str, told)


def test_alternates_who_live_with_a_member_are_refused(couples: Lottery) -> None:
    drawn = reveal(couples.public, couples.attributes, "tails")
    found = alternates(couples.public, couples.attributes, drawn, 3)
    public: Any = couples.public
    attributes: Any = couples.attributes
    home = {name: row[-1] for name, row in zip(public["pseudonyms"], attributes["rows"], strict=True)}
    members = {home[name] for name in drawn.people if home[name]}
    cohabitant = next(name for name in home if home[name] in members and name not in drawn.people)
    lie = {**found.document, "people": [cohabitant, *found.people[1:]]}
    told = [str(one) for one in verify_lottery(public, attributes, drawn.document, lie)]
    assert "Two people of one household are among the panel and its alternates." in told


def test_columns_that_agree_make_a_household() -> None:
    data = (
        b'id,a,street,town\n1,x,Rue Haute 3,Lyon\n2,x,"r.  haute, n\xc2\xb0 3",LYON\n3,x,,\n4,x,,\n'
        b"5,x,Rue Haute 3,Nice\n"
    )
    people, problems = read_respondents(data, "r.csv", [Quota("a", "x", 0, 9)], None, ["street", "town"])
    assert problems == []
    homes = [person.household for person in people]
    assert homes[0] == homes[1] != homes[4]
    assert homes[2:4] == ["", ""]
    _, problems = read_respondents(data, "r.csv", [Quota("a", "x", 0, 9)], None, ["flat"])
    assert "has no column “flat”" in str(problems[0])


def test_the_command_line_takes_household_columns(
    pool_files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "draw")
    options = ["--size", "6", "--household", "email, gender", "--panels", "10", "--out", folder]
    assert main(["prepare", *map(str, pool_files), *options]) == 0
    assert main(["verify", folder]) == 0
    assert "No panel has two people of one household." in capsys.readouterr().out
    assert main(["check", *map(str, pool_files), "--size", "6", "--household", "gender"]) == 1
    assert "live in too few households" in capsys.readouterr().out
