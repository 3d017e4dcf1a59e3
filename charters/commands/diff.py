"""`diff`: what changed between two versions."""

import argparse
from pathlib import Path

from charters.commands.options import DONE, Commands, language
from charters.comparison_views import as_html, as_json, as_text
from charters.files import read_version

_VIEWS = {"text": as_text, "html": as_html, "json": as_json}


def add(commands: Commands) -> None:
    command = commands.add_parser("diff", help="show what changed between two versions")
    command.add_argument("old", type=Path)
    command.add_argument("new", type=Path)
    command.add_argument("--format", choices=_VIEWS, default="text")
    command.add_argument("--lang", help="language shown (default: the main one of NEW)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    old, new = read_version(options.old).charter, read_version(options.new).charter
    print(_VIEWS[options.format](old, new, language(new, options.lang)))
    return DONE
