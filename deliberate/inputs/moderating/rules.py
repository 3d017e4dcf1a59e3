"""Pure decisions of moderation: for which reasons something is refused, how long one may appeal, how long it took."""

from collections.abc import Sequence
from datetime import timedelta
from statistics import median
from typing import Any

from deliberate.core.errors import N_, Refusal
from deliberate.inputs.rules import clean_text

REASON_LIMIT = 1000
# Where a protocol says nothing: days in which one may appeal, and in which a guarantor answers.
APPEAL_DAYS = 7
STATES = {"publish": "published", "refuse": "refused"}

# The reasons for which something may be refused; whoever moderates may add words, and must for the last.
RULE_NAMES = {
    "personal-data": N_("Says things about a private person who can be recognised"),
    "insult": N_("Insults or threatens"),
    "hatred": N_("Calls for hatred or violence, or breaks the law in another way"),
    "advertising": N_("Advertises"),
    "off-topic": N_("Has nothing to do with the question"),
    "twice": N_("Was sent twice by the same person"),
    "unreadable": N_("Cannot be read or understood"),
    "other-reason": N_("Another reason"),
}
DECISION_NAMES = {
    "published-first": N_("Published"),
    "published-again": N_("Published again"),
    "refused-first": N_("Not published"),
    "taken-down": N_("Taken down"),
    "upheld": N_("Refusal confirmed by a guarantor"),
    "overturned": N_("Published on a guarantor’s decision"),
}
# Decision, and state before it → how the log calls it.
CALLED = {
    ("publish", "waiting"): "published-first",
    ("publish", "refused"): "published-again",
    ("refuse", "waiting"): "refused-first",
    ("refuse", "published"): "taken-down",
    ("uphold", "refused"): "upheld",
    ("overturn", "refused"): "overturned",
}
APPEAL_NAMES = {
    "waiting": N_("waits for a guarantor"),
    "upheld": N_("the refusal was confirmed"),
    "overturned": N_("the refusal was lifted"),
    "dropped": N_("no longer needed"),
}


def stated(rule: str, reason: str) -> tuple[str, str]:
    """The rule and the words of a refusal, checked: one of RULE_NAMES or none, and words unless a rule says it all."""
    reason = clean_text(reason, "reason", REASON_LIMIT) if reason.strip() else ""
    if rule and rule not in RULE_NAMES:
        raise Refusal(N_("Choose one of the reasons in the list."), field="rule")
    if not reason and rule in ("", "other-reason"):
        raise Refusal(N_("Say why this is refused: everyone will read the reason."), field="reason")
    return rule, reason


def appeal_time(protocol: dict[str, Any]) -> timedelta:
    """How long one may appeal against a refusal, and how long a guarantor has to answer."""
    return timedelta(days=int(protocol.get("appeal_days", APPEAL_DAYS)))


def times(waited: Sequence[timedelta]) -> dict[str, timedelta] | None:
    """How long decisions took: on average, for half of them, and at most; None without any."""
    if not waited:
        return None
    return {
        "mean": sum(waited, timedelta()) / len(waited),
        "half": timedelta(seconds=median(one.total_seconds() for one in waited)),
        "longest": max(waited),
    }
