"""The folder of a lottery: which documents it holds, how they are read and written.

Public: lottery.json, commitment.txt, reveal.json. For guarantors: attributes.json, alternates.json. Private:
key.csv (pseudonym and every column of the person), entropy.txt, chances.csv, selected.csv, alternates.csv,
remaining.csv, report.html until it is published.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sortition.canonical import canonical
from sortition.lottery import Lottery
from sortition.model import Respondent
from sortition.problems import SortitionError
from sortition.report import report
from sortition.spreadsheet import write_table

PSEUDONYM = "pseudonym"


def write_lottery(folder: Path, lottery: Lottery, respondents: Sequence[Respondent]) -> None:
    """All documents of a prepared lottery; lottery.json last, so that a folder with it is complete.

    Raises SortitionError when the folder holds a lottery already.
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
    write(folder / "report.html", report(lottery).encode())
    write(folder / "commitment.txt", f"{lottery.commitment}\n".encode())
    write(folder / "lottery.json", lottery.public_bytes)


def write(path: Path, data: bytes) -> None:
    """Write the whole file or nothing."""
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(data)
    partial.replace(path)


def read_document(path: Path, required: bool = True) -> Any:
    """The JSON document at `path`; None when it is absent and not required.

    Raises SortitionError when it is absent though required, or is not JSON.
    """
    if not path.exists() and not required:
        return None
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise SortitionError(
            "%(file)s is not there. Check the folder, and whether the step before was done.",
            {"file": str(path)},
        ) from None
    except (ValueError, RecursionError):
        raise SortitionError(
            "%(file)s is not a JSON document: it was changed or cut. Take a fresh copy of it.",
            {"file": str(path)},
        ) from None


def read_commitment(folder: Path) -> str | None:
    """The digest kept beside the lottery, if it is there."""
    path = folder / "commitment.txt"
    return path.read_text("utf-8", "replace").strip() if path.exists() else None


def write_people(folder: Path, groups: Mapping[str, Sequence[str]]) -> None:
    """One CSV per group of pseudonyms, with every column of the file the people came from.

    Raises SortitionError when key.csv is missing or lacks one of them.
    """
    path = folder / "key.csv"
    if not path.exists():
        raise SortitionError(
            "%(file)s is not there; without it nobody can say who the pseudonyms are. Put it back.",
            {"file": str(path)},
        )
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    known = {row[PSEUDONYM]: row for row in rows if PSEUDONYM in row}
    for name, pseudonyms in groups.items():
        lacking = [pseudonym for pseudonym in pseudonyms if pseudonym not in known]
        if lacking:
            raise SortitionError(
                "%(file)s does not know the pseudonym %(pseudonym)s: it belongs to another lottery.",
                {"file": str(path), "pseudonym": lacking[0]},
            )
        columns = [column for column in rows[0] if column != PSEUDONYM]
        write(folder / name, write_table(columns, [known[pseudonym] for pseudonym in pseudonyms]))


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
