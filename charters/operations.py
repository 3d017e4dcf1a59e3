"""The operations that change a charter, as typed values and as JSON.

Each names clauses by their permanent ids; none puts a marker inside a text, and renumbering is not
one of them because numbers are derived. ``None`` in Replace and Describe means "left as it is"; an
empty text removes it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from charters.model import WORDS, Clause, Inclusion, check_lang
from charters.plain import (
    clause_from_json,
    clause_to_json,
    id_of,
    ids_of,
    inclusion_from_json,
    inclusion_to_json,
    known,
    names_of,
    optional_id_of,
    optional_text_of,
    text_of,
    texts_of,
)  # fmt: skip
from charters.problems import CharterError


@dataclass(frozen=True)
class Insert:
    """Put a new clause under ``parent`` (None: the charter itself) after a sibling (None: first)."""

    parent: str | None
    after: str | None
    clause: Clause


@dataclass(frozen=True)
class Replace:
    """Give a clause other words in one language, or another kind, other addressees or references."""

    clause: str
    lang: str | None = None
    text: str | None = None
    heading: str | None = None
    note: str | None = None
    kind: str | None = None
    commits: tuple[str, ...] | None = None
    references: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Move:
    """Put a clause, with those below it, under ``parent`` after a sibling."""

    clause: str
    parent: str | None
    after: str | None


@dataclass(frozen=True)
class Strike:
    """Take out a clause and those below it."""

    clause: str


@dataclass(frozen=True)
class Split:
    """Make several clauses of one. The first part keeps the id; ``ids`` name the others, in order.

    ``texts`` gives the parts in each language; a language left out stays whole in the first part.
    """

    clause: str
    texts: Mapping[str, tuple[str, ...]]
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Join:
    """Make one clause of several. The first keeps its id; languages left out are put end to end."""

    clauses: tuple[str, ...]
    text: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Confirm:
    """Say that a clause is faithful in this language, or (``confirmed`` false) that it has to be checked."""

    clause: str
    lang: str
    confirmed: bool = True


@dataclass(frozen=True)
class Describe:
    """Change the charter's own title in one language, its theme or the preamble it includes."""

    lang: str | None = None
    title: str | None = None
    theme: str | None = None
    preamble: Inclusion | None = None
    no_preamble: bool = False


Operation = Insert | Replace | Move | Strike | Split | Join | Confirm | Describe


def minted(operations: Sequence[Operation], prefix: str) -> tuple[Operation, ...]:
    """Number the parts of each split that came without ids: ``prefix.1``, ``prefix.2``…

    Inserts are numbered while they are read (``operations_from_json``), in the same sequence.
    """
    result: list[Operation] = []
    count = sum(isinstance(operation, Insert) for operation in operations)
    for operation in operations:
        if isinstance(operation, Split) and not operation.ids:
            parts = max((len(texts) for texts in operation.texts.values()), default=1) - 1
            ids = tuple(f"{prefix}.{count + n}" for n in range(1, parts + 1))
            count += parts
            result.append(Split(operation.clause, operation.texts, ids))
        else:
            result.append(operation)
    return tuple(result)


def check_join(join: Join) -> None:
    """Refuse a join of one clause, or of one twice."""
    if len(join.clauses) < 2 or len(set(join.clauses)) != len(join.clauses):
        raise CharterError("A join needs at least two different clauses.")


def operations_from_json(values: Any, prefix: str = "new") -> tuple[Operation, ...]:
    """Read a list of operations; new clauses without an id get ``prefix.1``, ``prefix.2``…"""
    if not isinstance(values, list):
        raise CharterError("“%(key)s” is not a list.", key="operations")
    operations: list[Operation] = []
    for value in values:
        unnamed = isinstance(value, dict) and value.get("op") == "insert" and "id" not in value
        inserts = sum(isinstance(operation, Insert) for operation in operations)
        operations.append(
            operation_from_json({"id": f"{prefix}.{inserts + 1}"} | value if unnamed else value)
        )
    return minted(operations, prefix)


def operation_from_json(value: Any) -> Operation:
    """Read one operation; raises CharterError naming what is wrong."""
    name = value.get("op") if isinstance(value, dict) else None
    if not isinstance(name, str) or name not in _READERS:
        raise CharterError(
            "“%(name)s” is not an operation. Choose one of: %(names)s.", name=name, names=", ".join(_READERS)
        )
    keys, read = _READERS[name]
    known(value, {"op"} | keys, f"the operation {name}")
    return read(value)


def operation_to_json(operation: Operation) -> dict[str, Any]:
    """The plain value of an operation; what it leaves as it is, is left out."""
    return {"op": type(operation).__name__.lower()} | _WRITERS[type(operation)](operation)


def _read_insert(value: Mapping[str, Any]) -> Insert:
    place = {"op", "parent", "after", "lang"}
    clause = {key: item for key, item in value.items() if key not in place}
    for key in WORDS:
        if isinstance(value.get(key), str):
            clause[key] = {text_of(value, "lang"): value[key]}
    parent, after = optional_id_of(value, "parent"), optional_id_of(value, "after")
    return Insert(parent, after, clause_from_json(clause))


def _read_replace(value: Mapping[str, Any]) -> Replace:
    words = {key: text for key in WORDS if (text := optional_text_of(value, key)) is not None}
    if words and value.get("lang") is None:
        raise CharterError(
            "The change to clause %(clause)s does not say its language. Add “lang”.",
            clause=value.get("clause"),
        )
    # Reading the change as a clause refuses what no clause can hold.
    clause_from_json(
        {key: value[key] for key in ("kind", "commits", "references") if value.get(key) is not None}
        | {key: {text_of(value, "lang"): text} for key, text in words.items()}
        | {"id": id_of(value, "clause")}
    )
    return Replace(
        id_of(value, "clause"),
        optional_text_of(value, "lang"),
        text=words.get("text"),
        heading=words.get("heading"),
        note=words.get("note"),
        kind=optional_text_of(value, "kind"),
        commits=names_of(value, "commits") if "commits" in value else None,
        references=names_of(value, "references") if "references" in value else None,
    )


def _read_split(value: Mapping[str, Any]) -> Split:
    texts = value.get("texts")
    if isinstance(texts, list):
        texts = {text_of(value, "lang"): texts}
    if not isinstance(texts, dict):
        raise CharterError("“%(key)s” is missing or is not a list.", key="texts")
    for lang in texts:
        check_lang(lang)
    parts = {lang: names_of(texts, lang) for lang in texts}
    return Split(id_of(value, "clause"), parts, ids_of(value, "ids"))


def _read_join(value: Mapping[str, Any]) -> Join:
    text = value.get("text")
    texts = {text_of(value, "lang"): text} if isinstance(text, str) else texts_of(value, "text")
    for lang in texts:
        check_lang(lang)
    join = Join(ids_of(value, "clauses"), texts)
    check_join(join)
    return join


def _read_describe(value: Mapping[str, Any]) -> Describe:
    preamble = value.get("preamble")
    if value.get("title") is not None:
        check_lang(text_of(value, "lang"))
    return Describe(
        optional_text_of(value, "lang"), optional_text_of(value, "title"), optional_text_of(value, "theme"),
        None if preamble is None else inclusion_from_json(preamble), "preamble" in value and preamble is None,
    )  # fmt: skip


def _read_move(value: Mapping[str, Any]) -> Move:
    return Move(id_of(value, "clause"), optional_id_of(value, "parent"), optional_id_of(value, "after"))


def _read_confirm(value: Mapping[str, Any]) -> Confirm:
    confirmed = value.get("confirmed", True)
    if not isinstance(confirmed, bool):
        raise CharterError("“%(key)s” is neither true nor false.", key="confirmed")
    check_lang(lang := text_of(value, "lang"))
    return Confirm(id_of(value, "clause"), lang, confirmed)


def _given(operation: Operation, *names: str) -> dict[str, Any]:
    values = {name: getattr(operation, name) for name in names}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items() if v is not None}


def _write_insert(operation: Any) -> dict[str, Any]:
    return {"parent": operation.parent, "after": operation.after} | clause_to_json(operation.clause)


def _write_describe(operation: Any) -> dict[str, Any]:
    value = _given(operation, "lang", "title", "theme")
    if operation.preamble or operation.no_preamble:
        value["preamble"] = inclusion_to_json(operation.preamble) if operation.preamble else None
    return value


def _write_split(operation: Any) -> dict[str, Any]:
    texts = {lang: list(parts) for lang, parts in operation.texts.items()}
    return {"clause": operation.clause, "texts": texts, "ids": list(operation.ids)}


_INSERT_KEYS = {
    "parent", "after", "lang", "id", "kind", "text", "heading", "commits", "references", "note", "stale",
}  # fmt: skip
_REPLACE_KEYS = {"clause", "lang", "text", "heading", "note", "kind", "commits", "references"}
_READERS: dict[str, tuple[set[str], Callable[[Mapping[str, Any]], Operation]]] = {
    "insert": (_INSERT_KEYS, _read_insert),
    "replace": (_REPLACE_KEYS, _read_replace),
    "move": ({"clause", "parent", "after"}, _read_move),
    "strike": ({"clause"}, lambda value: Strike(id_of(value, "clause"))),
    "split": ({"clause", "lang", "texts", "ids"}, _read_split),
    "join": ({"clauses", "lang", "text"}, _read_join),
    "confirm": ({"clause", "lang", "confirmed"}, _read_confirm),
    "describe": ({"lang", "title", "theme", "preamble"}, _read_describe),
}
_WRITERS: dict[type, Callable[[Any], dict[str, Any]]] = {
    Insert: _write_insert,
    Replace: lambda operation: _given(operation, *sorted(_REPLACE_KEYS)),
    Move: lambda op: {"clause": op.clause, "parent": op.parent, "after": op.after},
    Strike: lambda operation: {"clause": operation.clause},
    Split: _write_split,
    Join: lambda operation: {"clauses": list(operation.clauses), "text": dict(operation.text)},
    Confirm: lambda operation: _given(operation, "clause", "lang", "confirmed"),
    Describe: _write_describe,
}
