"""A mapping that rests on another one and keeps its own changes apart.

Many drafts rest on one charter: what a draft costs follows what it changes, not how long the charter is.
"""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Overlay(MutableMapping[K, V]):
    """``own``: values that differ from those of ``base`` or are not in it; ``gone``: keys of the base that
    were deleted, even when they came back.
    """

    def __init__(self, base: Mapping[K, V]) -> None:
        self.base = base
        self.own: dict[K, V] = {}
        self.gone: set[K] = set()

    def __getitem__(self, key: K) -> V:
        if key in self.own:
            return self.own[key]
        if key in self.gone:
            raise KeyError(key)
        return self.base[key]

    def __setitem__(self, key: K, value: V) -> None:
        self.own[key] = value

    def __delitem__(self, key: K) -> None:
        if key not in self:
            raise KeyError(key)
        self.own.pop(key, None)
        if key in self.base:
            self.gone.add(key)

    def __contains__(self, key: object) -> bool:
        return key in self.own or (key not in self.gone and key in self.base)

    def __iter__(self) -> Iterator[K]:
        """Keys of the base in their order, then those that came since."""
        yield from (key for key in self.base if key not in self.gone)
        yield from (key for key in self.own if key not in self.base or key in self.gone)

    def __len__(self) -> int:
        return (
            len(self.base)
            - len(self.gone)
            + sum(key not in self.base or key in self.gone for key in self.own)
        )

    @property
    def added(self) -> list[K]:
        """Keys that the base does not have."""
        return [key for key in self.own if key not in self.base]

    @property
    def kept(self) -> list[K]:
        """Keys of the base that have a value of their own here."""
        return [key for key in self.own if key in self.base]

    @property
    def removed(self) -> set[K]:
        """Keys of the base that are not here."""
        return self.gone - self.own.keys()
