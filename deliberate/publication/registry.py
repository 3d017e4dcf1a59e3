"""Checking a bundle's register of adoptions: each decision is the one journalled, on a version and clauses that exist.

Standard library alone: this text is pasted into the bundle's own `verify.py`.
"""

from typing import Any

from deliberate.journal.canonical import digest
from deliberate.publication.findings import Report, UnsoundError
from deliberate.publication.folder import Folder

ADOPTIONS = "adoptions.json"
DECISIONS_OF_TERRITORIES = ("adopt", "follow", "stay", "end")


def check_adoptions(folder: Folder, entries: list[dict[str, Any]], report: Report) -> None:
    """Every decision of a territory is in the register, as the journal has it and in the words that it opens."""
    openings = folder.load("openings.json")
    decided = [
        entry
        for entry in entries
        if entry["object"].startswith("adoption:") and entry["act"] in DECISIONS_OF_TERRITORIES
    ]
    listed = folder.load(ADOPTIONS)
    register = {one["key"]: one for one in listed}
    report.expect(len(register) == len(listed), ADOPTIONS, "a territory stands in it twice")
    for entry in decided:
        where = f"{ADOPTIONS} {entry['object'].partition(':')[2]}"
        report.attempt(_check_decision, where, folder, register, entry, openings, report)
    stated = sum(len(one["decisions"]) for one in register.values())
    report.expect(
        stated == len(decided), ADOPTIONS, "it holds %(stated)d decisions, the journal %(known)d",
        stated=stated, known=len(decided),
    )  # fmt: skip
    if decided:
        report.say(
            "%(count)d decisions of territories, on versions and clauses as published", count=len(decided)
        )


def _check_decision(
    where: str,
    folder: Folder,
    register: dict[str, Any],
    entry: dict[str, Any],
    openings: dict[str, Any],
    report: Report,
) -> None:
    public = entry["public"]
    one = register.get(entry["object"].partition(":")[2])
    stated = (
        next((made for made in one["decisions"] if made["number"] == public["number"]), None) if one else None
    )
    if one is None or stated is None:
        raise UnsoundError(where, "decision %(number)s of the journal is missing", number=public["number"])
    same = (
        one["charter"] == public["charter"]
        and (stated["decision"], stated["version"]) == (entry["act"], public["version"])
        and stated["clauses"] == public["clauses"]
    )
    report.expect(same, where, "decision %(number)s is not the one journalled", number=public["number"])
    opened = openings.get(str(entry["number"]))
    report.expect(
        opened is not None, where, "the journal does not open the words of decision %(number)s",
        number=public["number"],
    )  # fmt: skip
    if opened is not None:
        said = {"territory": one["territory"], "kind": one["kind"], "reason": stated["reason"]}
        report.expect(
            said == opened["content"], where, "decision %(number)s is not in the words that the journal opens",
            number=public["number"],
        )  # fmt: skip
    _check_clauses(where, folder, public, report)


def _check_clauses(where: str, folder: Folder, public: dict[str, Any], report: Report) -> None:
    """The version named is published, and each clause in it is the one that was adopted."""
    version = folder.load(f"charters/{public['charter']}/{public['version']}.json")
    report.expect(
        version["version"]["digest"] == public["digest"], where, "its version is not the one published"
    )
    clauses = {clause["id"]: clause for clause in _clauses_below(version["charter"])}
    for name, stated in sorted(public["clauses"].items()):
        found = clauses.get(name)
        holds = found is not None and digest("clause", found) == stated
        report.expect(holds, where, "clause %(name)s is not the one adopted", name=name)


def _clauses_below(value: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    waiting = list(value["clauses"])
    while waiting:
        clause = waiting.pop()
        found.append(clause)
        waiting += clause.get("clauses", [])
    return found
