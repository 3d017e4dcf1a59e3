"""Sentences of a text, and the words in it that carry its sense, in French and English."""

import re
from collections.abc import Iterable, Sequence

from charters.comparing.words import blank

_ENDS = frozenset(".!?…")
_CLOSING = frozenset('»”’")]')
_CLOSED_BY = 6  # signs and spaces looked through after the end of a sentence, as in “!\u00a0»)”
_ABBREVIATIONS = frozenset(re.findall(r"\w+", "art al cf dr ex m me mm mme mmes mr mrs n no p pp st vol"))
LINKS = frozenset([",", "et", "ou", "ni", "mais", "and", "or", "nor", "but"])
_SMALL = frozenset(
    re.findall(
        r"\w+",
        """alors ainsi aussi avec cela celle celui cette comme dans dont elle elles entre leur leurs même mais
        nous pour sans selon sera seront sont sous tout vers vous about also been between does from have into
        only over shall should such than that their them then there these they this those under upon were what
        when where which will with would your""",
    )
)


def sentences(sequence: Sequence[str]) -> list[int]:
    """The places between sentences, from 0 to the number of tokens; spaces belong to the sentence before."""
    after_space = (at for at in range(1, len(sequence)) if sequence[at - 1].isspace())
    inner = [at for at in after_space if ended(sequence, at)]
    return [0, *inner, len(sequence)] if sequence else [0]


def content(sequence: Iterable[str]) -> list[str]:
    """The words that carry the sense: without spaces, signs, articles, pronouns, prepositions."""
    return [word for token in sequence if _carries(word := token.lower())]


def _carries(word: str) -> bool:
    return (len(word) > 3 or word.isdigit()) and word not in _SMALL and not blank(word)


def ended(sequence: Sequence[str], at: int) -> bool:
    """Whether a sentence ends before the token at this place, the spaces after it included."""
    if at in {0, len(sequence)}:
        return True
    space, following = sequence[at - 1], sequence[at][0]
    if not space.isspace() or "\n" in space:
        return space.isspace()
    if following.islower() or following in _CLOSING:
        return False
    last, first = at - 2, at - 2 - _CLOSED_BY
    while last > max(0, first) and (sequence[last] in _CLOSING or (blank(sequence[last]) and last < at - 2)):
        last -= 1
    if last < 0 or sequence[last] not in _ENDS:
        return False
    return last == 0 or sequence[last] != "." or sequence[last - 1].lower() not in _ABBREVIATIONS
