"""What the pages of a bundle can lead to: read once, before any page is made."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.deliberation.ballots.models import Ballot
from deliberate.drafting import queries as drafting
from deliberate.inputs.dossiers.queries import dossiers_of
from deliberate.inputs.experience.queries import lessons_of
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import told
from deliberate.inputs.synthesis.records import keys_of_lines
from deliberate.process.models import Process
from deliberate.publication import reading
from deliberate.publication.adoption.queries import adoptions
from deliberate.publication.site.places import PER_PAGE, Places


def places(session: Session, process: Process) -> Places:
    """Where everything public of a process stands in its bundle."""
    charters = [
        one for one in drafting.charters(session, process) if drafting.published_versions(session, one)
    ]
    versions = {one.key: drafting.published_versions(session, one) for one in charters}
    keys = session.scalars(told(process).with_only_columns(Contribution.key).order_by(Contribution.key))
    closed = select(Ballot.number).where(Ballot.process_id == process.id, Ballot.closed_at.is_not(None))
    return Places(
        slug=process.slug,
        versions={key: tuple(version.number for version in known) for key, known in versions.items()},
        amendments={
            name: key for key, known in versions.items() for version in known for name in version.amendments
        },
        contributions={key: 1 + position // PER_PAGE for position, key in enumerate(keys)},
        lessons=frozenset(one.key for one in lessons_of(session, process)),
        ballots=frozenset(session.scalars(closed)),
        dossiers=frozenset(one.round for one in dossiers_of(session, process)),
        clauses={
            key: frozenset(
                clause.id
                for version in known
                for clause, _parent, _depth in reading.as_stored(version).document.walk()
            )
            for key, known in versions.items()
        },
        adoptions=frozenset(row.adoption.key for row in adoptions(session, process)),
        lines=keys_of_lines(session, process),
    )
