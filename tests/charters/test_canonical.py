"""The canonical form, by the vectors that every implementation shares."""

import json
from pathlib import Path
from typing import Any

import pytest

from charters import canonical, digest

VECTORS = json.loads(Path(__file__).parents[1].joinpath("canonical_vectors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS)
def test_a_value_has_one_form_and_one_digest(vector: dict[str, Any]) -> None:
    assert canonical(vector["value"]).decode() == vector["canonical"]
    assert digest(vector["kind"], vector["value"]) == vector["digest"]


def test_signs_alone_or_composed_give_the_same_bytes() -> None:
    assert canonical("e\u0301") == canonical("é")


@pytest.mark.parametrize("value", [1.5, {"é": 1}, {1: 2}, b"bytes", {"a": [object()]}])
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)
