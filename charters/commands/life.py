"""`life`: every version in which a clause changed, what changed, and by which amendments."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from charters.commands.options import DONE, Commands, called, json_bytes, language
from charters.comparing.comparison_views import marked
from charters.comparing.comparison_words import SAID, SIGNS, STATUS
from charters.comparing.readable import Segment, altered
from charters.files.documents import read_version
from charters.labels import spoken
from charters.tracing.history import FIELDS
from charters.tracing.life import Moment, life


def add(commands: Commands) -> None:
    command = commands.add_parser(
        "life",
        help="tell the life of a clause",
        description="Tell every version in which a clause came, changed, moved, was split, joined or struck, "
        "with the amendments that did it and what they answer; before a split or a join, the lives of the "
        "clauses it came from.",
    )
    command.add_argument("charters", type=Path, nargs="+", metavar="charter", help="versions, oldest first")
    command.add_argument("--clause", required=True, help="its id; it may be struck by now")
    command.add_argument("--lang", help="language (default: the main one of the last version)")
    command.add_argument("--format", choices=("text", "json"), default="text")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    versions = [read_version(path) for path in options.charters]
    lang = language(versions[-1].charter, options.lang)
    moments = life(versions, options.clause)
    if options.format == "json":
        print(json_bytes([_plain(moment, lang) for moment in moments]).decode(), end="")
    else:
        names = called(versions, options.charters)
        print("\n\n".join("\n".join(_lines(moment, lang, names)) for moment in moments))
    return DONE


def _lines(moment: Moment, lang: str, names: Mapping[str, str]) -> Iterator[str]:
    words, said = STATUS[spoken(lang)], SAID[spoken(lang)]
    others = [name for name in moment.others if name != moment.clause]
    fate = words[moment.status] + (f" ({said['with'] % ', '.join(others)})" if others else "")
    fate += f", {words['moved']}" if moment.moved and moment.status != "moved" else ""
    causes = [names[moment.digest], moment.date, *moment.amendments]
    causes += [f"→ {', '.join(moment.answers)}"] if moment.answers else []
    yield f"{SIGNS[moment.status]} {moment.clause}{said['colon']}{fate} — {', '.join(filter(None, causes))}"
    for pieces in _words(moment, lang).values():
        yield from (f"  {line}" for line in marked(pieces).split("\n"))


def _words(moment: Moment, lang: str) -> Mapping[str, Sequence[Segment]]:
    """The headings, texts and notes that changed."""
    found = {field: moment.words(field, lang) for field in FIELDS}
    return {field: pieces for field, pieces in found.items() if altered(pieces)}


def _plain(moment: Moment, lang: str) -> dict[str, Any]:
    return {
        "version": moment.version, "date": moment.date, "act": moment.act, "clause": moment.clause,
        "status": moment.status, "moved": moment.moved, "amendments": list(moment.amendments),
        "answers": list(moment.answers), "others": list(moment.others), "fields": list(moment.fields),
        "lang": lang,
        "words": {field: [list(piece) for piece in pieces] for field, pieces in _words(moment, lang).items()},
    }  # fmt: skip
