"""Merge of several rewritings of one sequence of words, the same in every order.

Each rewriting is read as changes of the base (``words.hunks``). Changes of different words are all made;
the same change made twice is made once; changes that overlap, or two different insertions at one place,
clash. An insertion that only touches a changed passage is put before or after it.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from charters.comparing.words import hunks

Tokens = tuple[Hashable, ...]


class Change(NamedTuple):
    """Tokens ``base[start:end]`` become ``new``."""

    start: int
    end: int
    new: Tokens


@dataclass(frozen=True)
class Clash:
    """Changes that cannot all be made. ``base``: the words as they were; ``by``: as each would have them."""

    base: Tokens
    by: Mapping[str, Tokens]


def weave(
    base: Sequence[Hashable], versions: Mapping[str, Sequence[Hashable]]
) -> tuple[list[Hashable], list[Clash]]:
    """Merge versions (by name) of a base. With clashes, the words returned leave the base as it is there."""
    authors: dict[Change, set[str]] = {}
    for name, version in versions.items():
        if version == base:
            continue
        for start, end, new_start, new_end in hunks(base, version):
            change = Change(start, end, tuple(version[new_start:new_end]))
            authors.setdefault(change, set()).add(name)
    woven: list[Hashable] = []
    clashes: list[Clash] = []
    done = 0
    for group in _overlapping(
        sorted(authors, key=lambda change: (change.start, change.end, repr(change.new)))
    ):
        start, end = group[0].start, max(change.end for change in group)
        woven += base[done:start]
        if len(group) == 1:
            woven += group[0].new
        else:
            woven += base[start:end]
            clashes.append(_clash(base, start, end, group, authors))
        done = end
    return woven + list(base[done:]), clashes


def _overlapping(changes: list[Change]) -> list[list[Change]]:
    groups: list[list[Change]] = []
    for change in changes:
        if groups and any(_overlap(other, change) for other in groups[-1]):
            groups[-1].append(change)
        else:
            groups.append([change])
    return groups


def _overlap(one: Change, other: Change) -> bool:
    if one.start == one.end == other.start == other.end:
        return True
    return max(one.start, other.start) < min(one.end, other.end) or _inside(one, other) or _inside(other, one)


def _inside(insertion: Change, change: Change) -> bool:
    return insertion.start == insertion.end and change.start < insertion.start < change.end


def _clash(
    base: Sequence[Hashable], start: int, end: int, group: list[Change], authors: Mapping[Change, set[str]]
) -> Clash:
    names = sorted({name for change in group for name in authors[change]})
    by: dict[str, Tokens] = {}
    for name in names:
        words: list[Hashable] = []
        done = start
        for change in group:
            if name in authors[change]:
                words += [*base[done : change.start], *change.new]
                done = change.end
        by[name] = (*words, *base[done:end])
    return Clash(tuple(base[start:end]), by)
