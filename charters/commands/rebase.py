"""`rebase`: pending amendments on a newer version."""

import argparse
from pathlib import Path

from charters.commands.options import DONE, NO, Commands, write_rebased
from charters.files.documents import read_amendment, read_version
from charters.merging.merge import in_order
from charters.merging.rebasing import rebase_all

_EXPLAINED = """\
Each amendment is written to DIR under its id, on NEW. One that asks for nothing
more, because NEW says it already, is left out and named. One that changes the words
that NEW changed cannot follow: it is named with the reason, and the exit code is 1.

  python -m charters rebase v1.json v3.json am-7.json am-9.json --out pending
"""


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "rebase", help="carry pending amendments over to a newer version",
        description="Carry pending amendments over to a newer version.",
        epilog=_EXPLAINED, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    command.add_argument("old", type=Path, help="the version they were written for")
    command.add_argument("new", type=Path, help="a later version, one step on or several")
    command.add_argument("amendments", type=Path, nargs="+", metavar="amendment", help="JSON")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    old, new = read_version(options.old).charter, read_version(options.new).charter
    amendments = in_order(read_amendment(path) for path in options.amendments)
    return DONE if write_rebased(rebase_all(amendments, old, new), new, options.out) else NO
