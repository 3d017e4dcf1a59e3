"""The clauses that an answer may lead to: charters stand on a floor above, which says here what there is to choose."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from deliberate.process.models import Process


@dataclass(frozen=True)
class Charter:
    """A charter with its clauses: `clauses` holds for each its mark and its first words, in the reader's language."""

    key: str
    title: str
    clauses: Sequence[tuple[str, str]]


Offer = Callable[[Session, Process], Iterable[Charter]]
_offers: list[Offer] = []


def offer(given: Offer) -> None:
    """Say what there is to choose; once for each that offers."""
    if given not in _offers:
        _offers.append(given)


def on_offer(session: Session, process: Process) -> list[Charter]:
    """Every charter of a process with the clauses that an answer may lead to."""
    return [charter for given in _offers for charter in given(session, process)]
