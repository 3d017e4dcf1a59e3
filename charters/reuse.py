"""An id names one clause for ever, also after the clause was struck.

A clause that was struck may be reinstated: inserted again under its id, as it last stood, with the same kind,
words and headings (place, note and references may differ). Whoever wants other words changes them in a later
version, or brings a new clause with an id of its own.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from charters.model import Charter, Clause
from charters.problems import CharterError

if TYPE_CHECKING:
    from charters.version import Version


def past_clauses(versions: Iterable["Version"]) -> dict[str, Clause]:
    """Every clause that stood in a version of a chain (oldest first), as it last stood."""
    past: dict[str, Clause] = {}
    for version in versions:
        past |= version.charter.index.bare
    return past


def reinstated(before: Charter, after: Charter, past: Mapping[str, Clause]) -> list[str]:
    """The clauses of ``after`` that stood before ``before``, but not in it, in reading order."""
    return [name for name in after.index.bare if name in past and name not in before.index.bare]


def check_reuse(before: Charter, after: Charter, past: Mapping[str, Clause]) -> None:
    """Refuse an id of the past that comes back as another clause."""
    for name in reinstated(before, after, past):
        if not _same(past[name], after.clause(name)):
            raise CharterError(
                "The id %(clause)s was that of a clause since struck. Give the new clause another id, or bring "
                "the old one back with its own kind, words and heading.",
                clause=name,
            )


def _same(old: Clause, new: Clause) -> bool:
    return (old.kind, old.text, old.heading) == (new.kind, new.text, new.heading)
