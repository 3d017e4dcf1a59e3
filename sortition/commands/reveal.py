"""`reveal`: draw the panel, or the letters of an invitation, from public randomness."""

import argparse
from pathlib import Path

from sortition.commands import invitation
from sortition.commands.lottery import sound_lottery, withdrawn_of
from sortition.commands.pool import DONE, Commands
from sortition.files.folder import refuse_lacking, write, write_people
from sortition.proofs.canonical import canonical
from sortition.proofs.reading import read_document
from sortition.reveal import reveal


def add(commands: Commands) -> None:
    command = commands.add_parser("reveal", help="draw the panel, or letters, from public randomness")
    command.add_argument("folder", type=Path)
    command.add_argument("--randomness", required=True, help="the digits drawn, or the text agreed on")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    folder = arguments.folder
    if invitation.is_invitation(folder):
        letters = invitation.draw_folder(folder, arguments.randomness)
        print(f"{letters} letters are drawn: see {folder / 'invited.csv'}.")
        return DONE
    lottery = sound_lottery(folder)
    earlier = read_document(folder / "reveal.json", required=False)
    attributes = read_document(folder / "attributes.json")
    drawn = reveal(lottery, attributes, arguments.randomness, earlier)
    remaining = [name for name in lottery["pseudonyms"] if name not in set(drawn.people)]
    withdrawn = withdrawn_of(lottery, attributes, drawn.people)
    refuse_lacking(folder, set(drawn.people) - withdrawn)
    write_people(folder, "selected.csv", drawn.people, remaining)
    write(folder / "reveal.json", canonical(drawn.document))
    print(f"Panel {drawn.ticket} is drawn: see {folder / 'selected.csv'}.")
    if withdrawn:
        print(f"Of the people drawn, {len(withdrawn)} withdrew before: their seats are empty.")
    return DONE
