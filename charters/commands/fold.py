"""`fold`: changes of amendments into the amendments that they change."""

import argparse
from pathlib import Path

from charters.amendment import amendment_to_json
from charters.commands.options import DONE, NO, Commands, json_bytes, tell_conflicts
from charters.files.documents import read_amendment, read_version, write_whole
from charters.merging.folding import folded

_EXPLAINED = """\
An amendment with "amends": "am-1" changes amendment am-1: its operations are about
the text as am-1 would leave it. Name am-1 and its accepted changes, in any order;
am-1 is written to DIR with the changes in it.

  python -m charters fold charter.md am-1.json am-1a.json am-1b.json --out accepted
"""


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "fold", help="fold changes of an amendment into it", description="Fold changes of amendments into them.",
        epilog=_EXPLAINED, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    command.add_argument("base", type=Path, help="the version that the amendments change")
    command.add_argument("amendments", type=Path, nargs="+", metavar="amendment", help="JSON")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    base = read_version(options.base).charter
    whole = folded(base, [read_amendment(path) for path in options.amendments])
    if whole.conflicts:
        tell_conflicts(base, whole.conflicts)
        return NO
    for one in whole.amendments:
        path = options.out / f"{one.id}.json"
        write_whole(path, json_bytes(amendment_to_json(one)))
        print(path)
    return DONE
