"""Differences by word, for prose in French and English.

A token is a word ("peut-être", "aujourd'hui", "citoyen·ne·s", "3,5"), an elided word with its apostrophe
("l'", "qu’"), a run of spaces, or one other sign. Tokens put end to end give the text back exactly.
``hunks`` is the alignment that merging and provenance rest on; ``segments`` is the readable view.
"""

import re
from collections.abc import Hashable, Sequence
from typing import Literal, NamedTuple

from rapidfuzz.distance import LCSseq

Segment = tuple[Literal["equal", "insert", "delete"], str]

_TOKEN = re.compile(
    r"""\s+
    | (?:[cdjlmnstCDJLMNST]|(?:[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu|[Qq]uoiqu))['’](?=\w)
    | \d+(?:[.,]\d+)*
    | [\w\u0300-\u036f]+(?:[-‐‑'’·][\w\u0300-\u036f]+)*
    | [^\w\s](?:[\u0300-\u036f\ufe00-\ufe0f]|\u200d.)*""",
    re.VERBOSE | re.DOTALL,
)
_SENTENCE_ENDS = frozenset(".!?…")
_REWRITTEN = 0.5  # below this share of kept words, a sentence is shown as rewritten


class Hunk(NamedTuple):
    """Tokens ``old[start:end]`` became ``new[new_start:new_end]``."""

    start: int
    end: int
    new_start: int
    new_end: int


def tokens(text: str) -> list[str]:
    """Cut a text into tokens; joining them gives the text."""
    return _TOKEN.findall(text)


def hunks(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Hunk]:
    """The places where two sequences of tokens differ, in order, with equal tokens between them.

    Words are aligned first and the spaces between them afterwards. A few kept words between two larger
    changes belong to one change.
    """
    matches = [*_matches(old, new), (len(old), len(new))]
    found: list[Hunk] = []
    i = j = 0
    for next_i, next_j in matches:
        if hunk := _trimmed(old, new, Hunk(i, next_i, j, next_j)):
            found.append(hunk)
        i, j = next_i + 1, next_j + 1
    return _absorb_islands(old, new, found)


def segments(old: str, new: str) -> list[Segment]:
    """What a reader is shown: equal, deleted and inserted pieces of text, in reading order.

    The equal and deleted pieces give the old text, the equal and inserted ones the new text. A sentence
    that keeps less than half of its words is shown as one deletion and one insertion.
    """
    before, after = tokens(old), tokens(new)
    pieces: list[Segment] = []
    i = 0
    for hunk in _whole_sentences(before, hunks(before, after)):
        pieces.append(("equal", "".join(before[i : hunk.start])))
        pieces.append(("delete", "".join(before[hunk.start : hunk.end])))
        pieces.append(("insert", "".join(after[hunk.new_start : hunk.new_end])))
        i = hunk.end
    pieces.append(("equal", "".join(before[i:])))
    return [piece for piece in pieces if piece[1]]


def _matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pairs of positions of the words in common: a longest common subsequence, spaces left out."""
    numbers: dict[Hashable, int] = {}
    kept = [[i for i, token in enumerate(side) if not _blank(token)] for side in (old, new)]
    a, b = (
        [numbers.setdefault(side[i], len(numbers)) for i in places]
        for side, places in zip((old, new), kept, strict=True)
    )
    pairs: list[tuple[int, int]] = []
    for step in LCSseq.opcodes(a, b):
        if step.tag == "equal":
            run = zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True)
            pairs += [(kept[0][i], kept[1][j]) for i, j in run]
    return pairs


def _trimmed(old: Sequence[Hashable], new: Sequence[Hashable], gap: Hunk) -> Hunk | None:
    """The gap between two matches without the spaces that are the same on both sides."""
    start, end, new_start, new_end = gap
    while start < end and new_start < new_end and old[start] == new[new_start]:
        start, new_start = start + 1, new_start + 1
    while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
        end, new_end = end - 1, new_end - 1
    return Hunk(start, end, new_start, new_end) if start < end or new_start < new_end else None


def _absorb_islands(old: Sequence[Hashable], new: Sequence[Hashable], found: list[Hunk]) -> list[Hunk]:
    result: list[Hunk] = []
    for hunk in found:
        joined = hunk
        while result and _is_island(old, new, result[-1], joined):
            last = result.pop()
            joined = Hunk(last.start, joined.end, last.new_start, joined.new_end)
        result.append(joined)
    return result


def _is_island(old: Sequence[Hashable], new: Sequence[Hashable], left: Hunk, right: Hunk) -> bool:
    kept = sum(_weight(token) for token in old[left.end : right.start])
    return kept < min(_size(old, new, left), _size(old, new, right))


def _size(old: Sequence[Hashable], new: Sequence[Hashable], hunk: Hunk) -> int:
    """The larger side of a change that has both sides; nothing for a pure insertion or deletion."""
    gone = sum(_weight(token) for token in old[hunk.start : hunk.end])
    come = sum(_weight(token) for token in new[hunk.new_start : hunk.new_end])
    return max(gone, come) if gone and come else 0


def _weight(token: Hashable) -> int:
    if not isinstance(token, str):
        return 1000
    return 0 if _blank(token) else len(token)


def _blank(token: Hashable) -> bool:
    return isinstance(token, str) and token.isspace()


def _whole_sentences(before: list[str], found: list[Hunk]) -> list[Hunk]:
    """Join the changes of each sentence that was mostly rewritten, up to the ends of the sentence."""
    result = list(found)
    for start, end in _sentences(before):
        inside = [hunk for hunk in found if start <= hunk.start < end]
        crossing = any(hunk.start < edge < hunk.end for hunk in found for edge in (start, end))
        if crossing or _kept(before, inside, start, end) >= _REWRITTEN:
            continue
        first, last = inside[0], inside[-1]
        new_start, new_end = first.new_start - (first.start - start), last.new_end + (end - last.end)
        result = [hunk for hunk in result if hunk not in inside]
        result.append(Hunk(start, end, new_start, new_end))
    return sorted(result)


def _kept(before: list[str], inside: list[Hunk], start: int, end: int) -> float:
    total = sum(_weight(token) for token in before[start:end])
    gone = sum(_weight(token) for hunk in inside for token in before[hunk.start : hunk.end])
    return 1 - gone / total if total and len(inside) > 1 else 1.0


def _sentences(before: list[str]) -> list[tuple[int, int]]:
    """Ranges of tokens, one per sentence, without the spaces between sentences."""
    ranges: list[tuple[int, int]] = []
    start = 0
    for i, token in enumerate(before):
        if token in _SENTENCE_ENDS or "\n" in token:
            ranges.append((start, i + 1))
            start = i + 1
            while start < len(before) and before[start].isspace():
                start += 1
    return [*ranges, (start, len(before))]
