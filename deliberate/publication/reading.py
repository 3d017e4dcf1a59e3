"""Reading charters for the public: published versions, the passages of one, and where each comes from."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from charters.labels import numbers
from charters.model import Charter as Document
from charters.model import Clause
from charters.tracing.history import Passage as Words
from charters.version import version_from_json
from deliberate.core.errors import N_, NotFound
from deliberate.deliberation.ballots.models import Ballot
from deliberate.deliberation.ballots.queries import ballots
from deliberate.drafting import queries as drafting
from deliberate.drafting.models import Amendment, Charter, CharterVersion, MinorityStatement
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.experience.queries import lessons_by_key
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import contributions_by_key
from deliberate.process.models import Process
from deliberate.publication.lineage import Step, Stored, differences, keep, lineage, words_of


@dataclass(frozen=True)
class Passage:
    """A clause as it is read: its number among its kind (a preamble has none), its depth from 1, what it stands in."""

    clause: Clause
    number: str | None
    depth: int
    above: "Passage | None" = None


@dataclass(frozen=True)
class Sources:
    """What an amendment rests on, and how it was decided."""

    amendment: Amendment
    contributions: tuple[Contribution, ...]
    lessons: tuple[Lesson, ...]
    ballot: Ballot | None


@dataclass(frozen=True)
class Row:
    """A charter in a list: its published versions, and how many amendments wait."""

    charter: Charter
    versions: Sequence[CharterVersion]


def charter_rows(session: Session, process: Process) -> list[Row]:
    """The charters of a process with their published versions."""
    return [
        Row(charter, drafting.published_versions(session, charter))
        for charter in drafting.charters(session, process)
    ]


@dataclass(frozen=True)
class Current:
    """The text of a charter that is in force."""

    charter: Charter
    version: CharterVersion
    passages: Sequence[Passage]


def current_texts(session: Session, process: Process) -> list[Current]:
    """The version in force of every charter that has one."""
    rows = ((row.charter, row.versions[-1]) for row in charter_rows(session, process) if row.versions)
    return [Current(charter, version, passages(as_stored(version))) for charter, version in rows]


def published_version(session: Session, charter: Charter, number: int) -> CharterVersion:
    """A version that everyone may read. Raises NotFound."""
    found = drafting.version(session, charter, number)
    if found.published_at is None:
        raise NotFound(
            N_("This version is not published yet: the citizens drawn by lot are still at work on it.")
        )
    return found


def in_force(session: Session, charter: Charter, day: date | None = None) -> CharterVersion | None:
    """The version last published, or the one that stood at the end of a day in the process's time zone."""
    versions = drafting.published_versions(session, charter)
    if day is not None:
        zone = ZoneInfo(charter.process.protocol.get("time_zone", "UTC"))
        versions = [
            one for one in versions if one.published_at and one.published_at.astimezone(zone).date() <= day
        ]
    return versions[-1] if versions else None


def stored(session: Session, charter: Charter, upto: int | None = None) -> list[Stored]:
    """The versions up to a number, as the document engine reads them."""
    found = drafting.versions(session, charter)
    return [as_stored(version) for version in found if upto is None or version.number <= upto]


def as_stored(version: CharterVersion) -> Stored:
    """A version as the document engine reads it: read from its published form once."""
    digest = version.version_digest
    return Stored(digest, keep(("version", digest), lambda: version_from_json(version.document)))


def passages(version: Stored) -> list[Passage]:
    """The clauses of a version in reading order, with their numbers."""
    return keep(("passages", version.digest), lambda: _passages(version.document))


def _passages(document: Document) -> list[Passage]:
    ranks = numbers(document)
    found: dict[str | None, Passage] = {}
    for clause, parent, depth in document.walk():
        found[clause.id] = Passage(clause, ranks.get(clause.id), depth, found.get(parent))
    return list(found.values())


def lives(versions: Sequence[Stored]) -> dict[str, list[Step]]:
    """The life of every clause of the last of these versions."""
    return lineage(versions) if versions else {}


def counted(old: Stored, new: Stored) -> dict[str, int]:
    """How many clauses were inserted, changed, moved… between two versions."""
    return dict(Counter(differences(old, new).values()))


def words_by_clause(
    versions: Sequence[Stored], shown: Callable[[Mapping[str, str]], str]
) -> dict[str, list[Words]]:
    """What brought each word of the clauses of the last version whose words did not all come at once.

    `shown` says in which of its languages a clause is read.
    """
    known = words_of(versions)
    clauses = [passage.clause for passage in passages(versions[-1]) if passage.clause.text]
    found = {one.id: known.passages(one.id, shown(one.text)) for one in clauses}
    return {name: words for name, words in found.items() if len(words) > 1}


def sources(session: Session, process: Process, charter: Charter) -> dict[str, Sources]:
    """Every adopted amendment of a charter by its key, with the words and the vote behind it."""
    found = drafting.amendments(session, charter, "adopted")
    keys = {key for one in found for key in one.answers}
    contributions = contributions_by_key(session, process, keys)
    lessons = lessons_by_key(session, process, keys)
    held = {ballot.subject: ballot for ballot in ballots(session, process) if ballot.closed_at is not None}
    return {
        one.key: Sources(
            one,
            tuple(contributions[key] for key in one.answers if key in contributions),
            tuple(lessons[key] for key in one.answers if key in lessons),
            held.get(one.subject),
        )
        for one in found
    }


@dataclass(frozen=True)
class Past:
    """A published version in the history of its charter: the one published before it, what it changed, how it was voted."""

    version: CharterVersion
    before: CharterVersion | None
    changed: dict[str, int]
    ballot: Ballot | None


def history(session: Session, charter: Charter) -> list[Past]:
    """Every published version of a charter, oldest first."""
    versions = drafting.published_versions(session, charter)
    return [
        Past(
            version,
            before,
            counted(as_stored(before), as_stored(version)) if before else {},
            adopting_ballot(session, version),
        )
        for before, version in zip([None, *versions], versions, strict=False)
    ]


@dataclass(frozen=True)
class Roots:
    """All that stands behind a passage, through every amendment that touched it; the votes are those of the last."""

    contributions: tuple[Contribution, ...]
    lessons: tuple[Lesson, ...]
    ballots: tuple[Ballot, ...]


def roots(life: Sequence[Step], known: dict[str, Sources]) -> Roots:
    """The words and votes behind a passage, each once. A withdrawn contribution is not among them."""
    behind = [known[key] for step in life for key in step.amendments if key in known]
    last = [known[key] for key in life[-1].amendments if key in known] if life else []
    contributions = {one.key: one for source in behind for one in source.contributions}
    return Roots(
        tuple(one for one in contributions.values() if one.state == "published"),
        tuple({one.key: one for source in behind for one in source.lessons}.values()),
        tuple({one.ballot.number: one.ballot for one in last if one.ballot}.values()),
    )


def statements_by_clause(
    session: Session, charter: Charter, number: int
) -> dict[str | None, list[MinorityStatement]]:
    """The minority statements printed with a version, by clause; None holds those on the whole."""
    found: dict[str | None, list[MinorityStatement]] = {}
    for statement in drafting.printed_statements(session, charter, number):
        found.setdefault(statement.clause, []).append(statement)
    return found


def version_ballots(session: Session, version: CharterVersion) -> list[Ballot]:
    """The ballots behind a version: those on its amendments, on conflicts, and on the whole."""
    query = select(Ballot).where(
        Ballot.process_id == version.charter.process_id, Ballot.number.in_(version.ballots)
    )
    return list(session.scalars(query.order_by(Ballot.number)))


def adopting_ballot(session: Session, version: CharterVersion) -> Ballot | None:
    """The ballot on the version as a whole."""
    wanted = f"version:{version.charter.key}:{version.number}"
    return next(
        (one for one in version_ballots(session, version) if one.subject == wanted and one.adopted), None
    )
