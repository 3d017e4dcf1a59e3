"""What led from one version to the next: steps, and the clauses that clauses were split from or joined of."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from charters.comparing.comparison import diff
from charters.model import Charter
from charters.operations import Join, Operation, Split
from charters.version import Adopted, Version


def steps_of(version: Version, before: Charter | None) -> Sequence[Operation]:
    """The operations that led to a version: as recorded or, for drafts that record none, as they can be told."""
    if version.operations or before is None or before.id != version.charter.id:
        return version.operations
    return diff(before, version.charter)


def sources(steps: Sequence[Operation], amendments: Iterable[Adopted]) -> dict[str, list[str]]:
    """For each clause split or joined in a version: itself, and those whose words it may hold."""
    direct: dict[str, list[str]] = {}
    for step in [*steps, *(step for adopted in amendments for step in adopted.operations)]:
        if isinstance(step, Split):
            for name in step.ids:
                direct.setdefault(name, []).append(step.clause)
        elif isinstance(step, Join):
            direct.setdefault(step.clauses[0], []).extend(step.clauses[1:])
    return {name: _closure(name, direct) for name in direct}


def _closure(name: str, direct: Mapping[str, Sequence[str]]) -> list[str]:
    found = [name]
    for source in found:
        found += [other for other in dict.fromkeys(direct.get(source, ())) if other not in found]
    return found


def forebears(versions: Sequence[Version], clause: str) -> set[str]:
    """A clause and all those that its words may come from, through every version."""
    found = {clause}
    for before, version in reversed(list(pairwise(versions))):
        known = sources(steps_of(version, before.charter), version.amendments)
        found |= {source for name in found for source in known.get(name, ())}
    return found


def digests(versions: Sequence[Version]) -> list[str]:
    """The digest of each version, read from the one that follows where it names a single parent."""
    following = [*versions[1:], None]
    return [
        after.parents[0] if after and len(after.parents) == 1 else version.digest
        for version, after in zip(versions, following, strict=True)
    ]
