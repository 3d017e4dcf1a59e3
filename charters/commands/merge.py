"""`merge`: amendments into a version, or the conflicts among them."""

import argparse
from pathlib import Path

from charters.amendment import Amendment
from charters.commands.options import (
    DONE,
    NO,
    Commands,
    charter_bytes,
    json_bytes,
    tell_conflicts,
    write_rebased,
)
from charters.files.documents import read_amendment, read_json, read_version, write_whole
from charters.merging.conflicts import Conflict, Resolution, conflict_to_json, resolution_from_json
from charters.merging.folding import folded
from charters.merging.merge import merge
from charters.merging.uncontested import uncontested
from charters.model import Charter
from charters.problems import CharterError

_EXPLAINED = """\
The same amendments give the same text in whatever order they are named. An
amendment to an amendment ("amends": "am-1") is folded into it first.

Where amendments cannot all be followed, nothing is written to --out; each
conflict is said with its clause and its amendments, and the exit code is 1.
Settle it in a file of resolutions: [{"clause": "t1", "kind": "text", "lang": "fr",
"field": "text", "keep": "am-2"}]. Or adopt with --uncontested what nobody
contests, and keep the rest alive with --rest.

  python -m charters merge charter.md am-1.json am-2.json --out next.md
  python -m charters merge charter.md am-*.json --out next.md --conflicts conflicts.json
  python -m charters merge charter.md am-*.json --out next.md --resolutions decided.json
  python -m charters merge charter.md am-*.json --out next.md --uncontested --rest pending
"""


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "merge", help="merge amendments into a version", description="Merge amendments into a version.",
        epilog=_EXPLAINED, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    command.add_argument("base", type=Path, help="the version they were written for: JSON or Markdown")
    command.add_argument("amendments", type=Path, nargs="+", metavar="amendment", help="JSON")
    command.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="the merged charter, .json or .md"
    )
    command.add_argument(
        "--conflicts", type=Path, metavar="FILE", help="where to write the conflicts as JSON"
    )
    way = command.add_mutually_exclusive_group()
    way.add_argument(
        "--resolutions", type=Path, metavar="FILE", help="a JSON list of decisions about conflicts"
    )
    way.add_argument(
        "--uncontested", action="store_true", help="merge those that are in no conflict with any other"
    )
    command.add_argument(
        "--rest", type=Path, metavar="DIR", help="with --uncontested: the others, on the merged charter"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if options.rest and not options.uncontested:
        raise CharterError("--rest goes with --uncontested: without it nothing is left over.")
    base = read_version(options.base).charter
    whole = folded(base, [read_amendment(path) for path in options.amendments])
    decisions = _decisions(options.resolutions)
    if options.uncontested and not whole.conflicts:
        return _uncontested(base, whole.amendments, options)
    outcome = merge(base, whole.amendments, decisions)
    conflicts = [*whole.conflicts, *outcome.conflicts]
    _write_conflicts(conflicts, options.conflicts)
    if conflicts or outcome.charter is None:
        tell_conflicts(base, conflicts)
        return NO
    write_whole(options.out, charter_bytes(outcome.charter, options.out))
    print(options.out)
    return DONE


def _uncontested(base: Charter, amendments: tuple[Amendment, ...], options: argparse.Namespace) -> int:
    parted = uncontested(base, amendments)
    _write_conflicts(parted.conflicts, options.conflicts)
    tell_conflicts(base, parted.conflicts)
    if options.rest:
        write_rebased(parted.rest, parted.charter, options.rest)
    write_whole(options.out, charter_bytes(parted.charter, options.out))
    print(f"merged: {', '.join(one.id for one in parted.amendments) or '-'}")
    print(f"left: {', '.join(parted.rest) or '-'}")
    return DONE


def _decisions(path: Path | None) -> list[Resolution]:
    values = read_json(path) if path else []
    if not isinstance(values, list):
        raise CharterError("%(file)s is not a list of decisions.", file=path)
    return [resolution_from_json(value) for value in values]


def _write_conflicts(conflicts: list[Conflict] | tuple[Conflict, ...], path: Path | None) -> None:
    if path:
        write_whole(path, json_bytes([conflict_to_json(conflict) for conflict in conflicts]))
