"""`merge`: amendments into a version, or the conflicts among them."""

import argparse
from pathlib import Path

from charters.commands.options import DONE, NO, Commands, charter_bytes, complain, json_bytes
from charters.conflicts import conflict_to_json, resolution_from_json
from charters.files import read_amendment, read_json, read_version, write_whole
from charters.merging import merge
from charters.problems import CharterError


def add(commands: Commands) -> None:
    command = commands.add_parser("merge", help="merge amendments into a version")
    command.add_argument("base", type=Path)
    command.add_argument("amendments", type=Path, nargs="+", metavar="amendment")
    command.add_argument("--out", type=Path, required=True, help="merged charter, .json or .md")
    command.add_argument("--conflicts", type=Path, help="where to write conflicts as JSON")
    command.add_argument("--resolutions", type=Path, help="a JSON list of decisions about conflicts")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    base = read_version(options.base).charter
    amendments = [read_amendment(path) for path in options.amendments]
    decisions = read_json(options.resolutions) if options.resolutions else []
    if not isinstance(decisions, list):
        raise CharterError("%(file)s is not a list of decisions.", file=options.resolutions)
    outcome = merge(base, amendments, [resolution_from_json(value) for value in decisions])
    conflicts = [conflict_to_json(conflict) for conflict in outcome.conflicts]
    if options.conflicts:
        write_whole(options.conflicts, json_bytes(conflicts))
    if outcome.charter is None:
        for conflict in outcome.conflicts:
            complain(f"{conflict.clause or base.id}: {', '.join(conflict.amendments)}: {conflict.why}")
        return NO
    write_whole(options.out, charter_bytes(outcome.charter, options.out))
    return DONE
