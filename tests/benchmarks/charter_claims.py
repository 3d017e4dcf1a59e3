"""What the document engine promises, held against the figures of a run.

Processor seconds decide: on a machine with other work the clock tells of that work. Both are told.
"""

from collections.abc import Mapping, Sequence

from tests.benchmarks.charter_chart import slope
from tests.benchmarks.charter_words import Words
from tests.benchmarks.charters import USUAL, Cost
from tests.benchmarks.claims import Claim

COMPARISON, MERGE, PROVENANCE, EXPORT = 0.2, 1.0, 1.0, 5.0
MERGED, MEMORY_MB, CONFLICTS = 500, 200, 50
VERSIONS = 200
NEAR_LINEAR = 1.2


def charter_claims(costs: Sequence[Cost], exports: Mapping[str, float], words: Words | None) -> list[Claim]:
    """Every claim, in the order in which they are made."""
    return [
        _merge(_at(costs, "merge", "amendments", MERGED)),
        _seconds(
            f"two versions of {USUAL:,} clauses compared in under {COMPARISON} s",
            _at(costs, "comparison", "clauses", USUAL), COMPARISON,
        ),
        _seconds(
            f"the origin of every word over {VERSIONS} versions of {USUAL:,} clauses in under {PROVENANCE:.0f} s",
            _at(costs, "provenance", "versions", VERSIONS), PROVENANCE,
        ),
        _export(exports),
        _growth(costs),
        *_words(words),
    ]  # fmt: skip


def _at(costs: Sequence[Cost], series: str, over: str, size: int) -> Cost | None:
    return next((cost for cost in costs if (cost.series, cost.over, cost.size) == (series, over, size)), None)


def _seconds(sentence: str, cost: Cost | None, limit: float) -> Claim:
    if cost is None:
        return Claim(sentence, None, "not in this run")
    return Claim(sentence, cost.processor_seconds < limit, _told(cost))


def _told(cost: Cost) -> str:
    return f"{cost.processor_seconds:.3f} processor seconds, {cost.seconds:.3f} s by the clock, {cost.memory_mb:.0f} MB"


def _merge(cost: Cost | None) -> Claim:
    sentence = f"{MERGED} amendments, {CONFLICTS} of which conflict, merged into {USUAL:,} clauses in under {MERGE:.0f} s and {MEMORY_MB} MB"
    if cost is None:
        return Claim(sentence, None, "not in this run")
    met = cost.processor_seconds < MERGE and cost.memory_mb < MEMORY_MB
    return Claim(sentence, met, f"{_told(cost)}, {cost.conflicts} conflicts")


def _export(exports: Mapping[str, float]) -> Claim:
    sentence = f"{USUAL:,} clauses exported in every format in under {EXPORT:.0f} s"
    if not exports:
        return Claim(sentence, None, "not in this run")
    longest = max(exports, key=lambda name: exports[name])
    total = sum(exports.values())
    return Claim(
        sentence,
        total < EXPORT,
        f"{total:.2f} s for {len(exports)} formats, {exports[longest]:.2f} s of them {longest}",
    )


def _growth(costs: Sequence[Cost]) -> Claim:
    sentence = f"cost grows near-linearly: exponents of at most {NEAR_LINEAR}"
    kinds = dict.fromkeys((cost.series, cost.over) for cost in costs)
    lines = {kind: [cost for cost in costs if (cost.series, cost.over) == kind] for kind in kinds}
    exponents = {kind: slope(line) for kind, line in lines.items() if len(line) > 1}
    if not exponents:
        return Claim(sentence, None, "not in this run")
    told = ", ".join(f"{series} over {over} {value:.2f}" for (series, over), value in exponents.items())
    return Claim(sentence, max(exponents.values()) <= NEAR_LINEAR, told)


def _words(words: Words | None) -> list[Claim]:
    fewer = "word differences in fewer pieces than diff-match-patch, none of them cutting a word, all exact"
    faster = "and in no more time"
    if words is None or words.peer is None:
        return [
            Claim(fewer, None, words.problem if words else "not in this run"),
            Claim(faster, None, "not in this run"),
        ]
    ours, peer = words.ours, words.peer
    exact = f"{ours.exact} and {peer.exact} of {words.pairs} pairs exact"
    figure = (
        f"{ours.fragments} pieces beside {peer.fragments}; words cut: {ours.cut} beside {peer.cut}; {exact}"
    )
    met = ours.fragments < peer.fragments and not ours.cut and ours.exact == words.pairs
    times = f"{ours.milliseconds:.3f} ms a pair beside {peer.milliseconds:.3f} ms, processor time"
    return [Claim(fewer, met, figure), Claim(faster, ours.milliseconds <= peer.milliseconds, times)]
