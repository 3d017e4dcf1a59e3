"""People who share a home: addresses brought into one form, and those nearly alike laid before a person.

Only addresses that are the same in that form make a household by themselves. Those that are nearly the same (a letter
off, a flat left out) are doubts; nothing is merged until somebody has said yes.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from sortition.files.spreadsheet import read_table, write_table
from sortition.problems import Problem

ABBREVIATIONS = Path(__file__).with_name("addresses.csv")
# How alike the words of two addresses are, from 0 to 1, for them to be laid before a person.
ALIKE = 0.85
LEAST_STEM = 3
AT_ONCE = 500
HOUSE_NUMBER_DIGITS = 4
YES = frozenset({"yes", "y", "oui", "o", "true", "1", "same"})
NO = frozenset({"no", "n", "non", "false", "0", "different"})
REVIEW_COLUMNS = ("same", "first address", "second address", "first ids", "second ids")


@dataclass(frozen=True)
class Doubt:
    """Two addresses, in their one form, that may be the same home; `first` sorts before `second`."""

    first: str
    second: str


def normalised(address: str) -> str:
    """An address in one form: without case, accents, punctuation, and with common words abbreviated alike.

    Words of six languages stand in `addresses.csv`, shortened rather than written out: “st” may then be a street or a
    saint, without anybody having to know which. Empty for an address without a letter or digit.
    """
    plain = re.sub(r"(?<=\d)\s?[°ºª]", "", address.casefold()).replace("°", "o")
    plain = unicodedata.normalize("NFKD", plain)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"\b([^\W\d])\.(?=[^\W\d]{2})", r"\1", plain)  # v.le, p.zza
    found = re.findall(r"[^\W\d_]+|\d+", plain)
    words, endings, numbers, _ = _abbreviations()
    said: list[str] = []
    for word, following in pairwise([*found, ""]):
        if word in numbers and following.isdigit():
            continue
        ending = next((one for one in endings if _ends_in(word, one, words)), None)
        if ending:
            said += [word.removesuffix(ending), endings[ending]]
        else:
            said.append(words.get(word, word))
    return " ".join(said)


def _ends_in(word: str, ending: str, words: Mapping[str, str]) -> bool:
    return word not in words and word.endswith(ending) and len(word) - len(ending) >= LEAST_STEM


@cache
def _abbreviations() -> tuple[dict[str, str], dict[str, str], frozenset[str], frozenset[str]]:
    with ABBREVIATIONS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = {
        kind: {row["written"]: row["short"] for row in rows if row["kind"] == kind}
        for kind in ("word", "ending", "number", "inside")
    }
    longest_first = dict(sorted(kinds["ending"].items(), key=lambda pair: -len(pair[0])))
    return kinds["word"], longest_first, frozenset(kinds["number"]), frozenset(kinds["inside"])


def household(cells: Iterable[str]) -> str:
    """The household that the cells of a row name together; empty when all of them are."""
    said = [normalised(cell) for cell in cells]
    return ", ".join(said) if any(said) else ""


def doubtful(addresses: Iterable[str]) -> list[Doubt]:
    """Pairs of different addresses, in their one form, that may be the same home.

    Their words are nearly the same, whatever the order and leaving out those for parts of a house; the numbers of one
    are all in the other: 12 and 14 are two homes, 12 and 12 with a flat may be one.
    """
    streets: dict[str, list[str]] = {}
    for address in sorted({one for one in addresses if one}):
        streets.setdefault(_house_number(address), []).append(address)
    return sorted(
        (doubt for together in streets.values() for doubt in _doubts(together)),
        key=lambda doubt: (doubt.first, doubt.second),
    )


def _house_number(address: str) -> str:
    found = (word for word in re.findall(r"\d+", address) if len(word) <= HOUSE_NUMBER_DIGITS)
    return next(found, "")


def _doubts(addresses: Sequence[str]) -> list[Doubt]:
    *_, inside = _abbreviations()
    words = [
        " ".join(sorted(word for word in re.findall(r"[^\W\d]+", address) if word not in inside))
        for address in addresses
    ]
    numbers = [set(re.findall(r"\d+", address)) for address in addresses]
    found = []
    for start in range(0, len(words), AT_ONCE):
        some = words[start : start + AT_ONCE]
        alike = cdist(some, words[start:], scorer=Indel.normalized_similarity, score_cutoff=ALIKE)
        for pair in np.argwhere(np.triu(alike >= ALIKE, 1)) + start:
            one, other = map(int, pair)
            if numbers[one] <= numbers[other] or numbers[other] <= numbers[one]:
                found.append(Doubt(addresses[one], addresses[other]))
    return found


def merged(households: Sequence[str], same: Iterable[Doubt]) -> list[str]:
    """The households, those said to be the same under one name; sameness travels: a ~ b and b ~ c make one home."""
    name: dict[str, str] = {}

    def of(home: str) -> str:
        while home in name:
            home = name[home]
        return home

    for doubt in same:
        first, second = sorted((of(doubt.first), of(doubt.second)))
        if first != second:
            name[second] = first
    return [of(home) for home in households]


def write_review(
    doubts: Sequence[Doubt], decided: Mapping[Doubt, bool], people: Mapping[str, Sequence[str]]
) -> bytes:
    """The doubts as CSV, a column “same” to fill in with yes or no, and whose addresses they are."""
    answers = {True: "yes", False: "no", None: ""}
    rows = [
        dict(
            zip(
                REVIEW_COLUMNS,
                (
                    answers[decided.get(doubt)],
                    doubt.first,
                    doubt.second,
                    " ".join(people.get(doubt.first, ())),
                    " ".join(people.get(doubt.second, ())),
                ),
                strict=True,
            )
        )
        for doubt in doubts
    ]
    return write_table(REVIEW_COLUMNS, rows)


def read_review(data: bytes, filename: str) -> tuple[dict[Doubt, bool], list[Problem]]:
    """What a person decided about doubts, with every problem of the file; a blank answer decides nothing."""
    table, problems = read_table(data, filename)
    if table is None:
        return {}, problems
    lacking = [name for name in REVIEW_COLUMNS[:3] if name not in table.columns]
    if lacking:
        return {}, [table.lacks(filename, name) for name in lacking]
    decided: dict[Doubt, bool] = {}
    for row, cells in table.rows:
        said = cells["same"].casefold()
        first, second = sorted((cells["first address"], cells["second address"]))
        if said in YES | NO:
            decided[Doubt(first, second)] = said in YES
        elif said:
            sentence = "Row %(row)d of %(file)s, column “%(column)s”: write yes or no, not “%(value)s”."
            problems.append(
                Problem(sentence, {"file": filename, "row": row, "column": "same", "value": cells["same"]})
            )
    return decided, problems
