"""What the document engine says of drafting: pure, plain data in and out, no database.

Documents and operations come and go in the plain JSON form of the package `charters`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charters.amendment import Amendment, content_digest
from charters.conflicts import Conflict, Resolution
from charters.draft import apply
from charters.model import Charter
from charters.operations import operation_to_json, operations_from_json
from charters.plain import charter_from_json
from charters.problems import Problem
from charters.rebasing import rebase
from deliberate.core.errors import N_

Json = dict[str, Any]

NONE = "none"
NONE_LABEL = {"fr": "Garder les mots actuels", "en": "Keep the present words"}
QUESTIONS = {
    "amendment": {
        "fr": "Acceptez-vous l’amendement %(amendment)s à la charte « %(title_fr)s » ?",
        "en": "Do you accept amendment %(amendment)s to the charter “%(title_en)s”?",
    },
    "conflict": {
        "fr": "Quels amendements approuvez-vous pour le passage « %(clause)s » de la charte « %(title_fr)s » ?",
        "en": "Which amendments do you approve for the passage “%(clause)s” of the charter “%(title_en)s”?",
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
    "stranded": N_("Could not follow the new version"),
}
STATE_TAGS = {"accepted": "good", "adopted": "good", "rejected": "bad", "stranded": "bad", "ballot": "now"}


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


def carry_over(key: str, operations: Sequence[Json], old: Charter, new: Charter) -> CarriedOver:
    """The same amendment on the version that followed the one it was written for."""
    rebased = rebase(amendment(key, operations, old), old, new)
    if rebased.amendment is None:
        return CarriedOver([], rebased.conflicts[0].why)
    if rebased.is_done:
        return CarriedOver([], Problem(N_("The new version already says what this amendment proposed.")))
    return CarriedOver(plain_operations(rebased.amendment), None)


def resolutions_for(conflicts: Iterable[Conflict], kept: str | None) -> list[Resolution]:
    """One decision for every conflict of a passage: what one amendment says there, or None for none of them."""
    return [Resolution(c.clause, c.kind, kept, c.lang, c.field) for c in conflicts]


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
