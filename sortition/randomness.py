"""Tickets from public randomness, and a reproducible stream of bytes.

Nothing here uses the generator of a language: tickets, pseudonyms, nonces, ties and codes follow from SHA-256, so that
any other program can recompute them. Only the search for panels (`sortition.engine`) shakes its objectives with numpy's
generator, from a fixed seed: that decides which panels are found, never which one is drawn, and nobody has to recompute
it, since what is found is proved.
"""

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Sequence
from itertools import count
from typing import TypeVar

from sortition.problems import SortitionError

TICKET_RULES = ("digits", "hash")
SEPARATORS = " \t\n,;-"
LONGEST_TEXT = 10_000
LONGEST_SIGNATURE = 512
NONCE_BYTES = 16
LEAST_ENTROPY = 16

Item = TypeVar("Item")


class Stream:
    """Bytes that follow from `entropy` and a `purpose`: SHA-256 in counter mode."""

    def __init__(self, entropy: bytes, purpose: str) -> None:
        self._prefix = f"deliberate/stream/1\n{purpose}\n".encode() + hashlib.sha256(entropy).digest()
        self._counter = count()
        self._buffer = b""

    def take(self, length: int) -> bytes:
        """The next `length` bytes."""
        while len(self._buffer) < length:
            self._buffer += hashlib.sha256(self._prefix + next(self._counter).to_bytes(8, "big")).digest()
        taken, self._buffer = self._buffer[:length], self._buffer[length:]
        return taken

    def nonces(self, number: int) -> list[str]:
        """The next `number` nonces of 16 bytes, in hexadecimal."""
        return [self.take(NONCE_BYTES).hex() for _ in range(number)]

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` − 1, all equally likely (rejection sampling)."""
        fair = (1 << 64) - (1 << 64) % limit
        while (number := int.from_bytes(self.take(8), "big")) >= fair:
            pass
        return number % limit

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in a random order (Fisher and Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed


def fresh_entropy() -> bytes:
    """Entropy of which nobody knows anything yet, from the operating system."""
    return secrets.token_bytes(LEAST_ENTROPY)


def refuse_guessable(entropy: bytes) -> None:
    """Raise SortitionError for so little entropy that pseudonyms and nonces could be guessed."""
    if len(entropy) < LEAST_ENTROPY:
        raise SortitionError(
            "The entropy has %(given)d bytes; pseudonyms are safe from guessing with %(least)d bytes or more.",
            {"given": len(entropy), "least": LEAST_ENTROPY},
        )


def digits_needed(panels: int) -> int:
    """How many digits number `panels` panels: 3 for 1,000.

    Raises SortitionError unless `panels` is a power of ten.
    """
    digits = len(str(panels)) - 1
    if digits < 1 or panels != 10**digits:
        raise SortitionError(
            "With the ticket rule “digits” the number of panels must be 10, 100, 1000 and so on; it is "
            "%(panels)d. Change the number of panels, or choose the rule “hash”.",
            {"panels": panels},
        )
    return digits


def ticket(rule: str, commitment: str, panels: int, randomness: str) -> int:
    """The number of the panel that `randomness` designates, from 0 to `panels` − 1.

    `digits`: the digits drawn are the number. `hash`: SHA-256 of the commitment and the text (of a drand answer,
    its randomness), with rejection sampling. Raises SortitionError when the text does not fit the rule.
    """
    if rule not in TICKET_RULES:
        raise SortitionError(
            "The ticket rule “%(rule)s” is unknown. Choose “digits” or “hash”.", {"rule": rule}
        )
    if rule == "hash":
        return from_hash(commitment, panels, randomness)
    return int(digits_drawn(digits_needed(panels), randomness))


def digits_drawn(needed: int, randomness: str) -> str:
    """The digits of so many balls. Raises SortitionError when the text is anything else."""
    digits = drawing_text("digits", randomness)
    if len(digits) != needed or not (digits.isascii() and digits.isdigit()):
        raise SortitionError(
            "This lottery awaits %(needed)d digits from 0 to 9, one per ball in the order drawn; “%(text)s” "
            "is something else. Type the digits only, for example %(example)s.",
            {"needed": needed, "text": randomness.strip(), "example": " ".join("407218365"[:needed])},
        )
    return digits


def drawing_text(rule: str, randomness: str) -> str:
    """The part of a text that draws: two texts that agree in it are the same draw.

    For `digits` the digits, without what separates them. For `hash` the text, in Unicode normal form C and with
    single spaces; of the JSON that a drand node answers, its randomness. Raises SortitionError for a text longer than
    10,000 letters, and for JSON that is no drand answer.
    """
    text = " ".join(unicodedata.normalize("NFC", randomness).split())
    if len(text) > LONGEST_TEXT:
        raise SortitionError(
            "The public randomness has %(letters)d letters; %(most)d are the most. Paste what was drawn or "
            "published, and nothing else.",
            {"letters": len(text), "most": LONGEST_TEXT},
        )
    if rule == "digits":
        return text.translate({ord(separator): None for separator in SEPARATORS})
    return _of_beacon(text) if text.startswith("{") else text


def _of_beacon(text: str) -> str:
    """The randomness of a drand answer, which is the SHA-256 of its signature."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        answer = {}
    number, stated, signature = (answer.get(key) for key in ("round", "randomness", "signature"))
    if type(number) is not int or number < 1 or not (_is_hex(stated, 64) and _is_hex(signature)):
        raise SortitionError(
            "This begins like an answer of drand and is none. Paste the JSON of one round whole, as a node gives "
            "it: with round, randomness and signature."
        )
    if hashlib.sha256(bytes.fromhex(signature)).hexdigest() != stated:
        raise SortitionError(
            "In this answer of drand, round %(round)d, the randomness is not the SHA-256 of the signature: one of "
            "them was changed. Copy the answer again from a node of drand.",
            {"round": number},
        )
    return str(stated)


def _is_hex(text: object, length: int | None = None) -> bool:
    if not isinstance(text, str) or set(text) - set("0123456789abcdef"):
        return False
    return len(text) == length if length else 0 < len(text) <= LONGEST_SIGNATURE and len(text) % 2 == 0


def from_hash(commitment: str, panels: int, text: str) -> int:
    """The ticket of the rule `hash`. Raises SortitionError for an empty text."""
    drawn = drawing_text("hash", text)
    if not drawn:
        raise SortitionError("The public randomness is empty. Type the text that was drawn or published.")
    fair = (1 << 256) - (1 << 256) % panels
    start = f"deliberate/ticket/1\n{commitment.removeprefix('sha256:')}\n{drawn}\n"
    for counter in count():
        number = int.from_bytes(hashlib.sha256(f"{start}{counter}".encode()).digest(), "big")
        if number < fair:
            return number % panels
    raise AssertionError("unreachable: the counter has no end")
