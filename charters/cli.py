"""The command line: one module of `charters/commands/` per command.

Exit codes: 0 done; 1 conflicts or an invalid charter; 2 the input is wrong.
"""

import argparse
from collections.abc import Sequence

from charters.commands import blame, coverage, diff, export, fold, life, merge, rebase, schema, validate
from charters.commands.options import WRONG_INPUT, complain
from charters.problems import CharterError

COMMANDS = (validate, merge, fold, rebase, diff, blame, life, coverage, export, schema)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every problem is one sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except CharterError as error:
        complain(f"{error.amendment}: {error}" if error.amendment else error)
        return WRONG_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m charters", description="Compare, merge and publish charters."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
