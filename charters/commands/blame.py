"""`blame`: which version and amendment brought each word of a clause."""

import argparse
from pathlib import Path

from charters.commands.options import DONE, Commands, language
from charters.files import read_version
from charters.history import provenance


def add(commands: Commands) -> None:
    command = commands.add_parser("blame", help="say which version and amendment brought each word")
    command.add_argument("charters", type=Path, nargs="+", metavar="charter", help="versions, oldest first")
    command.add_argument("--clause", required=True)
    command.add_argument("--lang", help="language (default: the main one of the charter)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    versions = [read_version(path) for path in options.charters]
    # A draft has no number: its file names it.
    files = {one.digest: path.name for one, path in zip(versions[::-1], options.charters[::-1], strict=True)}
    lang = language(versions[-1].charter, options.lang)
    for passage in provenance(versions, options.clause, lang):
        amendments = ", ".join(passage.origin.amendments)
        named = (
            f"version {passage.origin.version}" if passage.origin.version else files[passage.origin.digest]
        )
        brought = named + (f", {amendments}" if amendments else "")
        print(f"{brought}\t{passage.text}")
    return DONE
