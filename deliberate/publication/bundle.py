"""Laying a bundle down: written beside the one that stands, then put in its place in one move."""

import json
import secrets
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from deliberate.publication.folder import HEAD, MANIFEST, file_digest, head_text

EARLIEST_IN_A_ZIP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Prepared:
    """A bundle that is written and waits for the commit of the act that published it.

    `with publish(…): session.commit()` installs it once committed, and leaves no trace of it otherwise.
    """

    temporary: Path
    place: Path

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.install()
        else:
            self.discard()

    def install(self) -> Path:
        """Put the bundle in its place; returns it. What stood there is gone when this returns."""
        _archive_of(self.temporary).replace(_archive_of(self.place))
        old = self.place.with_name(f".{self.place.name}.{secrets.token_hex(4)}.old")
        if self.place.exists():
            self.place.rename(old)
        self.temporary.rename(self.place)
        shutil.rmtree(old, ignore_errors=True)
        return self.place

    def discard(self) -> None:
        """Leave no trace of a bundle whose act was not committed."""
        shutil.rmtree(self.temporary, ignore_errors=True)
        _archive_of(self.temporary).unlink(missing_ok=True)


def as_json(value: Any) -> bytes:
    """Plain data as readable JSON, the same bytes every time."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def bundle_folder(bundles: Path, slug: str) -> Path:
    """Where the bundle of a process stands."""
    return bundles / slug


def archive(bundles: Path, slug: str) -> Path:
    """The same bundle as one file to download."""
    return _archive_of(bundle_folder(bundles, slug))


def prepare(files: Mapping[str, bytes], head: str, bundles: Path, slug: str) -> Prepared:
    """Write files, manifest and HEAD into a folder beside the place of the bundle. `head`: the journal's digest."""
    bundles.mkdir(parents=True, exist_ok=True)
    temporary = bundles / f".{slug}.{secrets.token_hex(4)}.new"
    listed = {path: {"bytes": len(files[path]), "sha256": file_digest(files[path])} for path in sorted(files)}
    manifest = as_json({"files": listed})
    complete = {**files, MANIFEST: manifest, HEAD: head_text(head, manifest)}
    prepared = Prepared(temporary, bundle_folder(bundles, slug))
    try:
        for path, content in complete.items():
            target = temporary / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        _write_archive(_archive_of(temporary), slug, complete)
    except OSError:
        prepared.discard()
        raise
    return prepared


def _archive_of(folder: Path) -> Path:
    return folder.with_name(folder.name + ".zip")


def _write_archive(path: Path, slug: str, files: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(files):
            target.writestr(
                zipfile.ZipInfo(f"{slug}/{name}", EARLIEST_IN_A_ZIP), files[name], zipfile.ZIP_DEFLATED
            )
