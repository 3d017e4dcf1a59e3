"""`schema`: the published JSON schemas."""

import argparse
import json

from charters.commands.options import DONE, Commands
from charters.files.schemas import SCHEMAS, schema


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "schema", help="print a JSON schema of what charters reads and writes",
        description="Print a JSON schema (draft 2020-12). Without a name: the names there are.",
    )  # fmt: skip
    command.add_argument("name", nargs="?", choices=SCHEMAS)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    print(json.dumps(schema(options.name), indent=1) if options.name else "\n".join(SCHEMAS))
    return DONE
