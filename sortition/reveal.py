"""From public randomness to the panel drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sortition.canonical import digest
from sortition.problems import SortitionError
from sortition.randomness import ticket


@dataclass(frozen=True)
class Reveal:
    """The panel drawn: `ticket` is its number, `people` the pseudonyms on it.

    `commitment` is the digest of the lottery it was drawn from.
    """

    commitment: str
    randomness: str
    ticket: int
    people: tuple[str, ...]

    @property
    def document(self) -> dict[str, object]:
        """What reveal.json holds."""
        return {
            "format": "deliberate/reveal/1",
            "commitment": self.commitment,
            "randomness": self.randomness,
            "ticket": self.ticket,
            "people": list(self.people),
        }


def reveal(public: Mapping[str, Any], randomness: str, earlier: Mapping[str, Any] | None = None) -> Reveal:
    """The panel of the lottery `public` that `randomness` designates.

    `earlier` is the document of a reveal already made, if any: a second, different randomness is refused.
    Raises SortitionError for that, and for a text that does not fit the ticket rule.
    """
    commitment = digest("lottery", dict(public))
    number = ticket(public["randomness"]["ticket"], commitment, len(public["panels"]), randomness)
    text = randomness.strip()
    if earlier is not None and (earlier["commitment"], earlier["ticket"]) != (commitment, number):
        raise SortitionError(
            "This lottery was already revealed with “%(earlier)s”, which drew panel %(ticket)d. A second "
            "draw is refused: prepare a new lottery if a new draw is truly needed.",
            {"earlier": earlier["randomness"], "ticket": earlier["ticket"]},
        )
    people = tuple(public["pseudonyms"][position] for position in public["panels"][number])
    return Reveal(commitment, text, number, people)
