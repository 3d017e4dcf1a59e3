"""`diff`: what changed between two versions."""

import argparse
from pathlib import Path

from charters.commands.options import DONE, Commands, language
from charters.comparing.comparison_page import as_html
from charters.comparing.comparison_views import as_json, as_text
from charters.files.documents import read_version

_VIEWS = {"text": as_text, "html": as_html, "json": as_json}


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "diff",
        help="show what changed between two versions",
        description="Show what changed, clause by clause, then word by word: [-taken out-] and {+added+}. "
        "Unchanged clauses are only counted.",
    )
    command.add_argument("old", type=Path, help="the older version, .json or .md")
    command.add_argument("new", type=Path, help="the newer one")
    command.add_argument("--format", choices=_VIEWS, default="text", help="html is a page that stands alone")
    command.add_argument("--side-by-side", action="store_true", help="old and new texts in two columns")
    command.add_argument(
        "--context", type=int, default=0, metavar="N", help="unchanged clauses shown around a change (0)"
    )
    command.add_argument("--lang", help="language shown (default: the main one of NEW)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    old, new = read_version(options.old).charter, read_version(options.new).charter
    lang = language(new, options.lang)
    print(_VIEWS[options.format](old, new, lang, options.side_by_side, max(0, options.context)))
    return DONE
