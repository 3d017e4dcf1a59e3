"""One way to write a value down, so that the same value has the same digest on every machine.

Canonical JSON: keys sorted and ASCII, no spaces, text in NFC and UTF-8, no floating-point numbers.
A digest is SHA-256 of ``deliberate/<kind>/1``, a line feed and the canonical bytes: the prefix keeps
two kinds of document with the same content from sharing a digest.
"""

import hashlib
import json
import unicodedata
from typing import Any


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of a plain value (dict, list, str, int, bool, None).

    Raises TypeError for floats, other types and keys that are not ASCII text.
    """
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(kind: str, value: Any) -> str:
    """Return ``sha256:`` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(f"deliberate/{kind}/1\n".encode() + canonical(value)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_key(key): _plain(item) for key, item in value.items()}
    raise TypeError(f"canonical JSON has no {type(value).__name__}")


def _key(key: Any) -> str:
    if not isinstance(key, str) or not key.isascii():
        raise TypeError(f"a key of canonical JSON is ASCII text, not {key!r}")
    return key
