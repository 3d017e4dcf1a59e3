"""The folder of a lottery: which documents it holds, how they are read and written.

Public: lottery.json, commitment.txt, reveal.json, alternates.json. For guarantors: attributes.json,
alternates-sets.json. For one person each: what `person` writes. Private: key.csv (pseudonym and every column of the
person), entropy.txt, chances.csv, selected.csv, alternates.csv, remaining.csv, report.html until it is published.
"""

import csv
import io
import json
import re
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sortition.files.spreadsheet import write_table
from sortition.lottery import Lottery
from sortition.model import Quota, Respondent
from sortition.problems import SortitionError
from sortition.proofs.canonical import canonical
from sortition.report import report

PSEUDONYM = "pseudonym"
MOST_BYTES = 256 * 1024 * 1024
MOST_LISTS = 1_000_000
MOST_VALUES = 40_000_000
ENDLESS = re.compile(rb"[0-9]{301}")
LONGEST_DIGEST = 200


def write_lottery(
    folder: Path, lottery: Lottery, respondents: Sequence[Respondent], quotas: Sequence[Quota] = ()
) -> None:
    """All documents of a prepared lottery; lottery.json last, so that a folder with it is complete.

    `quotas` tell the report each group's share of the population, where they know it. Raises SortitionError when the folder holds a lottery already.
    """
    if (folder / "lottery.json").exists():
        raise SortitionError(
            "%(folder)s already holds a lottery. Choose another folder; delete this one only if its digest "
            "was never published.",
            {"folder": str(folder)},
        )
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "attributes.json", canonical(lottery.attributes))
    write(folder / "key.csv", _key(lottery, respondents))
    write(folder / "entropy.txt", f"{lottery.entropy.hex()}\n".encode())
    write(folder / "chances.csv", _chances(lottery))
    shares = {
        (one.category, one.value): float(one.population) for one in quotas if one.population is not None
    }
    write(folder / "report.html", report(lottery, population=shares).encode())
    write(folder / "commitment.txt", f"{lottery.commitment}\n".encode())
    write(folder / "lottery.json", lottery.public_bytes)


def write(path: Path, data: bytes) -> None:
    """Write the whole file or nothing."""
    partial = path.with_name(path.name + ".part")
    # Whatever lies there, a link above all, is not written through.
    partial.unlink(missing_ok=True)
    with partial.open("xb") as file:
        file.write(data)
    partial.replace(path)


def read_document(path: Path, required: bool = True) -> Any:
    """The JSON document at `path`; None when it is absent and not required.

    Whoever wrote it is taken for hostile: links, devices, endless files, numbers and nesting are refused before they
    cost time or memory. Raises SortitionError for these, and when it is absent though required, or is not JSON.
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


def write_people(folder: Path, groups: Mapping[str, Sequence[str]]) -> None:
    """One CSV per group of pseudonyms, with every column of the file the people came from.

    Raises SortitionError when key.csv is missing or lacks one of them.
    """
    rows = _read_key(folder)
    known = {row[PSEUDONYM]: row for row in rows if PSEUDONYM in row}
    for name, pseudonyms in groups.items():
        lacking = [pseudonym for pseudonym in pseudonyms if pseudonym not in known]
        if lacking:
            raise SortitionError(
                "%(file)s does not know the pseudonym %(pseudonym)s: it belongs to another lottery.",
                {"file": str(folder / "key.csv"), "pseudonym": lacking[0]},
            )
        columns = [column for column in rows[0] if column != PSEUDONYM]
        write(folder / name, write_table(columns, [known[pseudonym] for pseudonym in pseudonyms]))


def pseudonym_of(folder: Path, column: str, person: str) -> str:
    """The pseudonym of whoever has `person` in `column` of key.csv. Raises SortitionError when that is not one."""
    found = [row.get(PSEUDONYM, "") for row in _read_key(folder) if row.get(column) == person]
    if len(found) != 1:
        raise SortitionError(
            "%(file)s has %(number)d people with “%(person)s” in the column “%(column)s”. Write an id as it stands "
            "there, and name its column with --id-column.",
            {"file": str(folder / "key.csv"), "number": len(found), "person": person, "column": column},
        )
    return found[0]


def _read_key(folder: Path) -> list[dict[str, str]]:
    path = folder / "key.csv"
    content = _read(path, required=False)
    if content is None:
        raise SortitionError(
            "%(file)s is not there; without it nobody can say who the pseudonyms are. Put it back.",
            {"file": str(path)},
        )
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace"), newline="")))


def _key(lottery: Lottery, respondents: Sequence[Respondent]) -> bytes:
    by_id = {respondent.id: respondent for respondent in respondents}
    columns = list(dict.fromkeys(column for respondent in respondents for column in respondent.row))
    rows = [{PSEUDONYM: name, **by_id[person].row} for name, person in lottery.key.items()]
    return write_table([PSEUDONYM, *columns], rows)


def _chances(lottery: Lottery) -> bytes:
    rows = [
        {
            "id": person,
            "probability": f"{float(chance.probability):.9f}",
            "lottery_probability": f"{float(chance.lottery):.9f}",
            "panels": " ".join(str(number) for number in chance.panels),
        }
        for person, chance in lottery.chances.items()
    ]
    return write_table(["id", "probability", "lottery_probability", "panels"], rows)
