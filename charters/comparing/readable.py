"""The readable difference between two texts: made for people, and nothing is ever merged by it.

Sentences are aligned first, words inside sentences that stayed much the same. A sentence that was mostly
rewritten is shown as one deletion and one insertion; small words left alone between two changes belong to
the change; an insertion begins where a reader would say that it begins.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from rapidfuzz.distance import LCSseq

from charters.comparing.sentences import LINKS, content, ended, sentences
from charters.comparing.words import Hunk, blank, hunks, tokens, weight

Segment = tuple[Literal["equal", "insert", "delete"], str]

_REWRITTEN = 0.5  # below this share of kept signs, a sentence is shown as rewritten
_RIDDLED = 0.7  # the share below which a sentence with many changes is shown as rewritten
_MANY = 3
_PAIRS = 900  # sentences times sentences up to which the best pairs are looked for
_SLIDES = 64


class _Pair(NamedTuple):
    """Sentences ``old[start:end]`` that became ``new[new_start:new_end]``; one side may be empty."""

    start: int
    end: int
    new_start: int
    new_end: int


def segments(old: str, new: str) -> list[Segment]:
    """Equal, deleted and inserted pieces of text, in reading order.

    The equal and deleted pieces give the old text, the equal and inserted ones the new text.
    """
    if old == new:
        return [("equal", old)] if old else []
    before, after = tokens(old), tokens(new)
    pieces: list[Segment] = []
    i = 0
    for hunk in _touching(_slid(before, after, _changes(before, after))):
        pieces.append(("equal", "".join(before[i : hunk.start])))
        pieces.append(("delete", "".join(before[hunk.start : hunk.end])))
        pieces.append(("insert", "".join(after[hunk.new_start : hunk.new_end])))
        i = hunk.end
    pieces.append(("equal", "".join(before[i:])))
    return [piece for piece in pieces if piece[1]]


def altered(pieces: Iterable[Segment]) -> bool:
    """Whether something was taken out or added."""
    return any(tag != "equal" for tag, _ in pieces)


def sides(pieces: Sequence[Segment]) -> tuple[list[Segment], list[Segment]]:
    """The pieces as they stand on the old side and on the new one."""
    return [one for one in pieces if one[0] != "insert"], [one for one in pieces if one[0] != "delete"]


def paragraphs(pieces: Sequence[Segment]) -> list[list[Segment]]:
    """The pieces paragraph by paragraph, cut where both texts begin a new line; rows to set side by side."""
    rows: list[list[Segment]] = [[]]
    for tag, text in pieces:
        first, *others = text.split("\n") if tag == "equal" else [text]
        if first:
            rows[-1].append((tag, first))
        rows += [[(tag, other)] if other else [] for other in others]
    return [row for row in rows if row]


def typographic(old: str, new: str) -> bool:
    """Whether two different texts differ by spaces, apostrophes, hyphens or quotation marks alone."""
    return old != new and _plain(old) == _plain(new)


def _plain(text: str) -> str:
    return "".join(text.translate(_PLAIN).split())


_PLAIN = str.maketrans({"’": "'", "‐": "-", "‑": "-", "“": '"', "”": '"', "«": '"', "»": '"'})


def _changes(before: list[str], after: list[str]) -> list[Hunk]:
    """The changes between two sequences of words, sentence by sentence."""
    found: list[Hunk] = []
    cut, new_cut = sentences(before), sentences(after)
    for start, end, new_start, new_end in _paired(before, after, cut, new_cut):
        at, new_at = cut[start], new_cut[new_start]
        whole = Hunk(at, cut[end], new_at, new_cut[new_end])
        found += _inside(before, after, whole) if start < end and new_start < new_end else [whole]
    narrowed = [_narrowed(before, after, run) for run in _touching(found)]
    return [hunk for run in narrowed if (hunk := _without_spaces(before, after, run))]


def _inside(before: list[str], after: list[str], whole: Hunk) -> list[Hunk]:
    """The changes inside sentences that belong together."""
    old, new = before[whole.start : whole.end], after[whole.new_start : whole.new_end]
    if old == new:
        return []
    found = _absorb_small(old, hunks(old, new))
    if len(found) > 1 and _is_rewritten(old, new, found):
        return [whole]
    return [_moved_on(hunk, whole) for hunk in found]


def _narrowed(before: list[str], after: list[str], whole: Hunk) -> Hunk:
    """A replaced passage without what it has in common at its beginning and its end, where that says something."""
    old, new = before[whole.start : whole.end], after[whole.new_start : whole.new_end]
    found = hunks(old, new) if old and new else []
    if len(found) != 1 or not content([*old[: found[0].start], *old[found[0].end :]]):
        return whole
    return _moved_on(found[0], whole)


def _moved_on(hunk: Hunk, whole: Hunk) -> Hunk:
    at, new_at = whole.start, whole.new_start
    return Hunk(hunk.start + at, hunk.end + at, hunk.new_start + new_at, hunk.new_end + new_at)


def _is_rewritten(old: list[str], new: list[str], found: list[Hunk]) -> bool:
    total = weight(old) + weight(new)
    gone = sum(
        weight(old[hunk.start : hunk.end]) + weight(new[hunk.new_start : hunk.new_end]) for hunk in found
    )
    kept = 1 - gone / total if total else 1.0
    return kept < (_RIDDLED if len(found) > _MANY else _REWRITTEN)


def _absorb_small(old: list[str], found: list[Hunk]) -> list[Hunk]:
    """Small words between two changes belong to the change, unless both only add or both only take away."""
    result: list[Hunk] = []
    for hunk in found:
        last = result[-1] if result else None
        if last and _kind(last) + _kind(hunk) not in {"++", "--"} and not content(old[last.end : hunk.start]):
            result[-1] = Hunk(last.start, hunk.end, last.new_start, hunk.new_end)
        else:
            result.append(hunk)
    return result


def _kind(hunk: Hunk) -> str:
    if hunk.start == hunk.end:
        return "+"
    return "-" if hunk.new_start == hunk.new_end else "±"


def _paired(before: list[str], after: list[str], cut: list[int], new_cut: list[int]) -> Iterator[_Pair]:
    """Sentences in common, and between them those that resemble each other, in reading order."""
    old, new = _cut_up(before, cut), _cut_up(after, new_cut)
    numbers: dict[tuple[str, ...], int] = {}
    keys = [[numbers.setdefault(_words(one), len(numbers)) for one in side] for side in (old, new)]
    i = j = 0
    same = [step for step in LCSseq.opcodes(*keys) if step.tag == "equal"] if old and new else []
    for step in same:
        yield from _resembling(old, new, _Pair(i, step.src_start, j, step.dest_start))
        for n in range(step.src_end - step.src_start):
            yield _Pair(
                step.src_start + n, step.src_start + n + 1, step.dest_start + n, step.dest_start + n + 1
            )
        i, j = step.src_end, step.dest_end
    yield from _resembling(old, new, _Pair(i, len(old), j, len(new)))


def _cut_up(sequence: list[str], cut: list[int]) -> list[list[str]]:
    return [sequence[i:j] for i, j in pairwise(cut)]


def _words(sentence: Sequence[str]) -> tuple[str, ...]:
    """A sentence without the spaces after it."""
    return tuple(sentence[:-1] if blank(sentence[-1]) else sentence)


def _resembling(old: list[list[str]], new: list[list[str]], gap: _Pair) -> list[_Pair]:
    """The best way to say which sentences of a gap became which: one became one, two, or two became one.

    Of all ways that keep the order, the one that keeps most words beyond half of those concerned.
    """
    rows, columns = gap.end - gap.start, gap.new_end - gap.new_start
    if not rows or not columns:
        return [gap] if rows or columns else []
    if rows * columns > _PAIRS or rows == columns == 1:
        return [gap]
    worth = _worth(old, new, gap)
    best: list[list[tuple[float, tuple[int, int]]]] = [
        [(0.0, (0, 0))] * (columns + 1) for _ in range(rows + 1)
    ]
    for i in range(rows + 1):
        for j in range(columns + 1):
            steps = [(a, b) for a, b in _STEPS if a <= i and b <= j]
            choices = [
                (best[i - a][j - b][0] + (worth(i, a, j, b) if a and b else 0), (a, b)) for a, b in steps
            ]
            best[i][j] = max(choices, default=(0.0, (0, 0)))
    return _followed_back(best, gap)


_STEPS = [(1, 0), (0, 1), (1, 1), (1, 2), (2, 1)]


def _worth(old: list[list[str]], new: list[list[str]], gap: _Pair) -> Callable[[int, int, int, int], float]:
    """What it is worth to say that the ``a`` sentences before ``i`` became the ``b`` sentences before ``j``."""
    left = [content(sentence) or list(_words(sentence)) for sentence in old[gap.start : gap.end]]
    right = [content(sentence) or list(_words(sentence)) for sentence in new[gap.new_start : gap.new_end]]

    def worth(i: int, a: int, j: int, b: int) -> float:
        one = [word for sentence in left[i - a : i] for word in sentence]
        other = [word for sentence in right[j - b : j] for word in sentence]
        return 2 * LCSseq.similarity(one, other) - _REWRITTEN * (len(one) + len(other))

    return worth


def _followed_back(best: list[list[tuple[float, tuple[int, int]]]], gap: _Pair) -> list[_Pair]:
    found: list[_Pair] = []
    i, j = gap.end - gap.start, gap.new_end - gap.new_start
    while i or j:
        a, b = best[i][j][1]
        found.append(_Pair(gap.start + i - a, gap.start + i, gap.new_start + j - b, gap.new_start + j))
        i, j = i - a, j - b
    return found[::-1]


def _touching(found: Iterable[Hunk]) -> Iterator[Hunk]:
    """Changes without a word between them are one change."""
    current: Hunk | None = None
    for hunk in found:
        if current and (hunk.start, hunk.new_start) == (current.end, current.new_end):
            current = Hunk(current.start, hunk.end, current.new_start, hunk.new_end)
        else:
            if current:
                yield current
            current = hunk
    if current:
        yield current


def _without_spaces(before: list[str], after: list[str], hunk: Hunk) -> Hunk | None:
    """The change without the spaces that are the same on both sides."""
    start, end, new_start, new_end = hunk
    while start < end and new_start < new_end and before[start] == after[new_start] and blank(before[start]):
        start, new_start = start + 1, new_start + 1
    while (
        start < end
        and new_start < new_end
        and before[end - 1] == after[new_end - 1]
        and blank(before[end - 1])
    ):
        end, new_end = end - 1, new_end - 1
    return Hunk(start, end, new_start, new_end) if start < end or new_start < new_end else None


def _slid(before: list[str], after: list[str], found: list[Hunk]) -> Iterator[Hunk]:
    """Insertions and deletions moved, among places that come to the same, to where they read best."""
    floor = 0
    for n, hunk in enumerate(found):
        ceiling = found[n + 1].start if n + 1 < len(found) else len(before)
        best, kind = hunk, _kind(hunk)
        if kind != "±":
            side, start, end = (after, *hunk[2:]) if kind == "+" else (before, *hunk[:2])
            reach = _reach(side, start, end, hunk.start - floor, ceiling - hunk.end)
            best = _moved(hunk, max(reach, key=lambda by: _reads(side, start + by, end + by)))
        yield best
        floor = best.end


def _moved(hunk: Hunk, by: int) -> Hunk:
    return Hunk(*(place + by for place in hunk))


def _reach(sequence: list[str], start: int, end: int, left: int, right: int) -> list[int]:
    """How far a passage can be moved without changing the text, its own place first."""
    found = [0]
    for by in range(1, min(left, _SLIDES) + 1):
        if sequence[start - by] != sequence[end - by]:
            break
        found.append(-by)
    for by in range(min(right, _SLIDES)):
        if sequence[start + by] != sequence[end + by]:
            break
        found.append(by + 1)
    return found


def _reads(sequence: list[str], start: int, end: int) -> int:
    """How well a passage reads as an addition of its own."""
    first, last = sequence[start], sequence[end - 1]
    if ended(sequence, start) and ended(sequence, end):
        return 5
    leading = first if not blank(first) else sequence[start + 1] if start + 1 < end else ""
    linked = leading.lower() in LINKS and (blank(first) != blank(last) or leading == ",")
    if linked:
        return 4
    return 3 if blank(last) and not blank(first) else 2 if blank(first) and not blank(last) else 1
