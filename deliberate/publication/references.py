"""Which passages in force lean on which instrument."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from deliberate.drafting.models import Charter
from deliberate.process.models import Process
from deliberate.publication.instruments import FAMILIES, Instrument, instrument
from deliberate.publication.reading import Current, Passage, current_texts


@dataclass(frozen=True)
class Leaning:
    """An instrument and the passages that lean on it, charter by charter in reading order."""

    instrument: Instrument
    places: list[tuple[Charter, list[Passage]]]

    @property
    def count(self) -> int:
        """How many passages lean on it."""
        return sum(len(passages) for _charter, passages in self.places)


def leanings(session: Session, process: Process) -> dict[str, list[Leaning]]:
    """Every instrument that a charter in force leans on, by family, in the order of FAMILIES and of its number."""
    found: dict[str, list[Leaning]] = {}
    for one in _collected(current_texts(session, process)):
        found.setdefault(one.instrument.family, []).append(one)
    return {
        family: sorted(found[family], key=lambda one: one.instrument.rank)
        for family in FAMILIES
        if family in found
    }


def _collected(texts: Iterable[Current]) -> list[Leaning]:
    known: dict[str, Leaning] = {}
    for text in texts:
        for passage in text.passages:
            for cited in {one.code: one for one in map(instrument, passage.clause.references)}.values():
                leaning = known.setdefault(cited.code, Leaning(cited, []))
                if not leaning.places or leaning.places[-1][0] is not text.charter:
                    leaning.places.append((text.charter, []))
                leaning.places[-1][1].append(passage)
    return list(known.values())
