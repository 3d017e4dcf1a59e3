"""The published JSON schemas (draft 2020-12) of what the engine reads and writes.

A schema says what form a file has. The reader asks more: digests that match, clauses that exist, ids that
differ. What a schema refuses, the reader refuses too.
"""

import json
import re
from importlib.resources import files
from typing import Any

from charters.problems import CharterError

SCHEMAS = ("charter", "version", "amendment", "operation", "clause", "conflict", "resolution", "minority")


def schema(name: str) -> dict[str, Any]:
    """One schema with all that it refers to; raises CharterError when there is none of that name."""
    if name not in SCHEMAS:
        raise CharterError(
            "There is no schema “%(name)s”. Choose one of: %(names)s.", name=name, names=", ".join(SCHEMAS)
        )
    whole = json.loads(files("charters").joinpath("schema", "charters-1.json").read_text(encoding="utf-8"))
    parts: dict[str, Any] = {}
    waiting = [name]
    while waiting:
        part = waiting.pop()
        if part not in parts:
            parts[part] = whole["$defs"][part]
            waiting += re.findall(r"#/\$defs/(\w+)", json.dumps(parts[part]))
    return {
        "$schema": whole["$schema"],
        "$id": f"{whole['$id']}:{name}",
        "title": f"{whole['title']}: {name}",
        "$ref": f"#/$defs/{name}",
        "$defs": dict(sorted(parts.items())),
    }
