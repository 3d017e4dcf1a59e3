"""Checking a bundle's charters: each version says what it says, follows from the one before, and was voted.

Standard library alone: this text is pasted into the bundle's own `verify.py`.
"""

from typing import Any

from deliberate.journal.canonical import digest
from deliberate.publication.findings import Report, UnsoundError
from deliberate.publication.folder import Folder


def check_charters(folder: Folder, entries: list[dict[str, Any]], report: Report) -> None:
    """Every version that the journal published is here, unchanged, after its parent, adopted by the vote it names."""
    entered, published = _entered(entries), _published(entries)
    checked = 0
    for name in sorted(published):
        key, _, number = name.rpartition(":")
        faults = len(report.faults)
        path = f"charters/{key}/{number}.json"
        report.attempt(_check_version, path, folder, published[name], entered.get(name), report)
        before = entered.get(f"{key}:{int(number) - 1}") if number.isdigit() else None
        report.attempt(_check_parent, path, folder, before, report)
        report.attempt(_check_vote, path, folder, entered.get(name), report)
        checked += len(report.faults) == faults
    if published:
        report.say("%(count)d versions of charters, as adopted, each after the one before it", count=checked)


def _published(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the journal says of the versions it published, by `charter:number`."""
    return {
        entry["object"].partition(":")[2]: entry["public"]
        for entry in entries
        if entry["act"] == "publish" and entry["object"].startswith("version:")
    }


def _entered(entries: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What the journal says of how versions came to be, by `charter:number`; a first one is begun with its charter."""
    found = {}
    for entry in entries:
        kind, _, name = entry["object"].partition(":")
        if (entry["act"], kind) == ("create", "charter"):
            found[f"{name}:1"] = {**entry["public"], "parents": [], "amendments": [], "ballots": []}
        if (entry["act"], kind) == ("adopt", "version"):
            found[name] = entry["public"]
    return found


def _check_version(
    path: str, folder: Folder, public: dict[str, Any], entered: "dict[str, Any] | None", report: Report
) -> None:
    value = folder.load(path)
    history = value["version"]
    content = digest("charter", value["charter"])
    whole = digest("version", {key: part for key, part in history.items() if key != "digest"})
    if entered is None:
        raise UnsoundError(path, "the journal does not say how this version came to be")
    same_text = content == history["content"] == public["content"] == entered["content"]
    report.expect(same_text, path, "its text is not the one that the journal names")
    same_version = whole == history["digest"] == public["version"] == entered["version"]
    report.expect(same_version, path, "its history is not the one that the journal names")
    named = [amendment["id"] for amendment in history["amendments"]]
    report.expect(named == entered["amendments"], path, "its amendments are not those that the journal names")


def _check_parent(path: str, folder: Folder, before: "dict[str, Any] | None", report: Report) -> None:
    parents = folder.load(path)["version"]["parents"]
    expected = [] if before is None else [before["version"]]
    report.expect(parents == expected, path, "it does not follow from the version before it")


def _check_vote(path: str, folder: Folder, entered: "dict[str, Any] | None", report: Report) -> None:
    """The ballot on the whole version was adopted, and so was one on each amendment."""
    if entered is None or not entered["parents"]:
        return
    history = folder.load(path)["version"]
    decided: dict[str, bool] = {}
    for number in entered["ballots"]:
        ballot = folder.load(f"ballots/{number}.json")
        decided[ballot["subject"]] = decided.get(ballot["subject"], False) or ballot["result"]["adopted"]
    charter = folder.load(path)["charter"]["id"]
    wanted = [
        f"version:{charter}:{history['number']}",
        *(f"amendment:{key}" for key in entered["amendments"]),
    ]
    for subject in wanted:
        report.expect(decided.get(subject) is True, path, "no ballot adopted %(subject)s", subject=subject)
