"""What is typed in the editor becomes operations that the engine can apply."""

from typing import Any

import pytest

from charters.draft import apply
from charters.model import Charter, Clause
from charters.operations import operations_from_json
from deliberate.drafting.editing import EDITS

TEXT = Charter(
    "c",
    {"fr": "Charte", "en": "Charter"},
    (
        Clause(
            "a",
            text={"fr": "Un. Deux.", "en": "One. Two."},
            clauses=(Clause("a1", "point", {"fr": "Point."}),),
        ),
        Clause("b", text={"fr": "Trois.", "en": "Three."}, heading={"fr": "B"}),
    ),
)


@pytest.mark.parametrize(
    ("edit", "clause", "typed", "steps"),
    [
        ("words", "b", {"text_fr": "Trois.\r\n", "text_en": "Three.", "heading_fr": "B"}, []),
        ("words", "b", {"text_fr": "Quatre."}, [{"op": "replace", "clause": "b", "lang": "fr", "text": "Quatre."}]),
        ("words", "b", {"heading_fr": ""}, [{"op": "replace", "clause": "b", "lang": "fr", "heading": ""}]),
        (
            "insert", "a", {"kind": "article", "text_fr": "Neuf."},
            [{"op": "insert", "parent": None, "after": "a", "kind": "article", "text": {"fr": "Neuf."}}],
        ),
        (
            "insert", "a", {"kind": "point", "place": "below", "text_fr": "Neuf.", "heading_en": "New"},
            [{"op": "insert", "parent": "a", "after": "a1", "kind": "point", "heading": {"en": "New"}, "text": {"fr": "Neuf."}}],
        ),
        ("insert", "a", {"kind": "point"}, []),
        ("strike", "b", {}, [{"op": "strike", "clause": "b"}]),
        ("move", "b", {"destination": "|"}, [{"op": "move", "clause": "b", "parent": None, "after": None}]),
        ("move", "b", {"destination": "a|a1"}, [{"op": "move", "clause": "b", "parent": "a", "after": "a1"}]),
        (
            "split", "a", {"text_fr": "Un.\n---\nDeux.", "text_en": "One.\n---\nTwo."},
            [{"op": "split", "clause": "a", "texts": {"fr": ["Un.", "Deux."], "en": ["One.", "Two."]}}],
        ),
        ("split", "a", {"text_fr": "Un. Deux."}, []),
        ("join", "a", {"other": "b"}, [{"op": "join", "clauses": ["a", "b"]}]),
        ("join", "a", {}, []),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_operations(
    edit: str, clause: str, typed: dict[str, str], steps: list[dict[str, Any]]
) -> None:
    found = EDITS[edit](TEXT, TEXT.clause(clause), typed)
    assert found == steps
    apply(TEXT, operations_from_json(found, "am-1"))
