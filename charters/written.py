"""What people write may hold any sign that can be seen; control characters are refused where they come in.

Published texts that hold one stay readable for ever, and every format shows it by its code point.
"""

import unicodedata
from collections.abc import Iterable, Iterator

from charters.model import WORDS, Charter, Clause
from charters.operations import Describe, Insert, Join, Operation, Replace, Split
from charters.problems import CharterError

_ALLOWED = frozenset("\n\r\t")
# They make text read in another order than it is kept (Unicode TR36): no language needs them in prose.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e")


def check_written(operations: Iterable[Operation]) -> None:
    """Refuse operations that bring a control character other than a line feed or a tab."""
    for step in operations:
        for clause, text in _brought(step):
            _check(clause, text)


def check_charter_written(charter: Charter) -> None:
    """Refuse a charter written by hand with a control character in it."""
    for text in (*charter.title.values(), charter.theme):
        _check(None, text)
    for clause in charter.index.bare.values():
        for text in _texts(clause):
            _check(clause.id, text)


def _brought(step: Operation) -> Iterator[tuple[str | None, str]]:
    match step:
        case Insert():
            yield from ((step.clause.id, text) for text in _texts(step.clause))
        case Replace():
            words = (*(getattr(step, name) for name in WORDS), *(step.references or ()))
            yield from ((step.clause, text) for text in words if text)
        case Split():
            yield from ((step.clause, text) for parts in step.texts.values() for text in parts)
        case Join():
            yield from ((step.clauses[0], text) for text in step.text.values())
        case Describe():
            yield from ((None, text) for text in (step.title, step.theme) if text)


def _texts(clause: Clause) -> Iterator[str]:
    for name in WORDS:
        yield from getattr(clause, name).values()
    yield from clause.references


def _check(clause: str | None, text: str) -> None:
    for at, sign in enumerate(text, start=1):
        if sign in _TURNING or (unicodedata.category(sign) == "Cc" and sign not in _ALLOWED):
            place = {"code": f"{ord(sign):04X}", "at": at}
            if clause is None:
                raise CharterError(
                    "The title or theme has a control character, U+%(code)s, at character %(at)d. Take it out.",
                    **place,
                )
            raise CharterError(
                "A text of clause %(clause)s has a control character, U+%(code)s, at character %(at)d. "
                "Take it out.",
                clause=clause, **place,
            )  # fmt: skip
