"""How much new evidence makes a new round worth considering. Pure."""

from collections.abc import Mapping
from typing import Any

THRESHOLD = 3
LONGEST = 500
STATES = {"publish": "published", "refuse": "refused", "remove": "removed"}


def threshold(protocol: Mapping[str, Any]) -> int:
    """From how many pieces of evidence on one version a protocol says to consider a new round."""
    return int(protocol.get("evidence_threshold") or THRESHOLD)
