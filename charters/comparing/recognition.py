"""Splits and joins recognised from what clauses say, where nobody recorded them."""

from collections.abc import Sequence
from itertools import takewhile

from charters.comparing.words import hunks, tokens
from charters.model import Clause

_SAME_WORDS = 0.8  # share of words in common from which several clauses are seen as one that was split
_MOST = 8  # parts looked for beyond the first


def parts_of(whole: Clause, first: Clause, others: Sequence[Clause]) -> int:
    """How many of ``others``, from the first on, were with ``first`` one clause: at most eight, often none.

    In each language of theirs the words put end to end must be nearly those of ``whole``, and each of them
    must have brought at least half of its own.
    """
    if whole.text == first.text:
        return 0
    alike = takewhile(lambda other: other.text and other.text.keys() <= whole.text.keys(), others)
    candidates = [other for other, _ in zip(alike, range(_MOST), strict=False)]
    for count in range(len(candidates), 0, -1):
        parts = [first, *candidates[:count]]
        langs = {lang for part in parts[1:] for lang in part.text}
        if all(_nearly(whole.text[lang], [part.text.get(lang, "") for part in parts]) for lang in langs):
            return count
    return 0


def _nearly(whole: str, parts: Sequence[str]) -> bool:
    """Whether a text is nearly several others put end to end."""
    old, new = tokens(whole), tokens(parts[0])
    ends: list[tuple[int, int]] = []
    for part in parts[1:]:
        words = tokens(part)
        new += [" ", *words] if words else []
        ends.append((len(new) - len(words), len(new)))
    found = hunks(old, new)
    gone = sum(hunk.end - hunk.start for hunk in found)
    come = sum(hunk.new_end - hunk.new_start for hunk in found)
    own = all(
        2 * sum(max(0, min(hunk.new_end, end) - max(hunk.new_start, start)) for hunk in found) < end - start
        or start == end
        for start, end in ends
    )
    return bool(parts[0]) and own and 1 - max(gone, come) / max(len(old), len(new)) >= _SAME_WORDS
