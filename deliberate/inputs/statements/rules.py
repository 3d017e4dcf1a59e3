"""Pure decisions of the voting: what a statement may be, and when results show."""

import hashlib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol

from deliberate.core.errors import N_, Refusal
from deliberate.inputs.opinions.mapping.priority import choose, priorities
from deliberate.inputs.rules import LANGUAGES, clean_text, folded
from deliberate.process.rules import RESULTS, Span

TEXT_LIMIT = 280
# A participant has voted on so many statements, or on all there are, before seeing what others think.
ENOUGH_VOTES = 7
PROPOSALS_WAITING, PROPOSALS_WITHIN = 10, timedelta(hours=1)
VALUES = {"agree": 1, "disagree": -1, "pass": 0}

VOTE_NAMES = {1: N_("Agree"), -1: N_("Disagree"), 0: N_("Pass")}


def secret_hash(secret: str) -> str:
    """What is stored of the secret of someone who votes."""
    return hashlib.sha256(f"deliberate/voting/1\n{secret}".encode()).hexdigest()


def clean_statement(given: Mapping[str, str], field: str = "text") -> dict[str, str]:
    """A statement per language, on one line each. Raises Refusal when there is none, or for one that is too long."""
    kept = {code: " ".join(_plain(said).split()) for code, said in given.items() if code in LANGUAGES}
    kept = {code: clean_text(said, field, TEXT_LIMIT) for code, said in kept.items() if said}
    if not kept:
        raise Refusal(N_("Write the statement in at least one language."), field=field)
    return kept


def _plain(text: str) -> str:
    """Without the signs that turn text around: one sentence cannot pass for another."""
    return "".join(c for c in text if unicodedata.bidirectional(c) not in _TURNING)


_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def folded_text(text: Mapping[str, str]) -> str:
    """What searches see of a statement: its words in every language."""
    return folded("\n".join(text[code] for code in sorted(text)))


def results_rule(protocol: Mapping[str, Any]) -> str:
    """When results show, as a protocol says: one of RESULTS."""
    said = protocol.get("results")
    return said if said in RESULTS else RESULTS[0]


def enough(statements: int) -> int:
    """On how many of so many statements someone votes before seeing what others think: all of them where there are few."""
    return min(ENOUGH_VOTES, max(statements, 1))


def results_visible(
    protocol: Mapping[str, Any], span: Span | None, voted: int, statements: int, now: datetime
) -> bool:
    """Whether someone who voted on so many statements of a round sees what others think; the team obeys it too.

    Everyone does once the open phase has closed.
    """
    if span is not None and span.over(now):
        return True
    if results_rule(protocol) == RESULTS[1]:
        return False
    return voted >= enough(statements)


def collecting_round(spans: Sequence[Span], now: datetime) -> int:
    """The round that new statements are for: the first whose open phase is not over, 1 before any is laid out.

    Raises Refusal when the protocol has none left.
    """
    to_come = [span.round for span in spans if span.kind == "open" and not span.over(now)]
    if spans and not to_come:
        raise Refusal(N_("Every open phase of this process is over: no statement can be added any more."))
    return min(to_come, default=1)


class Tallied(Protocol):
    """What priorities are computed from."""

    @property
    def id(self) -> int: ...
    @property
    def agrees(self) -> int: ...
    @property
    def disagrees(self) -> int: ...
    @property
    def passes(self) -> int: ...


def weights(statements: Sequence[Tallied], extremity: Mapping[int, float]) -> dict[int, float]:
    """How often each statement comes next, by id: see `priorities`; `extremity` is that of the last map, if any."""
    found = priorities(
        [one.agrees for one in statements], [one.disagrees for one in statements],
        [one.passes for one in statements], [extremity.get(one.id, 0.0) for one in statements],
    )  # fmt: skip
    return {one.id: float(weight) for one, weight in zip(statements, found, strict=True)}


def next_ones(weights: Mapping[int, float], seen: Collection[int], count: int, seed: str) -> list[int]:
    """The statements somebody is shown next, drawn in proportion to their weights; the same for the same seed."""
    random, shown = Random(seed), set(seen)  # noqa: S311 - which statement comes next is no secret
    found: list[int] = []
    while len(found) < count and (one := choose(weights, shown, random)) is not None:
        found.append(one)
        shown.add(one)
    return found
