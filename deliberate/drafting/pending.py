"""Reading what is being prepared and proposed: on which text each stands, and what contradicts what."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from charters.model import Charter as Document
from charters.model import Clause
from deliberate.drafting import queries
from deliberate.drafting.models import Amendment, Charter, Preparation
from deliberate.drafting.rules import amended, document, rivalries
from deliberate.drafting.rules import amendment as as_amendment


def amended_here(session: Session, charter: Charter, *states: str) -> list[Amendment]:
    """The amendments to the charter itself, without the changes proposed to them."""
    return [one for one in queries.amendments(session, charter, *states) if one.amends_id is None]


def written_on(session: Session, amendment: Amendment) -> Document:
    """The text that an amendment changes: its version, or that version as another amendment leaves it."""
    base = document(queries.version(session, amendment.charter, amendment.base_number).content)
    if amendment.amends is None:
        return base
    return amended(amendment.amends.key, amendment.onto or [], base)


def preparation(session: Session, charter: Charter, user_id: int | None) -> Preparation | None:
    """The amendment that a person is preparing to a charter."""
    query = select(Preparation).where(Preparation.charter_id == charter.id, Preparation.user_id == user_id)
    query = query.execution_options(populate_existing=True)  # another window may have changed it
    return session.scalar(query) if user_id is not None else None


def prepared_on(session: Session, draft: Preparation) -> Document:
    """The text that an amendment in preparation changes."""
    base = document(draft.charter.latest.content)
    return base if draft.amends is None else amended(draft.amends.key, draft.amends.operations, base)


def rivals(session: Session, charter: Charter, among: Sequence[Amendment]) -> dict[str, set[str]]:
    """For each of these amendments to the latest version, those of them that it cannot be merged with."""
    base = document(charter.latest.content)
    proposed = [as_amendment(one.key, one.operations, base) for one in among]
    return rivalries(base, proposed, queries.resolutions(session, charter, among))


def past(session: Session, charter: Charter) -> dict[str, Clause]:
    """Every clause that ever stood in a charter, as it last stood: their ids never name other clauses."""
    found: dict[str, Clause] = {}
    for version in queries.versions(session, charter):
        found |= document(version.content).index.bare
    return found


def uncontested(among: Sequence[Amendment], against: Mapping[str, set[str]]) -> list[Amendment]:
    """Those that none of the others contradicts, by their `rivals`: they can be adopted first."""
    keys = {one.key for one in among}
    return [one for one in among if not against[one.key] & keys]
