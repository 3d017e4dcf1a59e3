"""An amendment: operations that somebody proposes on a stated version of a charter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from charters.canonical import digest
from charters.model import Charter, check_id
from charters.operations import Insert, Operation, Split, minted, operation_to_json, operations_from_json
from charters.plain import charter_to_json, known, list_of, names_of, text_of
from charters.problems import CharterError

_KEYS = {"id", "base", "author", "reason", "answers", "operations"}


@dataclass(frozen=True)
class Amendment:
    """``base``: content digest of the version it changes ("" : the one at hand). ``answers``: ids of the
    contributions it answers. Parts of a split that came without an id are numbered ``<amendment id>.<n>``.
    """

    id: str
    operations: tuple[Operation, ...]
    base: str = ""
    author: str = ""
    reason: str = ""
    answers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_id(self.id)
        object.__setattr__(self, "operations", minted(self.operations, self.id))

    @property
    def new_ids(self) -> set[str]:
        """Ids of the clauses that it brings."""
        inserted = {step.clause.id for step in self.operations if isinstance(step, Insert)}
        return inserted | {part for step in self.operations if isinstance(step, Split) for part in step.ids}


def content_digest(charter: Charter) -> str:
    """The digest of the clause tree and of the charter's own title, theme and included preamble."""
    return digest("charter", charter_to_json(charter))


def check_bases(amendments: Iterable[Amendment], base: Charter) -> None:
    """Refuse amendments written for another version than ``base``, and those that change other amendments."""
    stated = [amendment for amendment in amendments if amendment.base]
    content = content_digest(base) if stated else ""
    for amendment in stated:
        if amendment.base != content:
            raise CharterError(
                "Amendment %(amendment)s was written for another version of this text (%(base)s). "
                "Carry it over to this version first.",
                amendment=amendment.id, base=amendment.base,
            )  # fmt: skip


def amendment_from_json(value: Any) -> Amendment:
    """Read an amendment; raises CharterError naming the part that is wrong."""
    known(value, _KEYS, "the amendment")
    amendment_id = text_of(value, "id")
    return Amendment(
        id=amendment_id,
        operations=operations_from_json(list_of(value, "operations"), amendment_id),
        base=text_of(value, "base", ""),
        author=text_of(value, "author", ""),
        reason=text_of(value, "reason", ""),
        answers=names_of(value, "answers"),
    )


def amendment_to_json(amendment: Amendment) -> Mapping[str, Any]:
    return {
        "id": amendment.id, "base": amendment.base, "author": amendment.author, "reason": amendment.reason,
        "answers": list(amendment.answers),
        "operations": [operation_to_json(operation) for operation in amendment.operations],
    }  # fmt: skip
