"""Versions of a charter and the JSON in which they are published.

A published version is ``{"format": "deliberate/charter/1", "charter": {…}, "version": {…}}``:

- the *content digest* is ``digest("charter", value["charter"])``; it names the text, whatever its history;
- ``value["version"]`` holds number, parents (version digests), act, date, content (the content digest),
  operations (leading from the first parent to this text), amendments and resolutions, and digest;
- the *version digest* is ``digest("version", value["version"] without its "digest")``.

Anyone can recompute both with canonical JSON and SHA-256 (see ``canonical``). Minority statements
(``value["minority"]``) and who wrote what stay outside: they may be added or withdrawn without changing a
version. ``value["non_binding"]`` is always true: no charter has prescriptive value.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as calendar_date
from functools import cached_property
from typing import Any

from charters.amendment import Amendment, content_digest
from charters.canonical import digest
from charters.comparing.comparison import diff
from charters.draft import apply
from charters.merging.conflicts import Resolution, resolution_from_json, resolution_to_json
from charters.model import Charter, Clause
from charters.operations import Operation, operation_to_json, operations_from_json
from charters.plain import charter_from_json, charter_to_json, known, list_of, names_of, number_of, text_of
from charters.problems import CharterError
from charters.reuse import check_reuse

FORMAT = "deliberate/charter/1"


@dataclass(frozen=True)
class Adopted:
    """What a version records of an amendment: its operations and the contributions it answers."""

    id: str
    operations: tuple[Operation, ...]
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Version:
    """A charter as adopted. ``date`` is ISO (2026-06-14; "" for a draft), ``act`` the journal's name of the
    adopting act.
    """

    number: int
    charter: Charter
    date: str
    act: str = ""
    parents: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
    amendments: tuple[Adopted, ...] = ()
    resolutions: tuple[Resolution, ...] = ()

    def __post_init__(self) -> None:
        if self.date and not _is_date(self.date):
            raise CharterError("“%(date)s” is not a date. Write year-month-day: 2026-06-14.", date=self.date)

    @cached_property
    def content(self) -> str:
        """The content digest."""
        return content_digest(self.charter)

    @cached_property
    def digest(self) -> str:
        """The version digest."""
        return version_digest(self)


def version_digest(version: Version) -> str:
    """The digest of what ``version_to_json`` says of a version beside its text."""
    return digest("version", _history(version))


def next_version(
    parent: Version, charter: Charter, *, date: str, act: str = "",
    amendments: Iterable[Amendment] = (), resolutions: Sequence[Resolution] = (),
    past: Mapping[str, Clause] | None = None,
) -> Version:  # fmt: skip
    """The version that follows ``parent``, with the operations and amendments that led to it.

    ``past``: every clause that stood in a version before (``past_clauses``); raises CharterError when the id
    of one comes back as another clause.
    """
    check_reuse(parent.charter, charter, past or {})
    adopted = tuple(Adopted(a.id, a.operations, a.answers) for a in amendments)
    return Version(
        parent.number + 1, charter, date, act, (parent.digest,),
        diff(parent.charter, charter), adopted, tuple(resolutions),
    )  # fmt: skip


def version_to_json(version: Version) -> dict[str, Any]:
    """The published value, with both digests."""
    history = _history(version)
    history["digest"] = digest("version", history)
    return {"format": FORMAT, "charter": charter_to_json(version.charter), "version": history}


def version_from_json(value: Any) -> Version:
    """Read a published version; raises CharterError when its shape or one of its digests is wrong."""
    known(value, {"format", "charter", "version", "minority", "non_binding"}, "the published version")
    if value.get("format") != FORMAT:
        raise CharterError(
            "This file is not a charter version: “format” should be %(format)s.", format=FORMAT
        )
    if value.get("non_binding", True) is not True:
        raise CharterError("A charter binds nobody: “non_binding” cannot say otherwise.")
    charter, history = charter_from_json(value.get("charter")), value.get("version")
    known(history, {*_history(Version(0, charter, "2000-01-01")), "digest"}, "the version")
    version = Version(
        number_of(history, "number"), charter, text_of(history, "date"), text_of(history, "act", ""),
        names_of(history, "parents"), operations_from_json(list_of(history, "operations")),
        tuple(_adopted(item) for item in list_of(history, "amendments")),
        tuple(resolution_from_json(item) for item in list_of(history, "resolutions")),
    )  # fmt: skip
    written = {key: item for key, item in history.items() if key != "digest"}
    for content in (version.content, digest("charter", value["charter"])):
        _same("content", history.get("content"), content)
    for computed in (version.digest, digest("version", written)):
        _same("version", history.get("digest"), computed)
    return version


def check_chain(versions: Sequence[Version]) -> None:
    """Check that each version names the one before as a parent and follows from it by its operations, and
    that no id comes back as another clause.
    """
    past: dict[str, Clause] = {}
    for parent, version in itertools.pairwise(versions):
        past |= parent.charter.index.bare
        check_reuse(parent.charter, version.charter, past)
        check_follows(parent, version)
        if apply(parent.charter, version.operations) != version.charter:
            raise CharterError(
                "The operations recorded in version %(number)d do not lead to its text.",
                number=version.number,
            )


def check_follows(parent: Version, version: Version) -> None:
    """Refuse a version that does not name the one before as a parent."""
    if parent.digest not in version.parents:
        raise CharterError("Version %(number)d does not follow from the one before.", number=version.number)


def _is_date(text: str) -> bool:
    try:
        return calendar_date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _history(version: Version) -> dict[str, Any]:
    return {
        "number": version.number, "parents": list(version.parents), "act": version.act, "date": version.date,
        "content": version.content,
        "operations": [operation_to_json(step) for step in version.operations],
        "amendments": [_adopted_to_json(adopted) for adopted in version.amendments],
        "resolutions": [resolution_to_json(resolution) for resolution in version.resolutions],
    }  # fmt: skip


def _adopted_to_json(adopted: Adopted) -> Mapping[str, Any]:
    operations = [operation_to_json(step) for step in adopted.operations]
    return {"id": adopted.id, "operations": operations, "answers": list(adopted.answers)}


def _adopted(value: Any) -> Adopted:
    known(value, {"id", "operations", "answers"}, "an amendment of the version")
    operations = operations_from_json(list_of(value, "operations"), text_of(value, "id"))
    return Adopted(text_of(value, "id"), operations, names_of(value, "answers"))


def _same(what: str, written: object, computed: str) -> None:
    if written != computed:
        raise CharterError(
            "The %(what)s digest in the file is %(written)s but its content gives %(computed)s: "
            "the file was changed after publication.",
            what=what, written=written, computed=computed,
        )  # fmt: skip
