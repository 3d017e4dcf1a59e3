"""What a territory can decide about a charter, and where its decisions leave it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from deliberate.core.errors import N_

KINDS: dict[str, str] = {
    "municipality": N_("municipality"),
    "group": N_("group of municipalities"),
    "region": N_("department, region or federated state"),
    "state": N_("state"),
    "body": N_("public body, school or hospital"),
    "association": N_("association or trade union"),
    "company": N_("company or cooperative"),
    "other": N_("other"),
}
# What a decision is called in the register.
DECISIONS: dict[str, str] = {
    "adopt": N_("adopted"),
    "follow": N_("followed"),
    "stay": N_("stayed"),
    "end": N_("ended"),
}
LONGEST_NAME, LONGEST_REASON = 160, 4000


class Decided(Protocol):
    """A decision as the register keeps it; `clauses`: id → digest of the clause, empty for the whole charter."""

    @property
    def decision(self) -> str: ...
    @property
    def version_number(self) -> int: ...
    @property
    def clauses(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Standing:
    """What a territory holds to: a version and clauses of it (none: the whole), and up to which version it looked."""

    version: int
    clauses: Mapping[str, str]
    seen: int
    stays: bool = False
    ended: bool = False


def standing(decisions: Iterable[Decided]) -> Standing | None:
    """Where public decisions, in their order, leave a territory; None before the first."""
    found: Standing | None = None
    for one in decisions:
        if found is None or one.decision in ("adopt", "follow"):
            found = Standing(one.version_number, one.clauses, one.version_number)
        elif one.decision == "stay":
            found = Standing(found.version, found.clauses, one.version_number, stays=True)
        else:
            found = Standing(found.version, found.clauses, found.seen, ended=True)
    return found


def possible(now: Standing | None, latest: int) -> tuple[str, ...]:
    """What can be decided next, given where a territory stands and the version in force."""
    if now is None or now.ended:
        return ("adopt",)
    newer: tuple[str, ...] = ("follow",) if latest > now.version else ()
    return (*newer, *(("stay",) if latest > now.seen else ()), "adopt", "end")
