"""Pure decisions on what of a map and its votes is public."""

from collections.abc import Mapping
from typing import Any

from deliberate.inputs.rules import SMALLEST_CELL


def votes_public(protocol: Mapping[str, Any], participants: int) -> bool:
    """Whether everyone gets the single votes after the close: where the protocol says so, and never those of a handful."""
    return bool(protocol.get("votes_public")) and participants >= SMALLEST_CELL
