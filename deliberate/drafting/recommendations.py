"""Reading recommendations: what the charters in force ask of whom. Answers of authorities hang on their `name`."""

from collections.abc import Iterable, Mapping
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


def recommendations(session: Session, process: Process) -> list[Recommendation]:
    """The recommendations of the charters in force, in reading order."""
    found: list[Recommendation] = []
    for one in queries.charters(session, process):
        versions = queries.versions(session, one)
        current = next((known for known in reversed(versions) if known.published_at is not None), None)
        if current is not None:
            found += _of(one, current, versions)
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
    text = document(current.content)
    asked = [clause for clause, _parent, _depth in text.walk() if clause.kind == KIND]
    if not asked:
        return []
    before = [one for one in versions if one.number <= current.number]
    texts = [document(one.content).index.bare for one in before]
    places = numbers(text)
    return [
        Recommendation(charter, current, _since(clause.bare(), before, texts), clause, places.get(clause.id))
        for clause in asked
    ]


def _since(
    clause: Clause, versions: list[CharterVersion], texts: list[Mapping[str, Clause]]
) -> CharterVersion:
    """The first of the last versions in a row that hold the clause as it is."""
    at = len(versions) - 1
    while at > 0 and texts[at - 1].get(clause.id) == clause:
        at -= 1
    return versions[at]
