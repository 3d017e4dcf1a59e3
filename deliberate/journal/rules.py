"""What an entry is and what makes a chain whole: the standard library alone, so that anyone can check it anywhere."""

import hashlib
from typing import Any

from deliberate.journal.canonical import canonical, digest

START = "sha256:" + "0" * 64


def entry_digest(entry: dict[str, Any]) -> str:
    """The digest of an entry as published, itself left out."""
    return digest("journal", {key: value for key, value in entry.items() if key != "digest"})


def commitment(nonce: str, content: Any) -> str:
    """What an entry says of its private part: SHA-256(nonce ‖ content), the nonce as 32 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(bytes.fromhex(nonce) + canonical(content)).hexdigest()


def chain_faults(entries: list[dict[str, Any]], head: str | None = None) -> list[str]:
    """Where a chain is broken, in sentences; an empty list means whole.

    With `head` (a printed digest) it is also a fault that the chain does not pass through it.
    """
    faults = []
    previous = START
    for number, entry in enumerate(entries, start=1):
        if entry.get("number") != number:
            faults.append(f"entry {number}: its number reads {entry.get('number')!r}")
        if entry.get("previous") != previous:
            faults.append(f"entry {number}: does not continue from entry {number - 1}")
        if entry_digest(entry) != entry.get("digest"):
            faults.append(f"entry {number}: its digest does not match what it says")
        previous = str(entry.get("digest"))
    if head is not None and head != START and head not in [entry.get("digest") for entry in entries]:
        faults.append(f"the journal does not pass through {head}")
    return faults
