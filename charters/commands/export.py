"""`export`: publish a version in one format or several."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from charters.commands.options import DONE, Commands, language
from charters.files.documents import read_json, read_version, write_whole
from charters.formats.publication import Minority, minority_from_json
from charters.formats.registry import FORMATS, Format, export, format_named
from charters.languages import aligned
from charters.version import Version

_EXPLAINED = f"""\
Formats: {", ".join(FORMATS)}; or all.

json and jsonld hold every language. Of the others a file is written for each
language, unless --lang names one; html and md set two side by side with --beside.
Nothing is written when one of the files cannot be made. Nothing is fetched from a
network, and the same input gives the same bytes.

  python -m charters export charter.json --to pdf,docx --out out --lang fr
  python -m charters export charter.json --to html --out out --lang fr --beside en
  python -m charters export charter.fr.md charter.en.md --to all --out out
  python -m charters export v3.json --chain v1.json v2.json --to akn,jsonld --out out
"""


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "export", help="publish a version", description="Publish a version in one format or several.",
        epilog=_EXPLAINED, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    command.add_argument(
        "charter", type=Path, nargs="+",
        help="JSON, Markdown or Akoma Ntoso; several files are languages of one charter, a file each",
    )  # fmt: skip
    command.add_argument("--to", required=True, metavar="FORMATS", help="formats, separated by commas")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder")
    command.add_argument("--lang", help="language (default: every language of the charter)")
    command.add_argument("--beside", metavar="LANG", help="a second language, set beside the first")
    command.add_argument(
        "--preamble", type=Path, metavar="FILE", help="the included common preamble, to print"
    )
    command.add_argument(
        "--chain",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="the versions before, for the history",
    )
    command.add_argument(
        "--address", default="", metavar="URL", help="permanent address of the version, to print"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    files = list(_files(options))  # every file is made before the first is written
    for path, content in files:
        write_whole(path, content)
        print(path)
    return DONE


def _files(options: argparse.Namespace) -> Iterator[tuple[Path, bytes]]:
    version = _version(options.charter)
    charter = version.charter
    chain = sorted(map(read_version, options.chain), key=lambda one: one.number)
    preamble = read_version(options.preamble) if options.preamble else None
    minority = _minority(options.charter[0])
    beside = language(charter, options.beside) if options.beside else ""
    langs = [language(charter, options.lang)] if options.lang or beside else charter.languages
    for name, known in _formats(options.to):
        for lang in langs[:1] if known.languages == "all" else langs:
            content = export(
                version, name, lang, minority=minority, preamble=preamble,
                address=options.address, chain=chain, beside=beside,
            )  # fmt: skip
            written = "" if known.languages == "all" else "-".join(filter(None, [f".{lang}", beside]))
            yield options.out / f"{charter.id}-{version.number}{written}.{known.suffix}", content


def _version(paths: list[Path]) -> Version:
    """The version in a file, or the draft that files of a language each make together."""
    if len(paths) == 1:
        return read_version(paths[0])
    return Version(0, aligned([read_version(path).charter for path in paths]), "")


def _formats(names: str) -> list[tuple[str, Format]]:
    """The formats named, each once."""
    asked = list(FORMATS) if names == "all" else [name.strip() for name in names.split(",")]
    return [(name, format_named(name)) for name in dict.fromkeys(asked)]


def _minority(path: Path) -> list[Minority]:
    """The minority statements published beside a version."""
    value = read_json(path) if path.suffix.lower() == ".json" else {}
    return [minority_from_json(item) for item in value.get("minority", [])]
