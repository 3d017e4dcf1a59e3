"""Where each clause of a version comes from: pure, from the versions and amendments as they are stored.

A version never changes, so what is found for it is kept, by its digest, for as long as the process runs.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from charters.comparing.changes import Change, changes, statuses
from charters.model import Charter
from charters.tracing.history import Provenance
from charters.tracing.life import Lives
from charters.version import Version

KEPT = 256
Kept = TypeVar("Kept")
_lock = Lock()
_kept: OrderedDict[tuple[str, ...], Any] = OrderedDict()


@dataclass(frozen=True)
class Step:
    """A version that brought, changed or moved a clause, and the amendments of that version which did it."""

    version: int
    status: str
    amendments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stored:
    """A version as the document engine reads it, with its digest at hand."""

    digest: str
    version: Version

    @property
    def number(self) -> int:
        return self.version.number

    @property
    def document(self) -> Charter:
        return self.version.charter


def keep(key: tuple[str, ...], make: Callable[[], Kept]) -> Kept:
    """What was made under this key before, or what `make` gives now. What was not asked for longest goes first."""
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            known: Kept = _kept[key]
            return known
    found = make()
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def lives_of(versions: Sequence[Stored]) -> Lives:
    """The lives of all clauses of these versions, from the first on."""
    chain = [one.version for one in versions]
    return keep(("lives", *(version.digest for version in versions)), lambda: Lives(chain))


def words_of(versions: Sequence[Stored]) -> Provenance:
    """The origin of every word of the last of these versions, from the first on."""
    chain = [one.version for one in versions]
    return keep(("provenance", *(version.digest for version in versions)), lambda: Provenance(chain))


def lineage(versions: Sequence[Stored]) -> dict[str, list[Step]]:
    """The life of every clause of the last version, oldest step first; `versions` from the first on."""
    return keep(("lineage", *(version.digest for version in versions)), lambda: _lineage(versions))


def _lineage(versions: Sequence[Stored]) -> dict[str, list[Step]]:
    known = lives_of(versions)
    return {
        clause.id: [Step(one.version, one.status, one.amendments) for one in known.of(clause.id)]
        for clause, _parent, _depth in versions[-1].document.walk()
    }


def differences(old: Stored, new: Stored) -> dict[str, str]:
    """Clause → what became of it between two versions, in whatever language; unchanged ones are left out."""
    key = ("differences", old.digest, new.digest)
    found = keep(key, lambda: statuses(old.document, new.document))
    return {clause: status for clause, status in found.items() if status != "unchanged"}


def compared(old: Stored, new: Stored, language: str) -> list[Change]:
    """The readable difference between two versions in a language."""
    key = ("compared", old.digest, new.digest, language)
    return keep(key, lambda: changes(old.document, new.document, language))
