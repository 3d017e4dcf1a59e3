"""Reading recommendations: what the charters in force ask of whom. Answers of authorities hang on their `name`."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from charters.labels import numbers
from charters.model import COMMITS, Clause
from deliberate.drafting import queries
from deliberate.drafting.models import Charter, CharterVersion
from deliberate.drafting.rules import document
from deliberate.process.models import Process

KIND = "recommendation"


@dataclass(frozen=True)
class Recommendation:
    """A recommendation in force. `since` is the version from which it says what it says, `number` its place in the charter."""

    charter: Charter
    version: CharterVersion
    since: CharterVersion
    clause: Clause
    number: str | None

    @property
    def name(self) -> str:
        """What it is called for ever: the charter and the permanent id of the clause."""
        return f"{self.charter.key}/{self.clause.id}"

    @property
    def addressees(self) -> tuple[str, ...]:
        """Whom it commits: values of `charters.model.COMMITS`."""
        return self.clause.commits


def recommendations(
    session: Session, process: Process, charter: Charter | None = None
) -> list[Recommendation]:
    """The recommendations of the charters in force (or of one of them), in reading order."""
    found: list[Recommendation] = []
    for one in [charter] if charter else queries.charters(session, process):
        published = queries.published_versions(session, one)
        if published:
            found += _of(one, published[-1], queries.versions(session, one))
    return found


def by_addressee(found: Iterable[Recommendation]) -> dict[str, list[Recommendation]]:
    """Recommendations by those they commit, in the order of COMMITS; those that name nobody under ""."""
    rows = list(found)
    named = {name: [one for one in rows if name in one.addressees] for name in COMMITS}
    named[""] = [one for one in rows if not one.addressees]
    return {name: ones for name, ones in named.items() if ones}


def _of(
    charter: Charter, current: CharterVersion, versions: Iterable[CharterVersion]
) -> list[Recommendation]:
    before = [one for one in versions if one.number <= current.number]
    texts = [{clause.id: clause.bare() for clause, _p, _d in document(one.content).walk()} for one in before]
    text = document(current.content)
    places = numbers(text)
    return [
        Recommendation(charter, current, _since(clause.bare(), before, texts), clause, places.get(clause.id))
        for clause, _parent, _depth in text.walk()
        if clause.kind == KIND
    ]


def _since(clause: Clause, versions: list[CharterVersion], texts: list[dict[str, Clause]]) -> CharterVersion:
    """The first of the last versions in a row that hold the clause as it is."""
    at = len(versions) - 1
    while at > 0 and texts[at - 1].get(clause.id) == clause:
        at -= 1
    return versions[at]
