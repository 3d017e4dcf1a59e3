"""Reading the documents of a lottery as whoever verifies them finds them. Standard library alone.

Whoever wrote them is taken for hostile: links, devices, endless files, numbers and nesting are refused before they
cost time or memory.
"""

import csv
import io
import json
import re
import stat
from pathlib import Path
from typing import Any

from sortition.problems import SortitionError
from sortition.proofs.documents import PSEUDONYM

MOST_BYTES = 256 * 1024 * 1024
MOST_LISTS = 1_000_000
MOST_VALUES = 40_000_000
ENDLESS = re.compile(rb"[0-9]{301}")
LONGEST_DIGEST = 200


def read_document(path: Path, required: bool = True) -> Any:
    """The JSON document at `path`; None when it is absent and not required.

    Raises SortitionError when it is absent though required, is not JSON, or is made to harm.
    """
    content = _read(path, required)
    if content is None:
        return None
    try:
        if ENDLESS.search(content):
            raise ValueError
        return json.loads(
            content.decode("utf-8"),
            parse_float=_never,
            parse_constant=_never,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError):
        raise SortitionError(
            "%(file)s is not a JSON document: it was changed or cut. Take a fresh copy of it.",
            {"file": str(path)},
        ) from None


def _read(path: Path, required: bool) -> bytes | None:
    """The bytes of a plain file of bearable size."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise SortitionError(
                "%(file)s is a link or no plain file; it is not followed. Put a copy of the document there.",
                {"file": str(path)},
            )
        if found.st_size > MOST_BYTES:
            raise _too_large(path)
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        if not required:
            return None
        raise SortitionError(
            "%(file)s is not there. Check the folder, and whether the step before was done.",
            {"file": str(path)},
        ) from None
    except OSError as error:
        raise SortitionError(
            "%(file)s cannot be read: %(why)s.", {"file": str(path), "why": error.strerror or "unknown"}
        ) from None
    # Each list and each value costs many times its bytes in memory.
    if (
        len(content) > MOST_BYTES
        or content.count(b"[") + content.count(b"{") > MOST_LISTS
        or content.count(b",") > MOST_VALUES
    ):
        raise _too_large(path)
    return content


def _too_large(path: Path) -> SortitionError:
    return SortitionError(
        "%(file)s is larger than any lottery: it is not read. Take a fresh copy of it.", {"file": str(path)}
    )


def _never(_: str) -> Any:
    raise ValueError


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError
    return value


def read_commitment(folder: Path) -> str | None:
    """The digest kept beside the lottery, if it is there."""
    content = _read(folder / "commitment.txt", required=False)
    return None if content is None else content[:LONGEST_DIGEST].decode("utf-8", "replace").strip()


def read_key(folder: Path) -> "dict[str, dict[str, str]] | None":
    """By pseudonym, the other columns of the organisers' key, the salt among them; None when it is not there.

    Raises SortitionError when the file is no key.
    """
    path = folder / "key.csv"
    content = _read(path, required=False)
    if content is None:
        return None
    text = content.decode("utf-8-sig", "replace")
    separator = max(",;\t", key=text.partition("\n")[0].count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error:
        rows = []
    header = [name.strip() for name in rows[0]] if rows else []
    if PSEUDONYM not in header:
        raise SortitionError(
            "%(file)s is not the key that was written when the lottery was prepared. Put back the copy you kept.",
            {"file": str(path)},
        )
    people = [dict(zip(header, map(str.strip, row))) for row in rows[1:] if any(row)]  # noqa: B905
    return {columns.pop(PSEUDONYM, ""): columns for columns in people}
