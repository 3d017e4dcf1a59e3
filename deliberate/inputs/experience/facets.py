"""Narrowing a list of lessons: filters that combine, and how many each further choice would leave. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FILTERS = ("theme", "level", "outcome", "country", "territory", "sdg", "sector")
SORTS = ("best", "newest", "title")


@dataclass(frozen=True)
class Card:
    """What a lesson is filtered by: each filter has the values that the lesson bears."""

    id: int
    key: str
    theme: tuple[str, ...]
    level: tuple[str, ...]
    outcome: tuple[str, ...]
    country: tuple[str, ...]
    territory: tuple[str, ...]
    sdg: tuple[str, ...]
    sector: tuple[str, ...]

    def bears(self, name: str, value: str) -> bool:
        """Whether this filter leaves the lesson in."""
        return value in self.values(name)

    def values(self, name: str) -> tuple[str, ...]:
        """What the lesson bears of a filter."""
        found: tuple[str, ...] = getattr(self, name)
        return found


def narrowed(cards: Iterable[Card], asked: Mapping[str, str], without: str = "") -> list[Card]:
    """The lessons that every filter in use leaves in, but for one of them."""
    used = [(name, asked[name]) for name in FILTERS if asked.get(name) and name != without]
    return [card for card in cards if all(card.bears(name, value) for name, value in used)]


def counted(cards: Sequence[Card], asked: Mapping[str, str]) -> dict[str, list[tuple[str, int]]]:
    """For each filter its values, with how many lessons each would leave beside the other filters in use.

    A value in use is listed even where it leaves none, so that it can be seen and taken back.
    """
    found = {}
    for name in FILTERS:
        counts = Counter(value for card in narrowed(cards, asked, name) for value in card.values(name))
        if asked.get(name):
            counts.setdefault(asked[name], 0)
        order = (
            (lambda value: (int(value) if value.isdigit() else 0, value)) if name == "sdg" else str.casefold
        )
        found[name] = [(value, counts[value]) for value in sorted(counts, key=order)]
    return found


def relaxed(cards: Sequence[Card], asked: Mapping[str, str]) -> list[tuple[str, int]]:
    """For each filter in use, how many lessons there would be without it; those that would help, most first."""
    counts = [(name, len(narrowed(cards, asked, name))) for name in FILTERS if asked.get(name)]
    return sorted([(name, count) for name, count in counts if count], key=lambda one: (-one[1], one[0]))
