"""What a charter leaves open: contributions that nothing answers, clauses that rest on no contribution."""

from collections.abc import Iterable, Sequence

from charters.tracing.history import Provenance
from charters.version import Version


def unanswered(contributions: Iterable[str], versions: Iterable[Version]) -> list[str]:
    """Those of these contributions (or lessons), by id, that no adopted amendment of any version answers."""
    answered = {
        answer for version in versions for adopted in version.amendments for answer in adopted.answers
    }
    return [contribution for contribution in contributions if contribution not in answered]


def unsourced(versions: Sequence[Version]) -> list[str]:
    """The clauses of the last version, by id in reading order, that no contribution or lesson stands behind.

    A clause has a source when some word in it comes from an amendment that answers something. Clauses that
    say nothing by themselves, such as parts that are only a heading, are left out.
    """
    known = Provenance(versions)
    return [
        clause.id
        for clause, _parent, _depth in versions[-1].charter.walk()
        if clause.text and not any(origin.answers for origin in known.origins(clause.id))
    ]
