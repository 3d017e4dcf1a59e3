"""`validate`: is this a charter, a chain of versions, an amendment?"""

import argparse
from pathlib import Path

from charters.amendment import Amendment, amendment_from_json
from charters.commands.options import DONE, NO, Commands, complain
from charters.files.documents import UnreadableError, naming, read_json, read_version
from charters.problems import CharterError
from charters.version import Version, check_chain
from charters.written import check_charter_written

_EXPLAINED = """\
A published version is checked with its digests. Several versions, oldest first, are
checked as a chain: each follows from the one before by its recorded operations, and
no id comes back as another clause. An amendment is checked by itself: whether it can
be applied is what merge says. The exit code is 1 when something does not hold.

  python -m charters validate charter.md
  python -m charters validate v1.json v2.json v3.json
  python -m charters validate am-1.json
"""


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "validate", help="check a charter, a chain of versions or an amendment",
        description="Check a charter, a chain of versions or an amendment.",
        epilog=_EXPLAINED, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    command.add_argument("files", type=Path, nargs="+", metavar="file", help="JSON, Markdown or Akoma Ntoso")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    try:
        found = [_read(path) for path in options.files]
        check_chain([one for one in found if isinstance(one, Version)])
    except UnreadableError:
        raise
    except CharterError as error:
        complain(error)
        return NO
    for one in found:
        print(_told(one))
    return DONE


def _read(path: Path) -> Version | Amendment:
    value = naming(path, lambda: read_json(path)) if path.suffix.lower() == ".json" else None
    if isinstance(value, dict) and "operations" in value:
        return naming(path, lambda: amendment_from_json(value))
    version = read_version(path)
    if not version.date:
        naming(path, lambda: check_charter_written(version.charter))
    return version


def _told(one: Version | Amendment) -> str:
    if isinstance(one, Amendment):
        of = f" of {one.amends}" if one.amends else ""
        return f"{one.id}: amendment{of}, {len(one.operations)} operations"
    charter = one.charter
    version = f"version {one.number}, " if one.date else ""
    languages = ", ".join(charter.languages)
    return f"{charter.id}: {version}{len(charter.index.bare)} clauses, {languages}, {one.content}"
