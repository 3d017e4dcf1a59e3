"""Carrying pending amendments over to a newly adopted version."""

from dataclasses import dataclass, replace

from charters.amendment import Amendment, content_digest
from charters.comparison import diff
from charters.conflicts import Conflict
from charters.merging import merge
from charters.model import Charter

ADOPTED = "adopted"


@dataclass(frozen=True)
class Rebased:
    """``amendment`` on the new version, or None and the ``conflicts`` that say why not.

    In a conflict the newly adopted text appears under the name ADOPTED.
    """

    amendment: Amendment | None
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether everything it asked for is already in the new version."""
        return self.amendment is not None and not self.amendment.operations


def rebase(amendment: Amendment, base: Charter, current: Charter) -> Rebased:
    """Carry an amendment written on ``base`` over to ``current``.

    It is carried over when it merges with what was adopted since. Its new clauses keep their ids.
    """
    adopted = Amendment(ADOPTED, diff(base, current))
    outcome = merge(base, [amendment, adopted])
    if outcome.charter is None:
        return Rebased(None, outcome.conflicts)
    operations = diff(current, outcome.charter)
    return Rebased(replace(amendment, base=content_digest(current), operations=operations))
