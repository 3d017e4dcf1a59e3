"""Inviting by lot: letters to addresses or to people of a register, before anyone has volunteered.

Letters are shared among strata in proportion to population and, inversely, to the response expected there, so that
those who answer look like the population (stratified sampling with allocation for nonresponse; Cochran, *Sampling
Techniques*, 1977, ch. 5 and 13). The numbered list is sealed first; public randomness then draws, by the rule that
`sortition/proofs/invited.py` states and rechecks. What is public holds commitments, never an address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sortition.files.registers import Register
from sortition.problems import SortitionError
from sortition.proofs.apportionment import apportion
from sortition.proofs.canonical import digest
from sortition.proofs.documents import sealing
from sortition.proofs.invited import drawn_entries, letter_text
from sortition.randomness import Stream, digits_drawn, drawing_text, refuse_guessable

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8


@dataclass(frozen=True)
class Invitation:
    """A sealed invitation.

    `public` is invitation.json, `commitment` its digest to publish. Private: `nonces` and `order` (the row of the
    register behind each entry of `public`) and `entropy`, from which nonces and registration codes follow.
    """

    public: dict[str, Any]
    commitment: str
    nonces: tuple[str, ...]
    order: tuple[int, ...]
    entropy: bytes


def invite(
    register: Register, number: int, *, randomness_source: str, entropy: bytes, digits: int = 0
) -> Invitation:
    """Seal `number` letters to entries of `register`.

    `digits` says how many balls from 0 to 9 the source draws; 0 where any text may come of it.
    Raises SortitionError when there are too few entries, or the source of randomness is not said beforehand.
    """
    refuse_guessable(entropy)
    if not randomness_source.strip():
        raise SortitionError(
            "The source of randomness is missing. Say now which future public draw will decide: choosing it later "
            "would be a second draw."
        )
    letters = _letters(register, number)
    nonces = Stream(entropy, "invitation").nonces(len(register.rows))
    entries = [sealing(nonce, list(row)) for nonce, row in zip(nonces, register.rows, strict=True)]
    order = sorted(range(len(entries)), key=entries.__getitem__)
    public: dict[str, Any] = {
        "format": "deliberate/invitation/1",
        "number": number,
        "strata_columns": list(register.strata_columns),
        "strata": [
            {
                "values": list(one.values),
                "population": one.population,
                "response": f"{one.response.numerator}/{one.response.denominator}",
                "entries": one.entries,
                "letters": given,
            }
            for one, given in zip(register.strata, letters, strict=True)
        ],
        "entries": [entries[row] for row in order],
        "stratum_of": [register.stratum_of[row] for row in order],
        "group_of": [register.group_of[row] for row in order] if register.group_of else [],
        "randomness": {"source": randomness_source.strip(), "digits": digits},
    }
    return Invitation(
        public=public,
        commitment=digest("invitation", public),
        nonces=tuple(nonces[row] for row in order),
        order=tuple(order),
        entropy=entropy,
    )


def _letters(register: Register, number: int) -> list[int]:
    most = [one.entries for one in register.strata]
    if not 1 <= number <= sum(most):
        raise SortitionError(
            "%(number)d letters were asked for; %(entries)d entries can be invited. Ask for a number from 1 to "
            "%(entries)d.",
            {"number": number, "entries": sum(most)},
        )
    letters = apportion(number, [one.population / one.response for one in register.strata], most)
    if letters is None:
        raise SortitionError(
            "%(number)d letters cannot be shared: the strata with a population have %(entries)d entries. Ask for "
            "fewer letters, or give the other strata their population.",
            {"number": number, "entries": sum(one.entries for one in register.strata if one.population)},
        )
    return letters


def draw_letters(
    public: Mapping[str, Any], randomness: str, earlier: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What invited.json holds: the entries that `randomness` draws, in the order of their letters.

    `earlier` is a draw already made: a second, different randomness is refused. Raises SortitionError.
    """
    text, digits = randomness.strip(), public["randomness"]["digits"]
    draws = digits_drawn(digits, text) if digits else drawing_text("hash", text)
    if not draws:
        raise SortitionError("The public randomness is empty. Type the text that was drawn or published.")
    commitment = digest("invitation", dict(public))
    if earlier is not None and (
        earlier["invitation"] != commitment or letter_text(public, earlier["randomness"]) != draws
    ):
        raise SortitionError(
            "The letters were already drawn with “%(earlier)s”. A second draw is refused: seal a new invitation if "
            "a new draw is truly needed.",
            {"earlier": earlier["randomness"]},
        )
    text = text if earlier is None else earlier["randomness"]
    return {
        "format": "deliberate/invited/1",
        "invitation": commitment,
        "randomness": text,
        "invited": drawn_entries(public, commitment, text),
    }


def registration_codes(entropy: bytes, letters: int) -> list[str]:
    """A code per letter, by which whoever answers shows that they were invited: all different, none to be guessed."""
    stream = Stream(entropy, "codes")
    codes: dict[str, None] = {}
    while len(codes) < letters:
        text = "".join(CODE_LETTERS[stream.below(len(CODE_LETTERS))] for _ in range(CODE_LENGTH))
        codes[f"{text[:4]}-{text[4:]}"] = None
    return list(codes)
