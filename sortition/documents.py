"""What a check of a lottery says, and the shape its documents must have: the standard library alone."""

from collections import Counter
from fractions import Fraction
from typing import Any, NamedTuple


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


TEXT_SHAPES: dict[Any, type] = {Fraction: str, bytes: str}


PUBLIC_SHAPE = {
    "format": "deliberate/lottery/1",
    "size": 1,
    "one_per_household": bool,
    "quotas": [{"category": str, "value": str, "min": 0, "max": 0, "lowest": 0, "highest": 0}],
    "pseudonyms": [str],
    "commitments": [str],
    "certificate": str,
    "panels": [[0]],
    "objective": str,
    "randomness": {"source": str, "ticket": str},
    "chances": {"attained": bool, "bound": Fraction, "largest_difference": Fraction, "least": Fraction},
    "software": dict,
}

ATTRIBUTES_SHAPE = {
    "format": "deliberate/attributes/1",
    "levels": [{"bound": Fraction, "chance": Fraction, "multipliers": [int], "people": [0]}],
    "nonces": [OrNull(bytes)],
    "rows": [OrNull([str])],
}

REVEAL_SHAPE = {
    "format": "deliberate/reveal/1",
    "commitment": str,
    "randomness": str,
    "ticket": 0,
    "people": [str],
}

ALTERNATES_SHAPE = {
    "format": "deliberate/alternates/1",
    "lottery": str,
    "panel": 0,
    "sets": [[0]],
    "commitment": str,
    "randomness": str,
    "ticket": 0,
    "people": [str],
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
    """Where `value` departs from `shape`: types, exact texts, least numbers, lists of one shape, keys."""
    if isinstance(shape, OrNull):
        return None if value is None else misfit(value, shape.shape, place)
    if isinstance(shape, dict):
        if not isinstance(value, dict) or set(value) != set(shape):
            return place
        found = (misfit(value[key], shape[key], f"{place}: {key}") for key in shape)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            return place
        found = (misfit(item, shape[0], f"{place} {number}") for number, item in enumerate(value))
    else:
        return None if _fits(value, shape) else place
    return next((one for one in found if one), None)


def _fits(value: Any, shape: Any) -> bool:
    if isinstance(shape, (str, int)):
        same_type = type(value) is type(shape)
        return same_type and bool(value == shape if isinstance(shape, str) else value >= shape)
    if not isinstance(value, TEXT_SHAPES.get(shape, shape)) or (shape is int and isinstance(value, bool)):
        return False
    if shape is Fraction:
        return ratio(value) is not None
    if shape is bytes:
        return len(value) % 2 == 0 and set(value) <= set("0123456789abcdef")
    return shape is not str or not any("\ud800" <= letter <= "\udfff" for letter in value)


def ratio(text: str) -> Fraction | None:
    """A rational written ``p/q`` in lowest terms, from 0 to 1."""
    parts = text.split("/")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) < 4000 for part in parts):
        return None
    if int(parts[1]) == 0 or int(parts[0]) > int(parts[1]):
        return None
    value = Fraction(int(parts[0]), int(parts[1]))
    return value if f"{value.numerator}/{value.denominator}" == text else None


def seats_held(lottery: Any) -> list[int]:
    counts = Counter(position for panel in lottery["panels"] for position in panel)
    return [counts[position] for position in range(len(lottery["pseudonyms"]))]
