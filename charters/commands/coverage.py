"""`coverage`: the clauses that rest on no contribution, and the contributions that nothing answers."""

import argparse
from pathlib import Path

from charters.commands.options import DONE, Commands
from charters.files.documents import read_lines, read_version
from charters.labels import heading_line, numbers
from charters.tracing.coverage import unanswered, unsourced


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "coverage",
        help="say which clauses rest on no contribution, and which contributions nothing answers",
        description="List the clauses no word of which comes from an amendment that answers something and, "
        "given their ids, the contributions and lessons that no adopted amendment answers.",
    )
    command.add_argument("charters", type=Path, nargs="+", metavar="charter", help="versions, oldest first")
    command.add_argument("--contributions", type=Path, help="a text file of ids, one on each line")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    versions = [read_version(path) for path in options.charters]
    charter = versions[-1].charter
    found, lang = numbers(charter), charter.languages[0]
    without = unsourced(versions)
    print(f"Clauses without a source: {len(without)}")
    for name in without:
        print(f"  {name}\t{heading_line(charter.clause(name), found.get(name), lang)}")
    if options.contributions:
        open_ones = unanswered(dict.fromkeys(read_lines(options.contributions)), versions)
        print(f"Contributions without an answer: {len(open_ones)}")
        for contribution in open_ones:
            print(f"  {contribution}")
    return DONE
