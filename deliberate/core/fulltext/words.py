"""Words as an index sees them: without case, accents and elisions, and brought to their stem. Pure.

Stems are those of Snowball (https://snowballstem.org), which PostgreSQL has too. Words are folded before they are
stemmed, so that somebody who types without accents finds what was written with them.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import snowballstemmer

ALGORITHMS = {
    "fr": "french",
    "en": "english",
    "de": "german",
    "es": "spanish",
    "it": "italian",
    "nl": "dutch",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "tr": "turkish",
}
OTHER = "xx"
WORD = re.compile(r"[^\W_]+")
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
# Plurals that no suffix tells.
IRREGULAR = {
    "fr": {"travaux": "travail", "yeux": "oeil"},
    "en": {"children": "child", "women": "woman", "men": "man", "people": "person"},
}
STOP_WORDS = frozenset(
    WORD.findall("""
    a au aux avec c ce ces cette d dans de des du elle en est et eux il ils j je l la le les leur leurs lui m ma mais
    me mes n ne nos notre nous on ou par pas pour qu que qui s sa sans se ses son sont sur t ta te tes ton tu un une
    vos votre vous y
    an and are as at be but by for from has have he her his if in into is it its of or our she so than that the their
    them then there they this to was we were what when which who will with you your
    """)
)


@dataclass(frozen=True)
class Token:
    """A word of a text: where it stands there, and the folded words it is (`ﬁn de` is one, `½` is two)."""

    start: int
    end: int
    words: tuple[str, ...]


def fold(text: str) -> str:
    """Letters as a search compares them: without case, accents and ligatures."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in order; apostrophes and hyphens part them, so `l’eau` holds `eau`."""
    for found in WORD.finditer(text):
        folded = tuple(WORD.findall(fold(found[0])))
        if folded:
            yield Token(found.start(), found.end(), folded)


def words_of(text: str) -> list[str]:
    """The folded words of a text."""
    return [word for token in tokens(unicodedata.normalize("NFC", text)) for word in token.words]


def known(language: str) -> str:
    """The language whose stems a text in this language has; `xx` for one without."""
    code = language.partition("-")[0].lower()
    return code if code in ALGORITHMS else OTHER


def stem(word: str, language: str) -> str:
    """The stem of a folded word, with its language before it: `frchart`, so that languages do not mix."""
    return _stem(word, known(language))


@lru_cache(maxsize=50_000)
def _stem(word: str, code: str) -> str:
    if code == OTHER or len(word) < 3:
        return code + word
    bare: str = _stemmer(code).stemWord(IRREGULAR.get(code, {}).get(word, word))
    return code + bare


@cache
def _stemmer(code: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(ALGORITHMS[code])


def stems(word: str) -> list[str]:
    """What a word is in each language, for somebody who asks without saying in which."""
    return [stem(word, code) for code in (*ALGORITHMS, OTHER)]
