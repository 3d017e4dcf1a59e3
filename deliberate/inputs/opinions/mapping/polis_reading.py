"""Reading the files of a Polis export: everything that is wrong in them at once.

`comments.csv` and `votes.csv` are needed; `summary.csv` and the groups in `participants-votes.csv` are read where they
are there. In exports +1 is agree. Of several votes of a voter on one comment the last stands, by its time, then by its
line.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from deliberate.core.errors import N_
from deliberate.inputs.opinions.mapping.polis import (
    COMMENTS,
    PARTICIPANTS,
    SUMMARY,
    VOTES,
    Cast,
    Comment,
    Conversation,
)
from deliberate.inputs.rules import Fault
from deliberate.inputs.spreadsheets import as_written

MOST_FAULTS = 200
# The last millisecond of the year 9999; the numbers of people and comments are smaller.
LARGEST = 253_402_300_799_999
Row = tuple[int, dict[str, str]]


def read(files: Mapping[str, bytes]) -> tuple[Conversation | None, list[Fault]]:
    """The conversation in these files, by file name; or None and every fault, each with its line in its file."""
    faults: list[Fault] = []
    comments = _comments(files, faults)
    replaced, votes = _votes(files, {comment.id for comment in comments}, faults)
    groups = _groups(files, faults)
    summary = _summary(files, faults)
    if faults:
        return None, _bounded(faults)
    found = Conversation(
        comments=tuple(sorted(comments)),
        votes=tuple(sorted(votes)),
        topic=summary.get("topic", ""),
        url=summary.get("url", ""),
        description=summary.get("conversation-description", "").strip(),
        groups=groups,
        replaced=replaced,
    )
    return found, []


def _bounded(faults: list[Fault]) -> list[Fault]:
    if len(faults) <= MOST_FAULTS:
        return faults
    more = Fault(
        faults[MOST_FAULTS].place,
        N_("There are %(count)s more faults. Mend these first, then try again."),
        {"count": len(faults) - MOST_FAULTS},
    )
    return [*faults[:MOST_FAULTS], more]


# The four files


def _comments(files: Mapping[str, bytes], faults: list[Fault]) -> list[Comment]:
    columns = ("timestamp", "comment-id", "author-id", "moderated", "comment-body")
    found: dict[int, Comment] = {}
    for line, row in _rows(files, COMMENTS, columns, faults):
        cells = _Cells(COMMENTS, line, row)
        comment = Comment(
            cells.number("comment-id"),
            as_written(row["comment-body"]).strip(),
            cells.number("author-id"),
            cells.number("moderated", -1, 1),
            cells.number("timestamp"),
        )
        if not comment.text:
            cells.wrong(N_("%(file)s: the text of this comment is missing."))
        if comment.id in found and not cells.faults:
            cells.wrong(
                N_("%(file)s: comment %(number)s is there twice. Keep one of them."), number=comment.id
            )
        found[comment.id] = comment
        faults += cells.faults
    return list(found.values())


def _votes(files: Mapping[str, bytes], comments: set[int], faults: list[Fault]) -> tuple[int, list[Cast]]:
    """How many votes later ones replaced, and those that stand."""
    last: dict[tuple[int, int], Cast] = {}
    lines = 0
    for line, row in _rows(files, VOTES, ("timestamp", "comment-id", "voter-id", "vote"), faults):
        cells = _Cells(VOTES, line, row)
        vote = Cast(
            cells.number("voter-id"),
            cells.number("comment-id"),
            cells.number("vote", -1, 1),
            cells.number("timestamp"),
        )
        if comments and not cells.faults and vote.comment not in comments:
            cells.wrong(
                N_("%(file)s: this vote is on comment %(number)s, which comments.csv does not have."),
                number=vote.comment,
            )
        faults += cells.faults
        lines += 1
        pair = vote[:2]
        if pair not in last or last[pair].at <= vote.at:
            last[pair] = vote
    return lines - len(last), list(last.values())


def _groups(files: Mapping[str, bytes], faults: list[Fault]) -> dict[int, int]:
    if PARTICIPANTS not in files:
        return {}
    found = {}
    for line, row in _rows(files, PARTICIPANTS, ("participant", "group-id"), faults):
        cells = _Cells(PARTICIPANTS, line, row)
        if row["group-id"].strip():
            found[cells.number("participant")] = cells.number("group-id")
        faults += cells.faults
    return found


def _summary(files: Mapping[str, bytes], faults: list[Fault]) -> dict[str, str]:
    if SUMMARY not in files:
        return {}
    return {
        cells[0].strip(): as_written(cells[1])
        for _, cells in _lines(files[SUMMARY], SUMMARY, faults)
        if len(cells) > 1
    }


# Cells, lines


class _Cells:
    """A row being read, and what is wrong in it."""

    def __init__(self, file: str, line: int, row: Mapping[str, str]) -> None:
        self.file, self.line, self.row = file, line, row
        self.faults: list[Fault] = []

    def wrong(self, template: str, **values: Any) -> None:
        self.faults.append(Fault(self.line, template, {"file": self.file, **values}))

    def number(self, column: str, least: int = 0, most: int = LARGEST) -> int:
        """The whole number in a column; a fault, and 0, where there is none within the limits."""
        text = self.row[column].strip()
        digits = text.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) < 17 and least <= int(text) <= most:
            return int(text)
        if (least, most) == (-1, 1):
            self.wrong(
                N_("%(file)s: in column “%(column)s”, “%(value)s” should be 1, 0 or -1."),
                column=column,
                value=text[:40],
            )
        else:
            self.wrong(
                N_("%(file)s: in column “%(column)s”, “%(value)s” is not a whole number from 0 on."),
                column=column,
                value=text[:40],
            )
        return 0


def _rows(
    files: Mapping[str, bytes], name: str, columns: Sequence[str], faults: list[Fault]
) -> Iterator[Row]:
    """The rows of a file under their columns, with their lines; none, and a fault, when it cannot be read."""
    if name not in files:
        faults.append(
            Fault(
                1, N_("%(file)s is missing. A Polis export holds comments.csv and votes.csv."), {"file": name}
            )
        )
        return
    lines = _lines(files[name], name, faults)
    _, header = next(lines, (1, []))
    names = [cell.strip().casefold() for cell in header]
    missing = [column for column in columns if column not in names]
    if missing:
        faults.append(
            Fault(
                1,
                N_("%(file)s has no column “%(columns)s”. Take the file as Polis exports it."),
                {"file": name, "columns": ", ".join(missing)},
            )
        )
        return
    for line, cells in lines:
        if len(cells) == len(names):
            yield line, dict(zip(names, cells, strict=True))
        else:
            faults.append(
                Fault(
                    line,
                    N_("%(file)s: this line has %(found)s cells, while the first line has %(expected)s."),
                    {"file": name, "found": len(cells), "expected": len(names)},
                )
            )


def _lines(data: bytes, name: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that is not blank, with the line on which it begins."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.append(
            Fault(
                1, N_("%(file)s is not a text in UTF-8. Take the file as Polis exports it."), {"file": name}
            )
        )
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error:
        faults.append(
            Fault(
                line,
                N_(
                    "%(file)s: from this line on the file cannot be read; a quotation mark is not closed, perhaps."
                ),
                {"file": name},
            )
        )
