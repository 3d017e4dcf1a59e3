"""Where in a text the words stand that were asked for: a passage around the first of them, each marked. Pure."""

from collections.abc import Iterator

from deliberate.core.fulltext.asking import Term
from deliberate.core.fulltext.words import Token, stem, tokens

AROUND = 110
Piece = tuple[bool, str]  # whether it was asked for, and the words


def passage(text: str, terms: tuple[Term, ...], language: str, around: int = AROUND) -> tuple[Piece, ...]:
    """The words around the first hit, cut between words, with every hit marked; the beginning where there is none."""
    text = " ".join(text.split())
    found = list(tokens(text))
    hits = _hits(found, terms, language)
    first = found[min(hits)].start if hits else 0
    start, end = _cut(text, first, around)
    return tuple(_pieces(text, [found[at] for at in sorted(hits)], start, end))


def _hits(found: list[Token], terms: tuple[Term, ...], language: str) -> set[int]:
    """The places, among the tokens, of those that were asked for."""
    hits: set[int] = set()
    for term in terms:
        if term.kind == "phrase":
            hits.update(_phrase(found, term.words))
            continue
        hits.update(at for at, token in enumerate(found) if _is_hit(token, term, language))
    return hits


def _is_hit(token: Token, term: Term, language: str) -> bool:
    if term.kind == "prefix":
        return any(word.startswith(term.words[0]) for word in token.words)
    wanted = stem(term.words[0], language)
    return any(stem(word, language) == wanted for word in token.words)


def _phrase(found: list[Token], words: tuple[str, ...]) -> Iterator[int]:
    said = [(word, at) for at, token in enumerate(found) for word in token.words]
    for begin in range(len(said) - len(words) + 1):
        run = said[begin : begin + len(words)]
        if tuple(word for word, _at in run) == words:
            yield from (at for _word, at in run)


def _cut(text: str, first: int, around: int) -> tuple[int, int]:
    start = max(0, first - around // 2)
    start = 0 if start == 0 else text.find(" ", start, first) + 1 or first
    end = min(len(text), start + 2 * around)
    end = end if end == len(text) else max(text.rfind(" ", start, end), first)
    return start, end if end > start else len(text)


def _pieces(text: str, hits: list[Token], start: int, end: int) -> Iterator[Piece]:
    at = start
    if start:
        yield False, "… "
    for hit in hits:
        if hit.start < start or hit.end > end:
            continue
        if hit.start > at:
            yield False, text[at : hit.start]
        yield True, text[hit.start : hit.end]
        at = hit.end
    if at < end:
        yield False, text[at:end]
    if end < len(text):
        yield False, " …"
