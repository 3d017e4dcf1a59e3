"""The published schemas hold for all that is written, and refuse nothing that the reader accepts."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from charters import (
    SCHEMAS,
    CharterError,
    Resolution,
    Version,
    amendment_from_json,
    amendment_to_json,
    charter_from_json,
    charter_to_json,
    conflict_to_json,
    merge,
    minority_from_json,
    next_version,
    operation_from_json,
    operation_to_json,
    resolution_from_json,
    resolution_to_json,
    schema,
    version_from_json,
    version_to_json,
)
from charters.cli import main
from charters.plain import clause_from_json, clause_to_json
from tests.charters.growing import charter, crowd

VALIDATORS = {name: Draft202012Validator(schema(name)) for name in SCHEMAS}
READERS: dict[str, Callable[[Any], object]] = {
    "charter": charter_from_json,
    "version": version_from_json,
    "amendment": amendment_from_json,
    "operation": operation_from_json,
    "clause": clause_from_json,
    "resolution": resolution_from_json,
    "minority": minority_from_json,
}
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    10**30,
    1.5,
    "",
    "é",
    "x" * 70,
    "fr",
    [],
    [1],
    {},
    {"fr": "x"},
    {"FR": "x"},
]
seeds = st.integers(0, 2**32)


def written(seed: int) -> Iterator[tuple[str, Any]]:
    """What the engine writes: values by the name of their schema."""
    rng = random.Random(seed)
    base = charter(rng, most=12)
    some = crowd(rng, base, 5)
    outcome = merge(base, some)
    decided = [Resolution(c.clause, c.kind, c.amendments[0], c.lang, c.field) for c in outcome.conflicts]
    first = Version(1, base, "2026-01-01")
    second = next_version(
        first, merge(base, some[:1]).charter or base, date="2026-02-01", amendments=some[:1]
    )
    yield "charter", charter_to_json(base)
    yield "version", version_to_json(second)
    yield from (("clause", clause_to_json(clause)) for clause in base.clauses[:2])
    yield from (("amendment", amendment_to_json(one)) for one in some)
    yield from (("operation", operation_to_json(step)) for one in some for step in one.operations)
    yield from (("conflict", conflict_to_json(conflict)) for conflict in outcome.conflicts)
    yield from (("resolution", resolution_to_json(one)) for one in decided)
    yield "minority", {"clause": None, "text": "Trop court.", "count": 3, "signatures": ["a"]}


@settings(deadline=None, max_examples=15)
@given(seeds)
def test_all_that_is_written_follows_its_schema(seed: int) -> None:
    for name, value in written(seed):
        VALIDATORS[name].validate(json.loads(json.dumps(value)))


@settings(deadline=None, max_examples=40)
@given(seeds)
def test_what_a_schema_refuses_the_reader_refuses_in_a_sentence(seed: int) -> None:
    rng = random.Random(seed)
    for name, value in written(seed):
        if name not in READERS:
            continue
        wrong = json.loads(json.dumps(value))
        spoil(wrong, rng)
        try:
            READERS[name](wrong)
        except CharterError:
            continue
        VALIDATORS[name].validate(wrong)


def spoil(value: Any, rng: random.Random) -> None:
    """Change one thing somewhere in a value."""
    places = [(holder, key) for holder in holders(value) for key in keys(holder)]
    holder, key = rng.choice(places)
    match rng.randrange(4):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder["odd"] = 1
        case _:
            holder[key] = rng.choice(ODD)


def holders(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for key in keys(value):
            yield from holders(value[key])


def keys(holder: Any) -> list[Any]:
    return list(holder) if isinstance(holder, dict) else list(range(len(holder)))


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_printed_whole(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", name]) == 0
    printed = json.loads(capsys.readouterr().out)
    Draft202012Validator.check_schema(printed)
    assert printed == schema(name)


def test_the_names_of_the_schemas_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert capsys.readouterr().out.split() == list(SCHEMAS)


def test_an_unknown_schema_is_refused() -> None:
    with pytest.raises(CharterError, match="Choose one of"):
        schema("treaty")
