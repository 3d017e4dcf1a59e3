import json
from pathlib import Path
from typing import Any

import pytest

from sortition.proofs.canonical import canonical, digest

VECTORS = json.loads((Path(__file__).parents[1] / "canonical_vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS)
def test_the_shared_vectors_hold(vector: dict[str, Any]) -> None:
    assert canonical(vector["value"]) == vector["canonical"].encode()
    assert digest(vector["kind"], vector["value"]) == vector["digest"]


@pytest.mark.parametrize("value", [0.5, [1.0], {"a": float("nan")}, b"bytes", {1, 2}, {3: "key"}])
def test_what_json_would_not_carry_unchanged_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_keys_outside_ascii_are_refused() -> None:
    with pytest.raises(ValueError, match="ASCII"):
        canonical({"clé": 1})


def test_two_spellings_of_one_letter_are_the_same_bytes() -> None:
    assert canonical("e\u0301") == canonical("\u00e9")
