"""What commands share: exit codes, languages, and charters as files."""

import argparse
import json
import sys
from pathlib import Path
from typing import TypeAlias

from charters.markdown import write_markdown
from charters.model import Charter
from charters.plain import charter_to_json
from charters.problems import CharterError

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


def charter_bytes(charter: Charter, path: Path) -> bytes:
    """A charter in the form that the name of its file asks for: Markdown or JSON."""
    if path.suffix.lower() in {".md", ".markdown"}:
        return write_markdown(charter).encode()
    return json_bytes(charter_to_json(charter))


def json_bytes(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
