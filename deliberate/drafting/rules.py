"""What the document engine says of drafting: pure, plain data in and out, no database.

Documents and operations come and go in the plain JSON form of the package `charters`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from charters.amendment import Amendment, content_digest
from charters.draft import apply
from charters.merging.conflicts import Conflict, Resolution, set_aside
from charters.merging.rebasing import Rebased, rebase_all
from charters.merging.uncontested import rivals
from charters.model import Charter, Clause
from charters.operations import Replace, operation_to_json, operations_from_json
from charters.plain import charter_from_json
from charters.problems import CharterError, Problem
from deliberate.core.errors import N_

Json = dict[str, Any]

NONE = "none"
WORDING = "wording"
DRAFT = "draft"
NONE_LABEL = {"fr": "Garder les mots actuels", "en": "Keep the present words"}
WORDING_LABEL = {"fr": "La formulation de conciliation", "en": "The wording that reconciles them"}
DRAFTED = re.compile(rf"{DRAFT}\.(\d+)")
NAMING = ("id", "ids", "clause", "clauses", "parent", "after")  # the parts of an operation that name clauses
QUESTIONS = {
    "amendment": {
        "fr": "Acceptez-vous l’amendement %(amendment)s à la charte « %(title_fr)s » ?",
        "en": "Do you accept amendment %(amendment)s to the charter “%(title_en)s”?",
    },
    "conflict": {
        "fr": "Quels amendements approuvez-vous pour le passage « %(clause)s » de la charte « %(title_fr)s » ?",
        "en": "Which amendments do you approve for the passage “%(clause)s” of the charter “%(title_en)s”?",
    },
    "change": {
        "fr": "Acceptez-vous la modification %(amendment)s de l’amendement %(parent)s à la charte « %(title_fr)s » ?",
        "en": "Do you accept %(amendment)s, a change to amendment %(parent)s to the charter “%(title_en)s”?",
    },
    "version": {
        "fr": "Adoptez-vous la version %(number)d de la charte « %(title_fr)s » ?",
        "en": "Do you adopt version %(number)d of the charter “%(title_en)s”?",
    },
}
STATE_NAMES = {
    "proposed": N_("Proposed"),
    "ballot": N_("Put to the vote"),
    "accepted": N_("Accepted"),
    "rejected": N_("Rejected"),
    "adopted": N_("In the charter"),
    "withdrawn": N_("Withdrawn"),
    "stranded": N_("Could not follow"),
    "folded": N_("Taken into the amendment"),
}
STATE_TAGS = {
    "accepted": "good",
    "adopted": "good",
    "folded": "good",
    "rejected": "bad",
    "stranded": "bad",
    "ballot": "now",
}


@dataclass(frozen=True)
class CarriedOver:
    """An amendment on a new version: its operations there, or the problem that keeps it from following."""

    operations: list[Json]
    problem: Problem | None


def question(kind: str, title: Mapping[str, str], **values: Any) -> dict[str, str]:
    """The question of a ballot in every language we speak, with the charter's title in each."""
    any_title = next(iter(title.values()), "")
    titles = {f"title_{code}": title.get(code, any_title) for code in ("fr", "en")}
    return {code: template % {**titles, **values} for code, template in QUESTIONS[kind].items()}


def document(content: Mapping[str, Any]) -> Charter:
    """The document of a stored version."""
    return charter_from_json(dict(content))


def amendment(key: str, operations: Sequence[Json], base: Charter) -> Amendment:
    """An amendment on a document. Raises CharterError for operations that cannot be read."""
    return Amendment(key, operations_from_json(list(operations), key), content_digest(base))


def amended(key: str, operations: Sequence[Json], base: Charter) -> Charter:
    """What the document would be with one amendment. Raises CharterError when it cannot be applied."""
    return apply(base, amendment(key, operations, base).operations)


def plain_operations(one: Amendment) -> list[Json]:
    """Operations as they are stored: in full, every new clause with its id."""
    return [operation_to_json(step) for step in one.operations]


def carry_over(
    operations: Mapping[str, Sequence[Json]], old: Charter, new: Charter
) -> dict[str, CarriedOver]:
    """Amendments (key → operations), each by itself, on the version that followed the one they were written for."""
    written = [amendment(key, steps, old) for key, steps in operations.items()]
    return {key: _carried(rebased) for key, rebased in rebase_all(written, old, new).items()}


def _carried(rebased: Rebased) -> CarriedOver:
    if rebased.amendment is None:
        return CarriedOver([], rebased.conflicts[0].why)
    if rebased.is_done:
        return CarriedOver([], Problem(N_("The new version already says what this amendment proposed.")))
    return CarriedOver(plain_operations(rebased.amendment), None)


def saved(operations: Sequence[Json], old: Charter, new: Charter) -> tuple[list[Json], list[Problem]]:
    """Of operations written on `old`, those that still apply to `new` one after the other, and why the others do not."""
    kept: list[Json] = []
    problems: list[Problem] = []
    for step in operations:
        try:
            carried = carry_over({DRAFT: [*kept, step]}, old, new)[DRAFT]
        except CharterError as error:  # it builds on a change that was lost
            problems.append(error.problem)
            continue
        if carried.problem is None:
            kept.append(step)
        else:
            problems.append(carried.problem)
    return (carry_over({DRAFT: kept}, old, new)[DRAFT].operations if kept else []), problems


def numbered(steps: Sequence[Json], before: Sequence[Json], text: Charter) -> list[Json]:
    """The steps with ids for the clauses that they bring: `draft.1`, `draft.2`…, none of them used before."""
    used = [clause.id for clause, _parent, _depth in text.walk()] + list(_brought(before))
    last = max((int(match[1]) for name in used if (match := DRAFTED.fullmatch(name))), default=0)
    found: list[Json] = []
    for step in steps:
        brings = len(next(iter(step["texts"].values()), [])) - 1 if step["op"] == "split" else 1
        ids = [f"{DRAFT}.{last + place + 1}" for place in range(brings)]
        if step["op"] == "split" and not step.get("ids"):
            found.append({**step, "ids": ids})
        elif step["op"] == "insert" and "id" not in step:
            found.append({**step, "id": ids[0]})
        else:
            found.append(step)
            continue
        last += brings
    return found


def renamed(operations: Sequence[Json], key: str) -> list[Json]:
    """The operations with the clauses that a draft brings named after an amendment: `am-12.1`, `am-12.2`…

    A name that somebody gave stays, except where an amendment becomes a draft again (`key` is then DRAFT).
    """
    drafted = [name for name in _brought(operations) if key == DRAFT or DRAFTED.fullmatch(name)]
    names = {old: f"{key}.{place}" for place, old in enumerate(drafted, start=1)}

    def new(value: Any) -> Any:
        if isinstance(value, list):
            return [new(item) for item in value]
        return names.get(value, value) if isinstance(value, str) else value

    return [
        {name: new(value) if name in NAMING else value for name, value in step.items()} for step in operations
    ]


def _brought(operations: Sequence[Json]) -> list[str]:
    """The ids of the clauses that operations bring, in order."""
    return [
        name
        for step in operations
        for name in ([step["id"]] if step["op"] == "insert" and "id" in step else step.get("ids", []))
    ]


def unaddressed(before: Charter, after: Charter) -> Clause | None:
    """A recommendation that is new or changed and does not say whom it commits; None when there is none."""
    known = {clause.id: clause.bare() for clause, _parent, _depth in before.walk()}
    return next(
        (
            clause
            for clause, _parent, _depth in after.walk()
            if clause.kind == "recommendation"
            and not clause.commits
            and known.get(clause.id) != clause.bare()
        ),
        None,
    )


def resolutions_for(
    conflicts: Iterable[Conflict], kept: str | None, wording: Mapping[str, str] | None = None
) -> list[Resolution]:
    """One decision for every conflict of a passage: what one amendment says there, or None for none of them.

    With `wording` (language → text) none of them is kept, and these words are written in their place.
    """
    keep = None if wording else kept
    found = [Resolution(c.clause, c.kind, keep, c.lang, c.field) for c in conflicts]
    if wording and found and found[0].clause is not None:
        steps = tuple(Replace(found[0].clause, lang, text=text) for lang, text in wording.items())
        found[0] = replace(found[0], operations=steps)
    return found


def rivalries(
    base: Charter, amendments: Sequence[Amendment], settled: Sequence[Resolution]
) -> dict[str, set[str]]:
    """For each amendment, those that it cannot be merged with; a conflict that was `settled` is none any more."""
    found: dict[str, set[str]] = {one.id: set() for one in amendments}
    for conflict in rivals(base, set_aside(base, amendments, settled)):
        for name in conflict.amendments:
            found[name] |= set(conflict.amendments) - {name}
    return found


def clause_name(content: Charter, id: str | None) -> str:
    """What a ballot calls a passage: its id, with its heading when it has one."""
    if id is None:
        return content.id
    clause = content.clause(id)
    heading = next(iter(clause.heading.values()), "")
    return f"{heading} ({id})" if heading else id


def concerned(operations: Sequence[Json]) -> list[str]:
    """The clauses that operations name, in the order met: where an amendment is shown in the text."""
    names: dict[str, None] = {}
    for step in operations:
        for name in (step.get("clause"), *step.get("clauses", []), step.get("after") or step.get("parent")):
            if name and not (step["op"] == "move" and name != step["clause"]):
                names[name] = None
    return list(names)
