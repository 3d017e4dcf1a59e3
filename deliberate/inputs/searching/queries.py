"""One search over everything that people said, told, wrote and voted on in a process."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.fulltext import asking
from deliberate.core.fulltext.index import Found, found, matches
from deliberate.inputs.models import Contribution
from deliberate.inputs.searching.sources import SOURCES
from deliberate.inputs.synthesis.models import SynthesisLine
from deliberate.process.models import Process

PER_PAGE = 20
KINDS = tuple(source.kind for source in SOURCES)


@dataclass(frozen=True)
class Results:
    """A page of what was found, best first; how many there are in all, and of each kind."""

    found: list[Found]
    total: int
    counts: dict[str, int]


def search(
    session: Session,
    process: Process,
    words: str,
    *,
    kind: str = "",
    hidden_round: int | None = None,
    language: str = "",
    page: int = 1,
) -> Results:
    """What holds all the words, of one kind or of every one; `hidden_round` is left out of contributions and lines."""
    terms = asking.read(words)
    if not terms:
        return Results([], 0, {})
    match = matches(session, process.id, KINDS, terms, language)
    ordered = select(match.c.kind, match.c.key, match.c.id).order_by(match.c.rank, match.c.kind, match.c.key)
    unseen = _unseen(session, process, hidden_round)
    hits = [(one, row) for one, key, row in session.execute(ordered) if (one, key) not in unseen]
    counts = {name: sum(one == name for one, _row in hits) for name in KINDS}
    ids = [row for one, row in hits if kind in ("", one)]
    shown = ids[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Results(found(session, shown, words), len(ids), counts)


def _unseen(session: Session, process: Process, round: int | None) -> set[tuple[str, str]]:
    """What a reader who has not answered yet does not see: the contributions and the lines of the round."""
    if round is None:
        return set()
    return {
        (kind, key)
        for kind, table in (("contribution", Contribution), ("line", SynthesisLine))
        for key in session.scalars(
            select(table.key).where(table.process_id == process.id, table.round == round)
        )
    }
