"""Pure decisions of the open input: what may be recorded, how bulk entry is read, what a table may show."""

import hashlib
import re
import secrets
import unicodedata
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from deliberate.core.errors import N_, Refusal
from deliberate.process.rules import Span

LANGUAGES = ("fr", "en", "ar", "de", "el", "es", "it", "nl", "pl", "pt", "ro", "tr", "uk", "wo")
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,38}")
# Digits and letters that cannot be mistaken for one another on paper.
KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
RECEIPT_LENGTH = 26
TEXT_LIMIT = 5000
NOTE_LIMIT = 200
CATEGORY_LIMIT = 80
SMALLEST_CELL = 5
QUICKEST = timedelta(seconds=3)
JOINERS = "\u200c\u200d"
# Controls, halves of a character, and what turns or hides text: embeddings, overrides and isolates of direction.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
# Tags that do not spell a flag.
STRAY_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0001-\U000e007f]+")

CHANNEL_NAMES = {
    "web": N_("On this site"),
    "group": N_("In a group"),
    "paper": N_("On paper"),
    "import": N_("Imported"),
}
CHANNELS = tuple(CHANNEL_NAMES)
OUTCOME_NAMES = {
    "adopted": N_("Taken up"),
    "partly": N_("Taken up in part"),
    "rejected": N_("Not taken up"),
    "out-of-scope": N_("Outside the question asked"),
}
OUTCOMES = tuple(OUTCOME_NAMES)
CATEGORY_NAMES = {
    "age": N_("Age"),
    "gender": N_("Gender"),
    "occupation": N_("Occupation"),
    "territory": N_("Territory"),
}
CATEGORIES = tuple(CATEGORY_NAMES)
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
    return f"{prefix}-{random_letters(6)}"


def new_receipt() -> str:
    """The secret of a receipt: 128 random bits, in letters that can be typed from paper."""
    return random_letters(RECEIPT_LENGTH)


def random_letters(length: int) -> str:
    """Random letters and digits that cannot be mistaken for one another: just under 5 bits each."""
    return "".join(secrets.choice(KEY_LETTERS) for _ in range(length))


def receipt_of(digest: bytes) -> str:
    """The secret of a receipt that follows from a keyed digest of at least 128 bits."""
    number, letters = int.from_bytes(digest, "big"), ""
    for _ in range(RECEIPT_LENGTH):
        number, at = divmod(number, len(KEY_LETTERS))
        letters += KEY_LETTERS[at]
    return letters


def in_groups(code: str, joined: str = "-") -> str:
    """A code as it is printed, such as `k3m7-p2xa-…`."""
    return joined.join(code[at : at + 4] for at in range(0, len(code), 4))


def receipt_hash(secret: str) -> str:
    """What is stored of a receipt's secret."""
    return hashlib.sha256(f"deliberate/receipt/1\n{secret}".encode()).hexdigest()


def folded(text: str) -> str:
    """A text as searches see it: without case, accents and typographic apostrophes."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def plain_text(text: str) -> str:
    """A text in one form (NFC) and without what readers cannot see: controls, overrides of direction, tags.

    Direction is each paragraph's own (`dir="auto"`). Joiners, which Persian and emoji need, stay, as do the tags of a
    flag.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    tagless = STRAY_TAGS.sub("", UNSEEN.sub("", lines))
    return unicodedata.normalize("NFC", tagless).strip().strip(JOINERS)


def clean_text(text: str, field: str = "text", limit: int = TEXT_LIMIT) -> str:
    """A text as it is kept; see `plain_text`. Raises Refusal when empty or too long."""
    kept = plain_text(text)
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
    """The known categories that were filled in, as plain text and trimmed; anything else is left out."""
    plain = {name: plain_text(given.get(name) or "")[:CATEGORY_LIMIT] for name in CATEGORIES}
    return {name: said for name, said in plain.items() if said}


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


def months_later(moment: datetime, months: int) -> datetime:
    """The same moment so many months later, or on the last day of a month that is shorter."""
    year, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + year, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def next_round(spans: Sequence[Span], round: int, now: datetime) -> int:
    """The first later round that still collects, or will. Raises Refusal when the protocol has none."""
    later = sorted(
        span.round for span in spans if span.kind == "open" and span.round > round and not span.over(now)
    )
    if not later:
        raise Refusal(
            N_("This came too late, and the protocol has no later round that it could wait for."),
            field="late",
        )
    return later[0]
