"""What keeps its order in two sequences."""

from bisect import bisect_left
from collections.abc import Sequence


def longest_increasing(values: Sequence[int]) -> list[int]:
    """The longest subsequence of different numbers that increases, by patience sorting."""
    tops: list[int] = []
    back: dict[int, int | None] = {}
    for value in values:
        at = bisect_left(tops, value)
        back[value] = tops[at - 1] if at else None
        tops[at : at + 1] = [value]
    chain: list[int] = []
    step: int | None = tops[-1] if tops else None
    while step is not None:
        chain.append(step)
        step = back[step]
    return chain[::-1]
