"""What a check of a lottery says, and the shape its documents must have: the standard library alone."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from sortition.proofs.canonical import canonical


class Finding(NamedTuple):
    """One thing looked at: ``template % values`` says what.

    `outcome` is passed, failed, unchecked, or withdrawn: by the people it concerns, which is no fault.
    """

    outcome: str
    template: str
    values: dict[str, object]

    def __str__(self) -> str:
        return self.template % self.values


class OrNull(NamedTuple):
    """A shape, or null in its place."""

    shape: Any


class Hex(NamedTuple):
    """A text of so many digits from 0 to f."""

    digits: int


NUMBER_LIMIT = 10**60
RATIO_DIGITS = 60
LONGEST_TEXT = 10_000
NONCE, SHA256 = Hex(32), Hex(64)
PSEUDONYM, SALT = "pseudonym", "salt"

SEALED_SHAPE: dict[str, Any] = {
    "format": "deliberate/lottery/1",
    "replaces": str,
    "size": 1,
    "seated": 0,
    "one_per_household": bool,
    "quotas": [{"category": str, "value": str, "min": 0, "max": 0, "seated": 0, "lowest": 0, "highest": 0}],
    "pseudonyms": [str],
    "commitments": [SHA256],
    "entries": [SHA256],
    "certificate": SHA256,
    "panels": [SHA256],
    "objective": str,
    "alternates": {"number": 0, "dropout": [[str]]},
    "randomness": {"source": str, "ticket": str},
    "chances": {"bound": Fraction, "largest_difference": Fraction, "least": Fraction},
    "software": {str: str},
}
PUBLIC_SHAPE = {**SEALED_SHAPE, "digests": dict.fromkeys(SEALED_SHAPE, str)}

ATTRIBUTES_SHAPE = {
    "format": "deliberate/attributes/1",
    "certificate": {
        "cuts": [{"groups": [[0]], "weights": [int], "limit": int, "scale": 1, "nodes": list}],
        "levels": [{"bound": Fraction, "chance": Fraction, "multipliers": [int], "people": [0]}],
    },
    "certificate_nonce": NONCE,
    "nonces": [OrNull(NONCE)],
    "panel_nonces": [NONCE],
    "panels": [[0]],
    "rows": [OrNull([str])],
}

REVEAL_SHAPE = {
    "format": "deliberate/reveal/1",
    "commitment": str,
    "randomness": str,
    "ticket": 0,
    "nonce": NONCE,
    "people": [str],
}

ALTERNATES_SHAPE = {
    "format": "deliberate/alternates/1",
    "lottery": str,
    "panel": 0,
    "dropout": [[str]],
    "sets": [SHA256],
    "commitment": str,
    "randomness": str,
    "ticket": 0,
    "nonce": NONCE,
    "people": [str],
}

SETS_SHAPE = {"format": "deliberate/alternates-sets/1", "nonces": [NONCE], "sets": [[0]]}

PERSON_SHAPE = {
    "format": "deliberate/person/1",
    "commitment": str,
    "pseudonym": str,
    "row": [str],
    "nonce": NONCE,
    "entry": [[str]],
    "salt": NONCE,
    "panels": [0],
}


def passed(template: str, **values: object) -> Finding:
    return Finding("passed", template, values)


def failed(template: str, **values: object) -> Finding:
    return Finding("failed", template, values)


def unchecked(template: str, **values: object) -> Finding:
    return Finding("unchecked", template, values)


def in_one_line(said: str) -> str:
    """A text of several lines, one per language, within a sentence that has its own full stop."""
    return " / ".join(line.strip().rstrip(".") for line in said.splitlines() if line.strip())


def misfit(value: Any, shape: Any, place: str) -> str | None:
    """Where `value` departs from `shape`: types, exact texts, least numbers, lists of one shape, keys.

    Numbers and texts that no lottery has are refused for their length.
    """
    if isinstance(shape, OrNull):
        return None if value is None else misfit(value, shape.shape, place)
    if isinstance(shape, dict):
        if not isinstance(value, dict) or (str not in shape and set(value) != set(shape)):
            return place
        found = (misfit(value[key], shape.get(key, shape.get(str)), f"{place}: {key}") for key in value)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            return place
        if isinstance(shape[0], int) and set(map(type, value)) <= {int}:
            return None if not value or shape[0] <= min(value) <= max(value) < NUMBER_LIMIT else place
        found = (misfit(item, shape[0], f"{place} {number}") for number, item in enumerate(value))
    else:
        return None if _fits(value, shape) else place
    return next((one for one in found if one), None)


def _fits(value: Any, shape: Any) -> bool:
    if isinstance(shape, Hex):
        return type(value) is str and len(value) == shape.digits and set(value) <= set("0123456789abcdef")
    if isinstance(shape, int):
        return type(value) is int and shape <= value < NUMBER_LIMIT
    if shape is int:
        return type(value) is int and abs(value) < NUMBER_LIMIT
    if shape in (bool, list):
        return type(value) is shape
    if type(value) is not str:
        return False
    return ratio(value) is not None if shape is Fraction else _is_text(value) and shape in (str, value)


def _is_text(value: str) -> bool:
    return len(value) <= LONGEST_TEXT and not any("\ud800" <= letter <= "\udfff" for letter in value)


def is_nonce(text: str) -> bool:
    """Whether a text of a table is a nonce."""
    return _fits(text, NONCE)


def ratio(text: str) -> Fraction | None:
    """A rational written ``p/q`` in lowest terms, from 0 to 1, of at most 60 digits each."""
    parts = text.split("/")
    if len(parts) != 2 or not all(
        part.isascii() and part.isdigit() and len(part) <= RATIO_DIGITS for part in parts
    ):
        return None
    if int(parts[1]) == 0 or int(parts[0]) > int(parts[1]):
        return None
    value = Fraction(int(parts[0]), int(parts[1]))
    return value if f"{value.numerator}/{value.denominator}" == text else None


def sealing(nonce: str, value: Any) -> str:
    """SHA-256(nonce ‖ canonical(value)) in hexadecimal: what a lottery shows of a panel or a person."""
    return hashlib.sha256(bytes.fromhex(nonce) + canonical(value)).hexdigest()


def filled_cells(columns: "Mapping[str, str]") -> "list[list[str]]":
    """Who a person is, as it is sealed: [column, cell] of every cell that is not empty, by column."""
    return sorted([column, cell] for column, cell in columns.items() if cell)


def limits_of(lottery: Any) -> list[tuple[int, int]]:
    """How many people a drawn panel may have per quota, then its size: what those seated already leave open."""
    drawn = lottery["size"] - lottery["seated"]
    limits = [
        (max(quota["min"] - quota["seated"], 0), quota["max"] - quota["seated"])
        for quota in lottery["quotas"]
    ]
    return [*limits, (drawn, drawn)]


def panels_of_people(panels: "Sequence[Sequence[int]]", people: int) -> "list[list[int]]":
    """By position, the numbers of the panels that hold a person."""
    held: list[list[int]] = [[] for _ in range(people)]
    for number, panel in enumerate(panels):
        for position in panel:
            held[position].append(number)
    return held


def seats_held(opened: Any) -> list[int]:
    """By position, in how many panels a person is; `opened` is a lottery with its panels as positions."""
    counts = Counter(position for panel in opened["panels"] for position in panel)
    return [counts[position] for position in range(len(opened["pseudonyms"]))]
