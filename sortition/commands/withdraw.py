"""`withdraw`: take one person out of a folder, so that nobody can tell what was sealed of them."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from sortition.commands.lottery import sound_lottery
from sortition.commands.pool import DONE, Commands
from sortition.files.folder import key_of, pseudonym_of, write
from sortition.files.spreadsheet import read_table, write_table
from sortition.problems import unusable
from sortition.proofs.canonical import canonical
from sortition.proofs.documents import PSEUDONYM, SALT
from sortition.proofs.reading import read_document

LISTS = ("selected.csv", "alternates.csv", "remaining.csv", "chances.csv")


def add(commands: Commands) -> None:
    command = commands.add_parser("withdraw", help="take one person's row, nonce and key out of a folder")
    command.add_argument("folder", type=Path)
    command.add_argument("id", help="the person, as the file of respondents names them")
    command.add_argument("--id-column", default="id", help="the column of that file (id)")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    folder, column, person = arguments.folder, arguments.id_column, arguments.id
    lottery, attributes = sound_lottery(folder), read_document(folder / "attributes.json")
    pseudonym = pseudonym_of(folder, column, person)
    position = lottery["pseudonyms"].index(pseudonym)
    attributes["rows"][position] = attributes["nonces"][position] = None
    write(folder / "attributes.json", canonical(attributes))
    for name in LISTS:
        _leave_out(folder / name, "id" if name == "chances.csv" else column, person)
    # Every nonce and salt follows from the entropy.
    (folder / "entropy.txt").unlink(missing_ok=True)
    _write_key(folder, {own: row for own, row in key_of(folder).items() if own != pseudonym})
    print(
        f"{person} is taken out of {folder}, and entropy.txt is deleted; the lottery still verifies, and says so."
    )
    print(
        "Replace every copy of attributes.json, and ask those who have one to delete it. No longer show it to everyone:"
    )
    print("the other rows and the quotas beside it may tell what this person had answered.")
    return DONE


def _leave_out(path: Path, column: str, person: str) -> None:
    if not path.exists():
        return
    table, problems = read_table(path.read_bytes(), path.name)
    if table is None:
        raise unusable(problems)
    rows = [cells for _, cells in table.rows if cells.get(column) != person]
    write(path, write_table(table.columns, rows))


def _write_key(folder: Path, key: Mapping[str, Mapping[str, str]]) -> None:
    columns: Sequence[str] = list(dict.fromkeys(name for row in key.values() for name in row if name != SALT))
    rows = [{PSEUDONYM: own, **row} for own, row in key.items()]
    write(folder / "key.csv", write_table([PSEUDONYM, SALT, *columns], rows))
