"""Counting again what an opinion map says of votes.

Nothing here is shared with what computed it; axes and groups need more than the standard library, and recount from the
same files with the map's own engine. Standard library alone: this text is pasted into the bundle's own `verify.py`.
"""

import csv
import io
from typing import Any

from deliberate.journal.canonical import digest
from deliberate.publication.findings import Report, UnsoundError
from deliberate.publication.folder import Folder
from deliberate.publication.recount import entries_of


def check_opinions(folder: Folder, entries: list[dict[str, Any]], report: Report) -> None:
    """Every map is the last one that the journal names for its round; where its votes are public, its figures recount."""
    mapped = entries_of(entries, "map", "opinion map")
    held = {name: entry for name, entry in mapped.items() if f"opinions/{name}.json" in folder.sizes}
    for name in sorted(held):
        report.attempt(_check_map, name, folder, held[name], report)
    for name in sorted(set(mapped) - set(held)):
        report.leave("the opinion map of round %(round)s is not published here", round=name)
    if held:
        report.say("%(count)d opinion maps, as the journal names them", count=len(held))


def _check_map(name: str, folder: Folder, entry: dict[str, Any], report: Report) -> None:
    path, votes = f"opinions/{name}.json", f"opinions/{name}/votes.csv"
    found = folder.load(path)
    report.expect(
        digest("opinions", found) == entry["public"]["digest"],
        path,
        "it is not the map that the journal names",
    )
    if votes not in folder.sizes:
        report.leave(
            "single votes of round %(round)s are not published: its map is not recounted", round=name
        )
        return
    rows = _votes(votes, folder.read(votes))
    opened = folder.load("openings.json").get(str(entry["number"]), {}).get("content", {})
    report.expect(
        opened.get("votes") == digest("votes", [list(row) for row in rows]),
        votes,
        "these are not the votes that the journal commits to",
    )
    _recount(path, found, rows, report)


def _votes(path: str, content: bytes) -> "list[tuple[int, int, int]]":
    """Sorted rows of participant, statement and value. Raises UnsoundError."""
    try:
        lines = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
        return sorted((int(row["voter-id"]), int(row["comment-id"]), int(row["vote"])) for row in lines)
    except (ValueError, KeyError, TypeError, csv.Error):
        raise UnsoundError(path, "this is not a file of votes") from None


def _recount(path: str, found: dict[str, Any], rows: "list[tuple[int, int, int]]", report: Report) -> None:
    group = {
        person: found["letters"][place] if place >= 0 else ""
        for person, place in enumerate(found["map"]["groups"], start=1)
    }
    counts: dict[tuple[str, int], list[int]] = {}
    for person, statement, value in rows:
        for who in {"everyone", group.get(person, "")}:
            counts.setdefault((who, statement), [0, 0, 0])[(1, -1, 0).index(value)] += 1
    for one in found["statements"]:
        told = {"everyone": one["everyone"], **one["groups"]}
        for who, cells in told.items():
            report.expect(
                cells is None or cells == counts.get((who, one["number"]), [0, 0, 0]),
                path,
                "the votes of %(who)s on statement %(number)s recount otherwise",
                who=who,
                number=one["number"],
            )
    for one in found["groups"]:
        report.expect(
            one["size"] == sum(letter == one["letter"] for letter in group.values()),
            path,
            "group %(letter)s has another size",
            letter=one["letter"],
        )
