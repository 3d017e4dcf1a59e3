"""`blame`: which version and amendment brought each word."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from charters.commands.options import DONE, Commands, called, json_bytes, language
from charters.files.documents import read_version
from charters.labels import heading_line, numbers
from charters.tracing.history import FIELDS, Origin, Passage, Provenance
from charters.version import Version


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "blame",
        help="say which version and amendment brought each word",
        description="Say for each passage which version and which amendments brought it, and the "
        "contributions and lessons that these answer.",
    )
    command.add_argument("charters", type=Path, nargs="+", metavar="charter", help="versions, oldest first")
    command.add_argument("--clause", help="its id (default: every clause, and the title)")
    command.add_argument("--lang", help="language (default: the main one of the charter)")
    command.add_argument("--field", choices=FIELDS, help="heading, text or note (default: all)")
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    versions = [read_version(path) for path in options.charters]
    lang = language(versions[-1].charter, options.lang)
    traced = list(_traced(versions, options.clause, lang, options.field))
    if options.format == "json":
        print(json_bytes([_plain(*one, lang, versions) for one in traced]).decode(), end="")
        return DONE
    names = called(versions, options.charters)
    for heading, _clause, field, passages in traced:
        print(f"{heading}, {field}")
        for passage in passages:
            print(f"  {_said(passage.origin, names)}\t{passage.text}")
    return DONE


def _traced(
    versions: Sequence[Version], clause: str | None, lang: str, field: str | None
) -> Iterator[tuple[str, str | None, str, list[Passage]]]:
    """Each text that there is: the heading over it, the clause, the field, the passages."""
    known = Provenance(versions)
    charter = versions[-1].charter
    if clause is None and not field and (title := known.passages(None, lang, "title")):
        yield charter.id, None, "title", title
    found = numbers(charter)
    for one in [charter.clause(clause)] if clause else [one for one, _parent, _depth in charter.walk()]:
        heading = f"{heading_line(one, found.get(one.id), lang)} ({one.id})"
        for name in [field] if field else FIELDS:
            if passages := known.passages(one.id, lang, name):
                yield heading, one.id, name, passages


def _said(origin: Origin, names: Mapping[str, str]) -> str:
    """ "version 2, am-1, for c-9"."""
    answers = f"for {', '.join(origin.answers)}" if origin.answers else ""
    return ", ".join(filter(None, [names[origin.digest], *origin.amendments, answers]))


def _plain(
    heading: str,
    clause: str | None,
    field: str,
    passages: Sequence[Passage],
    lang: str,
    versions: Sequence[Version],
) -> dict[str, Any]:
    by_number = {version.number: version for version in versions}
    return {
        "clause": clause, "called": heading, "field": field, "lang": lang,
        "passages": [
            {
                "text": passage.text, "version": passage.origin.version, "digest": passage.origin.digest,
                "date": by_number[passage.origin.version].date, "act": by_number[passage.origin.version].act,
                "amendments": list(passage.origin.amendments), "answers": list(passage.origin.answers),
            }
            for passage in passages
        ],
    }  # fmt: skip
