"""Word differences beside those of `diff-match-patch`, on the same pairs of sentences in the same run."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks import environment
from tests.benchmarks.charter_texts import Pair, pairs
from tests.benchmarks.runs import ROOT, figures_of

PACKAGE, VERSION = "diff-match-patch", "20241021"
ENVIRONMENT = ROOT / ".bench" / "words"
ROUNDS, TURNS, PATIENCE = 20, 3, 300.0

Pieces = Sequence[Sequence[str]]


@dataclass(frozen=True)
class WordFigure:
    """What one of the two made of all pairs.

    ``milliseconds``: processor time of one pair, the median of the turns. ``fragments``: deleted and inserted
    pieces over all pairs, ``marked``: the signs in them. ``cut``: words in whose middle a piece begins. ``exact``:
    pairs of which both texts can be put together again.
    """

    name: str
    milliseconds: float
    fragments: int
    marked: int
    cut: int
    exact: int


@dataclass(frozen=True)
class Words:
    """Ours and the peer's figures (None where the peer could not be run), and fragments by kind of edit.

    ``by_word``: the peer made to compare word by word.
    """

    pairs: int
    ours: WordFigure
    peer: WordFigure | None
    by_word: WordFigure | None
    by_edit: dict[str, tuple[int, int, int]]
    problem: str = ""


def measure(folder: Path) -> Words:
    """Both in turns, each in a process of its own. `by_edit`: pairs, our fragments, the peer's."""
    some = pairs()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pairs.json"
    path.write_text(json.dumps([[pair.old, pair.new] for pair in some]), "utf-8")
    problem = environment.install(PACKAGE, VERSION, ENVIRONMENT) or ""
    ours, peers, by_word = [], [], []
    for _ in range(TURNS):
        ours.append(_run(sys.executable, "words_ours", path))
        if not problem:
            peers.append(_run(environment.python_of(ENVIRONMENT), "words_peer", path, "signs"))
            by_word.append(_run(environment.python_of(ENVIRONMENT), "words_peer", path, "words"))
    peer = _figure(f"{PACKAGE} {VERSION}", some, peers) if peers else None
    worded = _figure(f"{PACKAGE}, by word", some, by_word) if by_word else None
    by_edit = {
        edit: (
            sum(pair.edit == edit for pair in some),
            _fragments(some, ours[0]["pieces"], edit),
            _fragments(some, peers[0]["pieces"], edit) if peers else 0,
        )
        for edit in dict.fromkeys(pair.edit for pair in some)
    }
    return Words(len(some), _figure("ours", some, ours), peer, worded, by_edit, problem)


def _run(python: str, module: str, path: Path, *how: str) -> dict[str, Any]:
    found, problem = figures_of(
        [python, "-m", f"tests.benchmarks.{module}", str(path), str(ROUNDS), *how], PATIENCE
    )
    if found is None:
        raise SystemExit(f"{module}: {problem}")
    return found


def _figure(name: str, some: Sequence[Pair], runs: Sequence[dict[str, Any]]) -> WordFigure:
    pieces = runs[0]["pieces"]
    return WordFigure(
        name,
        1000 * median(run["seconds"] for run in runs) / len(some),
        sum(_changed(one) for one in pieces),
        sum(len(text) for one in pieces for tag, text in one if tag != "equal"),
        sum(_cut(one) for one in pieces),
        sum(_exact(pair, one) for pair, one in zip(some, pieces, strict=True)),
    )


def _fragments(some: Sequence[Pair], pieces: Sequence[Pieces], edit: str) -> int:
    return sum(_changed(one) for pair, one in zip(some, pieces, strict=True) if pair.edit == edit)


def _changed(pieces: Pieces) -> int:
    return sum(tag != "equal" for tag, _text in pieces)


def _cut(pieces: Pieces) -> int:
    """Places inside a word at which a piece of the old or of the new text begins."""
    return sum(
        left[-1].isalnum() and right[0].isalnum()
        for gone in ("delete", "insert")
        for side in [[text for tag, text in pieces if tag != gone]]
        for left, right in pairwise(side)
    )


def _exact(pair: Pair, pieces: Pieces) -> bool:
    old, new = ("".join(text for tag, text in pieces if tag != gone) for gone in ("insert", "delete"))
    return (old, new) == (pair.old, pair.new)
