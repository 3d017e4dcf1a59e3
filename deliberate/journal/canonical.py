"""One way to write plain data as bytes, so that anyone who hashes it gets the same digest."""

import hashlib
import json
import unicodedata
from typing import Any


def canonical(value: Any) -> bytes:
    """Plain data as bytes: sorted ASCII keys, no white space, NFC text, UTF-8. Raises TypeError for anything else."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def digest(kind: str, value: Any) -> str:
    """`sha256:` and the SHA-256 of the canonical bytes behind the line `deliberate/KIND/1`."""
    return "sha256:" + hashlib.sha256(f"deliberate/{kind}/1\n".encode() + canonical(value)).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) and key.isascii() for key in value):
            raise TypeError("a key must be ASCII text")
        return {key: _plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} has no canonical form")
