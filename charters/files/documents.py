"""Reading charters, amendments and versions from files, and writing files whole or not at all."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from charters.amendment import Amendment, amendment_from_json
from charters.files.markdown import read_markdown
from charters.formats.akn_reading import read_akn
from charters.plain import charter_from_json
from charters.problems import CharterError
from charters.version import Version, version_from_json

_T = TypeVar("_T")


class UnreadableError(CharterError):
    """A file that cannot be read at all, as opposed to one whose content is wrong."""


def read_version(path: Path) -> Version:
    """A published version; a charter alone (JSON, Markdown, Akoma Ntoso) is read as a draft, number 0
    and no date.
    """
    if path.suffix.lower() in {".xml", ".akn"}:
        return Version(0, naming(path, lambda: read_akn(_text(path))), "")
    if path.suffix.lower() in {".md", ".markdown"}:
        return Version(0, naming(path, lambda: read_markdown(_text(path))), "")
    return naming(path, lambda: version_of(read_json(path)))


def version_of(value: Any) -> Version:
    """A version from the JSON of a published version or of a charter alone."""
    if isinstance(value, dict) and "format" in value:
        return version_from_json(value)
    return Version(0, charter_from_json(value), "")


def read_amendment(path: Path) -> Amendment:
    return naming(path, lambda: amendment_from_json(read_json(path)))


def read_json(path: Path) -> Any:
    """The value of a JSON file; raises CharterError when it is not JSON."""
    text = _text(path)
    try:
        return json.loads(text, object_pairs_hook=_object, parse_int=_whole_number, parse_constant=_no_number)
    except CharterError:
        raise
    except ValueError as error:
        raise CharterError("This is not JSON: %(reason)s.", reason=str(error)) from error
    except RecursionError as error:
        raise CharterError("The file is nested too deeply to be a charter.") from error


def read_lines(path: Path) -> list[str]:
    """The lines of a text file that say something, without outer spaces."""
    return [line.strip() for line in _text(path).splitlines() if line.strip()]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under a temporary name first, so that it is never half-written."""
    draft = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise UnreadableError(
            "%(file)s cannot be written: %(reason)s.", file=path, reason=error.strerror
        ) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableError(
            "%(file)s cannot be read: %(reason)s.", file=path, reason=error.strerror
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableError("%(file)s is not a UTF-8 text file.", file=path) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise CharterError("The key “%(key)s” stands twice in the same object.", key=twice)
    return found


def _whole_number(digits: str) -> int:
    if len(digits) > 20:
        raise CharterError("A number in the file has %(digits)d digits: too many.", digits=len(digits))
    return int(digits)


def _no_number(word: str) -> None:
    raise CharterError("“%(word)s” is not a number that JSON knows.", word=word)


def naming(path: Path, read: Callable[[], _T]) -> _T:
    """Say which file a problem is in."""
    try:
        return read()
    except UnreadableError:
        raise
    except CharterError as error:
        raise CharterError("%(file)s: %(problem)s", file=path, problem=error.problem) from error
