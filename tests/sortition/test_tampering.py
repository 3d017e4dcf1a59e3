"""A certificate with cuts, altered in each of its numbers: either it is no proof any more, or its digest tells."""

import copy
import random
from fractions import Fraction
from typing import Any

import pytest

from sortition import Lottery, Quota, Respondent, prepare, verify_lottery
from sortition.proofs.documents import sealing
from sortition.sealing import digests

Certificate = dict[str, Any]
ROWS = ["000", "101", "010", "110", "011", "100", "001", "111", "110", "011"]


@pytest.fixture(scope="module")
def gap() -> Lottery:
    """A pool whose relaxation no mixture of panels attains, with a branch tree among its cuts."""
    people = [Respondent(f"p{n}", dict(zip("abc", row, strict=True))) for n, row in enumerate(ROWS)]
    quotas = [Quota(name, value, 1, 1) for name in "abc" for value in "01"]
    return prepare(quotas, people, 2, panels=20, ticket="hash", randomness_source="a coin", entropy=bytes(16))


def certificate_of(lottery: Lottery) -> Certificate:
    attributes: Any = lottery.attributes
    certificate: Certificate = attributes["certificate"]
    return certificate


def faults(lottery: Lottery, certificate: Certificate, resealed: bool) -> list[str]:
    """What verifying says with this certificate; `resealed`: by somebody who also makes every digest fit."""
    public: dict[str, Any] = copy.deepcopy(lottery.public)
    if resealed:
        public["certificate"] = sealing(str(lottery.attributes["certificate_nonce"]), certificate)
        public["digests"] = digests({part: public[part] for part in public if part != "digests"})
    attributes = {**lottery.attributes, "certificate": certificate}
    return [str(one) for one in verify_lottery(public, attributes) if one.outcome == "failed"]


def numbers(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where a whole number or a rational stands."""
    if isinstance(value, dict):
        return [found for key in sorted(value) for found in numbers(value[key], (*path, key))]
    if isinstance(value, list):
        return [found for place, one in enumerate(value) for found in numbers(one, (*path, place))]
    return [path]


def altered(certificate: Certificate, path: tuple[Any, ...], by: int) -> Certificate:
    lie = copy.deepcopy(certificate)
    at: Any = lie
    for step in path[:-1]:
        at = at[step]
    value = at[path[-1]]
    if isinstance(value, str):
        fraction = Fraction(value) + Fraction(by, 1000)
        at[path[-1]] = f"{fraction.numerator}/{fraction.denominator}"
    else:
        at[path[-1]] = value + by
    return lie


def test_the_pool_has_cuts_with_a_tree_and_verifies(gap: Lottery) -> None:
    cuts = certificate_of(gap)["cuts"]
    assert cuts
    assert any(isinstance(node, dict) for cut in cuts for node in cut["nodes"])
    assert faults(gap, certificate_of(gap), resealed=False) == []
    assert faults(gap, certificate_of(gap), resealed=True) == []


@pytest.mark.parametrize("by", [-1, 1])
def test_any_number_of_a_certificate_altered_is_told_by_its_digest(gap: Lottery, by: int) -> None:
    for path in numbers(certificate_of(gap)):
        assert faults(gap, altered(certificate_of(gap), path, by), resealed=False), path


def test_any_cut_without_one_of_its_parts_is_told(gap: Lottery) -> None:
    for number, cut in enumerate(certificate_of(gap)["cuts"]):
        for part in ("groups", "weights", "nodes"):
            for place in range(len(cut[part])):
                lie = copy.deepcopy(certificate_of(gap))
                del lie["cuts"][number][part][place]
                assert faults(gap, lie, resealed=False)
                if part != "nodes" or len(cut["nodes"]) > 1:
                    assert faults(gap, lie, resealed=True), (number, part, place)


def weighs_more(gap: Lottery, certificate: Certificate) -> bool:
    """Whether some pair that the quotas allow weighs more than a cut says: then the cut is false."""
    attributes: Any = gap.attributes
    rows = [tuple(row) for row in attributes["rows"]]
    values = [{name: row[place] for place, name in enumerate("abc")} for row in rows]
    panels = [
        {one, other}
        for one in range(len(rows))
        for other in range(one)
        if all(values[one][name] != values[other][name] for name in "abc")
    ]
    return any(
        sum(w * len(panel & set(group)) for group, w in zip(cut["groups"], cut["weights"], strict=True))
        > cut["limit"]
        for cut in certificate["cuts"]
        for panel in panels
    )


def test_a_false_cut_is_never_proved_whoever_seals_it(gap: Lottery) -> None:
    """Every number of every cut altered, alone and in hundreds of random combinations, and sealed again."""
    certificate, chooser = certificate_of(gap), random.Random(0)
    paths = [path for path in numbers(certificate) if path[0] == "cuts"]
    lies = [altered(certificate, path, by) for path in paths for by in (-1, 1, 10**9, -(10**9))]
    for _ in range(300):
        lie = certificate
        for path in chooser.sample(paths, 3):
            lie = altered(lie, path, chooser.choice([-3, -2, -1, 1, 2, 3]))
        lies.append(lie)
    false = [lie for lie in lies if weighs_more(gap, lie)]
    assert len(false) > 20
    for lie in false:
        assert faults(gap, lie, resealed=True), lie


def test_a_limit_lowered_is_not_proved(gap: Lottery) -> None:
    for number in range(len(certificate_of(gap)["cuts"])):
        lie = altered(certificate_of(gap), ("cuts", number, "limit"), -(10**9))
        assert any("Cut" in fault for fault in faults(gap, lie, resealed=True))


def test_a_lower_bound_than_is_proved_is_refused_whoever_seals_it(gap: Lottery) -> None:
    for number, level in enumerate(certificate_of(gap)["levels"]):
        if Fraction(level["bound"]) > Fraction(1, 100):
            lie = altered(certificate_of(gap), ("levels", number, "bound"), -1)
            assert faults(gap, lie, resealed=True), number
