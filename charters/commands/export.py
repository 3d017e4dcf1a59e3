"""`export`: publish a version in one format or several."""

import argparse
from pathlib import Path

from charters.commands.options import DONE, Commands, language
from charters.files import read_json, read_version, write_whole
from charters.formats.publication import Minority, minority_from_json
from charters.formats.registry import FORMATS, export


def add(commands: Commands) -> None:
    command = commands.add_parser("export", help="publish a version")
    command.add_argument("charter", type=Path)
    command.add_argument("--to", required=True, help=f"formats, separated by commas: {','.join(FORMATS)}")
    command.add_argument("--out", type=Path, required=True, help="folder")
    command.add_argument("--lang", help="language (default: every language of the charter)")
    command.add_argument("--preamble", type=Path, help="the included common preamble, to be printed")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    version = read_version(options.charter)
    preamble = read_version(options.preamble) if options.preamble else None
    minority = _minority(options.charter)
    for lang in [language(version.charter, options.lang)] if options.lang else version.charter.languages:
        for name in options.to.split(","):
            content = export(version, name, lang, minority=minority, preamble=preamble)
            path = options.out / f"{version.charter.id}-{version.number}.{lang}.{FORMATS[name].suffix}"
            write_whole(path, content)
            print(path)
    return DONE


def _minority(path: Path) -> list[Minority]:
    """The minority statements published beside a version."""
    value = read_json(path) if path.suffix.lower() == ".json" else {}
    return [minority_from_json(item) for item in value.get("minority", [])]
