"""Words of a text, and the alignment of two texts that merging and provenance rest on.

A token is a word ("peut-être", "aujourd'hui", "citoyen·ne·s"), an elided word with its apostrophe ("l'",
"qu’"), a number ("1 000", "3,5"), a run of spaces, or one other sign. Tokens put end to end give the text
back exactly. What readers are shown is made apart, in ``readable``.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from charters.comparing.order import longest_increasing

_TOKEN = re.compile(
    r"""\s+
    | (?:[cdjlmnst]|(?:qu|jusqu|lorsqu|puisqu|quoiqu))['’](?=\w)
    | \d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\w)(?:[.,]\d+)?
    | \d+(?:[.,]\d+)*(?!\w)
    | [\w\u0300-\u036f]+(?:[-‐‑'’·][\w\u0300-\u036f]+)*
    | [^\w\s](?:[\u0300-\u036f\ufe00-\ufe0f]|\u200d.)*""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ENDS = frozenset(".!?…;")
_LARGEST = 2**29  # places of the table of a longest common subsequence: 64 MB


class Hunk(NamedTuple):
    """Tokens ``old[start:end]`` became ``new[new_start:new_end]``."""

    start: int
    end: int
    new_start: int
    new_end: int


def tokens(text: str) -> list[str]:
    """Cut a text into tokens; joining them gives the text."""
    return _TOKEN.findall(text)


def blank(token: Hashable) -> bool:
    """Whether a token is a run of spaces."""
    return isinstance(token, str) and token.isspace()


def weight(sequence: Iterable[Hashable]) -> int:
    """The signs in a sequence of tokens, spaces left out; a token that is no text outweighs every word."""
    return sum(map(_weight, sequence))


def hunks(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Hunk]:
    """The places where two sequences of tokens differ, in order, with equal tokens between them.

    Words are aligned first and the spaces between them afterwards. A few kept words between two larger
    changes belong to one change.
    """
    head = _head(old, new)
    tail = _tail(old, new, head)
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    found: list[Hunk] = []
    i = j = 0
    for next_i, next_j in [*_matches(left, right), (len(left), len(right))]:
        if hunk := _trimmed(left, right, Hunk(i, next_i, j, next_j)):
            found.append(Hunk(*(place + head for place in hunk)))
        i, j = next_i + 1, next_j + 1
    return _absorb_islands(old, new, found)


def _head(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    """How many tokens are the same at the beginning."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(old), len(new)))


def _tail(old: Sequence[Hashable], new: Sequence[Hashable], head: int) -> int:
    """How many tokens after ``head`` are the same at the end."""
    most = min(len(old), len(new)) - head
    pairs = zip(range(most), reversed(old), reversed(new), strict=False)
    return next((n for n, one, other in pairs if one != other), most)


def _matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pairs of positions of the words in common: a longest common subsequence, spaces left out."""
    numbers: dict[Hashable, int] = {}
    kept = [[i for i, token in enumerate(side) if not blank(token)] for side in (old, new)]
    a, b = (
        [numbers.setdefault(side[i], len(numbers)) for i in places]
        for side, places in zip((old, new), kept, strict=True)
    )
    ends = {number for token, number in numbers.items() if token in _ENDS or not isinstance(token, str)}
    return [
        (kept[0][i + step], kept[1][j + step]) for i, j, length in _runs(a, b, ends) for step in range(length)
    ]


def _runs(a: list[int], b: list[int], ends: set[int]) -> list[tuple[int, int, int]]:
    """Equal stretches ``a[i:i + length] == b[j:j + length]``, in order.

    Long texts are aligned by whole sentences first, so that time and memory stay near-linear.
    """
    head = _head(a, b)
    tail = _tail(a, b, head)
    inner_a, inner_b = a[head : len(a) - tail], b[head : len(b) - tail]
    small = len(inner_a) * len(inner_b) <= _LARGEST
    inner = _common(inner_a, inner_b) if small else _by_sentence(inner_a, inner_b, ends)
    middle = [(i + head, j + head, length) for i, j, length in inner]
    runs = [(0, 0, head), *middle, (len(a) - tail, len(b) - tail, tail)]
    return [run for run in runs if run[2]]


def _common(a: Sequence[int], b: Sequence[int]) -> list[tuple[int, int, int]]:
    if not a or not b:
        return []
    steps = LCSseq.opcodes(a, b)
    return [
        (step.src_start, step.dest_start, step.src_end - step.src_start)
        for step in steps
        if step.tag == "equal"
    ]


def _by_sentence(a: list[int], b: list[int], ends: set[int]) -> list[tuple[int, int, int]]:
    """Equal stretches of two long sequences: sentences that each has once, then what lies between them.

    What lies between and is still too long is one change.
    """
    found: list[tuple[int, int, int]] = []
    i = j = 0
    for (start_a, end_a), (start_b, end_b) in [*_anchors(a, b, ends), ((len(a), len(a)), (len(b), len(b)))]:
        if (start_a - i) * (start_b - j) <= _LARGEST:
            found += [(i + x, j + y, n) for x, y, n in _common(a[i:start_a], b[j:start_b])]
        found.append((start_a, start_b, end_a - start_a))
        i, j = end_a, end_b
    return found


def _anchors(a: list[int], b: list[int], ends: set[int]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The places of the sentences that stand once in each sequence and in the same order."""
    once_a, once_b = (_once(side, ends) for side in (a, b))
    common = [sentence for sentence in once_b if sentence in once_a]
    place = {once_a[sentence][0]: sentence for sentence in common}
    kept = [place[start] for start in longest_increasing([once_a[sentence][0] for sentence in common])]
    return [(once_a[sentence], once_b[sentence]) for sentence in kept]


def _once(sequence: list[int], ends: set[int]) -> dict[tuple[int, ...], tuple[int, int]]:
    cut = {tuple(sequence[i:j]): (i, j) for i, j in _cut(sequence, ends)}
    count = Counter(tuple(sequence[i:j]) for i, j in _cut(sequence, ends))
    return {sentence: place for sentence, place in cut.items() if count[sentence] == 1}


def _cut(sequence: list[int], ends: set[int]) -> list[tuple[int, int]]:
    stops = [n + 1 for n, number in enumerate(sequence) if number in ends]
    edges = sorted({0, *stops, len(sequence)})
    return list(pairwise(edges))


def _trimmed(old: Sequence[Hashable], new: Sequence[Hashable], gap: Hunk) -> Hunk | None:
    """The gap between two matches without the spaces that are the same on both sides."""
    start, end, new_start, new_end = gap
    while start < end and new_start < new_end and old[start] == new[new_start]:
        start, new_start = start + 1, new_start + 1
    while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
        end, new_end = end - 1, new_end - 1
    return Hunk(start, end, new_start, new_end) if start < end or new_start < new_end else None


def _absorb_islands(old: Sequence[Hashable], new: Sequence[Hashable], found: list[Hunk]) -> list[Hunk]:
    if len(found) < 2:
        return found
    gone, come = _weights(old), _weights(new)

    def size(hunk: Hunk) -> int:
        """The larger side of a change that has both sides; nothing for a pure insertion or deletion."""
        sides = gone[hunk.end] - gone[hunk.start], come[hunk.new_end] - come[hunk.new_start]
        return max(sides) if all(sides) else 0

    result: list[Hunk] = []
    for hunk in found:
        joined = hunk
        while result and gone[joined.start] - gone[result[-1].end] < min(size(result[-1]), size(joined)):
            last = result.pop()
            joined = Hunk(last.start, joined.end, last.new_start, joined.new_end)
        result.append(joined)
    return result


def _weights(sequence: Sequence[Hashable]) -> list[int]:
    """The weight of the tokens before each place."""
    return [0, *accumulate(map(_weight, sequence))]


def _weight(token: Hashable) -> int:
    if not isinstance(token, str):
        return 1000
    return 0 if token.isspace() else len(token)
