"""The command line: compare, merge, trace, publish and check charters.

Exit codes: 0 done, 1 conflicts or an invalid charter, 2 the input is wrong.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from charters.amendment import content_digest
from charters.comparison_views import as_html, as_json, as_text
from charters.conflicts import conflict_to_json, resolution_from_json
from charters.files import UnreadableError, read_amendment, read_json, read_version, write_whole
from charters.formats.publication import Minority, minority_from_json
from charters.formats.registry import FORMATS, export
from charters.history import provenance
from charters.markdown import write_markdown
from charters.merging import merge
from charters.model import Charter
from charters.plain import charter_to_json
from charters.problems import CharterError

_VIEWS = {"text": as_text, "html": as_html, "json": as_json}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; every problem is one sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except CharterError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m charters", description="Compare, merge and publish charters."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("diff", help="show what changed between two versions")
    command.add_argument("old", type=Path)
    command.add_argument("new", type=Path)
    command.add_argument("--format", choices=_VIEWS, default="text")
    command.add_argument("--lang", help="language shown (default: the main one of NEW)")
    command.set_defaults(run=_diff)

    command = commands.add_parser("merge", help="merge amendments into a version")
    command.add_argument("base", type=Path)
    command.add_argument("amendments", type=Path, nargs="+", metavar="amendment")
    command.add_argument("--out", type=Path, required=True, help="merged charter, .json or .md")
    command.add_argument("--conflicts", type=Path, help="where to write conflicts as JSON")
    command.add_argument("--resolutions", type=Path, help="a JSON list of decisions about conflicts")
    command.set_defaults(run=_merge)

    command = commands.add_parser("blame", help="say which version and amendment brought each word")
    command.add_argument("charters", type=Path, nargs="+", metavar="charter", help="versions, oldest first")
    command.add_argument("--clause", required=True)
    command.add_argument("--lang", help="language (default: the main one of the charter)")
    command.set_defaults(run=_blame)

    command = commands.add_parser("export", help="publish a version")
    command.add_argument("charter", type=Path)
    command.add_argument("--to", required=True, help=f"formats, separated by commas: {','.join(FORMATS)}")
    command.add_argument("--out", type=Path, required=True, help="folder")
    command.add_argument("--lang", help="language (default: every language of the charter)")
    command.add_argument("--preamble", type=Path, help="the included common preamble, to be printed")
    command.set_defaults(run=_export)

    command = commands.add_parser("validate", help="check a charter or a published version")
    command.add_argument("file", type=Path)
    command.set_defaults(run=_validate)
    return parser


def _diff(options: argparse.Namespace) -> int:
    old, new = read_version(options.old).charter, read_version(options.new).charter
    print(_VIEWS[options.format](old, new, _lang(new, options.lang)))
    return 0


def _merge(options: argparse.Namespace) -> int:
    base = read_version(options.base).charter
    amendments = [read_amendment(path) for path in options.amendments]
    decisions = read_json(options.resolutions) if options.resolutions else []
    if not isinstance(decisions, list):
        raise CharterError("%(file)s is not a list of decisions.", file=options.resolutions)
    outcome = merge(base, amendments, [resolution_from_json(value) for value in decisions])
    conflicts = [conflict_to_json(conflict) for conflict in outcome.conflicts]
    if options.conflicts:
        write_whole(options.conflicts, _json_bytes(conflicts))
    if outcome.charter is None:
        for conflict in outcome.conflicts:
            print(
                f"{conflict.clause or base.id}: {', '.join(conflict.amendments)}: {conflict.why}",
                file=sys.stderr,
            )
        return 1
    write_whole(options.out, _written(outcome.charter, options.out))
    return 0


def _blame(options: argparse.Namespace) -> int:
    versions = [read_version(path) for path in options.charters]
    # A draft has no number: its file names it.
    files = {one.digest: path.name for one, path in zip(versions[::-1], options.charters[::-1], strict=True)}
    lang = _lang(versions[-1].charter, options.lang)
    for passage in provenance(versions, options.clause, lang):
        amendments = ", ".join(passage.origin.amendments)
        named = (
            f"version {passage.origin.version}" if passage.origin.version else files[passage.origin.digest]
        )
        brought = named + (f", {amendments}" if amendments else "")
        print(f"{brought}\t{passage.text}")
    return 0


def _export(options: argparse.Namespace) -> int:
    version = read_version(options.charter)
    preamble = read_version(options.preamble) if options.preamble else None
    minority = _minority(options.charter)
    for lang in [_lang(version.charter, options.lang)] if options.lang else version.charter.languages:
        for name in options.to.split(","):
            content = export(version, name, lang, minority=minority, preamble=preamble)
            path = options.out / f"{version.charter.id}-{version.number}.{lang}.{FORMATS[name].suffix}"
            write_whole(path, content)
            print(path)
    return 0


def _validate(options: argparse.Namespace) -> int:
    try:
        version = read_version(options.file)
    except UnreadableError:
        raise
    except CharterError as error:
        print(error, file=sys.stderr)
        return 1
    charter = version.charter
    clauses = sum(1 for _ in charter.walk())
    print(f"{charter.id}: {clauses} clauses, {', '.join(charter.languages)}, {content_digest(charter)}")
    return 0


def _minority(path: Path) -> list[Minority]:
    """The minority statements published beside a version."""
    value = read_json(path) if path.suffix.lower() == ".json" else {}
    return [minority_from_json(item) for item in value.get("minority", [])]


def _lang(charter: Charter, asked: str | None) -> str:
    if asked and asked not in charter.languages:
        raise CharterError(
            "This charter is not written in %(lang)s. Its languages: %(langs)s.",
            lang=asked, langs=", ".join(charter.languages),
        )  # fmt: skip
    return asked or charter.languages[0]


def _written(charter: Charter, path: Path) -> bytes:
    if path.suffix.lower() in {".md", ".markdown"}:
        return write_markdown(charter).encode()
    return _json_bytes(charter_to_json(charter))


def _json_bytes(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
