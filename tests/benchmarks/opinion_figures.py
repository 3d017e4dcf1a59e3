"""The part of the benchmark that is about the opinion map: everything measured, and told as Markdown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks import opinions
from tests.benchmarks.claims import Claim
from tests.benchmarks.opinion_claims import opinion_claims
from tests.benchmarks.opinions import Mapped, Side
from tests.benchmarks.tell import table

NOTES = f"""\
Peer: {opinions.PACKAGE} {opinions.VERSION}, its whole pipeline. Both sides map the same votes with the same refused
statements: axes, groups, what sets them apart, consensus, priorities. Reading files is counted for neither; importing
them is told apart, in processor seconds. The sides take turns, {opinions.PAIRS} processes each with {opinions.ROUNDS} maps; medians stand here."""
STABLE = """\
One vote in a hundred is taken away at random and a map made; then all votes are mapped and shown aligned to it. Moves
are shares of the width of the map. Flips and swaps count the draws in which an axis of the picture turned round or two
colours changed places; beside the flips stand those of the bare components, which nobody is shown."""


@dataclass
class OpinionFigures:
    """What a run found. ``problems``: sentences about what could not be measured."""

    maps: list[Mapped] = field(default_factory=list)
    large: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def claims(self) -> list[Claim]:
        return opinion_claims(self.maps, self.large)


def measure(folder: Path | None, temporary: Path) -> OpinionFigures:
    """Measure everything, and say so while it goes on."""
    found = OpinionFigures()
    for one in opinions.measure(folder, temporary):
        print(f"opinions: {one}", flush=True)
        if isinstance(one, Mapped):
            found.maps.append(one)
        else:
            found.problems.append(one)
    large = opinions.large()
    print(f"opinions: {large}", flush=True)
    if isinstance(large, str):
        found.problems.append(large)
    else:
        found.large = large
    return found


def told(figures: OpinionFigures) -> str:
    """The figures as Markdown."""
    parts = ["## Opinion map"]
    if figures.maps:
        parts += [NOTES, _beside(figures.maps), *_differences(figures.maps), STABLE, _stable(figures.maps)]
    if figures.large:
        parts.append(_large(figures.large))
    return "\n" + "\n\n".join([*parts, *figures.problems]) + "\n"


def _beside(maps: Iterable[Mapped]) -> str:
    head = (
        "conversation", "votes (replaced)", "import, s", "in groups, ours and peer’s", "groups, ours", "groups, peer’s",
        "adjusted Rand", "consensus, Spearman", "ours, ms", "peer, ms", "times", "ours, processor ms",
        "peer, processor ms", "times", "others at work",
    )  # fmt: skip
    return table(head, map(_row, maps))


def _row(one: Mapped) -> tuple[str, ...]:
    peer = one.peer
    return (
        one.name,
        f"{one.votes:,} ({one.replaced})",
        f"{one.import_seconds:.3f}" if one.import_seconds else "–",
        f"{one.ours.clustered}, {peer.clustered if peer else '–'}",
        _sizes(one.ours),
        _sizes(peer) if peer else "–",
        _figure(one.rand, ".3f"),
        _figure(one.rank, ".3f"),
        f"{1000 * one.ours.seconds:.1f}",
        f"{1000 * peer.seconds:.1f}" if peer else "–",
        _figure(one.ratio, ".1f"),
        f"{1000 * one.ours.processor_seconds:.1f}",
        f"{1000 * peer.processor_seconds:.1f}" if peer else "–",
        _figure(one.processor_ratio, ".1f"),
        _figure(one.others, ".2f"),
    )


def _sizes(side: Side) -> str:
    return " + ".join(map(str, side.sizes))


def _figure(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _differences(maps: Iterable[Mapped]) -> list[str]:
    """A sentence on each conversation that the peer mapped too."""
    return [_difference(one) for one in maps if one.peer and one.apart is not None]


def _difference(one: Mapped) -> str:
    sides = (
        "the same groups"
        if not one.elsewhere
        else f"{one.elsewhere} of {one.ours.clustered} in another group"
    )
    if one.peer and len(one.peer.sizes) != len(one.ours.sizes):
        sides = f"{len(one.ours.sizes)} groups, the peer {len(one.peer.sizes)}"
    places = f"no place further apart than {one.apart:.2%} of the width"
    if one.refused:
        return (
            f"{one.name}: {sides}; {places}. The {one.refused} refused statements make the difference: they move nobody "
            "on our map, while the peer lets everybody pass on them, also those who never saw them, and scales by them."
        )
    return f"{one.name}: {sides}; {places}."


def _stable(maps: Sequence[Mapped]) -> str:
    head = (
        "conversation", "draws", "median move", "95 of 100 move at most", "change group", "number of groups changes",
        "flips (bare)", "swaps",
    )  # fmt: skip
    rows = (
        (
            one.name, str(found.draws), f"{found.median_move:.2%}", f"{found.far_move:.2%}", f"{found.changed:.2%}",
            str(found.numbers), f"{found.flips} ({found.raw_flips})", str(found.swaps),
        )
        for one in maps
        if (found := one.stability)
    )  # fmt: skip
    return table(head, rows)


def _large(found: dict[str, Any]) -> str:
    rows = [
        (
            "votes",
            f"{found['votes']:,} ({found['participants']:,} participants, {found['statements']:,} statements)",
        ),
        ("mapped", f"{found['seconds']:.2f} s, {found['processor_seconds']:.2f} processor seconds"),
        ("most memory", f"{found['memory_mb']:.0f} MB"),
        (
            f"{found['new']:,} new votes of {found['touched']:,} participants folded in",
            f"{found['fold_seconds']:.3f} s, {found['fold_processor_seconds']:.3f} processor seconds",
        ),
        (f"different maps from {found['orders']} orders", str(found["different"])),
    ]
    return table(("a large conversation", ""), rows)
