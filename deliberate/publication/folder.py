"""Reading a bundle that someone else wrote: paths, links, sizes and numbers are all taken for hostile.

Standard library alone: this text is pasted into the bundle's own `verify.py`.
"""

import hashlib
import json
import os
import re
import stat
from pathlib import Path
from typing import Any

from deliberate.publication.findings import Report, UnsoundError

MANIFEST, HEAD = "manifest.json", "HEAD"
MOST_FILES = 200_000
MOST_FOLDERS_DEEP = 8
MOST_BYTES = 256 * 1024 * 1024
MOST_DIGITS = 300
# Each list and each value costs many times its bytes in memory.
MOST_LISTS = 2_000_000
MOST_VALUES = 40_000_000
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,120}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,120}){0,7}")


def file_digest(content: bytes) -> str:
    """`sha256:` and the SHA-256 of a file's bytes."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def head_text(journal: str, manifest: bytes) -> bytes:
    """The file HEAD: the journal's last digest and the manifest's, one line each."""
    return f"journal {journal}\nmanifest {file_digest(manifest)}\n".encode()


class Folder:
    """A bundle's folder. Every file is a regular one, inside it, and small enough to be read."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sizes: dict[str, int] = {}
        self.strange: list[str] = []
        self._walk(root, "", 0)

    def _walk(self, folder: Path, prefix: str, depth: int) -> None:
        for found in sorted(os.scandir(folder), key=lambda entry: entry.name):
            path = prefix + found.name
            mode = found.stat(follow_symlinks=False)
            if stat.S_ISDIR(mode.st_mode) and depth < MOST_FOLDERS_DEEP:
                self._walk(Path(found.path), path + "/", depth + 1)
            elif stat.S_ISREG(mode.st_mode) and len(self.sizes) < MOST_FILES:
                self.sizes[path] = mode.st_size
            else:
                self.strange.append(path)

    def names(self, start: str, end: str = "") -> list[str]:
        """The files whose path starts and ends so, in order."""
        return sorted(path for path in self.sizes if path.startswith(start) and path.endswith(end))

    def read(self, path: str) -> bytes:
        """A file's bytes. Raises UnsoundError when it is missing or too large."""
        if path not in self.sizes:
            raise UnsoundError(path, "this file is missing")
        if self.sizes[path] > MOST_BYTES:
            raise UnsoundError(
                path, "this file is too large to be read: %(bytes)s bytes", bytes=self.sizes[path]
            )
        try:
            with (self.root / path).open("rb") as file:
                return file.read(MOST_BYTES + 1)
        except OSError as error:
            raise UnsoundError(
                path, "this file cannot be read: %(why)s", why=error.strerror or "unknown"
            ) from None

    def load(self, path: str) -> Any:
        """A JSON file's value. Raises UnsoundError when it is not the plain JSON a bundle is made of."""
        return parse(self.read(path), path)


def parse(content: bytes, where: str) -> Any:
    """Plain JSON: UTF-8, no key twice, no fractions, no endless numbers, no bottomless nesting. Raises UnsoundError."""
    if content.count(b"[") + content.count(b"{") > MOST_LISTS or content.count(b",") > MOST_VALUES:
        raise UnsoundError(where, "this file holds more values than any bundle has")
    try:
        return json.loads(
            content.decode("utf-8"),
            parse_int=_whole,
            parse_float=_never,
            parse_constant=_never,
            object_pairs_hook=_once,
        )
    except (ValueError, RecursionError) as error:
        raise UnsoundError(
            where, "this is not the JSON a bundle is made of: %(why)s", why=str(error)[:120]
        ) from None


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _never(written: str) -> Any:
    raise ValueError(f"the number {written[:20]}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key that stands twice")
    return value


def check_manifest(folder: Folder, report: Report) -> None:
    """Every file is listed with its size and digest, nothing else lies in the folder, and HEAD binds the list."""
    for path in folder.strange:
        report.fault(
            path, "only plain files and folders belong in a bundle: links and the like are not followed"
        )
    listed = folder.load(MANIFEST)
    files = listed.get("files") if isinstance(listed, dict) else None
    if not isinstance(files, dict):
        raise UnsoundError(MANIFEST, "it does not list the files of the bundle")
    for path in sorted(set(folder.sizes) - set(files) - {MANIFEST, HEAD}):
        report.fault(path, "the manifest does not list this file")
    for path, stated in sorted(files.items()):
        report.attempt(_check_file, folder, path, stated, report)
    report.expect(
        manifest_of_head(folder) == file_digest(folder.read(MANIFEST)),
        MANIFEST,
        "it is not the manifest that HEAD names",
    )


def _check_file(folder: Folder, path: str, stated: Any, report: Report) -> None:
    if not PATH.fullmatch(path) or ".." in path:
        raise UnsoundError(MANIFEST, "it names a file outside the bundle: %(path)s", path=path[:120])
    content = folder.read(path)
    size, digest = stated["bytes"], stated["sha256"]
    if len(content) != size:
        report.fault(
            path, "it has %(found)s bytes, the manifest says %(stated)s", found=len(content), stated=size
        )
    elif file_digest(content) != digest:
        report.fault(path, "its content is not the one the manifest lists")


def head_lines(folder: Folder) -> tuple[str, str]:
    """The two digests that HEAD holds. Raises UnsoundError when it holds anything else."""
    match = re.fullmatch(
        rb"journal (sha256:[0-9a-f]{64})\nmanifest (sha256:[0-9a-f]{64})\n", folder.read(HEAD)
    )
    if match is None:
        raise UnsoundError(HEAD, "it does not hold the digests of the journal and of the manifest")
    return match[1].decode(), match[2].decode()


def manifest_of_head(folder: Folder) -> str:
    """The manifest's digest according to HEAD."""
    return head_lines(folder)[1]
