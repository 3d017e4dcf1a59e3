"""Can the quotas be met by this pool, and where not, what to do: recruit first, relax last."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sortition.checking.conflict import Limit, conflict, limits, meets
from sortition.checking.fairness import Cost, Fairness, fairness
from sortition.checking.repair import Recruits, recruits, relaxation
from sortition.model import Pool, Quota, Respondent, build_pool
from sortition.problems import Problem

# Flexible quotas of many groups would otherwise bury what matters under a warning each.
TOLD_ONE_BY_ONE = 3


@dataclass(frozen=True)
class Check:
    """Whether a panel of `size` can be drawn, and advice in the order in which to follow it.

    `alone` counts the people whose combination of values nobody shares: publishing rows would name them.
    `fairness` holds the proven upper limit of the least chance and what each quota costs in it (None when
    infeasible). When infeasible, `conflict` is an irreducible set of limits, `recruits` the volunteers missing
    (None: no recruitment helps), and `relaxed` the quotas changed as little as possible (None: min_flex and max_flex
    forbid it). `certain` lists the groups of which everybody would be taken, and `below_share` those whose minimum is
    below their share of the population, both under `relaxed` when infeasible.
    """

    feasible: bool
    size: int
    people: int
    alone: int
    fairness: Fairness | None
    conflict: tuple[Limit, ...]
    recruits: Recruits | None
    quotas: tuple[Quota, ...]
    relaxed: tuple[Quota, ...] | None
    certain: tuple[tuple[Quota, int], ...]
    below_share: tuple[Quota, ...]

    @property
    def least_chance(self) -> float | None:
        """The proven upper limit of the least chance; None when infeasible."""
        return self.fairness.least if self.fairness else None

    @property
    def problems(self) -> list[Problem]:
        """The whole answer in sentences."""
        return [*self.verdict, *self._costs()]

    @property
    def verdict(self) -> list[Problem]:
        """Whether it can be done, the advice in its order, and warnings: all but what the quotas cost."""
        warnings = [*self._certain(), *self._below_share()]
        if self.feasible:
            return [*self._feasible(), *warnings]
        arithmetic = sums(self.quotas, self.size)
        return [*arithmetic, *self._conflict(), *self._recruits(), *self._relaxed(), *warnings]

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
                _change_in_words(old, new)
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

    def _below_share(self) -> list[Problem]:
        if len(self.below_share) > TOLD_ONE_BY_ONE:
            groups = "; ".join(f"{quota.category}: {quota.value}" for quota in self.below_share)
            sentence = (
                "%(number)d minimums are a seat or more below their groups' share of the population, so a panel may seat "
                "fewer of them: %(groups)s."
            )
            return [Problem(sentence, {"number": len(self.below_share), "groups": groups})]
        sentence = (
            "“%(category)s: %(value)s”: a minimum of %(min)d is below their share of the population, which is "
            "%(seats).1f of %(size)d seats."
        )
        return [
            Problem(
                sentence,
                {
                    "category": quota.category,
                    "value": quota.value,
                    "min": quota.min,
                    "seats": float((quota.population or 0) * self.size),
                    "size": self.size,
                },
            )
            for quota in self.below_share
        ]

    def _costs(self) -> list[Problem]:
        if self.fairness is None or not self.fairness.costs:
            return []
        told = [cost_in_words(cost, self.fairness.least) for cost in self.fairness.costs]
        return [Problem("What these quotas cost in fairness, the dearest first:"), *told]


def cost_in_words(cost: Cost, least: float) -> Problem:
    """What one side of a quota costs, against the least chance that the quotas allow as they are."""
    values = {
        "category": cost.limit.quota.category,
        "value": cost.limit.quota.value,
        "number": cost.limit.number,
        "other": cost.number,
        "chance": 100 * cost.chance,
        "least": 100 * least,
    }
    if cost.other is not None:
        sentence = (
            "“%(category)s”: with one seat fewer for “%(value)s” (at least %(other)d) and one more for “%(taker)s” (at "
            "most %(more)d), the least chance would be %(chance).2f %% instead of %(least).2f %%."
        )
        return Problem(sentence, values | {"taker": cost.other.quota.value, "more": cost.other.number + 1})
    if cost.limit.side == "min":
        sentence = (
            "“%(category)s: %(value)s”, at least %(number)d: with %(other)d the least chance would be "
            "%(chance).2f %% instead of %(least).2f %%."
        )
        return Problem(sentence, values)
    sentence = (
        "“%(category)s: %(value)s”, at most %(number)d: with %(other)d the least chance would be "
        "%(chance).2f %% instead of %(least).2f %%."
    )
    return Problem(sentence, values)


def sums(quotas: Sequence[Quota], size: int) -> list[Problem]:
    """The categories whose quotas contradict the panel's size, whoever volunteers."""
    found = []
    for category in dict.fromkeys(quota.category for quota in quotas):
        least = sum(quota.min for quota in quotas if quota.category == category)
        most = sum(quota.max for quota in quotas if quota.category == category)
        if least > size:
            sentence = (
                "The minimums of “%(category)s” add up to %(sum)d, more than the %(size)d seats of the panel."
            )
            found.append(Problem(sentence, {"category": category, "sum": least, "size": size}))
        if most < size:
            sentence = (
                "The maximums of “%(category)s” add up to %(sum)d: they do not fill the %(size)d seats."
            )
            found.append(Problem(sentence, {"category": category, "sum": most, "size": size}))
    return found


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
        fairness=fairness(pool) if feasible else None,
        conflict=() if feasible else conflict(pool),
        recruits=None if feasible else recruits(pool),
        quotas=pool.quotas,
        relaxed=relaxed,
        certain=_certain(pool, judged),
        below_share=tuple(quota for quota in judged if _below_share(quota, size)),
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


def _below_share(quota: Quota, size: int) -> bool:
    """By a whole seat: a share of 12.6 seats is still met by a minimum of 12."""
    return quota.population is not None and quota.min + 1 <= quota.population * size


def _change_in_words(old: Quota, new: Quota) -> Problem:
    values: dict[str, str | int] = {"category": new.category, "value": new.value}
    least: dict[str, str | int]
    most: dict[str, str | int]
    least, most = {"min": new.min, "old_min": old.min}, {"max": new.max, "old_max": old.max}
    if old.max == new.max:
        return Problem("“%(category)s: %(value)s”: minimum %(min)d instead of %(old_min)d.", values | least)
    if old.min == new.min:
        return Problem("“%(category)s: %(value)s”: maximum %(max)d instead of %(old_max)d.", values | most)
    sentence = "“%(category)s: %(value)s”: minimum %(min)d instead of %(old_min)d, maximum %(max)d instead of %(old_max)d."
    return Problem(sentence, values | least | most)


def _limit_in_words(limit: Limit) -> Problem:
    quota = limit.quota
    values = {"category": quota.category, "value": quota.value}
    if limit.side == "min":
        return Problem("at least %(number)d with “%(category)s: %(value)s”", values | {"number": quota.min})
    return Problem("at most %(number)d with “%(category)s: %(value)s”", values | {"number": quota.max})
