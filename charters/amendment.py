"""An amendment: operations that somebody proposes on a stated version of a charter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from charters.canonical import digest
from charters.model import Charter, check_id
from charters.operations import Operation, minted, operation_to_json, operations_from_json
from charters.plain import charter_to_json, id_of, known, list_of, names_of, text_of
from charters.problems import CharterError
from charters.written import check_written

_KEYS = {"id", "amends", "base", "author", "reason", "answers", "operations"}
RESERVED = frozenset({"base", "adopted"})  # in a conflict, the words of the text itself


@dataclass(frozen=True)
class Amendment:
    """``base``: content digest of the text it changes ("" : the one at hand). ``answers``: ids of the
    contributions it answers. Parts of a split that came without an id are numbered ``<amendment id>.<n>``.
    ``amends``: id of the amendment that it changes; its operations, and ``base``, are then about the text as
    that one would leave it. This goes one level down, no further.
    """

    id: str
    operations: tuple[Operation, ...]
    base: str = ""
    author: str = ""
    reason: str = ""
    answers: tuple[str, ...] = ()
    amends: str = ""

    def __post_init__(self) -> None:
        check_id(self.id)
        if self.id in RESERVED:
            raise CharterError(
                "“%(amendment)s” cannot be the id of an amendment: conflicts name the text itself so.",
                amendment=self.id,
            )
        if self.amends:
            check_id(self.amends)
        if self.amends == self.id:
            raise CharterError("Amendment %(amendment)s cannot amend itself.", amendment=self.id)
        object.__setattr__(self, "operations", minted(self.operations, self.id))


def content_digest(charter: Charter) -> str:
    """The digest of the clause tree and of the charter's own title, theme and included preamble."""
    kept = vars(charter)  # a charter never changes: its digest is kept beside its index
    if "content" not in kept:
        kept["content"] = digest("charter", charter_to_json(charter))
    return str(kept["content"])


def check_bases(amendments: Iterable[Amendment], base: Charter) -> None:
    """Refuse amendments written for another text than ``base``."""
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
    amendment_id = id_of(value, "id")
    operations = operations_from_json(list_of(value, "operations"), amendment_id)
    check_written(operations)
    return Amendment(
        id=amendment_id,
        amends=text_of(value, "amends", ""),
        operations=operations,
        base=text_of(value, "base", ""),
        author=text_of(value, "author", ""),
        reason=text_of(value, "reason", ""),
        answers=names_of(value, "answers"),
    )


def amendment_to_json(amendment: Amendment) -> Mapping[str, Any]:
    """The plain value; ``amends`` is left out where there is none."""
    amends = {"amends": amendment.amends} if amendment.amends else {}
    return amends | {
        "id": amendment.id, "base": amendment.base, "author": amendment.author, "reason": amendment.reason,
        "answers": list(amendment.answers),
        "operations": [operation_to_json(operation) for operation in amendment.operations],
    }  # fmt: skip
