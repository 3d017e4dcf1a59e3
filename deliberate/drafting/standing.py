"""Whether an amendment can still be acted on: held until the transaction ends, and where it must be."""

from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict
from deliberate.drafting.models import Amendment, Charter


def hold(session: Session, amendment: Amendment) -> None:
    """Hold an amendment and its charter until the transaction ends: no version is adopted under it meanwhile."""
    lock(session, amendment.charter)
    lock(session, amendment)


def expect(amendment: Amendment, *states: str) -> None:
    """Raise Conflict unless an amendment is in one of these states."""
    if amendment.state not in states:
        raise Conflict(N_("This amendment has moved on since: see where it stands on its page."))


def expect_changeable(session: Session, charter: Charter, amends: Amendment) -> None:
    """Raise Conflict unless changes to this amendment can be proposed: it is open, and not itself such a change."""
    lock(session, amends)
    if amends.charter_id != charter.id or amends.amends_id is not None:
        raise Conflict(
            N_("This already is a change to an amendment. Propose another change to that amendment itself.")
        )
    if amends.state != "proposed":
        raise Conflict(
            N_("This amendment is being decided or was decided already: it can no longer be changed.")
        )
