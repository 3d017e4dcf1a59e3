"""What the engine says of quotas and pool together, and what of it stands beside each group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.panels.households import marks
from deliberate.panels.lotteries import inputs_of, respondents_of
from deliberate.panels.models import Draw, Quota, Registrant
from deliberate.panels.queries import digest_of_pool
from deliberate.panels.queries import quotas as quotas_of
from deliberate.panels.quotas import for_engine
from deliberate.panels.vacancies import staying, still_to_draw
from deliberate.process.models import Process
from sortition import Check, Problem, Respondent, SortitionError, check
from sortition import Quota as EngineQuota
from sortition.checking.fairness import Cost
from sortition.model import free_to_sit, left_to_fill

# Up to so many volunteers the page judges the quotas whenever it opens; above, when asked to.
AT_ONCE = 3000
REMEMBERED = 4


@dataclass(frozen=True)
class _Question:
    """Quotas and pool; two with the same digest of the pool are the same question."""

    quotas: tuple[EngineQuota, ...]
    size: int
    digest: str
    respondents: tuple[Respondent, ...] = field(compare=False)


@lru_cache(maxsize=REMEMBERED)
def _answer(question: _Question) -> Check:
    return check(question.quotas, question.respondents, question.size)


def judged(session: Session, process: Process, quotas: Sequence[Quota]) -> Check | None:
    """Whether these quotas can be met, and what follows; None while there are no quotas or no volunteers."""
    query = select(Registrant.pseudonym, Registrant.values).where(
        Registrant.process_id == process.id, Registrant.state == "registered"
    )
    people = session.execute(query.order_by(Registrant.pseudonym)).all()
    if not quotas or not people:
        return None
    homes = marks(session, process)
    respondents = tuple(Respondent(name, values, {}, homes.get(name, "")) for name, values in people)
    size = process.protocol["panel"]["size"]
    digest = digest_of_pool(session, process)
    return _answer(_Question(tuple(for_engine(quotas)), size, digest, respondents))


def judged_left(session: Session, process: Process, draw: Draw) -> list[Problem]:
    """The same of the quotas and of the seats that stand empty on a panel, among those who may still be drawn."""
    inputs = inputs_of(session, process, still_to_draw(session, draw), staying(session, draw))
    people, seated = (respondents_of(inputs[part]) for part in ("respondents", "seated"))
    return advised(for_engine(quotas_of(session, process)), people, draw.size, seated)


def advised(
    quotas: Sequence[EngineQuota], respondents: Sequence[Respondent], size: int, seated: Sequence[Respondent]
) -> list[Problem]:
    """What would make a draw of empty seats possible, counted on these seats alone."""
    try:
        left, empty = left_to_fill(quotas, size, seated)
        return check(left, free_to_sit(respondents, seated), empty).verdict
    except SortitionError as error:
        return list(error.problems)


@dataclass(frozen=True)
class Beside:
    """What stands beside one group.

    `conflicting` are the sides (min, max) that cannot be met together with others, `relaxed` the minimum and maximum
    of the smallest relaxation where it changes them, `costs` what each side costs in fairness by itself.
    """

    conflicting: tuple[str, ...]
    relaxed: tuple[int, int] | None
    costs: tuple[Cost, ...]
    below_share: bool

    @property
    def silent(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.conflicting or self.relaxed or self.costs or self.below_share)


def beside(found: Check) -> Mapping[tuple[str, str], Beside]:
    """By category and value, what the answer says of each group that it says something of."""
    relaxed = dict(zip(found.quotas, found.relaxed or found.quotas, strict=True))
    costs = found.fairness.costs if found.fairness else ()
    said = {}
    for quota in found.quotas:
        new = relaxed[quota]
        one = Beside(
            tuple(limit.side for limit in found.conflict if limit.quota == quota),
            (new.min, new.max) if (new.min, new.max) != (quota.min, quota.max) else None,
            tuple(cost for cost in costs if cost.limit.quota == quota and cost.other is None),
            quota in found.below_share and found.feasible,
        )
        if not one.silent:
            said[quota.category, quota.value] = one
    return said
