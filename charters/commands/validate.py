"""`validate`: is this a charter, and does its history hold together?"""

import argparse
from pathlib import Path

from charters.amendment import content_digest
from charters.commands.options import DONE, NO, Commands, complain
from charters.files import UnreadableError, read_version
from charters.problems import CharterError


def add(commands: Commands) -> None:
    command = commands.add_parser("validate", help="check a charter or a published version")
    command.add_argument("file", type=Path)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    try:
        version = read_version(options.file)
    except UnreadableError:
        raise
    except CharterError as error:
        complain(error)
        return NO
    charter = version.charter
    clauses = sum(1 for _ in charter.walk())
    print(f"{charter.id}: {clauses} clauses, {', '.join(charter.languages)}, {content_digest(charter)}")
    return DONE
