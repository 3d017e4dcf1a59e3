"""Seats given up: who keeps theirs, how many are empty, and who may still be drawn for them.

The seats left empty are drawn by the same engine as the panel, on what the quotas and the pool leave open: a lottery
of its own, with its own transcript, that names the lottery whose seats it fills.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sortition.model import Quota, Respondent, free_to_sit
from sortition.problems import Problem, SortitionError
from sortition.proofs.canonical import digest


@dataclass(frozen=True)
class Vacancy:
    """The panel of `size` seats as it stands: `seated` keep theirs, `pool` may be drawn for the empty ones.

    `replaces` is the digest of the lottery that filled the seats first.
    """

    quotas: tuple[Quota, ...]
    size: int
    seated: tuple[Respondent, ...]
    pool: tuple[Respondent, ...]
    replaces: str

    @property
    def empty(self) -> int:
        """How many seats are to be drawn."""
        return self.size - len(self.seated)


@dataclass(frozen=True)
class Changes:
    """Ids: who is `leaving` the panel, which alternates were `called` onto it, who is `gone` and not drawn again."""

    leaving: Collection[str]
    called: Collection[str] = ()
    gone: Collection[str] = ()


def vacancy(
    public: Mapping[str, Any],
    attributes: Mapping[str, Any],
    people: Mapping[str, tuple[str, Mapping[str, str]]],
    drawn: Collection[str],
    changes: Changes,
    earlier: Sequence[Respondent] = (),
) -> Vacancy:
    """The seats of a lottery that are empty once `changes` are made.

    `people` gives id and row by pseudonym, `drawn` the pseudonyms on the panel revealed, `earlier` those who were
    seated before this lottery. Whoever is leaving or gone, or withdrew their row, is not drawn again; nor is anybody
    of the household of a member who stays. Raises SortitionError with everybody named who is not where they are said
    to be, and when no seat is empty.
    """
    known = _respondents(public, attributes, people)
    panel = {people[name][0] for name in drawn if name in people} | {person.id for person in earlier}
    _refuse_unknown(changes, panel, {id_ for id_, _ in people.values()})
    members = (panel | set(changes.called)) - set(changes.leaving)
    seated = [person for person in (*known, *earlier) if person.id in members]
    _refuse_withdrawn(members - {person.id for person in seated})
    size = public["size"]
    if len(seated) >= size:
        raise SortitionError(
            "All %(size)d seats of the panel are held: there is none to draw. Name those who leave.",
            {"size": size},
        )
    out = {*changes.leaving, *changes.gone}
    return Vacancy(
        quotas=tuple(
            Quota(one["category"], one["value"], one["min"], one["max"]) for one in public["quotas"]
        ),
        size=size,
        seated=tuple(seated),
        pool=tuple(one for one in free_to_sit(known, seated) if one.id not in out),
        replaces=digest("lottery", dict(public)),
    )


def _respondents(
    public: Mapping[str, Any],
    attributes: Mapping[str, Any],
    people: Mapping[str, tuple[str, Mapping[str, str]]],
) -> list[Respondent]:
    """The people of the pool whose row is known, as they were sealed, in the order of their ids."""
    categories = list(dict.fromkeys(quota["category"] for quota in public["quotas"]))
    found = []
    for name, row in zip(public["pseudonyms"], attributes["rows"], strict=True):
        if row is not None:
            id_, columns = people[name]
            household = row[-1] if public["one_per_household"] else ""
            found.append(Respondent(id_, dict(zip(categories, row, strict=False)), columns, household))
    return sorted(found, key=lambda one: one.id)


def _refuse_unknown(changes: Changes, panel: Collection[str], pool: Collection[str]) -> None:
    there = {*panel, *changes.called}
    problems = [
        Problem("“%(id)s” is said to leave, but holds no seat on this panel.", {"id": id_})
        for id_ in sorted(set(changes.leaving) - there)
    ]
    problems += [
        Problem("“%(id)s” is said to be called, but is no alternate of this lottery.", {"id": id_})
        for id_ in sorted(set(changes.called))
        if id_ in panel or id_ not in pool
    ]
    problems += [
        Problem("“%(id)s” is said to be gone, but is nobody of this pool.", {"id": id_})
        for id_ in sorted(set(changes.gone) - {*pool, *panel})
    ]
    problems += [
        Problem("“%(id)s” is said to be gone, but holds a seat: say that they leave.", {"id": id_})
        for id_ in sorted((set(changes.gone) & there) - set(changes.leaving))
    ]
    if problems:
        raise SortitionError("The people named do not fit this panel:", problems=tuple(problems))


def _refuse_withdrawn(unknown: Collection[str]) -> None:
    if unknown:
        raise SortitionError(
            "“%(id)s” holds a seat but withdrew their row, so that nobody can count them in the quotas. Say that they "
            "leave.",
            {"id": min(unknown)},
        )
