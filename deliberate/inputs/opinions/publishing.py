"""A map of a closed round as it is published: figures, and where each participant stands, by number."""

from collections.abc import Sequence
from typing import Any

from deliberate.inputs.opinions.mapping.reference import Reference
from deliberate.inputs.opinions.models import OpinionMap
from deliberate.inputs.opinions.numbering import Row, numbered
from deliberate.inputs.opinions.picture import LETTERS

OF_PEOPLE = ("answered", "positions", "groups")


def map_document(found: OpinionMap, rows: Sequence[Row]) -> dict[str, Any] | None:
    """Figures and reference as plain data, participants by the numbers they bear in the published votes.

    None when those who voted are no longer those on the map: its successor is being computed.

    `reference(votes)` on these votes gives `map` again, but for the number of groups where the last map decided it.
    """
    _, people = numbered(rows)
    reference = Reference.from_data(found.reference)
    place = {who: index for index, who in enumerate(reference.participants.tolist())}
    if set(people) != set(place):
        return None
    order = [place[who] for who in people]
    data = found.reference | {"participants": list(range(1, len(people) + 1))}
    data |= {name: [found.reference[name][index] for index in order] for name in OF_PEOPLE}
    letters = [LETTERS[colour] for colour in found.display["colour_of"]]
    return {"round": found.round, "number": found.number, "letters": letters, **found.report, "map": data}
