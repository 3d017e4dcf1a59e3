"""Pure decisions of recruitment and seats: receipts, digests, windows, dates, places left."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from deliberate.core.typed import is_share
from deliberate.journal.canonical import digest
from deliberate.journal.rules import commitment
from deliberate.people.rules import CODE_LETTERS
from deliberate.process.rules import Span, moment, zone_named
from sortition.files.households import normalised

MOST_CATEGORY, MOST_VALUE = 80, 120
RECEIPT_GROUPS = 2
RECEIPT_GROUP_LENGTH = 4
OCCUPYING = ("offered", "accepted", "confirmed")
REFUSED = ("declined", "no answer", "given up")
ANSWERS = ("accepted", "declined", "no answer")
CHANNELS = ("link", "telephone", "letter")
ANSWER_DAYS = 10
REMINDER_DAYS = 3


@dataclass(frozen=True)
class Contact:
    """How to reach a volunteer. All but the name may be empty, as long as one way is there."""

    name: str
    email: str = ""
    phone: str = ""
    address: str = ""
    language: str = "fr"

    @property
    def reachable(self) -> bool:
        """Whether the volunteer has a name and at least one way to be reached."""
        return bool(self.name.strip() and (self.email or self.phone or self.address).strip())


@dataclass(frozen=True)
class QuotaRow:
    """A line of the quota table; `population` is a share as a fraction such as `19/100`, or None."""

    category: str
    value: str
    minimum: int
    maximum: int
    population: str | None = None
    category_label: Mapping[str, str] = field(default_factory=dict)
    label: Mapping[str, str] = field(default_factory=dict)
    min_flex: int | None = None
    max_flex: int | None = None


def new_receipt() -> str:
    """The number on a receipt, such as `R-7KQ2-M4XH`: random, and nothing else about the person."""
    groups = (
        "".join(secrets.choice(CODE_LETTERS) for _ in range(RECEIPT_GROUP_LENGTH))
        for _ in range(RECEIPT_GROUPS)
    )
    return "-".join(("R", *groups))


def read_receipt(typed: str) -> str:
    """A receipt number as typed from paper, in the form it was made in."""
    letters = "".join(c for c in typed.upper() if c in CODE_LETTERS).removeprefix("R")
    if len(letters) == RECEIPT_GROUPS * RECEIPT_GROUP_LENGTH - 1:  # the first letter was an R of its own
        letters = "R" + letters
    return "-".join(("R", letters[:RECEIPT_GROUP_LENGTH], letters[RECEIPT_GROUP_LENGTH:]))


def household_key(address: str) -> str:
    """A mark that is the same for the same postal address, however it is written; empty without one."""
    said = normalised(address)
    return hashlib.sha256(said.encode()).hexdigest()[:32] if said else ""


def row_commitment(pseudonym: str, nonce: str, values: Mapping[str, str], household: str = "") -> str:
    """What the pool's digest says of one volunteer: nobody reads the values from it without the nonce."""
    row: dict[str, Any] = {
        "pseudonym": pseudonym,
        "values": [[name, values[name]] for name in sorted(values)],
    }
    return commitment(nonce, row | ({"household": household} if household else {}))


def pool_digest(rows: Iterable[tuple[str, str, Mapping[str, str], str]]) -> str:
    """The digest of a pool, from (pseudonym, nonce, values, household) in any order.

    The household is empty where the draw looks at none.
    """
    return digest("pool", sorted(row_commitment(*row) for row in rows))


def registration_window(protocol: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """First and last day on which volunteers may register; None where the protocol sets none."""
    window = protocol.get("registration") or {}
    opens, closes = (window.get(name) for name in ("opens", "closes"))
    return (date.fromisoformat(opens) if opens else None, date.fromisoformat(closes) if closes else None)


def registration_open(protocol: Mapping[str, Any], now: datetime) -> bool:
    """Whether the protocol's dates let volunteers register at this moment."""
    window = protocol.get("registration") or {}
    opens = moment(window.get("opens"), protocol["time_zone"])
    closes = moment(window.get("closes"), protocol["time_zone"], after=True)
    return (opens is None or opens <= now) and (closes is None or now < closes)


def kept_until(protocol: Mapping[str, Any], now: datetime) -> date:
    """The last day personal data is kept: the protocol's months after its last date, or after now."""
    days = [phase.get(end) for phase in protocol.get("phases", []) for end in ("opens", "closes")]
    last = max((date.fromisoformat(day) for day in days if day), default=None)
    start = last or now.astimezone(ZoneInfo(protocol["time_zone"])).date()
    months = start.month - 1 + int(protocol.get("retention_months") or 1)
    year, month = start.year + months // 12, months % 12 + 1
    return min(start, start.replace(day=28)).replace(year=year, month=month)


def final_from(protocol: Mapping[str, Any], now: datetime) -> datetime:
    """When a seat confirmed now becomes final: after the days the protocol leaves to contest it."""
    return now + timedelta(days=int(protocol.get("contest_days") or 0))


def today(protocol: Mapping[str, Any], now: datetime) -> date:
    """The day it is where the process takes place."""
    return now.astimezone(zone_named(protocol["time_zone"])).date()


def answer_by(protocol: Mapping[str, Any], now: datetime) -> date:
    """The last day to answer for a seat that is offered now: `panel.answer_days` after today, 10 by default."""
    return today(protocol, now) + timedelta(days=int(protocol["panel"].get("answer_days") or ANSWER_DAYS))


def reminder_from(last: date) -> date:
    """The day from which somebody who has not answered is reminded of their last day."""
    return last - timedelta(days=REMINDER_DAYS)


def alternates_end(
    protocol: Mapping[str, Any], spans: Iterable[Span], revealed_at: datetime
) -> datetime | None:
    """From when alternates are no longer called and an empty seat stays empty.

    After the protocol's own last day, else when the first deliberation that follows the draw opens.
    """
    if (day := protocol["panel"].get("alternates_until")) is not None:
        return moment(day, protocol["time_zone"], after=True)
    opens = [span.opens for span in spans if span.kind == "deliberation" and span.opens is not None]
    return min((at for at in opens if at > revealed_at), default=None)


def holds_place(state: str, refusal_confirmed: bool) -> bool:
    """Whether a seat holds a place of the panel: a refusal that nobody stands behind yet still does."""
    return state in OCCUPYING or (state in REFUSED and not refusal_confirmed)


def quota_faults(rows: Sequence[QuotaRow], size: int) -> list[tuple[int, str]]:
    """What is wrong with quotas before the pool is looked at: (row index, kind), kinds below, in reading order.

    `long` (a name that is too long), `order` (minimum above maximum), `negative`, `twice`, `share`, `low` (the maxima of the category do not fill the
    panel), `high` (its minima overfill it); the last two stand at the category's first row.
    """
    faults: list[tuple[int, str]] = []
    seen: set[tuple[str, str]] = set()
    for index, row in enumerate(rows):
        key = (row.category.casefold(), row.value.casefold())
        checks = {
            "negative": min(row.minimum, row.maximum) < 0,
            "order": row.minimum > row.maximum,
            "twice": key in seen,
            "long": len(row.category) > MOST_CATEGORY or len(row.value) > MOST_VALUE,
            "share": row.population is not None and not is_share(row.population),
        }
        faults += [(index, kind) for kind, wrong in checks.items() if wrong]
        seen.add(key)
    return sorted(faults + _category_faults(rows, size))


def _category_faults(rows: Sequence[QuotaRow], size: int) -> list[tuple[int, str]]:
    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        first.setdefault(row.category, index)
    faults = []
    for category, index in first.items():
        if sum(row.minimum for row in rows if row.category == category) > size:
            faults.append((index, "high"))
        if sum(row.maximum for row in rows if row.category == category) < size:
            faults.append((index, "low"))
    return faults


def recruits_needed(minimum: int, volunteers: int, size: int, pool: int) -> tuple[int, int]:
    """How many more volunteers a group lacks: for the minimum to be met at all, and for its members not to be certain.

    The second number brings the group's chance down to that of the whole pool: minimum / (size / pool) people.
    """
    missing = max(0, minimum - volunteers)
    fair = -(-minimum * pool // size) if size else minimum
    return missing, max(missing, fair - volunteers)
