"""What everyone said, told and attached, held to what the journal opens: part of the bundle's `verify.py`."""

from typing import Any

from deliberate.publication.findings import Report
from deliberate.publication.folder import Folder

CONTRIBUTIONS, LESSONS, EVIDENCE = "contributions.json", "lessons.json", "evidence.json"


def check_words(folder: Folder, entries: list[dict[str, Any]], report: Report) -> None:
    """The words of contributions and lessons are those that the journal opens."""
    openings = folder.load("openings.json")
    opened: dict[str, list[tuple[int, Any]]] = {}
    for number, opening in sorted((int(number), opening) for number, opening in openings.items()):
        opened.setdefault(entries[number - 1]["object"], []).append((number, opening["content"]))
    contributions, lessons = folder.load(CONTRIBUTIONS), folder.load(LESSONS)
    for one in contributions:
        known = opened.get(f"contribution:{one['key']}", [])
        report.expect(
            any(content["text"] == one["text"] for _number, content in known),
            CONTRIBUTIONS,
            "the words of contribution %(key)s are not those that the journal opens",
            key=one["key"],
        )
    checks = [entry for entry in entries if entry["act"] == "validate"]
    for one in lessons:
        name = f"lesson:{one['key']}"
        told = [
            {**content, "validation": [*content["validation"], *_ledger(checks, name, number)]}
            for number, content in opened.get(name, [])
        ]
        report.expect(
            told[-1:] == [one],
            LESSONS,
            "lesson %(key)s is not the one that the journal opens",
            key=one["key"],
        )
    if contributions or lessons:
        said = (
            "%(contributions)d contributions and %(lessons)d lessons, word for word as the journal opens them"
        )
        report.say(said, contributions=len(contributions), lessons=len(lessons))


def check_evidence(folder: Folder, entries: list[dict[str, Any]], report: Report) -> None:
    """New evidence is what the journal attached, in the words that it opens."""
    if EVIDENCE not in folder.sizes:
        return
    openings = folder.load("openings.json")
    said = {int(number): opening["content"] for number, opening in openings.items()}
    attached = {
        entry["object"]: (entry["public"], said.get(entry["number"]))
        for entry in entries
        if entry["act"] == "attach"
    }
    for one in folder.load(EVIDENCE):
        public = {name: one[name] for name in ("charter", "clause", "version", "lesson")}
        report.expect(
            attached.get(f"new evidence:{one['key']}") == (public, {"why": one["why"]}),
            EVIDENCE,
            "new evidence %(key)s is not what the journal attached",
            key=one["key"],
        )


def _ledger(checks: list[dict[str, Any]], name: str, after: int) -> list[Any]:
    """The checks of a lesson that were noted after an entry: those before it stand in what it tells."""
    return [check["public"] for check in checks if check["object"] == name and check["number"] > after]
