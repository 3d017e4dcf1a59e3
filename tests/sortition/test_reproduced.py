"""The same input gives the same bytes on every path through the engine, and a published case its published answer."""

import os
import random
import subprocess
import sys
from itertools import product
from typing import Any

import pytest

from sortition import Quota, Respondent, prepare, verify_lottery
from sortition.engine.objectives import OBJECTIVES
from sortition.proofs.canonical import canonical, digest

Request = tuple[list[Quota], list[Respondent], int]


def people_with(rows: list[str], homes: int = 0) -> list[Respondent]:
    """One letter per category; the first `homes` people live in pairs."""
    return [
        Respondent(
            f"p{n}", dict(zip("abcdefgh", row, strict=False)), {}, f"home {n // 2}" if n < homes else ""
        )
        for n, row in enumerate(rows)
    ]


def around(people: list[Respondent], size: int, slack: int) -> Request:
    """Quotas around the share that each value has among the people."""
    quotas = []
    for name in people[0].values:
        for value in sorted({person.values[name] for person in people}):
            share = size * sum(person.values[name] == value for person in people) / len(people)
            quotas.append(Quota(name, value, max(0, int(share) - slack), int(share) + 1 + slack))
    return quotas, people, size


def attained() -> Request:
    chooser = random.Random(1)
    return around(people_with(["".join(chooser.choices("012", k=3)) for _ in range(60)], homes=20), 12, 0)


def with_a_gap() -> Request:
    rows = ["000", "101", "010", "110", "011", "100", "001", "111", "110", "011"]
    return [Quota(name, value, 1, 1) for name in "abc" for value in "01"], people_with(rows), 2


def of_many_types() -> Request:
    rows = ["".join(row) for row in product("01", "01", "012", "012", "0123", "0123")]
    return around(people_with(random.Random(2).sample(rows, 520)), 40, 1)


REQUESTS = {"attained": attained, "with a gap": with_a_gap, "of many types": of_many_types}


def sealed(kind: str, objective: str) -> str:
    """The digest of everything that is written."""
    lottery = prepare(
        *REQUESTS[kind](), objective=objective, panels=10, randomness_source="a ball", entropy=bytes(16)
    )
    chances = sorted((id_, str(one.probability), *one.panels) for id_, one in lottery.chances.items())
    parts: Any = [lottery.public, lottery.attributes, lottery.key, [[*map(str, one)] for one in chances]]
    assert canonical(parts)
    return f"{kind}, {objective}: {digest('all', parts)}"


PATHS = [(kind, objective) for kind in ("attained", "with a gap") for objective in OBJECTIVES]
PATHS.append(("of many types", "leximin"))


def run(seed: str, threads: str) -> str:
    program = (
        "from tests.sortition.test_reproduced import PATHS, sealed\nfor path in PATHS: print(sealed(*path))"
    )
    threading = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), threads)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": seed, **threading},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_on_every_path_the_bytes_depend_neither_on_the_hash_seed_nor_on_threads() -> None:
    first = run("0", "1")
    assert len(first.splitlines()) == len(PATHS)
    assert first == run("987", "4")


def test_the_paths_are_what_they_say() -> None:
    quotas, people, size = with_a_gap()
    lottery = prepare(quotas, people, size, panels=10, randomness_source="a ball", entropy=bytes(16))
    attributes: Any = lottery.attributes
    assert attributes["certificate"]["cuts"]
    assert len({tuple(person.values.values()) for person in of_many_types()[1]}) > 500
    assert any(person.household for person in attained()[1])


# Males and females, liberal and conservative, of whom a panel of 200 has 99 to 200 each: any mix in which each of the
# four is 990 to 1,010 of the 2,000 leaves room for equal chances.
MIXES = {
    "even": {"ml": 500, "mc": 500, "fl": 500, "fc": 500},
    "crossed": {"ml": 600, "mc": 400, "fl": 395, "fc": 605},
    "at the edge": {"ml": 980, "mc": 10, "fl": 10, "fc": 1000},
}


@pytest.mark.parametrize("mix", MIXES.values(), ids=MIXES.keys())
def test_example_large_gives_everyone_exactly_one_chance_in_ten(mix: dict[str, int]) -> None:
    rows = [row for row, number in mix.items() for _ in range(number)]
    people = [Respondent(f"p{n}", {"gender": row[0], "politics": row[1]}) for n, row in enumerate(rows)]
    quotas = [Quota("gender", one, 99, 200) for one in "mf"] + [
        Quota("politics", one, 99, 200) for one in "lc"
    ]
    lottery = prepare(quotas, people, 200, randomness_source="three balls", entropy=bytes(16))
    assert len(people) == 2000
    assert lottery.attained
    assert {round(float(chance.probability), 9) for chance in lottery.chances.values()} == {0.1}
    assert lottery.largest_difference <= 0.001
    assert float(lottery.bound) == pytest.approx(0.1, abs=1e-9)
    found = verify_lottery(lottery.public, lottery.attributes, commitment=lottery.commitment)
    assert [str(one) for one in found if one.outcome == "failed"] == []


def test_the_even_mix_gives_each_person_the_same_number_of_panels() -> None:
    rows = [row for row, number in MIXES["even"].items() for _ in range(number)]
    people = [Respondent(f"p{n}", {"gender": row[0], "politics": row[1]}) for n, row in enumerate(rows)]
    quotas = [Quota("gender", one, 99, 200) for one in "mf"] + [
        Quota("politics", one, 99, 200) for one in "lc"
    ]
    lottery = prepare(quotas, people, 200, randomness_source="three balls", entropy=bytes(16))
    assert {chance.lottery for chance in lottery.chances.values()} == {lottery.least}
