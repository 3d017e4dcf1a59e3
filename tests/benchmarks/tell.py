"""A run's figures as Markdown."""

from collections.abc import Iterable, Sequence

from tests.benchmarks.claims import Claim
from tests.benchmarks.curve import Point
from tests.benchmarks.draws import DrawRow, OurFigure

SPEED = (
    "pool", "n", "k", "categories", "types", "peer, s", "ours, s (least)", "times", "peer, processor s",
    "ours, processor s", "times", "load, others at work", "verify, s", "memory, MB", "peer’s memory, MB",
)  # fmt: skip
FAIRNESS = (
    "pool", "left out, peer’s and ours", "peer’s least", "ours, lottery", "ours, leximin", "bound", "leximin chances", "largest |π̂ − π|",
    "documents",
)  # fmt: skip
NOTES = """\
Peer: the maximin of sortition-algorithms with HiGHS, its algorithm alone. Ours: leximin, certificate, 1,000 panels,
pseudonyms and digests. Importing and reading the files are counted for neither. Each draw and each run of the peer is
a process of its own; the peer runs between our repetitions, of which the median (and the least) stands here. Processor
seconds are user and system time, which other work on the machine hardly changes. Load is the load average as each
measure began, our own one before among it; beside it stands the most processors that anything else had at work
meanwhile. * marks a figure of the peer stored
in `tests/benchmarks/peer.json`, by the clock no more than the processor was at work; ≥ marks a run of the peer that was stopped. The peer is not run on sf-e and the two
national pools. Both leave out people whom no panel can hold; the least chances are those of the others."""

MARKS = {True: "met", False: "**not met**", None: "not measured"}


def document(machine: str, date: str, pools: str, rows: Sequence[DrawRow], claims: Sequence[Claim]) -> str:
    """What was measured, where, and what it says of each claim."""
    text = f"# Benchmark\n\n{machine}; {date}; {pools}.\n"
    if any(claim.met is not None for claim in claims):
        text += f"\n## Claims\n\n{claims_table(claims)}\n"
    if rows:
        text += f"\n## Draws\n\n{draws_tables(rows)}\n"
    return text


def curve_table(points: Sequence[Point]) -> str:
    """The cost curve in figures."""
    head = ("volunteers", "seats", "s", "processor s")
    rows = (
        (f"{point.people:,}", str(point.seats), f"{point.seconds:.2f}", f"{point.processor_seconds:.2f}")
        for point in points
    )
    return (
        f"\n## Cost over the size of the pool\n\n![cost over volunteers](cost.svg)\n\n{table(head, rows)}\n"
    )


def claims_table(claims: Sequence[Claim]) -> str:
    """One line per claim."""
    return table(("claim", "", "figure"), ((one.sentence, MARKS[one.met], one.figure) for one in claims))


def draws_tables(rows: Sequence[DrawRow]) -> str:
    """Speed, then fairness and proof."""
    return "\n\n".join(
        [NOTES, table(SPEED, map(_speed, rows)), table(FAIRNESS, map(_fairness, rows)), *_stored(rows)]
    )


def one_line(row: DrawRow) -> str:
    """A row while the run goes on."""
    if row.ours is None:
        return f"{row.pool:<13} {row.problem}"
    peer = f"peer {_peer_seconds(row)} s ({_times(row.processor_ratio)} times), " if row.peer else ""
    return (
        f"{row.pool:<13} {row.ours.median:7.2f} s, processor {row.ours.processor_median:7.2f} s, {peer}"
        f"least {row.ours.least:.4f}, bound {row.ours.bound:.5f}, |π̂ − π| {row.ours.largest_difference:.5f}, "
        f"{_attained(row.ours)}, {row.ours.memory_mb:.0f} MB, {_verified(row.ours)} in {row.ours.verify_seconds:.2f} s"
    )


def _speed(row: DrawRow) -> tuple[str, ...]:
    size = (row.pool, f"{row.people:,}", str(row.seats), str(row.categories), f"{row.types:,}")
    peer = _peer_seconds(row)
    if row.ours is None:
        return (*size, peer, row.problem, *[""] * 8)
    return (
        *size,
        peer,
        f"{row.ours.median:.2f} ({min(row.ours.seconds):.2f})",
        _times(row.ratio),
        f"{row.peer.processor_seconds:.1f}" if row.peer else "–",
        f"{row.ours.processor_median:.2f}",
        _times(row.processor_ratio),
        _busy(row),
        f"{row.ours.verify_seconds:.2f}",
        f"{row.ours.memory_mb:.0f}",
        f"{row.peer.memory_mb:.0f}" if row.peer and row.peer.finished else "–",
    )


def _fairness(row: DrawRow) -> tuple[str, ...]:
    least = f"{row.peer.least:.5f}" if row.peer and row.peer.finished else "–"
    peers_left_out = str(row.peer.left_out) if row.peer and row.peer.finished else "–"
    if row.ours is None:
        return (row.pool, peers_left_out, least, row.problem, *[""] * 5)
    return (
        row.pool,
        f"{peers_left_out}, {row.ours.left_out}",
        least,
        f"{row.ours.least:.5f}",
        f"{row.ours.leximin_least:.5f}",
        f"{row.ours.bound:.5f}",
        _attained(row.ours),
        f"{row.ours.largest_difference:.5f}",
        _verified(row.ours),
    )


def _attained(ours: OurFigure) -> str:
    return "attained" if ours.attained else "bound proved"


def _verified(ours: OurFigure) -> str:
    return "do not verify" if ours.failed else "verify"


def _peer_seconds(row: DrawRow) -> str:
    if row.peer is None:
        return "–"
    sign = "" if row.peer.finished else "≥ "
    return f"{sign}{row.peer.clock:.1f}{'*' if row.peer.stored else ''}"


def _busy(row: DrawRow) -> str:
    """The load average as the measures began, and the most processors that anything else had meanwhile."""
    peer = [row.peer] if row.peer and not row.peer.stored else []
    loads = [*(row.ours.load if row.ours else []), *(one.load for one in peer if one.load is not None)]
    others = [*(row.ours.others if row.ours else []), *(one.others for one in peer)]
    told = [one for one in others if one is not None]
    if not loads:
        return "–"
    return (
        f"{min(loads):.1f} to {max(loads):.1f}, {max(told):.2f}"
        if told
        else f"{min(loads):.1f} to {max(loads):.1f}"
    )


def _times(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.1f}"


def _stored(rows: Sequence[DrawRow]) -> list[str]:
    """Where the stored figures come from."""
    stored: dict[str, list[str]] = {}
    for row in rows:
        if row.peer and row.peer.stored:
            origin = f"{row.peer.machine}, {row.peer.date}, version {row.peer.version}"
            stored.setdefault(origin, []).append(row.pool)
    lines = [f"\\* Measured on {origin}: {', '.join(pools)}." for origin, pools in stored.items()]
    return ["\n".join(lines)] if lines else []


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(_cell, cells)) + " |" for cells in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
