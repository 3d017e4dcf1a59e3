"""The command line: one module of `sortition/commands/` per command.

Exit codes: 0 done; 1 the answer is no (infeasible, does not verify); 2 the input is wrong.
"""

import argparse
from collections.abc import Sequence

from sortition.commands import (
    alternates,
    check,
    invite,
    person,
    prepare,
    replace,
    responses,
    reveal,
    tables,
    verify,
    withdraw,
)
from sortition.commands.pool import WRONG_INPUT, complain
from sortition.problems import SortitionError

COMMANDS = (
    check, prepare, person, withdraw, reveal, alternates, replace, verify, invite, responses, tables,
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Every problem is told in a sentence, never as a traceback."""
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
    except SortitionError as error:
        complain([str(error), *map(str, error.problems)])
        return WRONG_INPUT
    except OSError as error:
        complain([f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}."])
        return WRONG_INPUT
    except KeyboardInterrupt:
        complain(["Stopped. Nothing was prepared."])
        return WRONG_INPUT
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sortition", description="Draw panels by lot.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
