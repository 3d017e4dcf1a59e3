"""Publishing a process: its bundle is written, and the journal says what was published."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Refusal
from deliberate.journal.acts import record
from deliberate.people.acts import pseudonym
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.publication.bundle import Prepared, prepare
from deliberate.publication.contents import content_files, journal_file
from deliberate.publication.folder import file_digest
from deliberate.publication.record import content_digest


def publish(session: Session, actor: Actor, process: Process, bundles: Path, now: datetime) -> Prepared:
    """Write the bundle of a process below the folder `bundles`, and journal the digest of all that it holds.

    The bundle's own journal ends with that entry, so that its last digest binds every file. The caller commits
    inside `with publish(…):`, which then puts the bundle in place: none ever stands whose entry was not kept.
    Raises NotPermitted, and Refusal for a draft.
    """
    require(session, actor, process, "publish", "publication", now)
    if process.locked_at is None:
        raise Refusal(N_("There is nothing to publish yet: lock the protocol first."))
    files = content_files(session, process)
    digests = {path: file_digest(content) for path, content in files.items()}
    entry = record(
        session,
        process.slug,
        actor=pseudonym(session, actor, process.slug),
        act="publish",
        object=f"process:{process.slug}",
        now=now,
        public={"content": content_digest(digests), "files": len(files)},
    )
    path, journal = journal_file(session, process)
    return prepare({**files, path: journal}, entry.digest, bundles, process.slug)
