"""What the opinion map promises, held against the figures of a run.

Beside the peer the clock decides where nothing else was at work meanwhile, else processor seconds do; limits in seconds
are by the clock under the same condition.
"""

from collections.abc import Sequence
from typing import Any

from tests.benchmarks.claims import Claim
from tests.benchmarks.opinions import IDLE, Mapped

TIMES = 10
SECONDS, MEMORY_MB, FOLDED = 2.0, 1024, 0.2


def opinion_claims(maps: Sequence[Mapped], large: dict[str, Any]) -> list[Claim]:
    """Every claim, in the order in which they are made."""
    return [_clustered(maps), _times(maps), _steady(maps), *_large(large)]


def _clustered(maps: Sequence[Mapped]) -> Claim:
    sentence = "as many participants in groups as the peer puts there, in every conversation"
    beside = [(one, one.peer) for one in maps if one.peer]
    if not beside:
        return Claim(sentence, None, "the peer did not run")
    other = [one.name for one, peer in beside if one.ours.clustered != peer.clustered]
    return Claim(
        sentence, not other, f"other in {', '.join(other)}" if other else f"{len(beside)} of {len(beside)}"
    )


def _times(maps: Sequence[Mapped]) -> Claim:
    sentence = f"mapped at least {TIMES} times faster than by the peer, in every conversation"
    beside = [one for one in maps if one.peer]
    if not beside:
        return Claim(sentence, None, "the peer did not run")
    by_clock = all(one.idle for one in beside)
    (clock, slow), (processor, slow_processor) = (
        min((getattr(one, name), one.name) for one in beside) for name in ("ratio", "processor_ratio")
    )
    figure = f"least by the clock in {slow}: {clock:.1f} times; in processor seconds in {slow_processor}: {processor:.1f}; "
    figure += "the clock decides" if by_clock else "processor seconds decide: other work was done meanwhile"
    return Claim(sentence, (clock if by_clock else processor) >= TIMES, figure)


def _steady(maps: Sequence[Mapped]) -> Claim:
    sentence = "with 1 % more votes the picture neither flips nor do colours change places"
    found = [one.stability for one in maps if one.stability]
    if not found:
        return Claim(sentence, None, "not in this run")
    flips, swaps, draws = (sum(getattr(one, name) for one in found) for name in ("flips", "swaps", "draws"))
    return Claim(sentence, not flips + swaps, f"{flips} flips and {swaps} swaps in {draws} draws")


def _large(found: dict[str, Any]) -> list[Claim]:
    mapped = f"one million votes mapped in at most {SECONDS:.0f} s and 1 GB"
    folded = f"ten thousand new votes folded in within {FOLDED} s"
    orders = "the same votes in any order give the same map, byte for byte"
    if not found:
        return [Claim(sentence, None, "not in this run") for sentence in (mapped, folded, orders)]
    by_clock = found["others"] is not None and found["others"] <= IDLE
    name = "seconds" if by_clock else "processor_seconds"
    told = f"{found['seconds']:.2f} s by the clock, {found['processor_seconds']:.2f} processor seconds, {found['memory_mb']:.0f} MB"
    return [
        Claim(mapped, found[name] <= SECONDS and found["memory_mb"] <= MEMORY_MB, told),
        Claim(
            folded,
            found[f"fold_{name}"] <= FOLDED,
            f"{found['fold_seconds']:.3f} s by the clock, {found['fold_processor_seconds']:.3f} processor seconds",
        ),
        Claim(orders, found["different"] == 1, f"{found['different']} map from {found['orders']} orders"),
    ]
