"""Small pools solved twice: by the engine, and by listing every panel and computing in fractions."""

import random
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sortition import Lottery, Quota, Respondent, SortitionError, check, prepare, verify_lottery
from tests.sortition.exact import Enumeration, enumerated, exact_leximin, exact_minimax

# How far a chance stated may be from the true one: the tolerance of the solver, at every level again.
STATED = 1e-8
# How far above the truth a proved bound may lie.
PROVED = 1e-6


@dataclass(frozen=True)
class Case:
    quotas: list[Quota]
    people: list[Respondent]
    size: int

    def drawn(self, objective: str = "leximin", panels: int = 20) -> Lottery:
        return prepare(
            self.quotas,
            self.people,
            self.size,
            objective=objective,
            panels=panels,
            ticket="hash",
            randomness_source="a coin",
            entropy=bytes(16),
        )

    def listed(self) -> Enumeration:
        return enumerated(self.quotas, self.people, self.size)


def levels_of(lottery: Lottery) -> list[dict[str, Any]]:
    attributes: Any = lottery.attributes
    levels: list[dict[str, Any]] = attributes["certificate"]["levels"]
    return levels


def cuts_of(lottery: Lottery) -> list[Any]:
    attributes: Any = lottery.attributes
    cuts: list[Any] = attributes["certificate"]["cuts"]
    return cuts


def failed(lottery: Lottery) -> list[str]:
    found = verify_lottery(lottery.public, lottery.attributes, commitment=lottery.commitment)
    return [str(one) for one in found if one.outcome == "failed"]


def chances_by_kind(lottery: Lottery, pool: Enumeration) -> list[Fraction]:
    for kind in pool.kinds:
        assert len({lottery.chances[id_].probability for id_ in kind}) == 1
    return [lottery.chances[kind[0]].probability for kind in pool.kinds]


def refused(case: Case, objective: str = "leximin") -> bool:
    """That `prepare` refuses in a sentence and `check` finds no panel either."""
    with pytest.raises(SortitionError) as caught:
        case.drawn(objective)
    return bool(str(caught.value)) and not check(case.quotas, case.people, case.size).feasible


def agrees(case: Case) -> Lottery:
    """The engine's leximin is the true one, and every level's bound lies at the truth or a hair above."""
    pool, lottery = case.listed(), case.drawn()
    truth = exact_leximin(pool)
    for stated, true in zip(chances_by_kind(lottery, pool), truth, strict=True):
        assert abs(float(stated - true)) <= STATED
    assert lottery.attained
    assert failed(lottery) == []
    public: Any = lottery.public
    true_of = {id_: chance for kind, chance in zip(pool.kinds, truth, strict=True) for id_ in kind}
    chances = [true_of[lottery.key[name]] for name in public["pseudonyms"]]
    waiting = set(range(len(chances)))
    for level in levels_of(lottery):
        least = min(chances[person] for person in waiting)
        assert -1e-11 <= float(Fraction(level["bound"]) - least) <= PROVED
        waiting -= set(level["people"])
    assert not waiting
    return lottery


def people_of(rows: list[str], homes: list[str] | None = None) -> list[Respondent]:
    """One letter per category, named a, b, c."""
    return [
        Respondent(f"p{n}", dict(zip("abcd", row, strict=False)), {}, homes[n] if homes else "")
        for n, row in enumerate(rows)
    ]


def exactly(rows: list[str], size: int, counts: dict[str, int], homes: list[str] | None = None) -> Case:
    """Every value of every category exactly as often as `counts` says of category and value ("a1")."""
    quotas = [Quota(name[0], name[1], count, count) for name, count in counts.items()]
    return Case(quotas, people_of(rows, homes), size)


ONE_EACH = {f"{name}{value}": 1 for name in "abc" for value in "01"}
TRIANGLE = ["110", "101", "011", "000"]
GAPS = {
    "one more panel": exactly([*TRIANGLE, "111"], 2, ONE_EACH),
    "both ends": exactly([*TRIANGLE, "111", "000", "111"], 2, ONE_EACH),
    "one way out of each": exactly([*TRIANGLE, "111", "001"], 2, ONE_EACH),
    "every complement": exactly([*TRIANGLE, "001", "010", "100"], 2, ONE_EACH),
    "a side doubled": exactly(["110", "110", "101", "011", "000", "001", "111"], 2, ONE_EACH),
    "seven of eight": exactly(["110", "101", "011", "000", "100", "010", "111"], 2, ONE_EACH),
    "four seats": exactly(
        ["110", "101", "011", "000", "110", "101", "111", "000", "100"],
        4,
        {f"{name}{value}": 2 for name in "abc" for value in "01"},
    ),
    "households in a ring": Case(
        [Quota("a", "1", 2, 2), Quota("a", "0", 0, 0), Quota("b", "1", 1, 1), Quota("b", "0", 1, 1)],
        people_of(["11", "10", "11", "10", "11"], ["x", "x", "y", "y", ""]),
        2,
    ),
}


@pytest.mark.parametrize("case", GAPS.values(), ids=GAPS.keys())
def test_pools_made_to_have_a_gap_are_levelled_as_their_panels_are(case: Case) -> None:
    agrees(case)


def test_the_pools_made_to_have_a_gap_do_have_one() -> None:
    gaps = [name for name, case in GAPS.items() if cuts_of(case.drawn())]
    assert len(gaps) >= 6, gaps


def test_fractions_alone_are_no_panel() -> None:
    case = exactly(TRIANGLE, 2, ONE_EACH)
    assert not case.listed().panels
    assert refused(case)


def random_case(seed: int) -> Case:
    """Three features of two values, and the exact counts of one panel: panels are few, and gaps are common."""
    chooser = random.Random(seed)
    people = people_of(["".join(chooser.choices("01", k=3)) for _ in range(chooser.randint(5, 12))])
    size = chooser.choice([2, 2, 3, 4])
    panel = chooser.sample(people, size)
    counts = Counter(pair for person in panel for pair in person.values.items())
    loose = chooser.choice([0, 0, 0, 1])
    quotas = [
        Quota(name, value, max(0, counts[name, value] - loose), counts[name, value])
        for name in "abc"
        for value in "01"
    ]
    return Case(quotas, people, size)


def test_of_random_pools_with_exact_quotas_every_one_agrees_and_many_have_a_gap() -> None:
    lotteries = [agrees(random_case(seed)) for seed in range(250)]
    gaps = [lottery for lottery in lotteries if cuts_of(lottery)]
    deep = [lottery for lottery in gaps if len(levels_of(lottery)) > 2]
    assert len(gaps) >= 10, len(gaps)
    assert len(deep) >= 5, len(deep)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Up to 12 people, 3 categories and any quotas: some that a panel meets, some that none does."""
    categories = {name: "012"[: draw(st.integers(2, 3))] for name in "abc"[: draw(st.integers(1, 3))]}
    row = st.tuples(*map(st.sampled_from, categories.values())).map("".join)
    rows = draw(st.lists(row, min_size=1, max_size=12))
    home = st.sampled_from(["", "", "x", "y", "z"])
    homes = [draw(home) for _ in rows] if draw(st.booleans()) else None
    people = people_of(rows, homes)
    size = draw(st.integers(1, len(people)))
    around = draw(st.permutations(people))[:size] if draw(st.sampled_from([True, True, False])) else []
    quotas = []
    for name, values in categories.items():
        for value in values:
            count = sum(person.values[name] == value for person in around)
            least = max(0, count - draw(st.integers(0, 1))) if around else draw(st.integers(0, 3))
            quotas.append(Quota(name, value, least, max(least, count) + draw(st.integers(0, 2))))
    return Case(quotas, people, size)


EVERY = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@EVERY
@given(case=cases())
def test_leximin_is_the_true_one_or_there_is_no_panel(case: Case) -> None:
    if case.listed().panels:
        agrees(case)
    else:
        assert refused(case)


@EVERY
@given(case=cases())
def test_maximin_and_minimax_reach_the_true_extreme(case: Case) -> None:
    pool = case.listed()
    if not pool.panels:
        assert refused(case, "maximin")
        assert refused(case, "minimax")
        return
    lottery, true = case.drawn("maximin"), min(exact_leximin(pool, levels=1))
    assert abs(float(min(chances_by_kind(lottery, pool)) - true)) <= STATED
    assert -1e-11 <= float(lottery.bound - true) <= PROVED
    assert failed(lottery) == []
    lottery, true = case.drawn("minimax"), exact_minimax(pool)
    assert lottery.bound <= true
    assert float(max(chances_by_kind(lottery, pool)) - true) >= -STATED
    if lottery.attained:
        assert float(max(chances_by_kind(lottery, pool)) - lottery.bound) <= PROVED
    assert failed(lottery) == []


def test_everyone_is_certain_where_there_are_as_many_seats_as_people() -> None:
    case = exactly(["10", "01", "11"], 3, {"a1": 2, "a0": 1, "b1": 2, "b0": 1})
    assert {chance.probability for chance in agrees(case).chances.values()} == {1}


def test_quotas_of_zero_leave_out_and_forced_people_are_certain() -> None:
    case = exactly(["0", "0", "1", "2", "2"], 3, {"a0": 2, "a1": 0, "a2": 1})
    chances = {id_: chance.probability for id_, chance in agrees(case).chances.items()}
    assert {id_: round(chance, 9) for id_, chance in chances.items()} == {
        "p0": 1,
        "p1": 1,
        "p2": 0,
        "p3": Fraction(1, 2),
        "p4": Fraction(1, 2),
    }


@pytest.mark.parametrize("size", [0, -1])
@pytest.mark.parametrize("objective", ["leximin", "nash"])
def test_a_panel_without_a_seat_is_refused_in_a_sentence(size: int, objective: str) -> None:
    with pytest.raises(SortitionError, match="The panel must have at least one seat"):
        Case([Quota("a", "0", 0, 1)], people_of(["0", "0"]), size).drawn(objective)
