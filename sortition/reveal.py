"""From public randomness to the panel drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sortition.problems import SortitionError
from sortition.proofs.canonical import digest
from sortition.proofs.documents import filled_cells, sealing
from sortition.randomness import drawing_text, ticket


@dataclass(frozen=True)
class Reveal:
    """The panel drawn: `ticket` is its number, `people` the pseudonyms on it.

    `commitment` is the digest of the lottery it was drawn from; `nonce` opens the commitment to this panel.
    """

    commitment: str
    randomness: str
    ticket: int
    nonce: str
    people: tuple[str, ...]

    @property
    def document(self) -> dict[str, object]:
        """What reveal.json holds."""
        return {
            "format": "deliberate/reveal/1",
            "commitment": self.commitment,
            "randomness": self.randomness,
            "ticket": self.ticket,
            "nonce": self.nonce,
            "people": list(self.people),
        }


def refuse_exchanged(
    public: Mapping[str, Any], people: Mapping[str, Mapping[str, str]], salts: Mapping[str, str]
) -> None:
    """Raise SortitionError when a pseudonym of `people` (their columns) does not stand for whom it was sealed for."""
    sealed = dict(zip(public["pseudonyms"], public["entries"], strict=True))
    exchanged = [
        name
        for name, columns in people.items()
        if sealing(salts.get(name, ""), filled_cells(columns)) != sealed.get(name)
    ]
    if exchanged:
        raise SortitionError(
            "The key was changed since this list was sealed: %(pseudonym)s no longer stands for the volunteer sealed under "
            "it. Nothing was drawn. Put back the key as it was, or abandon this draw.",
            {"pseudonym": min(exchanged)},
        )


def reveal(
    public: Mapping[str, Any],
    attributes: Mapping[str, Any],
    randomness: str,
    earlier: Mapping[str, Any] | None = None,
) -> Reveal:
    """The panel of the lottery `public` that `randomness` designates, opened from `attributes`.

    `earlier` is the document of a reveal already made, if any: a second, different randomness is refused.
    Raises SortitionError for that, and for a text that does not fit the ticket rule.
    """
    commitment = digest("lottery", dict(public))
    rule = public["randomness"]["ticket"]
    text = randomness.strip()
    number = ticket(rule, commitment, len(public["panels"]), text)
    if earlier is not None:
        if earlier["commitment"] != commitment or drawing_text(rule, earlier["randomness"]) != drawing_text(
            rule, text
        ):
            raise SortitionError(
                "This lottery was already revealed with “%(earlier)s”, which drew panel %(ticket)d. A second "
                "draw is refused: prepare a new lottery if a new draw is truly needed.",
                {"earlier": earlier["randomness"], "ticket": earlier["ticket"]},
            )
        text = earlier["randomness"]
    panel, nonce = attributes["panels"][number], attributes["panel_nonces"][number]
    if sealing(nonce, panel) != public["panels"][number]:
        raise SortitionError(
            "Panel %(ticket)d in attributes.json is not the one that was sealed: the file was changed. Put back "
            "the one written when the lottery was prepared.",
            {"ticket": number},
        )
    return Reveal(commitment, text, number, nonce, tuple(public["pseudonyms"][place] for place in panel))
