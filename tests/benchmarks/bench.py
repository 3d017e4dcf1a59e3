"""`make bench`: the draw beside its peer, its cost curve, tables, charters, the opinion map, the demonstration's draw,
the charter page, a crowd of visitors.

    python -m tests.benchmarks.bench [POOLS] [--conversations FOLDER] [--only draws,curve] [--peer auto|run|stored|none]

Figures, never verdicts of a test. Writes results.json, results.md and cost.svg into the folder `bench`.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import get_args

from tests.benchmarks import charter_figures, crowd, curve, draws, opinion_figures, pages, peer, tables, tell
from tests.benchmarks.charter_figures import CharterFigures
from tests.benchmarks.claims import Claim, claims, tables_claim
from tests.benchmarks.curve import Point
from tests.benchmarks.draws import DrawRow
from tests.benchmarks.opinion_figures import OpinionFigures
from tests.benchmarks.pools import SHAPES, PoolFolder, generate, pools_in
from tests.benchmarks.runs import ROOT, machine, today
from tests.benchmarks.tables import Session

ALL = "draws"
OPINIONS = "opinions"
PARTS = ("curve", "tables", "charters", OPINIONS, "demonstration", "page", "crowd")


@dataclass
class Results:
    """What a run found, part by part."""

    machine: str
    date: str
    pools: str
    draws: list[DrawRow] = field(default_factory=list)
    curve: list[Point] = field(default_factory=list)
    tables: list[Session] = field(default_factory=list)
    charters: CharterFigures = field(default_factory=CharterFigures)
    opinions: OpinionFigures = field(default_factory=OpinionFigures)
    lines: dict[str, list[str]] = field(default_factory=dict)


def main(argv: Sequence[str] | None = None) -> None:
    """Measure what was asked for, print it and write it down."""
    arguments = _arguments(argv)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        pools = _pools(arguments.pools, folder, arguments.only)
        parts = [part for part in PARTS if not arguments.only or part in arguments.only]
        origin = f"pools of {arguments.pools}" if arguments.pools else "generated pools"
        origin += f", conversations of {arguments.conversations}" if arguments.conversations else ""
        results = Results(machine(), today(), origin)
        print(f"{results.machine}; {origin}", flush=True)
        _measure_draws(results, pools, arguments)
        _measure_parts(results, parts, folder, arguments.conversations)
    _write(results, arguments.out)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.bench", description="Measure what is promised."
    )
    parser.add_argument(
        "pools", type=Path, nargs="?", help="a folder of pools; generated where none is given"
    )
    parser.add_argument(
        "--conversations",
        type=Path,
        help="a folder of conversations as Polis exports them, a folder each; alone, it asks for the opinion map only",
    )
    parser.add_argument(
        "--only",
        type=_names,
        default=[],
        help=f"some of the pools ({ALL}: every one) and of {', '.join(PARTS)}, with commas",
    )
    parser.add_argument(
        "--peer",
        choices=get_args(peer.Policy),
        default="auto",
        help="auto runs the peer unless its stored figure is above ten minutes",
    )
    parser.add_argument(
        "--repeat", type=int, default=3, help="our repetitions of a draw below 20 seconds (3)"
    )
    parser.add_argument(
        "--store", action="store_true", help="keep the peer's figures of this run in peer.json"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "bench", help="the folder of the results (bench)")
    found = parser.parse_args(argv)
    if found.conversations and not found.pools and not found.only:
        found.only = [OPINIONS]
    return found


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _pools(given: Path | None, folder: Path, only: Sequence[str]) -> list[PoolFolder]:
    """The pools asked for. Raises SystemExit with a sentence when a name of `only` is unknown."""
    found = pools_in(given) if given else []
    known = {ALL, *PARTS, *(pool.name for pool in found), *(shape.name for shape in SHAPES if not given)}
    if unknown := [name for name in only if name not in known]:
        raise SystemExit(f"Nothing is called {', '.join(unknown)}. There are: {', '.join(sorted(known))}.")
    if given is None:
        return [generate(shape, folder / "pools") for shape in SHAPES if _asked(shape.name, only)]
    return [pool for pool in found if _asked(pool.name, only)]


def _asked(name: str, only: Sequence[str]) -> bool:
    return not only or ALL in only or name in only


def _measure_draws(results: Results, pools: Sequence[PoolFolder], arguments: argparse.Namespace) -> None:
    policy: peer.Policy = arguments.peer
    if pools and policy in {"auto", "run"} and (problem := peer.install()):
        print(problem)
        policy = "stored"
    for row in draws.measure(pools, policy, arguments.repeat):
        print(tell.one_line(row), flush=True)
        results.draws.append(row)
        if arguments.store and row.peer and not row.peer.stored:
            peer.store([row.peer])


def _measure_parts(results: Results, parts: Sequence[str], folder: Path, conversations: Path | None) -> None:
    if "curve" in parts:
        for point in curve.measure(folder / "curve"):
            print(
                f"curve: {point.people:,} volunteers, {point.seats} seats: {point.seconds:.2f} s", flush=True
            )
            results.curve.append(point)
    if "tables" in parts:
        for session in tables.measure():
            print(f"tables: {session}", flush=True)
            results.tables.append(session)
    if "charters" in parts:
        results.charters = charter_figures.measure(folder / "charters")
    if OPINIONS in parts:
        results.opinions = opinion_figures.measure(conversations, folder / OPINIONS)
    if "demonstration" in parts:
        results.lines["Draw of the demonstration"] = pages.demonstration_draw()
    if "page" in parts:
        results.lines["Charter page"] = pages.charter_page(folder)
    if "crowd" in parts:
        results.lines["Visitors at once"] = crowd.figures(folder)


def _claims(results: Results) -> list[Claim]:
    found = [*claims(results.draws), tables_claim(results.tables), *results.charters.claims()]
    return [*found, *results.opinions.claims()]


def _write(results: Results, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    text = tell.document(results.machine, results.date, results.pools, results.draws, _claims(results))
    lines = dict(results.lines)
    if results.curve:
        (out / "cost.svg").write_text(curve.chart(results.curve), "utf-8")
        text += tell.curve_table(results.curve)
    if results.tables:
        lines["Tables: distinct pairs that meet, of the bound"] = list(map(str, results.tables))
    if results.charters != CharterFigures():
        text += charter_figures.told(results.charters, out)
    if results.opinions != OpinionFigures():
        text += opinion_figures.told(results.opinions)
    for title, told in lines.items():
        text += f"\n## {title}\n\n" + "\n".join(f"    {line}" for line in told) + "\n"
    (out / "results.md").write_text(text, "utf-8")
    found = asdict(results) | {"claims": [asdict(claim) for claim in _claims(results)]}
    (out / "results.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"\n{text}\nWritten to {out}.")


if __name__ == "__main__":
    main()
