"""How answers are offered and bounded. Pure."""

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

# Answers to one process from one network in a quarter of an hour: a workshop of 300 people and three questions.
ANSWERS_PER_SOURCE = 1000
WINDOW = timedelta(minutes=15)
SOURCE_KEPT = timedelta(days=7)
# From how many answers of one network within an hour moderators are told.
BURST, BURST_WITHIN = 20, timedelta(hours=1)
LETTERS_PER_RECEIPT = 3
IPV6_NETWORK = 64


@dataclass(frozen=True)
class Progress:
    """How far a visitor has come with the questions of a round; `left` are the short names still to answer."""

    answered: int
    total: int
    left: tuple[str, ...]


def progress(keys: Sequence[str], answered: Sequence[str], current: str = "") -> Progress:
    """What is left of the questions `keys`, in order; those after `current` first, then those passed over before it."""
    at = keys.index(current) + 1 if current in keys else 0
    left = [key for key in (*keys[at:], *keys[:at]) if key not in answered]
    return Progress(sum(key in answered for key in keys), len(keys), tuple(left))


def network(address: str) -> str:
    """The network an address belongs to: itself in IPv4, its /64 in IPv6, of which a home has one.

    A server that listens on IPv6 alone writes addresses of IPv4 inside a single /64: each stays itself.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, IPV6_NETWORK), strict=False).network_address)
    return str(found)


def source(key: str, slug: str, address: str | None) -> str:
    """What is kept for some days of where an answer came from: a keyed hash, different in every process."""
    named = f"answer source\n{slug}\n{network(address or '')}"
    return hmac.digest(key.encode(), named.encode(), hashlib.sha256).hex()


def for_groups(variants: Sequence[Mapping[str, Any]]) -> bool:
    """Whether wordings are meant for groups, so that visitors choose theirs; otherwise chance deals them."""
    return any(variant.get("for") for variant in variants)


def typed_secret(typed: str) -> tuple[str, str]:
    """What a receipt's secret may be, from what someone typed or pasted: an address, or a code in groups."""
    last = typed.strip().rstrip("/").rpartition("/")[2]
    return last, "".join(c for c in last.casefold() if c.isalnum())
