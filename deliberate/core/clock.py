"""The clock of the running application. Acts are given a `now`; only the edges (views, worker, command line) ask here."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, current_app

Clock = Callable[[], datetime]


def init_app(app: Flask, clock: Clock | None = None) -> None:
    """Give the application its clock; a test gives one that stands still."""
    app.extensions["clock"] = clock or (lambda: datetime.now(UTC))


def now() -> datetime:
    """This moment, in UTC."""
    clock: Clock = current_app.extensions["clock"]
    return clock()
