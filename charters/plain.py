"""Charters to and from plain JSON values, with a clear sentence for every shape that is wrong.

What ends in ``_of`` reads one key of an object; it raises CharterError, naming the key, when another shape stands
there.
"""

from collections.abc import Mapping
from typing import Any

from charters.model import MAX_DEPTH, WORDS, Charter, Clause, Inclusion, check_id, checked_text
from charters.problems import CharterError

MAX_NUMBER = 10**9

_CLAUSE_KEYS = {"id", "kind", "text", "heading", "commits", "references", "note", "stale", "clauses"}
_CHARTER_KEYS = {"id", "title", "theme", "preamble", "clauses"}


def charter_to_json(charter: Charter) -> dict[str, Any]:
    """The plain value of a charter; parts that are empty are left out."""
    value: dict[str, Any] = {"id": charter.id, "title": dict(charter.title)}
    if charter.theme:
        value["theme"] = charter.theme
    if charter.preamble:
        value["preamble"] = inclusion_to_json(charter.preamble)
    return value | {"clauses": [clause_to_json(clause) for clause in charter.clauses]}


def clause_to_json(clause: Clause) -> dict[str, Any]:
    """The plain value of a clause and of those below it; parts that are empty are left out."""
    value: dict[str, Any] = {"id": clause.id, "kind": clause.kind}
    for name in WORDS:
        if texts := getattr(clause, name):
            value[name] = dict(texts)
    for name in ("commits", "references", "stale"):
        if names := getattr(clause, name):
            value[name] = list(names)
    if clause.clauses:
        value["clauses"] = [clause_to_json(child) for child in clause.clauses]
    return value


def inclusion_to_json(inclusion: Inclusion) -> dict[str, Any]:
    return {"charter": inclusion.charter, "version": inclusion.version, "content": inclusion.content}


def charter_from_json(value: Any) -> Charter:
    """Read a charter; raises CharterError naming the part that is wrong."""
    known(value, _CHARTER_KEYS, "the charter")
    preamble = value.get("preamble")
    return Charter(
        id=id_of(value, "id"),
        title=texts_of(value, "title"),
        theme=text_of(value, "theme", ""),
        preamble=None if preamble is None else inclusion_from_json(preamble),
        clauses=tuple(clause_from_json(item) for item in list_of(value, "clauses")),
    )


def clause_from_json(value: Any, depth: int = 1) -> Clause:
    """Read a clause and those below it; raises CharterError naming the part that is wrong."""
    if depth > MAX_DEPTH:
        raise CharterError("The clauses are more than %(depth)d levels deep.", depth=MAX_DEPTH)
    known(value, _CLAUSE_KEYS, "a clause")
    return Clause(
        id=id_of(value, "id"),
        kind=text_of(value, "kind", "article"),
        text=texts_of(value, "text"),
        heading=texts_of(value, "heading"),
        commits=names_of(value, "commits"),
        references=names_of(value, "references"),
        note=texts_of(value, "note"),
        stale=names_of(value, "stale"),
        clauses=tuple(clause_from_json(item, depth + 1) for item in list_of(value, "clauses")),
    )


def inclusion_from_json(value: Any) -> Inclusion:
    known(value, {"charter", "version", "content"}, "the included preamble")
    return Inclusion(text_of(value, "charter"), number_of(value, "version"), text_of(value, "content"))


def known(value: Any, keys: set[str], where: str) -> None:
    """Refuse what is not an object, and keys that nobody would read."""
    if not isinstance(value, dict):
        raise CharterError("A JSON object was expected for %(where)s.", where=where)
    for key in value:
        if key not in keys:
            raise CharterError(
                "“%(key)s” is not known in %(where)s. Known here: %(keys)s.",
                key=key, where=where, keys=", ".join(sorted(keys)),
            )  # fmt: skip


def text_of(value: Mapping[str, Any], key: str, default: str | None = None) -> str:
    found = value.get(key, default)
    if not isinstance(found, str):
        raise CharterError("“%(key)s” is missing or is not text.", key=key)
    return checked_text(found)


def optional_text_of(value: Mapping[str, Any], key: str) -> str | None:
    return None if value.get(key) is None else text_of(value, key)


def id_of(value: Mapping[str, Any], key: str) -> str:
    check_id(found := text_of(value, key))
    return found


def optional_id_of(value: Mapping[str, Any], key: str) -> str | None:
    return None if value.get(key) is None else id_of(value, key)


def ids_of(value: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = names_of(value, key)
    for name in found:
        check_id(name)
    return found


def number_of(value: Mapping[str, Any], key: str) -> int:
    found = value.get(key)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= MAX_NUMBER:
        raise CharterError("“%(key)s” is missing or is not a whole number.", key=key)
    return found


def list_of(value: Mapping[str, Any], key: str) -> list[Any]:
    found = value.get(key, [])
    if not isinstance(found, list):
        raise CharterError("“%(key)s” is not a list.", key=key)
    return found


def names_of(value: Mapping[str, Any], key: str) -> tuple[str, ...]:
    found = list_of(value, key)
    if not all(isinstance(item, str) for item in found):
        raise CharterError("“%(key)s” is not a list of texts.", key=key)
    return tuple(checked_text(item) for item in found)


def texts_of(value: Mapping[str, Any], key: str) -> dict[str, str]:
    found = value.get(key, {})
    if not isinstance(found, dict) or not all(isinstance(item, str) for item in found.values()):
        raise CharterError("“%(key)s” is not an object of language codes and texts.", key=key)
    return dict(found)
