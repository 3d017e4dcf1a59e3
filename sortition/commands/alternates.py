"""`alternates`: draw alternates for the revealed panel."""

import argparse
from pathlib import Path

from sortition.alternates import alternates
from sortition.canonical import canonical
from sortition.commands.lottery import sound_lottery
from sortition.commands.pool import DONE, Commands
from sortition.folder import read_document, write, write_people
from sortition.problems import SortitionError
from sortition.reveal import reveal


def add(commands: Commands) -> None:
    command = commands.add_parser("alternates", help="draw alternates for the revealed panel")
    command.add_argument("folder", type=Path)
    command.add_argument("--number", type=int, required=True, help="how many alternates")
    command.add_argument("--randomness", help="by default the randomness that drew the panel")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    folder = arguments.folder
    lottery = sound_lottery(folder)
    attributes = read_document(folder / "attributes.json")
    told = read_document(folder / "reveal.json")
    drawn = reveal(lottery, attributes, told["randomness"], told)
    found = alternates(lottery, attributes, drawn, arguments.number, arguments.randomness)
    _refuse_second_alternates(folder, found.document)
    taken = {*drawn.people, *found.people}
    remaining = [name for name in lottery["pseudonyms"] if name not in taken]
    write_people(folder, {"alternates.csv": found.people, "remaining.csv": remaining})
    write(folder / "alternates.json", canonical(found.document))
    print(f"{len(found.people)} alternates are drawn, in calling order: see {folder / 'alternates.csv'}.")
    print(
        f"Expected quota deviation if each member drops out with a chance of 10 %: {found.deviation:.2f} "
        f"seats with them, {found.deviation_without:.2f} without."
    )
    return DONE


def _refuse_second_alternates(folder: Path, document: dict[str, object]) -> None:
    earlier = read_document(folder / "alternates.json", required=False)
    if earlier is not None and earlier != document:
        raise SortitionError(
            "Alternates were already drawn for this panel. A second draw with another number or another "
            "randomness is refused."
        )
