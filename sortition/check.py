"""Can the quotas be met by this pool, and where not, what to do: recruit first, relax last."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sortition.model import Pool, Quota, Respondent, build_pool
from sortition.problems import Problem
from sortition.relaxation import leximin
from sortition.repair import Limit, Recruits, conflict, limits, meets, recruits, relaxation


@dataclass(frozen=True)
class Check:
    """Whether a panel of `size` can be drawn, and advice in the order in which to follow it.

    `alone` counts the people whose combination of values nobody shares: publishing rows would name them.
    `least_chance` is the proven upper limit of the least chance (None when infeasible). When infeasible,
    `conflict` is an irreducible set of limits, `recruits` the volunteers missing (None: no recruitment
    helps), and `relaxed` the quotas changed as little as possible (None: min_flex and max_flex forbid it).
    `certain` lists the groups of which everybody would be taken, under `relaxed` when infeasible.
    """

    feasible: bool
    size: int
    people: int
    alone: int
    least_chance: float | None
    conflict: tuple[Limit, ...]
    recruits: Recruits | None
    quotas: tuple[Quota, ...]
    relaxed: tuple[Quota, ...] | None
    certain: tuple[tuple[Quota, int], ...]

    @property
    def problems(self) -> list[Problem]:
        """The whole answer in sentences."""
        if self.feasible:
            return [*self._feasible(), *self._certain()]
        return [*self._conflict(), *self._recruits(), *self._relaxed(), *self._certain()]

    def _feasible(self) -> list[Problem]:
        sentences = [
            Problem(
                "A panel of %(size)d can be drawn from these %(people)d people. At best the least chance is "
                "%(chance).2f %%.",
                {"size": self.size, "people": self.people, "chance": 100 * (self.least_chance or 0.0)},
            )
        ]
        if self.alone:
            sentence = (
                "%(alone)d of %(people)d people are alone in their combination of values: publishing rows, "
                "even without names, could identify them."
            )
            sentences.append(Problem(sentence, {"alone": self.alone, "people": self.people}))
        return sentences

    def _conflict(self) -> list[Problem]:
        if not self.conflict and self.people >= self.size:
            sentence = (
                "Even without quotas no panel of %(size)d can be drawn: these %(people)d people live in too few "
                "households, and no panel has two people of one household."
            )
            return [Problem(sentence, {"people": self.people, "size": self.size})]
        if self.people < self.size:
            sentence = "The pool has %(people)d people for the %(size)d seats of the panel."
            return [Problem(sentence, {"people": self.people, "size": self.size})]
        sentence = "No panel of %(size)d from these %(people)d people meets all of the following together:"
        return [
            Problem(sentence, {"size": self.size, "people": self.people}),
            *(_limit_in_words(limit) for limit in self.conflict),
        ]

    def _recruits(self) -> list[Problem]:
        if self.recruits is None:
            sentence = (
                "Recruiting cannot help: whoever volunteers, these quotas contradict each other or the panel "
                "size."
            )
            return [Problem(sentence)]
        sentence = "First, recruit. Further volunteers that would be enough, if chosen well: %(number)d."
        return [
            Problem(sentence, {"number": self.recruits.number}),
            *(
                Problem(
                    "Among them at least %(number)d with “%(category)s: %(value)s”.",
                    {"number": number, "category": quota.category, "value": quota.value},
                )
                for quota, number in self.recruits.groups
            ),
        ]

    def _relaxed(self) -> list[Problem]:
        if self.relaxed is None:
            sentence = (
                "No relaxation within min_flex and max_flex makes a panel possible. Recruit, or allow wider "
                "changes."
            )
            return [Problem(sentence)]
        return [
            Problem("Failing that, the smallest relaxation of the quotas is:"),
            *(
                Problem(
                    "“%(category)s: %(value)s”: minimum %(min)d instead of %(old_min)d, maximum %(max)d "
                    "instead of %(old_max)d.",
                    {
                        "category": new.category,
                        "value": new.value,
                        "min": new.min,
                        "old_min": old.min,
                        "max": new.max,
                        "old_max": old.max,
                    },
                )
                for old, new in zip(self.quotas, self.relaxed, strict=True)
                if (old.min, old.max) != (new.min, new.max)
            ),
        ]

    def _certain(self) -> list[Problem]:
        sentence = (
            "All %(number)d people with “%(category)s: %(value)s” are needed: they would no longer be drawn "
            "but certain to sit. Recruit more of them."
        )
        return [
            Problem(sentence, {"number": number, "category": quota.category, "value": quota.value})
            for quota, number in self.certain
        ]


def check(quotas: Sequence[Quota], respondents: Sequence[Respondent], size: int) -> Check:
    """Decide exactly whether any panel meets every quota, and advise where none does.

    Raises SortitionError when nobody is there, the size is not positive or somebody's value has no quota.
    """
    pool = build_pool(quotas, respondents, size)
    feasible = meets(pool, limits(pool))
    relaxed = None if feasible else relaxation(pool)
    judged = pool.quotas if feasible else relaxed or ()
    return Check(
        feasible=feasible,
        size=size,
        people=pool.people,
        alone=_alone(pool),
        least_chance=float(leximin(pool).chances.min()) if feasible else None,
        conflict=() if feasible else conflict(pool),
        recruits=None if feasible else recruits(pool),
        quotas=pool.quotas,
        relaxed=relaxed,
        certain=_certain(pool, judged),
    )


def _alone(pool: Pool) -> int:
    """People whose values nobody shares, wherever they live."""
    sharing: Counter[tuple[int, ...]] = Counter()
    for type_, people in zip(pool.types, pool.members, strict=True):
        sharing[tuple(index for index in type_ if index < len(pool.quotas))] += len(people)
    return sum(number == 1 for number in sharing.values())


def _certain(pool: Pool, quotas: Sequence[Quota]) -> tuple[tuple[Quota, int], ...]:
    available = (pool.matrix @ pool.multiplicity)[: len(pool.quotas)]
    return tuple(
        (quota, int(number))
        for quota, number in zip(quotas, available, strict=False)
        if 0 < number <= quota.min
    )


def _limit_in_words(limit: Limit) -> Problem:
    quota = limit.quota
    values = {"category": quota.category, "value": quota.value}
    if limit.side == "min":
        return Problem("at least %(number)d with “%(category)s: %(value)s”", values | {"number": quota.min})
    return Problem("at most %(number)d with “%(category)s: %(value)s”", values | {"number": quota.max})
