"""Charters, chains of versions and pairs of sentences to measure on; the same on every machine.

`sentences.json` holds sentences of our own, each with two revisions written by hand.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from charters.draft import apply
from charters.model import Charter, Clause
from charters.operations import Confirm, Insert, Join, Move, Operation, Replace, Split, Strike
from charters.version import Adopted, Version

POINTS = 4
AMENDMENTS = 10
_ADVERBS = {
    "fr": ("librement", "toujours", "ensemble", "d'abord"),
    "en": ("freely", "always", "together", "first"),
}
_MORE = {
    "fr": "L'évaluation est publique et se fait tous les deux ans.",
    "en": "The evaluation is public and takes place every two years.",
}


@dataclass(frozen=True)
class Pair:
    """Two states of a text; ``edit`` says how the second came about."""

    lang: str
    edit: str
    old: str
    new: str


@cache
def _bases() -> list[dict[str, str | list[str]]]:
    found: list[dict[str, str | list[str]]] = json.loads(
        Path(__file__).with_name("sentences.json").read_text("utf-8")
    )
    return found


def texts(lang: str) -> list[str]:
    """The sentences in a language."""
    return [str(base["text"]) for base in _bases() if base["lang"] == lang]


def pairs() -> list[Pair]:
    """Each sentence with its revisions by hand, and with edits such as people make."""
    found: list[Pair] = []
    chance = random.Random(1)
    for base in _bases():
        lang, old = str(base["lang"]), str(base["text"])
        found += [Pair(lang, "by hand", old, new) for new in base["revised"]]
        found += [Pair(lang, edit, old, new) for edit, new in _edited(old, lang, chance) if new != old]
    return found


def _edited(text: str, lang: str, chance: random.Random) -> list[tuple[str, str]]:
    words = text.split(" ")
    at = chance.randrange(1, len(words) - 1)
    first, _, rest = text.partition(". ")
    comma = text.find(", ")
    return [
        ("a word added", " ".join([*words[:at], chance.choice(_ADVERBS[lang]), *words[at:]])),
        ("a word taken out", " ".join([*words[:at], *words[at + 1 :]])),
        ("a word replaced", " ".join([*words[:at], chance.choice(_ADVERBS[lang]), *words[at + 1 :]])),
        ("a sentence added", f"{text} {_MORE[lang]}"),
        ("sentences exchanged", f"{rest} {first}." if rest else text),
        ("an end taken out", f"{text[:comma]}." if comma > 0 else text),
        ("apostrophes and spaces", text.replace("'", "’").replace(" :", "\u00a0:").replace(" ;", "\u00a0;")),
    ]


def charter(clauses: int, seed: int = 1) -> Charter:
    """A charter of so many clauses in French and English: articles with a heading and four points each."""
    chance = random.Random(seed)
    articles: list[Clause] = []
    left = clauses
    while left:
        n = len(articles)
        points = tuple(_clause(f"a{n}p{m}", "point", chance) for m in range(min(POINTS, left - 1)))
        heading = {"fr": f"Engagement numéro {n}", "en": f"Commitment number {n}"}
        articles.append(replace(_clause(f"a{n}", "article", chance), heading=heading, clauses=points))
        left -= 1 + len(points)
    return Charter("measured", {"fr": "Charte mesurée", "en": "Measured charter"}, tuple(articles))


def _clause(name: str, kind: str, chance: random.Random) -> Clause:
    return Clause(name, kind, {lang: " ".join(chance.sample(texts(lang), 2)) for lang in ("fr", "en")})


def revised(old: Charter, share: float = 0.15, seed: int = 2) -> Charter:
    """The next state of a charter: this share of its clauses reworded, and some moved, struck, split, joined, new."""
    chance = random.Random(seed)
    names = list(old.index.clauses)
    some = chance.sample(names, max(6, round(len(names) * share)))
    few = max(1, len(some) // 10)
    points = [name for name in some if not old.index.children[name]]
    steps: list[Operation] = [_reworded(old, name, chance) for name in some]
    for n, name in enumerate(points[: 4 * few]):
        parent = old.index.parent[name]
        match n % 4:
            case 0:
                steps.append(Move(name, None, None))
            case 1:
                steps.append(Strike(name))
            case 2:
                steps.append(Insert(parent, name, _clause(f"new{n}", "point", chance)))
            case _:
                text = old.clause(name).text
                cut = {lang: tuple(words.split(". ", 1)) for lang, words in text.items() if ". " in words}
                steps += [Split(name, cut, (f"part{n}",))] if len(cut) == len(text) else []
    return apply(old, steps)


def _reworded(text: Charter, name: str, chance: random.Random) -> Replace:
    lang = chance.choice(("fr", "en"))
    words = text.clause(name).text.get(lang, "Mot .").split(" ")
    at = chance.randrange(len(words))
    words[at] = chance.choice(_ADVERBS[lang])
    words.insert(chance.randrange(len(words)), chance.choice(_ADVERBS[lang]))
    return Replace(name, lang, text=" ".join(words))


def chain(clauses: int, versions: int, amendments: int = AMENDMENTS, seed: int = 3) -> list[Version]:
    """A chain of versions, each adopting so many amendments: rewordings, and at times a move, split or join."""
    chance = random.Random(seed)
    found = [Version(1, charter(clauses, seed), "2020-01-01")]
    for number in range(2, versions + 1):
        last = found[-1].charter
        names = chance.sample(
            [name for name, below in last.index.children.items() if name and not below], amendments
        )
        adopted = [
            Adopted(
                f"am-{number}-{n}",
                tuple(_steps(last, name, names, f"s{number}-{n}", chance)),
                (f"c-{number}-{n}",),
            )
            for n, name in enumerate(names)
        ]
        operations = tuple(step for one in adopted for step in one.operations)
        found.append(
            Version(
                number,
                apply(last, operations),
                "2020-01-01",
                f"act-{number}",
                (found[-1].digest,),
                operations,
                tuple(adopted),
            )
        )
    return found


def _steps(
    text: Charter, name: str, taken: Sequence[str], new: str, chance: random.Random
) -> Sequence[Operation]:
    kind = chance.random()
    words = text.clause(name).text
    if kind < 0.1:
        return [Move(name, text.index.parent[name], None)]
    if kind < 0.2 and all(". " in text for text in words.values()) and words:
        return [Split(name, {lang: tuple(text.split(". ", 1)) for lang, text in words.items()}, (new,))]
    if kind < 0.25:
        return [Confirm(name, lang) for lang in words]
    siblings = text.index.children[text.index.parent[name]]
    after = siblings[siblings.index(name) + 1 :][:1]
    if kind < 0.28 and after and not text.index.children[after[0]] and after[0] not in taken:
        return [Join((name, after[0]))]
    return [_reworded(text, name, chance)]
