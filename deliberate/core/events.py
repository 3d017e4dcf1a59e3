"""How a lower floor is heard above: it announces a plain object, handlers run inside the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

Handler = Callable[[Session, Any, datetime], None]

_handlers: dict[type, list[Handler]] = defaultdict(list)


def on(kind: type, handler: Handler) -> None:
    """Have `handler(session, event, now)` run whenever an event of this kind is announced; once per handler."""
    if handler not in _handlers[kind]:
        _handlers[kind].append(handler)


def announce(session: Session, event: object, now: datetime) -> None:
    """Tell every handler of the event's kind, in the order they were registered."""
    for handler in _handlers[type(event)]:
        handler(session, event, now)
