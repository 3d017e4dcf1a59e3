"""Whether the public randomness that a protocol declares can name a panel of its lottery."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from deliberate.core.errors import N_
from deliberate.process.rules import Fault, protocol_faults

NUMBERS = {
    word: number
    for number, words in enumerate(
        ("one une", "two deux", "three trois", "four quatre", "five cinq", "six"), start=1
    )
    for word in words.split()
}
BALLS = re.compile(rf"\b(\d{{1,3}}|{'|'.join(NUMBERS)})\s+(?:\w+\s+)?(?:balls?|boules?)\b", re.IGNORECASE)


def digits_of(panels: int) -> int | None:
    """How many balls number so many panels from 0: 3 for 1,000; None where no number of balls does."""
    digits = len(str(panels)) - 1
    return digits if digits and panels == 10**digits else None


def balls_in(text: str) -> int | None:
    """How many balls a text in French or English announces; None when it speaks of none."""
    found = BALLS.search(text)
    if found is None:
        return None
    said = found.group(1).lower()
    return NUMBERS.get(said) or int(said)


def all_faults(protocol: dict[str, Any], today: date | None = None) -> list[Fault]:
    """Everything a protocol lacks, its source of randomness included; see `process.rules.protocol_faults`."""
    panel = protocol.get("panel") or {}
    return protocol_faults(protocol, today) or source_faults(panel, panel.get("randomness") or {})


def source_faults(panel: Mapping[str, Any], randomness: Mapping[str, str]) -> list[Fault]:
    """What keeps the digits drawn from being the number of a panel; nothing where the number follows from a text.

    `panel` is that of a protocol, `randomness` its declared source or that of one draw, a text per language.
    """
    if panel.get("ticket", "digits") != "digits":
        return []
    panels = panel.get("panels") or 1000
    needed = digits_of(panels)
    if needed is None:
        said = N_(
            "Digits number 10, 100, 1000 panels and so on, not %(panels)d. Change the number of panels, or have the "
            "panel follow from a published text."
        )
        return [Fault("panel.panels", said, {"panels": panels})]
    said = N_("This announces %(said)d balls, but %(panels)d panels take %(needed)d. Make the two agree.")
    return [
        Fault(f"panel.randomness_{code}", said, {"said": balls, "panels": panels, "needed": needed})
        for code, text in randomness.items()
        if (balls := balls_in(text)) is not None and balls != needed
    ]
