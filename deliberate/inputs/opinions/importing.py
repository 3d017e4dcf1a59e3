"""Bringing a conversation held on Polis into a round: its statements, those who voted, and their votes."""

import io
import lzma
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.core.events import announce
from deliberate.inputs.dossiers.queries import is_settled
from deliberate.inputs.opinions.mapping.polis import (
    ACCEPTED,
    COMMENTS,
    PARTICIPANTS,
    REFUSED,
    SUMMARY,
    VOTES,
    Conversation,
)
from deliberate.inputs.opinions.mapping.polis_reading import read
from deliberate.inputs.opinions.mapping.polis_writing import write
from deliberate.inputs.opinions.models import ImportedConversation
from deliberate.inputs.rules import FaultyEntry, clean_language, plain_text
from deliberate.inputs.spreadsheets import UNREADABLE
from deliberate.inputs.statements.events import VotesChanged
from deliberate.inputs.statements.making import make
from deliberate.inputs.statements.models import Participant, Statement, StatementVote
from deliberate.journal.canonical import digest
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note

KNOWN = (PARTICIPANTS, COMMENTS, VOTES, SUMMARY)  # "participants-votes.csv" ends as "votes.csv" does
MOST_BYTES = 60_000_000
MOST_CHARACTERS = 1000
DAY = 24 * 3600 * 1000
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
Files = Mapping[str, bytes]


def unpacked(uploads: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """The files of an export by the name Polis gives them, from files or a ZIP of them; others are left out.

    Raises Refusal for a ZIP that cannot be read or that would unpack to more than anyone exports.
    """
    found: dict[str, bytes] = {}
    for name, content in uploads:
        if zipfile.is_zipfile(io.BytesIO(content)):
            found |= _from_zip(content)
        elif known := _known(name):
            found[known] = content
    return found


def _known(name: str) -> str | None:
    last = PurePosixPath(name.replace("\\", "/")).name.casefold()
    return next((one for one in KNOWN if last.endswith(one)), None)


def _from_zip(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            held = {known: info for info in archive.infolist() if (known := _known(info.filename))}
            if sum(info.file_size for info in held.values()) > MOST_BYTES:
                raise Refusal(
                    N_("This ZIP would unpack to more than %(most)s megabytes. Send a conversation at a time."),
                    field="files", most=MOST_BYTES // 1_000_000,
                )  # fmt: skip
            return {known: archive.read(info) for known, info in held.items()}
    except (*UNREADABLE, lzma.LZMAError) as error:
        raise Refusal(
            N_("This ZIP cannot be read: it is damaged or has a password. Send the files themselves."),
            field="files",
        ) from error


def packed(files: Files) -> bytes:
    """The same files as one ZIP, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def conversation_in(files: Files) -> Conversation:
    """What the files of an export say, its times cut to their days: nothing here needs more.

    Texts lose what turns or hides them. Raises FaultyEntry with everything that is wrong in the files, Refusal for
    statements that are empty then, or too long.
    """
    found, faults = read(files)
    if found is None:
        raise FaultyEntry(faults)
    comments = [
        one._replace(at=one.at // DAY * DAY, text=" ".join(plain_text(one.text).split()))
        for one in found.comments
    ]
    if wrong := [one.id for one in comments if not 0 < len(one.text) <= MOST_CHARACTERS]:
        raise Refusal(
            N_("These comments are empty, or longer than %(most)s characters: %(numbers)s. Mend them in comments.csv, then send it again."),
            field="files", most=MOST_CHARACTERS, numbers=wrong[:20],
        )  # fmt: skip
    return replace(
        found,
        comments=tuple(comments),
        topic=plain_text(found.topic),
        votes=tuple(one._replace(at=one.at // DAY * DAY) for one in found.votes),
    )


def kept_for_later(found: Conversation) -> bytes:
    """The same conversation as one small ZIP: what the page that shows it sends back."""
    files = write(found)
    return packed({name: files[name] for name in (COMMENTS, VOTES, SUMMARY)})


def import_conversation(
    session: Session, actor: Actor, process: Process, found: Conversation, language: str, now: datetime
) -> ImportedConversation:
    """Record a conversation as part of the present round, all of it or nothing.

    Who voted stays a number; a statement that Polis refused is refused here, too. Raises NotPermitted, or Conflict for a
    conversation that is here already and for a round whose dossier is settled.
    """
    require(session, actor, process, "create", "conversation", now)
    number, content = process.round(now), _digest(found)
    if is_settled(session, process, number):
        raise Conflict(N_("The dossier of this round is settled: nothing can be added to it."))
    known = select(ImportedConversation.id).where(
        ImportedConversation.process_id == process.id, ImportedConversation.digest == content
    )
    if session.scalar(known) is not None:
        raise Conflict(
            N_("This conversation has been brought in already. It was not recorded a second time.")
        )
    statements = _statements(session, actor, process, found, clean_language(language), number, now)
    people = _people(session, process, found, now)
    _votes(session, found, statements, people)
    kept = ImportedConversation(
        process_id=process.id, round=number, digest=content, topic=found.topic[:500], url=found.url[:500],
        statements=len(statements), participants=len(people), votes=len(found.votes), at=now,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    announce(session, VotesChanged(process, number), now)
    counts = {"statements": kept.statements, "participants": kept.participants, "votes": kept.votes}
    note(
        session, actor, process, "bring in", f"conversation:{kept.id}", now,
        {"round": number, "digest": content, **counts},
        private={"topic": kept.topic, "url": kept.url},
        person=f"conversation:{process.id}/{kept.id}", published=True,
    )  # fmt: skip
    return kept


def _digest(found: Conversation) -> str:
    comments = [[one.id, one.text, one.moderated] for one in found.comments]
    return digest("conversation", {"comments": comments, "votes": [list(one) for one in found.rows]})


def _statements(
    session: Session,
    actor: Actor,
    process: Process,
    found: Conversation,
    language: str,
    round: int,
    now: datetime,
) -> dict[int, Statement]:
    """Comment → statement. One that Polis had not decided on is put to everyone when people voted on it."""
    counts = Counter((vote.comment, vote.value) for vote in found.votes)
    made = {}
    for one in found.comments:
        agrees, disagrees, passes = (counts[one.id, value] for value in (1, -1, 0))
        statement = Statement(
            round=round, source="import", state=_state(one.moderated, agrees + disagrees + passes),
            language=language, text={language: one.text},
            agrees=agrees, disagrees=disagrees, passes=passes,
        )  # fmt: skip
        made[one.id] = make(session, actor, process, statement, "bring in", now)
    return made


def _state(moderated: int, votes: int) -> str:
    if moderated == REFUSED:
        return "refused"
    return "published" if moderated == ACCEPTED or votes else "waiting"


def _people(session: Session, process: Process, found: Conversation, now: datetime) -> dict[int, int]:
    """Voter → participant, in the order of their numbers."""
    voters = sorted({vote.voter for vote in found.votes})
    if not voters:
        return {}
    made = session.scalars(
        insert(Participant).returning(Participant.id, sort_by_parameter_order=True),
        [{"process_id": process.id, "channel": "import", "categories": {}, "at": now} for _ in voters],
    )
    return dict(zip(voters, made, strict=True))


def _votes(
    session: Session, found: Conversation, statements: Mapping[int, Statement], people: Mapping[int, int]
) -> None:
    rows = [
        {
            "participant_id": people[vote.voter],
            "statement_id": statements[vote.comment].id,
            "value": vote.value,
            "at": BEGINNING + timedelta(milliseconds=vote.at),
        }
        for vote in found.votes
    ]
    if rows:
        session.execute(insert(StatementVote), rows)
