"""`alternates`: draw alternates for the revealed panel."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sortition.commands.lottery import sound_lottery
from sortition.commands.pool import DONE, Commands
from sortition.files.folder import refuse_lacking, write, write_people
from sortition.problems import SortitionError
from sortition.proofs.canonical import canonical
from sortition.proofs.reading import read_document
from sortition.reveal import reveal
from sortition.vacancies.alternates import Alternates, alternates
from sortition.vacancies.dropout import Dropout, read_dropout, sealed_dropout

WORTH_SAYING = 0.05


def add(commands: Commands) -> None:
    command = commands.add_parser("alternates", help="draw alternates for the revealed panel")
    command.add_argument("folder", type=Path)
    command.add_argument(
        "--number", type=int, help="how many alternates, where `prepare --alternates` sealed no number"
    )
    command.add_argument("--randomness", help="by default the randomness that drew the panel")
    command.add_argument(
        "--dropout",
        type=Path,
        metavar="FILE",
        help="who drops out, where none was sealed: category,value,multiplier, or category,value,seats,dropped",
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    folder = arguments.folder
    lottery = sound_lottery(folder)
    attributes = read_document(folder / "attributes.json")
    told = read_document(folder / "reveal.json")
    drawn = reveal(lottery, attributes, told["randomness"], told)
    dropout = _dropout(arguments.dropout, lottery)
    found = alternates(lottery, attributes, drawn, arguments.number, arguments.randomness, dropout)
    _refuse_second_alternates(folder, found.document)
    taken = {*drawn.people, *found.people}
    remaining = [name for name in lottery["pseudonyms"] if name not in taken]
    refuse_lacking(folder, found.people)
    write_people(folder, "alternates.csv", found.people, remaining)
    write(folder / "alternates-sets.json", canonical(found.sets))
    write(folder / "alternates.json", canonical(found.document))
    print(f"{len(found.people)} alternates are drawn, in calling order: see {folder / 'alternates.csv'}.")
    print(_outlook(found))
    return DONE


def _dropout(path: Path | None, lottery: Mapping[str, Any]) -> Dropout | None:
    known = [(quota["category"], quota["value"]) for quota in lottery["quotas"]]
    return None if path is None else read_dropout(path.read_bytes(), path.name, known)


def _outlook(found: Alternates) -> str:
    """What to expect of these alternates, and which quotas stay thin."""
    dropout = sealed_dropout(found.document["dropout"])
    times = ", times the multipliers of their values" if dropout.multipliers else ""
    lines = [
        f"If each member drops out with a chance of {100 * float(dropout.base):.0f} %{times}, then once alternates are called",
        f"  the quotas miss {found.deviation:.2f} seats on average; without alternates {found.deviation_without:.2f}.",
        f"  every quota is met in {100 * found.met:.0f} % of cases; without alternates in {100 * found.met_without:.0f} %.",
    ]
    thin = [one for one in found.thin if one.expected >= WORTH_SAYING]
    if thin:
        lines.append("  These stay the thinnest (seats missed on average, and without alternates):")
    lines += [f"    {one.category}: {one.value}  {one.expected:.2f}  {one.without:.2f}" for one in thin[:8]]
    return "\n".join(lines)


def _refuse_second_alternates(folder: Path, document: dict[str, object]) -> None:
    earlier = read_document(folder / "alternates.json", required=False)
    if earlier is not None and earlier != document:
        raise SortitionError(
            "Alternates were already drawn for this panel. A second draw with another number or another "
            "randomness is refused."
        )
