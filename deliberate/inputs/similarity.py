"""Which texts say something in nearly the same words: suggestions that a person decides on, never merged by themselves.

Texts are compared by the four-letter pieces of their words, rare ones counting more (TF-IDF, cosine; Salton and
Buckley, 1988), without the little words of French and English, case and accents. Pieces see “charte” in “chartes” and
bear a slip of the pen. What is compared is wording: two people can mean the same without sharing a word, and say the
opposite with all but one the same.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice

import numpy as np
from rapidfuzz import fuzz
from scipy.sparse import csr_matrix, diags

from deliberate.inputs.rules import folded

# How alike two texts are at least: judged on two real conversations of 151 statements and their 13,000 pairs.
SUGGESTED = 0.3
NEARLY_THE_SAME = 0.8

PIECE = 4
# Rows compared at once: bounds the memory that 5,000 long texts need.
BLOCK = 500
WORD = re.compile(r"\w+")
LITTLE_WORDS = frozenset(
    WORD.findall("""
    a ai as au aux avec ca ce cela ces cet cette ceux comme d dans de des donc dont du elle elles en entre est et ete
    etre eux il ils j je l la le les leur leurs lui m ma mais me meme mes moi mon n ne ni nos notre nous on ont ou par
    pas peu plus pour qu quand que quel quelle quelles quels qui quoi s sa sans se ses si son sont sur t ta te tes toi
    ton tous tout toute toutes tres tu un une vos votre vous y
    about after all also am an and any are at be because been before being but by can could did do does for from had
    has have he her here him his how i if in into is it its just me more most my no nor not of off once only or other
    our out over own same she should so some such than that the their them then there these they this those through to
    too under until up us very was we were what when where which while who whom why will with would you your
    """)
)  # fmt: skip


def similar(
    text: str, others: Mapping[str, str], *, least: float = SUGGESTED, most: int = 5
) -> list[tuple[str, float]]:
    """The texts of `others` (key → text) most like `text`: (key, share from 0 to 1), the likest first, then by key."""
    return similar_to_each({"": text}, others, least=least, most=most)[""]


def similar_to_each(
    texts: Mapping[str, str], others: Mapping[str, str], *, least: float = SUGGESTED, most: int = 5
) -> dict[str, list[tuple[str, float]]]:
    """What `similar` finds for each of `texts`, all at once; a key that stands in both is not like itself."""
    keys, names = list(others), list(texts)
    rows = _pieces([*others.values(), *texts.values()])
    among, asked = rows[: len(keys)], rows[len(keys) :]
    found: dict[str, list[tuple[str, float]]] = {name: [] for name in names}
    for row, column, share in _alike(asked, among, least):
        if names[row] != keys[column]:
            found[names[row]].append((keys[column], share))
    return {name: sorted(ones, key=lambda one: (-one[1], one[0]))[:most] for name, ones in found.items()}


def near_duplicates(
    texts: Mapping[str, str], *, least: float = NEARLY_THE_SAME, most: int = 5000
) -> list[tuple[str, str, float]]:
    """Pairs of texts in nearly the same words: (key, key, share), the likest first; no more than `most` are looked for.

    The share is that of letters kept when the words of both are put into order (rapidfuzz, token_sort_ratio): the same
    for two texts whatever else is compared. Texts in the same words are paired with the first of them alone, so that a
    thousand copies make a thousand pairs.
    """
    same: dict[str, list[str]] = {}
    for key, text in texts.items():
        same.setdefault(" ".join(_words(text)), []).append(key)
    pairs = [(keys[0], copy, 1.0) for said, keys in same.items() if said for copy in keys[1:]]
    said, firsts = list(same), [keys[0] for keys in same.values()]
    rows = _pieces([texts[key] for key in firsts])
    for row, column, _ in islice(_alike(rows, rows, least), len(firsts) + 2 * most):
        if row < column and (share := fuzz.token_sort_ratio(said[row], said[column]) / 100) >= least:
            pairs.append((firsts[row], firsts[column], round(share, 3)))
    return sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1]))


def groups(pairs: Iterable[tuple[str, str, float]]) -> list[list[str]]:
    """The groups that pairs join: each key in one of them, groups and keys in the order in which they are met."""
    group_of: dict[str, list[str]] = {}
    for one, other, _ in pairs:
        kept, added = group_of.setdefault(one, [one]), group_of.setdefault(other, [other])
        if kept is not added:
            kept.extend(added)
            group_of.update((key, kept) for key in added)
    return list({id(group): group for group in group_of.values()}.values())


def _words(text: str) -> list[str]:
    words = WORD.findall(folded(text))
    return [word for word in words if word not in LITTLE_WORDS] or words


def _split(word: str) -> list[str]:
    framed = f" {word} "
    return [framed[at : at + PIECE] for at in range(max(1, len(framed) - PIECE + 1))]


def _pieces(texts: Sequence[str]) -> csr_matrix:
    """Texts × pieces, each row of length 1: how often each text has each piece, rare pieces counting more."""
    counts = [Counter(_words(text)) for text in texts]
    words = {word: at for at, word in enumerate(dict.fromkeys(chain.from_iterable(counts)))}
    pieces: dict[str, int] = {}
    split = [[pieces.setdefault(piece, len(pieces)) for piece in _split(word)] for word in words]
    by_word = _matrix(
        [[words[word] for word in one] for one in counts], [[*one.values()] for one in counts], words
    )
    by_piece = _matrix(split, [[1] * len(one) for one in split], pieces)
    weights = (by_word @ by_piece).tocsr()
    present = np.bincount(weights.indices, minlength=len(pieces))
    rare = np.log((1 + len(texts)) / (1 + present)) + 1
    weights.data = (1 + np.log(weights.data)) * rare[weights.indices]
    length = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    return csr_matrix(diags(1 / np.maximum(length, 1e-12)) @ weights)


def _matrix(columns: list[list[int]], values: list[list[int]], names: Mapping[str, int]) -> csr_matrix:
    ends = np.cumsum([0, *(len(one) for one in columns)])
    flat = np.fromiter(chain.from_iterable(values), dtype=float)
    places = np.fromiter(chain.from_iterable(columns), dtype=np.int64)
    return csr_matrix((flat, places, ends), shape=(len(columns), len(names)))


def _alike(rows: csr_matrix, columns: csr_matrix, least: float) -> Iterable[tuple[int, int, float]]:
    """Every pair of a row and a column that are alike at least so much, with how much."""
    turned = columns.T.tocsc()
    for begun in range(0, rows.shape[0], BLOCK):
        block = (rows[begun : begun + BLOCK] @ turned).tocoo()
        kept = block.data >= least
        for row, column, share in zip(block.row[kept], block.col[kept], block.data[kept], strict=True):
            yield int(row) + begun, int(column), min(1.0, round(float(share), 3))
