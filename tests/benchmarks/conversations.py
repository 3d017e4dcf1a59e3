"""Conversations to map: real ones in the form in which Polis exports them, and generated ones of any size."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deliberate.inputs.opinions.mapping.polis_reading import read
from deliberate.inputs.opinions.mapping.votes import Votes, of_columns

# Of the peer's own figure: about a second for so many votes.
PARTICIPANTS, STATEMENTS, EACH = 1000, 200, 50


@dataclass(frozen=True)
class Conversation:
    """`rows` are (participant, statement, value); `refused` the statements that moderation refused; `seconds` is
    what reading and checking the files took (processor, with the clock beside it), 0 for a generated one."""

    name: str
    rows: list[tuple[int, int, int]]
    refused: list[int]
    seconds: float = 0.0
    replaced: int = 0


def conversations(folder: Path | None) -> Iterator[Conversation | str]:
    """Those in the folders of a folder, or a sentence about one that cannot be read; then one that is generated."""
    for each in sorted(folder.iterdir()) if folder else []:
        if each.is_dir():
            yield _read(each)
    found = drawn(PARTICIPANTS, STATEMENTS, EACH, 1)
    yield Conversation(f"generated, {len(found):,} votes", _rows(found), [])


def _read(folder: Path) -> Conversation | str:
    started = time.process_time()
    found, faults = read({path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))})
    seconds = time.process_time() - started
    if found is None:
        return f"{folder.name}: {len(faults)} faults, the first in line {faults[0].place}: {faults[0]}"
    return Conversation(folder.name, found.rows, found.refused, seconds, found.replaced)


def _rows(votes: Votes) -> list[tuple[int, int, int]]:
    columns = (votes.participants.tolist(), votes.statements.tolist(), votes.values.tolist())
    return list(zip(*columns, strict=True))


def drawn(participants: int, statements: int, each: int, seed: int) -> Votes:
    """Votes of people who lean in two directions and come in three kinds, on `each` statements chosen at random."""
    random = np.random.default_rng(seed)
    kinds = np.array([[1.5, 0.0], [-1.0, 1.2], [-0.7, -1.3]])
    leaning = kinds[random.integers(3, size=participants)] + random.normal(0, 0.6, (participants, 2))
    loading = random.normal(size=(statements, 2))
    people = np.repeat(np.arange(participants), each)
    asked = np.concatenate([random.permutation(statements)[:each] for _ in range(participants)])
    lean = np.sum(leaning[people] * loading[asked], axis=1) + random.normal(size=len(people))
    return of_columns(people, asked, (lean > 0.4).astype(np.int8) - (lean < -0.4).astype(np.int8))
