"""Pure decisions of the open input: what may be recorded, how bulk entry is read, what a table may show."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from deliberate.core.errors import N_, Refusal
from deliberate.process.rules import Span

CHANNELS = ("web", "group", "paper", "import")
OUTCOMES = ("adopted", "partly", "rejected", "out-of-scope")
CATEGORIES = ("age", "gender", "occupation", "territory")
LANGUAGES = ("fr", "en", "ar", "de", "el", "es", "it", "nl", "pl", "pt", "ro", "tr", "uk", "wo")
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
# Digits and letters that cannot be mistaken for one another on paper.
KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
TEXT_LIMIT = 5000
NOTE_LIMIT = 200
CATEGORY_LIMIT = 80
SMALLEST_CELL = 5
QUICKEST = timedelta(seconds=3)

CHANNEL_NAMES = {
    "web": N_("On this site"),
    "group": N_("In a group"),
    "paper": N_("On paper"),
    "import": N_("Imported"),
}
OUTCOME_NAMES = {
    "adopted": N_("Taken up"),
    "partly": N_("Taken up in part"),
    "rejected": N_("Not taken up"),
    "out-of-scope": N_("Outside the question asked"),
}
CATEGORY_NAMES = {
    "age": N_("Age"),
    "gender": N_("Gender"),
    "occupation": N_("Occupation"),
    "territory": N_("Territory"),
}
AGE_NAMES = {
    "16-29": N_("16 to 29"),
    "30-44": N_("30 to 44"),
    "45-59": N_("45 to 59"),
    "60-74": N_("60 to 74"),
    "75+": N_("75 and over"),
}
GENDER_NAMES = {"woman": N_("Woman"), "man": N_("Man"), "other": N_("Other")}
STATE_NAMES = {
    "waiting": N_("waiting for moderation"),
    "published": N_("published"),
    "refused": N_("not published"),
    "withdrawn": N_("withdrawn by its author"),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong in something sent in bulk: its place (a line, or an entry), and a sentence as data."""

    place: int
    template: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return self.template % self.values if self.values else self.template


class FaultyEntry(Refusal):
    """Something sent in bulk that cannot be recorded; `faults` says everything at once. Nothing was written."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(N_("Nothing was recorded. Mend what is listed below, then send it again."))
        self.faults = faults


def faults_of(refusal: Refusal) -> list[Fault]:
    """The faults that a refusal lists; none when it is about something else."""
    return refusal.faults if isinstance(refusal, FaultyEntry) else []


def new_key(prefix: str) -> str:
    """A short public id such as `c-8f3k2a`: 30 random bits, unique within a process by constraint."""
    return f"{prefix}-{''.join(secrets.choice(KEY_LETTERS) for _ in range(6))}"


def new_receipt() -> str:
    """The secret of a receipt: 128 random bits as text."""
    return secrets.token_urlsafe(16)


def receipt_hash(secret: str) -> str:
    """What is stored of a receipt's secret."""
    return hashlib.sha256(f"deliberate/receipt/1\n{secret}".encode()).hexdigest()


def folded(text: str) -> str:
    """A text as searches see it: without case, accents and typographic apostrophes."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def clean_text(text: str, field: str = "text", limit: int = TEXT_LIMIT) -> str:
    """A text without the space around it and control characters. Raises Refusal when empty or too long."""
    kept = "".join(
        c for c in text.replace("\r\n", "\n") if c in "\n\t" or unicodedata.category(c) != "Cc"
    ).strip()
    if not kept:
        raise Refusal(N_("Write something first."), field=field)
    if len(kept) > limit:
        raise Refusal(
            N_("This text has %(length)s characters; the limit is %(limit)s. Shorten it, or send it in several parts."),
            field=field, length=len(kept), limit=limit,
        )  # fmt: skip
    return kept


def clean_language(code: str) -> str:
    """A language that texts may be written in. Raises Refusal for another."""
    if code not in LANGUAGES:
        raise Refusal(N_("Say in which language this is written."), field="language")
    return code


def clean_categories(given: Mapping[str, str]) -> dict[str, str]:
    """The known categories that were filled in, trimmed; anything else is left out."""
    return {
        name: given[name].strip()[:CATEGORY_LIMIT] for name in CATEGORIES if (given.get(name) or "").strip()
    }


def too_quick(begun: datetime | None, now: datetime) -> bool:
    """Whether a form came back faster than a person can write, or without the moment it was begun."""
    return begun is None or now - begun < QUICKEST


def contest_until(span: Span, days: int, zone: str) -> datetime | None:
    """The moment until which placements may be contested: the start of the local day that is `days` after the
    last day of the open phase; None while its close is not set."""
    if span.closes is None:
        return None
    last_day = (span.closes - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
    return datetime.combine(last_day + timedelta(days=days), datetime.min.time(), ZoneInfo(zone))


# Tables by category


def suppressed(
    table: Mapping[str, Mapping[str, int]], smallest: int = SMALLEST_CELL
) -> dict[str, dict[str, int | None]]:
    """A table of counts that gives nobody away: cells under `smallest` become None.

    A row or column in which one cell alone would be hidden loses its next smallest too: otherwise the hidden count
    follows from the sum, which is published elsewhere. Every row has the same columns.
    """
    shown: dict[str, dict[str, int | None]] = {
        row: {column: n if n >= smallest else None for column, n in cells.items()}
        for row, cells in table.items()
    }
    while hidden := _lonely(shown):
        row, column = hidden
        shown[row][column] = None
    return shown


def _lonely(shown: dict[str, dict[str, int | None]]) -> tuple[str, str] | None:
    columns = list(next(iter(shown.values()), {}))
    by_row = [[(row, column) for column in columns] for row in shown]
    by_column = [[(row, column) for row in shown] for column in columns]
    for line in by_row + by_column:
        kept = [(count, row, column) for row, column in line if (count := shown[row][column]) is not None]
        if kept and len(line) - len(kept) == 1:
            return min(kept)[1:]
    return None
