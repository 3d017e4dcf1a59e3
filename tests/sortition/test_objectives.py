"""Nash and Goldilocks against the best over every panel of small pools, and verified."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog, minimize_scalar

from sortition import Lottery, Quota, Respondent, SortitionError, check, prepare, verify_lottery
from sortition.engine.fairest import Fairest, Told, fairest
from sortition.model import Pool
from tests.sortition.exact import Enumeration, enumerated

Floats = NDArray[np.float64]
# What is stated may fall this much short of the best, and what is proved of it that much short of all.
STATED, PROVED = 1e-6, 5e-4


def random_pool(seed: int) -> tuple[list[Quota], list[Respondent], int]:
    """At most 12 people of up to 12 kinds, some in households; three quarters of the quotas can be met."""
    chooser = random.Random(seed)
    values = dict(zip("abc"[: chooser.randint(1, 3)], chooser.choices(["01", "012"], k=3), strict=False))
    homes = chooser.choice([[""], [""], ["", "", "x", "y"]])
    people = [
        Respondent(
            f"p{n}", {name: chooser.choice(of) for name, of in values.items()}, {}, chooser.choice(homes)
        )
        for n in range(chooser.randint(2, 12))
    ]
    size = chooser.randint(1, len(people))
    counts = Counter(pair for person in chooser.sample(people, size) for pair in person.values.items())
    quotas = []
    for name, of in values.items():
        for value in of:
            least = max(0, counts[name, value] - chooser.choice([0, 0, 1]))
            quotas.append(Quota(name, value, least, counts[name, value] + chooser.choice([0, 0, 1])))
    return quotas, people, size


def drawn(pool: tuple[list[Quota], list[Respondent], int], objective: str) -> Lottery:
    return prepare(
        *pool, objective=objective, panels=20, ticket="hash", randomness_source="a coin", entropy=bytes(16)
    )


def failed(lottery: Lottery) -> list[str]:
    found = verify_lottery(lottery.public, lottery.attributes, commitment=lottery.commitment)
    return [str(one) for one in found if one.outcome == "failed"]


def chances_on(panels: Enumeration) -> Floats:
    """What each panel gives a person of each kind, shape (kinds, panels)."""
    return np.asarray(np.array(panels.panels, dtype=float).T / np.array(panels.people)[:, np.newaxis])


def stated(lottery: Lottery, panels: Enumeration) -> Floats:
    return np.array([float(lottery.chances[kind[0]].probability) for kind in panels.kinds])


def is_a_mixture(chances: Floats, given: Floats) -> bool:
    """Whether some lottery over the panels gives these chances."""
    kinds, width = given.shape
    apart = np.hstack([given, np.eye(kinds), -np.eye(kinds)])
    whole = np.append(np.ones(width), np.zeros(2 * kinds))
    found = linprog(1 - whole, A_eq=np.vstack([apart, whole]), b_eq=np.append(chances, 1.0))
    return bool(found.fun < 1e-6)


def share_of_best_mean(chances: Floats, given: Floats, people: Floats) -> float:
    """At least what share of the greatest geometric mean these chances have: no panel has more Σ 1/p than n·1/share.

    By the inequality of the means, over every panel there is.
    """
    return float(people.sum() / ((people / chances) @ given).max())


def best_goldilocks(given: Floats, mean: float) -> float:
    """The lowest greatest/mean + mean/least, by a search over the least."""
    kinds, width = given.shape
    ones = np.ones((kinds, 1))

    def greatest(least: float) -> float:
        rows = np.vstack([np.hstack([-ones, given]), np.hstack([0 * ones, -given])])
        limits = np.append(np.zeros(kinds), np.full(kinds, -least))
        found = linprog([1] + [0] * width, A_ub=rows, b_ub=limits, A_eq=[[0] + [1] * width], b_eq=[1])
        return float(found.fun) if found.status == 0 else np.inf

    most = linprog(
        [-1] + [0] * width,
        A_ub=np.hstack([ones, -given]),
        b_ub=np.zeros(kinds),
        A_eq=[[0] + [1] * width],
        b_eq=[1],
    )
    top = -most.fun * (1 - 1e-9)
    inside = minimize_scalar(
        lambda least: greatest(least) / mean + mean / least, bounds=(1e-3, top), method="bounded"
    )
    return float(min(inside.fun, greatest(top) / mean + mean / top))


POOLS = [pool for pool in map(random_pool, range(70)) if enumerated(*pool).panels]


def test_nash_has_the_greatest_geometric_mean_and_proves_it() -> None:
    for pool in POOLS:
        panels, lottery = enumerated(*pool), drawn(pool, "nash")
        given, chances = chances_on(panels), stated(lottery, panels)
        able = given.any(axis=1)
        assert ((chances > 0) == able).all()
        assert is_a_mixture(chances, given)
        share = share_of_best_mean(chances[able], given[able], np.array(panels.people, dtype=float)[able])
        assert float(lottery.bound) <= 1
        assert failed(lottery) == []
        if lottery.attained:
            assert share >= 1 - PROVED
            assert float(lottery.bound) >= 1 - PROVED


def test_goldilocks_is_the_lowest_there_is_and_proved() -> None:
    for pool in POOLS:
        panels, lottery = enumerated(*pool), drawn(pool, "goldilocks")
        given, chances = chances_on(panels), stated(lottery, panels)
        able, mean = given.any(axis=1), pool[2] / len(pool[1])
        assert ((chances > 0) == able).all()
        assert is_a_mixture(chances, given)
        share = best_goldilocks(given[able], mean) / (chances.max() / mean + mean / chances[able].min())
        assert float(lottery.bound) <= share + STATED
        assert failed(lottery) == []
        if lottery.attained:
            assert share >= 1 - STATED
            assert float(lottery.bound) >= 1 - PROVED


@pytest.mark.parametrize("objective", ["nash", "goldilocks", "minimax"])
def test_somebody_who_fits_no_panel_counts_in_no_mean_and_no_least(objective: str) -> None:
    people = [Respondent(f"p{n}", {"a": "x" if n < 3 else "y"}) for n in range(5)]
    lottery = drawn(([Quota("a", "x", 0, 2), Quota("a", "y", 0, 0)], people, 2), objective)
    chances: dict[str, Any] = {id_: float(chance.probability) for id_, chance in lottery.chances.items()}
    assert chances == pytest.approx({"p0": 2 / 3, "p1": 2 / 3, "p2": 2 / 3, "p3": 0, "p4": 0}, abs=1e-9)
    assert failed(lottery) == []
    if objective != "minimax":
        assert float(lottery.bound) == pytest.approx(1, abs=PROVED)


@pytest.mark.parametrize("objective", ["nash", "goldilocks", "minimax", "maximin"])
def test_without_a_panel_every_objective_is_refused_in_a_sentence(objective: str) -> None:
    people = [Respondent(text, dict(zip("abc", text, strict=True))) for text in ("110", "101", "011", "000")]
    quotas = [Quota(name, value, 1, 1) for name in "abc" for value in "01"]
    with pytest.raises(SortitionError, match="No panel of this pool meets every quota"):
        drawn((quotas, people, 2), objective)
    assert not check(quotas, people, 2).feasible


@pytest.mark.parametrize("objective", ["nash", "goldilocks"])
def test_whoever_leaves_somebody_out_cannot_prove_the_rest_the_best(
    objective: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_y(pool: Pool, objective: str, heard: Told) -> Fairest:
        """The best for the others, sealed as if it were the best for everybody."""
        x, y = pool.quotas
        found = fairest(replace(pool, quotas=(x, replace(y, max=0))), objective, heard)
        levels = tuple(
            replace(level, multipliers=level.multipliers[: len(pool.limits)])
            for level in found.relaxed.levels
        )
        return replace(found, pool=pool, relaxed=replace(found.relaxed, levels=levels))

    people = [Respondent(f"p{n}", {"a": "x" if n < 3 else "y"}) for n in range(4)]
    pool = [Quota("a", "x", 0, 2), Quota("a", "y", 0, 2)], people, 2
    assert failed(drawn(pool, objective)) == []
    monkeypatch.setattr("sortition.lottery.fairest", without_y)
    assert failed(drawn(pool, objective)) == [
        "The certificate leaves somebody without a chance whom it does not prove to fit no panel."
    ]
