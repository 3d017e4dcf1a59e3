"""What no column can hold, kept out at the door: numbers too large, shares too precise, characters that are none."""

import re
from collections.abc import Iterator
from fractions import Fraction

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
# Fraction() alone would compute 1e9999999 to its last digit.
SHARE = re.compile(r"\d{1,9}([.]\d{1,9}|/\d{1,9})?")


class Number(IntegerConverter):
    """A number in an address; one that no row can bear leads nowhere."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int = LARGEST) -> None:
        super().__init__(map, fixed_digits, min, max)


def init_app(app: Flask) -> None:
    """Refuse, before any view, what PostgreSQL and SQLite cannot keep."""
    app.url_map.converters["int"] = Number
    app.before_request(_refuse_nul)


def number(text: str) -> int:
    """A whole number that a column can hold. Raises ValueError for anything else."""
    if len(text) > 12 or abs(found := int(text)) > LARGEST:
        raise ValueError("too large a number")
    return found


def fraction(text: str) -> Fraction:
    """A fraction such as `3/4`, `0.75` or `1`. Raises ValueError for anything else, however large."""
    plain = text.strip()
    if not (plain.isascii() and SHARE.fullmatch(plain)):
        raise ValueError("not a fraction")
    try:
        return Fraction(plain)
    except ZeroDivisionError:
        raise ValueError("divided by nothing") from None


def _refuse_nul() -> None:
    if any("\0" in part for part in _parts()):
        abort(400)


def _parts() -> Iterator[str]:
    yield request.path
    for values in (request.args, request.form):
        for name, value in values.items(multi=True):
            yield name
            yield value
