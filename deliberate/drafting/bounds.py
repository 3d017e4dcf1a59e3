"""What drafting takes: short names that can stand in addresses, reasons that can be read, sources that are codes. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from deliberate.core.errors import N_, Refusal
from deliberate.inputs.rules import KEY

CHARTER_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
TAKEN = ("new",)  # a page of its own stands at this address
LONGEST_REASON, LONGEST_TABLE, MOST_ANSWERS = 4000, 40, 200
MOST_PARTS, MOST_REFERENCES, LONGEST_REFERENCE = 200, 100, 300
TOO_LONG = N_("This is too long: %(most)s characters at most.")


def check_key(key: str) -> None:
    """Raises Refusal for a short name that a charter cannot have: it names addresses, and files on any system."""
    if not CHARTER_KEY.fullmatch(key) or key in TAKEN:
        raise Refusal(
            N_(
                "“%(key)s” cannot be the short name of a charter: it stands in addresses and in names of files. Write up "
                "to 40 small letters without accents, digits and hyphens, such as time."
            ),
            field="key",
            key=key[:40],
        )


def check_said(reason: Mapping[str, str], answers: Sequence[str], table: str = "") -> None:
    """Raises Refusal for a reason or table too long, or sources that are no codes: the journal prints them for good."""
    if any(len(text) > LONGEST_REASON for text in reason.values()):
        raise Refusal(TOO_LONG, field="reason", most=LONGEST_REASON)
    if len(table) > LONGEST_TABLE:
        raise Refusal(TOO_LONG, field="table", most=LONGEST_TABLE)
    if len(answers) > MOST_ANSWERS:
        raise Refusal(
            N_("Name %(most)s contributions and experiences at most."), field="answers", most=MOST_ANSWERS
        )
    for code in filter(None, map(str.strip, answers)):
        if not KEY.fullmatch(code):
            raise Refusal(
                N_(
                    "“%(code)s” is not the code of a contribution or of an experience. Codes look like c-104."
                ),
                field="answers",
                code=code[:40],
            )


def check_steps(steps: Iterable[Mapping[str, Any]]) -> None:
    """Raises Refusal for a clause cut into more parts, or leaning on more references, than anybody reads."""
    for step in steps:
        if any(len(parts) > MOST_PARTS for parts in step.get("texts", {}).values()):
            raise Refusal(N_("A clause is split into %(most)s parts at most."), field="text", most=MOST_PARTS)
        named = step.get("references") or ()
        if len(named) > MOST_REFERENCES or any(len(one) > LONGEST_REFERENCE for one in named):
            raise Refusal(
                N_("A clause leans on %(most)s references at most, of %(longest)s characters each."),
                field="references",
                most=MOST_REFERENCES,
                longest=LONGEST_REFERENCE,
            )
