"""Checking what the public ceremony drew: the ticket, the panel it opens, the alternates. Standard library alone."""

import hashlib
import json
import unicodedata
from collections import Counter
from typing import Any

from sortition.proofs.canonical import digest
from sortition.proofs.documents import Finding, failed, in_one_line, passed, sealing, unchecked

LONGEST_SIGNATURE = 512
BEACON_KEYS = {"round", "randomness", "signature"}


def check_reveal(lottery: Any, reveal: Any) -> list[Finding]:
    """That the randomness draws the ticket, and that the panel named is the one sealed under this number."""
    rule, panels, said = lottery["randomness"]["ticket"], len(lottery["panels"]), reveal["randomness"]
    ticket = ticket_of(rule, reveal["commitment"], panels, said)
    if ticket is None or ticket != reveal["ticket"]:
        return [
            failed(
                "“%(randomness)s” does not draw panel %(ticket)d by the rule declared.",
                randomness=said,
                ticket=reveal["ticket"],
            )
        ]
    problems = _check_opening(lottery, reveal)
    if problems:
        return problems
    return [
        passed(
            "“%(randomness)s” draws panel %(ticket)d, and the people revealed are its members.",
            randomness=said,
            ticket=ticket,
        ),
        *(_check_beacon(said) if rule == "hash" else []),
        unchecked(
            "That “%(randomness)s” truly came from the source declared: %(source)s.",
            randomness=said,
            source=in_one_line(lottery["randomness"]["source"]),
        ),
    ]


def _check_opening(lottery: Any, reveal: Any) -> list[Finding]:
    place = {name: position for position, name in enumerate(lottery["pseudonyms"])}
    people, drawn = reveal["people"], lottery["size"] - lottery["seated"]
    positions = sorted(place[name] for name in people if name in place)
    if not len(set(positions)) == len(people) == drawn:
        return [
            failed("reveal.json does not name %(size)d different people of the pool.", size=drawn),
        ]
    if sealing(reveal["nonce"], positions) != lottery["panels"][reveal["ticket"]]:
        return [
            failed(
                "The people revealed, or the nonce beside them, are not those sealed as panel %(ticket)d.",
                ticket=reveal["ticket"],
            )
        ]
    if [place[name] for name in people] != positions:
        return [failed("The people revealed do not stand in the order of the sealed list.")]
    return []


def ticket_of(rule: str, commitment: str, panels: int, randomness: str) -> "int | None":
    """The number that a text draws, from 0 to `panels` − 1; None when it does not fit the rule."""
    text = drawn_text(randomness)
    if text is None or not panels:
        return None
    if rule == "digits":
        digits = balls_drawn(text)
        return int(digits) if digits and str(panels) == "1" + "0" * len(digits) else None
    if rule != "hash" or not text:
        return None
    fair = 2**256 - 2**256 % panels
    counter = 0
    while True:
        ticket = f"deliberate/ticket/1\n{commitment.removeprefix('sha256:')}\n{text}\n{counter}".encode()
        number = int.from_bytes(hashlib.sha256(ticket).digest(), "big")
        if number < fair:
            return number % panels
        counter += 1


def balls_drawn(text: str) -> str:
    """The digits of the balls that a text names; empty when it says anything else."""
    digits = "".join(letter for letter in text if letter not in " \t\n,;-")
    return digits if digits.isascii() and digits.isdigit() else ""


def drawn_text(randomness: str) -> "str | None":
    """The text that is hashed: of a drand answer its randomness, else all of it; None of a broken answer."""
    text = " ".join(unicodedata.normalize("NFC", randomness).split())
    if not text.startswith("{"):
        return text
    answer = _beacon(text)
    return answer["randomness"] if answer else None


def _beacon(text: str) -> "dict[str, Any] | None":
    """A drand answer that holds together: its randomness is the SHA-256 of its signature."""
    try:
        answer = json.loads(text)
        signature = answer["signature"]
        if BEACON_KEYS - set(answer) or type(answer["round"]) is not int or answer["round"] < 1:
            return None
        if len(signature) > LONGEST_SIGNATURE or set(signature) - set("0123456789abcdef"):
            return None
        matches = hashlib.sha256(bytes.fromhex(signature)).hexdigest() == answer["randomness"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return answer if matches and signature else None


def _check_beacon(randomness: str) -> list[Finding]:
    answer = _beacon(randomness.strip()) if randomness.strip().startswith("{") else None
    if answer is None:
        return []
    return [
        passed(
            "The randomness of drand round %(round)d is the SHA-256 of its signature.", round=answer["round"]
        ),
        unchecked(
            "The signature of drand round %(round)d itself: a program that knows the public key of drand is needed.",
            round=answer["round"],
        ),
    ]


def check_alternates(lottery: Any, reveal: Any, alternates: Any, opened: Any = None) -> list[Finding]:
    """That the randomness draws the set named among those sealed for this panel; `opened` holds them all."""
    sets, ticket, people = alternates["sets"], alternates["ticket"], alternates["people"]
    place = {name: position for position, name in enumerate(lottery["pseudonyms"])}
    chosen = [place.get(name, -1) for name in people]
    commitment = digest(
        "alternates", {key: alternates[key] for key in ("format", "lottery", "panel", "dropout", "sets")}
    )
    fault = None
    if (alternates["lottery"], alternates["panel"]) != (reveal["commitment"], reveal["ticket"]):
        fault = "The alternates are those of another lottery or of another panel."
    elif alternates["commitment"] != commitment:
        fault = "The sets of alternates are not those that their digest seals."
    elif ticket_of("hash", commitment, len(sets), alternates["randomness"]) != ticket:
        fault = "“%(randomness)s” does not draw set %(ticket)d of the alternates."
    elif sealing(alternates["nonce"], chosen) != sets[ticket]:
        fault = "The alternates named, or the nonce beside them, are not those sealed as set %(ticket)d."
    elif not _set_fits(lottery, reveal, chosen, len(people)):
        fault = "A set of alternates holds someone of the panel, someone twice or nobody of the pool."
    if fault:
        values = {"randomness": alternates["randomness"], "ticket": ticket} if "%" in fault else {}
        return [failed(fault, **values)]
    declared = _check_declared(lottery, reveal, alternates)
    if declared[0].outcome == "failed":
        return declared
    return [
        passed(
            "“%(randomness)s” draws set %(ticket)d of %(sets)d, and the alternates are its people in "
            "calling order.",
            randomness=alternates["randomness"],
            ticket=ticket,
            sets=len(sets),
        ),
        *_check_sets(lottery, reveal, alternates, opened),
        *declared,
        unchecked("That the sets of alternates are near the best: the program that found them is needed."),
    ]


def _check_declared(lottery: Any, reveal: Any, alternates: Any) -> list[Finding]:
    """What would let somebody choose among alternates after the draw."""
    declared = _check_number(lottery["alternates"], alternates)
    if declared.outcome == "failed":
        return [declared]
    if drawn_text(alternates["randomness"]) == drawn_text(reveal["randomness"]):
        return [declared]
    other = "The alternates were drawn by “%(randomness)s”, not by what drew the panel: that it was agreed on beforehand."
    return [declared, unchecked(other, randomness=alternates["randomness"])]


def _check_number(sealed: Any, alternates: Any) -> Finding:
    """How many alternates there are, and who was taken to drop out, against what was sealed of them."""
    number, drawn = sealed["number"], len(alternates["people"])
    if not number:
        return unchecked(
            "That the number of alternates and the chances to drop out were said before the draw: the lottery seals "
            "none."
        )
    if alternates["dropout"] != sealed["dropout"]:
        return failed(
            "The chances to drop out that the alternates were chosen by are not those sealed with the lottery."
        )
    if drawn > number:
        return failed(
            "%(drawn)d alternates were drawn; the lottery sealed %(number)d.", drawn=drawn, number=number
        )
    if drawn < number:
        return unchecked(
            "%(drawn)d alternates were drawn, the lottery sealed %(number)d: that nobody else was left to be one.",
            drawn=drawn,
            number=number,
        )
    return passed(
        "The number of alternates, %(number)d, and the chances to drop out are those sealed with the lottery.",
        number=number,
    )


def _check_sets(lottery: Any, reveal: Any, alternates: Any, opened: Any) -> list[Finding]:
    """Every set, for those who hold them: the one sealed under its number, and of people who may be alternates."""
    if opened is None:
        return [
            unchecked(
                "The sets of alternates that were not drawn: each is sealed; alternates-sets.json opens them."
            )
        ]
    sealed, number = alternates["sets"], len(alternates["people"])
    if not len(opened["sets"]) == len(opened["nonces"]) == len(sealed):
        return [failed("alternates-sets.json does not have one set and one nonce per set sealed.")]
    for ticket, (nonce, chosen) in enumerate(zip(opened["nonces"], opened["sets"])):  # noqa: B905
        if sealing(nonce, chosen) != sealed[ticket]:
            return [
                failed(
                    "Set %(ticket)d of the alternates, or its nonce, is not the one sealed.", ticket=ticket
                )
            ]
        if not _set_fits(lottery, reveal, chosen, number):
            return [
                failed("A set of alternates holds someone of the panel, someone twice or nobody of the pool.")
            ]
    return [
        passed(
            "All %(sets)d sets of alternates are those sealed, of people outside the panel.", sets=len(sealed)
        )
    ]


def _set_fits(lottery: Any, reveal: Any, chosen: Any, number: int) -> bool:
    known, panel = lottery["pseudonyms"], set(reveal["people"])
    if not len(set(chosen)) == len(chosen) == number or not all(0 <= one < len(known) for one in chosen):
        return False
    return not any(known[one] in panel for one in chosen)


def check_homes(lottery: Any, attributes: Any, people: list[str]) -> list[Finding]:
    """That panel and alternates together have nobody's cohabitant."""
    if attributes is None or not lottery["one_per_household"]:
        return []
    chosen = set(people)
    homes = Counter(
        row[-1]
        for name, row in zip(lottery["pseudonyms"], attributes["rows"])  # noqa: B905
        if row and row[-1] and name in chosen
    )
    if homes and max(homes.values()) > 1:
        return [failed("Two people of one household are among the panel and its alternates.")]
    return [passed("No two people of one household are among the panel and its alternates.")]
