"""`person`: write what one person needs to check what was sealed about them."""

import argparse
from pathlib import Path

from sortition.commands.lottery import sound_lottery
from sortition.commands.pool import DONE, Commands
from sortition.files.folder import key_of, pseudonym_of, write
from sortition.problems import SortitionError
from sortition.proofs.canonical import canonical
from sortition.proofs.documents import SALT
from sortition.proofs.reading import read_document
from sortition.report.personal import personal_page
from sortition.sealing import personal


def add(commands: Commands) -> None:
    command = commands.add_parser("person", help="write the file by which one person checks their own row")
    command.add_argument("folder", type=Path)
    command.add_argument("id", help="the person, as the file of respondents names them")
    command.add_argument("--id-column", default="id", help="the column of that file (id)")
    command.add_argument("--out", type=Path, required=True, help="the file to write, for this person alone")
    command.add_argument(
        "--page",
        type=Path,
        help="also a page in words, for this person alone: their chance, and how to check it",
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    folder = arguments.folder
    lottery, attributes = sound_lottery(folder), read_document(folder / "attributes.json")
    pseudonym = pseudonym_of(folder, arguments.id_column, arguments.id)
    columns = key_of(folder)[pseudonym]
    mine = personal(lottery, attributes, pseudonym, columns, columns.pop(SALT))
    if mine is None:
        raise SortitionError(
            "The row of %(person)s was withdrawn: nothing of it is kept.", {"person": arguments.id}
        )
    write(arguments.out, canonical(mine))
    if arguments.page:
        write(arguments.page, personal_page(lottery, attributes, mine).encode())
    print(f"Give {arguments.out} to this person alone. They check it beside lottery.json:")
    print(f"python -m sortition verify lottery.json --person {arguments.out.name}")
    return DONE
