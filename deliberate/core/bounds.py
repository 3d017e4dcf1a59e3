"""What no column can hold, kept out at the door: numbers too large in an address, characters that are none."""

from collections.abc import Iterator

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

from deliberate.core.typed import LARGEST


class Number(IntegerConverter):
    """A number in an address; one that no row can bear leads nowhere."""

    def __init__(self, map: Map, fixed_digits: int = 0, min: int | None = None, max: int = LARGEST) -> None:
        super().__init__(map, fixed_digits, min, max)


def init_app(app: Flask) -> None:
    """Refuse, before any view, what PostgreSQL and SQLite cannot keep."""
    app.url_map.converters["int"] = Number
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    if any("\0" in part for part in _parts()):
        abort(400)


def _parts() -> Iterator[str]:
    yield request.path
    for values in (request.args, request.form):
        for name, value in values.items(multi=True):
            yield name
            yield value
