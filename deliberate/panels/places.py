"""Where each volunteer stands in a sealed lottery: a row each, so that nobody's page reads the whole lottery."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ForeignKey, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from deliberate.core.database import Base
from deliberate.journal.canonical import canonical
from deliberate.panels.models import Draw, Registrant


class Place(Base):
    """A volunteer in a sealed lottery: the numbers of the panels they are in, and what their commitment is made of.

    `commitment` is SHA-256(nonce ‖ [row, panels]), as the public list holds it, so that they can check both.
    `pseudonym` is that of the list. Of someone erased nothing is kept.
    """

    __tablename__ = "place"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"), primary_key=True, index=True)
    pseudonym: Mapped[str] = mapped_column(String(40))
    panels: Mapped[list[int]]
    row: Mapped[list[str]]
    nonce: Mapped[str] = mapped_column(String(64))
    commitment: Mapped[str] = mapped_column(String(71))

    @property
    def said(self) -> str:
        """Row and panels as the text that is hashed."""
        return canonical([self.row, self.panels]).decode()


def keep_places(session: Session, draw: Draw, held: Mapping[str, Sequence[int]]) -> None:
    """Write the place of everyone in the lottery just sealed; `held` has their panels by the name of the registrant."""
    of_process = select(Registrant.pseudonym, Registrant.id).where(Registrant.process_id == draw.process_id)
    known = {name: number for name, number in session.execute(of_process)}  # noqa: C416  (rows are no pairs to mypy)
    rows = [_row(draw, position, own, held, known) for position, own in enumerate(draw.lottery["pseudonyms"])]
    session.execute(insert(Place), rows)


def _row(
    draw: Draw, position: int, own: str, held: Mapping[str, Sequence[int]], known: Mapping[str, int]
) -> dict[str, Any]:
    name = draw.key[own]
    return {
        "draw_id": draw.id,
        "registrant_id": known[name],
        "pseudonym": own,
        "panels": list(held[name]),
        "row": draw.attributes["rows"][position],
        "nonce": draw.attributes["nonces"][position],
        "commitment": draw.lottery["commitments"][position],
    }


def place_of(session: Session, draw: Draw, registrant: Registrant) -> Place | None:
    """Where a volunteer stands in a sealed lottery; None for those who are not in it."""
    return session.get(Place, (draw.id, registrant.id))
