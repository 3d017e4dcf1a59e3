"""What commands share: exit codes, languages, and charters as files."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from charters.amendment import amendment_to_json
from charters.files.documents import write_whole
from charters.files.markdown_writing import write_markdown
from charters.merging.conflicts import Conflict
from charters.merging.rebasing import Rebased
from charters.model import Charter
from charters.plain import charter_to_json
from charters.problems import CharterError
from charters.tracing.ancestry import digests
from charters.version import Version

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

DONE, NO, WRONG_INPUT = 0, 1, 2


def complain(sentence: object) -> None:
    """One problem, on a line of standard error."""
    print(sentence, file=sys.stderr)


def language(charter: Charter, asked: str | None) -> str:
    """The language asked for, or the main one of the charter; raises CharterError when it has no such text."""
    if asked and asked not in charter.languages:
        raise CharterError(
            "This charter is not written in %(lang)s. Its languages: %(langs)s.",
            lang=asked, langs=", ".join(charter.languages),
        )  # fmt: skip
    return asked or charter.languages[0]


def called(versions: Sequence[Version], paths: Sequence[Path]) -> dict[str, str]:
    """What each version of a chain is called, by its digest: a draft has no number, so its file names it.

    Of drafts that say the same, the first is named: the words came with it.
    """
    known = list(zip(versions, digests(versions), paths, strict=True))
    return {digest: f"version {one.number}" if one.number else path.name for one, digest, path in known[::-1]}


def charter_bytes(charter: Charter, path: Path) -> bytes:
    """A charter in the form that the name of its file asks for: Markdown or JSON."""
    if path.suffix.lower() in {".md", ".markdown"}:
        return write_markdown(charter).encode()
    return json_bytes(charter_to_json(charter))


def json_bytes(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def tell_conflicts(base: Charter, conflicts: Iterable[Conflict]) -> None:
    """One line for each conflict: where, among which amendments, why."""
    for conflict in conflicts:
        complain(f"{conflict.clause or base.id}: {', '.join(conflict.amendments)}: {conflict.why}")


def write_rebased(rebased: Mapping[str, Rebased], charter: Charter, folder: Path) -> bool:
    """Write the amendments that could follow, and say which ones could not; whether all could."""
    for name, one in rebased.items():
        tell_conflicts(charter, one.conflicts)
        if one.is_done:
            print(f"{name}: nothing is left to change")
        elif one.amendment is not None:
            path = folder / f"{name}.json"
            write_whole(path, json_bytes(amendment_to_json(one.amendment)))
            print(path)
    return all(one.amendment is not None for one in rebased.values())
