"""Checking a bundle's journal: its chain, the private parts that are open, the protocol it fixed, the publication.

Standard library alone: this text is pasted into the bundle's own `verify.py`.
"""

from typing import Any

from deliberate.journal.canonical import digest
from deliberate.journal.rules import START, chain_faults, commitment
from deliberate.publication.findings import Report, UnsoundError
from deliberate.publication.folder import DIGEST, HEAD, MANIFEST, Folder, file_digest, head_lines, parse

JOURNAL, OPENINGS = "journal.jsonl", "openings.json"
# What binds the other files cannot be bound by them.
NOT_CONTENT = (JOURNAL, HEAD, MANIFEST)
# The act and object of an entry that says which private parts were deleted.
WITHDRAWN = ("withdraw", "entries")


def read_journal(folder: Folder) -> list[dict[str, Any]]:
    """The entries of the bundle's journal. Raises UnsoundError when a line is not an entry."""
    entries = []
    for number, line in enumerate(folder.read(JOURNAL).splitlines(), start=1):
        entry = parse(line, f"{JOURNAL} line {number}")
        if not isinstance(entry, dict) or not isinstance(entry.get("public"), dict):
            raise UnsoundError(f"{JOURNAL} line {number}", "this is not an entry of a journal")
        entries.append(entry)
    return entries


def check_chain(folder: Folder, entries: list[dict[str, Any]], heads: list[str], report: Report) -> None:
    """Every entry continues from the one before it, HEAD is the last, and printed digests are passed through."""
    faults = chain_faults(entries)
    for fault in faults:
        report.fault(JOURNAL, "%(fault)s", fault=fault)
    last = entries[-1]["digest"] if entries else START
    report.expect(head_lines(folder)[0] == last, HEAD, "it is not the last digest of the journal")
    known = {entry.get("digest") for entry in entries}
    for head in heads:
        report.expect(head in known, JOURNAL, "the journal does not pass through %(head)s", head=head)
    if not faults:
        report.say("%(count)d journal entries, each bound to the one before it", count=len(entries))


def check_openings(folder: Folder, entries: list[dict[str, Any]], report: Report) -> None:
    """Every private part that was published opens its entry's commitment; those withdrawn are gone, and named."""
    openings = folder.load(OPENINGS)
    tombstones = [entry["public"] for entry in entries if (entry["act"], entry["object"]) == WITHDRAWN]
    withdrawn = {number for tombstone in tombstones for number in tombstone["withdrawn"]}
    opened = 0
    for number, opening in sorted(openings.items()):
        where = f"{OPENINGS} {number}"
        entry = entries[int(number) - 1] if 0 < int(number) <= len(entries) else {}
        stated = commitment(opening["nonce"], opening["content"])
        if report.expect(
            stated == entry.get("private"), where, "it does not open entry %(number)s", number=number
        ):
            opened += 1
        report.expect(int(number) not in withdrawn, where, "this part was withdrawn, and is still published")
    report.say("%(count)d published texts, each the one its entry commits to", count=opened)
    kept = 0
    for entry in entries:
        if entry.get("private") is None or str(entry["number"]) in openings:
            continue
        if entry["number"] in withdrawn:
            report.withdrew("entry %(number)d (%(act)s %(object)s)", **_named(entry))
        else:
            kept += 1
    if kept:
        report.leave(
            "%(count)d entries keep a part that is not published: only its commitment is here", count=kept
        )


def _named(entry: dict[str, Any]) -> dict[str, Any]:
    return {"number": entry["number"], "act": entry["act"], "object": entry["object"]}


def check_protocol(folder: Folder, entries: list[dict[str, Any]], report: Report) -> None:
    """Each version of the protocol has the digest that the journal fixed when it was locked or amended."""
    fixed = {
        entry["public"]["number"]: entry["public"]["digest"]
        for entry in entries
        if entry["object"] == "protocol" and entry["act"] in ("lock", "amend")
    }
    for number, stated in sorted(fixed.items()):
        report.attempt(_check_protocol_version, f"protocol/{number}.json", folder, stated, report)
    report.say("versions of the protocol, as the journal fixed them: %(count)d", count=len(fixed))


def _check_protocol_version(path: str, folder: Folder, stated: str, report: Report) -> None:
    version = folder.load(path)
    report.expect(
        digest("protocol", version["content"]) == stated == version["digest"],
        path,
        "it is not the protocol that the journal fixed",
    )


def content_digest(files: dict[str, str]) -> str:
    """The digest of everything a bundle holds but its journal, HEAD and manifest: path → `sha256:…` of the bytes."""
    return digest(
        "publication", sorted([path, stated] for path, stated in files.items() if path not in NOT_CONTENT)
    )


def check_publication(folder: Folder, entries: list[dict[str, Any]], report: Report) -> None:
    """The journal's last entry publishes exactly these files, so that a printed digest binds them all."""
    last = entries[-1] if entries else {}
    if last.get("act") != "publish" or not DIGEST.fullmatch(str(last["public"].get("content"))):
        raise UnsoundError(JOURNAL, "its last entry is not a publication")
    files = {path: file_digest(folder.read(path)) for path in folder.sizes}
    report.expect(
        content_digest(files) == last["public"]["content"],
        JOURNAL,
        "the files are not those that its last entry published",
    )
