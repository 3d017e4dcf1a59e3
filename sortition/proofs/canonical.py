"""One way to write a value as bytes, and one digest of those bytes.

The same rules, with the same test vectors (``tests/canonical_vectors.json``), hold for every document whose
digest is published: sorted ASCII keys, no white space, no floats, text in Unicode normal form C.
"""

import hashlib
import json
import unicodedata


def canonical(value: object) -> bytes:
    """The canonical JSON of `value`, in UTF-8.

    Raises TypeError for floats and any other type that JSON would not carry unchanged, and ValueError for
    keys outside ASCII.
    """
    text = json.dumps(
        _normalised(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8")


def digest(kind: str, value: object) -> str:
    """``sha256:`` and 64 hexadecimal digits over the canonical JSON of `value`, prefixed by its kind."""
    return "sha256:" + hashlib.sha256(f"deliberate/{kind}/1\n".encode() + canonical(value)).hexdigest()


def _normalised(value: object) -> object:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, (list, tuple)):
        # Most of a lottery is long lists of numbers, which stay as they are.
        if set(map(type, value)) == {int}:
            return value
        return [_normalised(item) for item in value]
    if isinstance(value, dict):
        return {_key(key): _normalised(item) for key, item in value.items()}
    raise TypeError(f"canonical JSON carries no {type(value).__name__}")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"canonical JSON carries no {type(key).__name__} as a key")
    if not key.isascii():
        raise ValueError(f"canonical JSON has ASCII keys only, not {key!r}")
    return key
