"""Bringing in a conversation held on Polis: all of it or nothing, once, and out again as it came."""

import io
import zipfile
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core.errors import Conflict, NotPermitted, Refusal
from deliberate.inputs.opinions import importing
from deliberate.inputs.opinions.exporting import polis_files
from deliberate.inputs.opinions.importing import conversation_in, import_conversation, packed, unpacked
from deliberate.inputs.opinions.queries import imported, rows_of
from deliberate.inputs.rules import FaultyEntry
from deliberate.inputs.statements.models import Participant, Statement, StatementVote
from deliberate.journal.models import Entry
from deliberate.people.models import User
from deliberate.people.rules import VISITOR, Actor
from deliberate.process.models import Process

COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1500000000000,x,0,3,0,0,1,"Rivers, first"
1500000001000,x,1,3,0,0,-1,Refused words
1500000002000,x,2,4,0,0,0,=Undecided
1500000003000,x,5,4,0,0,0,Nobody voted
"""
VOTES = """timestamp,datetime,comment-id,voter-id,vote
1500000000000,x,0,0,1
1500000009000,x,0,0,-1
1500000000000,x,0,7,1
1500000000000,x,1,7,0
1500000000000,x,2,7,1
"""
FILES = {"comments.csv": COMMENTS.encode(), "votes.csv": VOTES.encode()}


def test_a_conversation_becomes_part_of_the_round(
    session: Session, open_process: Process, organiser: User, now: datetime
) -> None:
    kept = import_conversation(session, Actor(organiser.id), open_process, conversation_in(FILES), "en", now)
    assert (kept.statements, kept.participants, kept.votes) == (4, 2, 4)
    made = session.scalars(select(Statement).order_by(Statement.number)).all()
    assert [(one.text["en"], one.state, one.source) for one in made] == [
        ("Rivers, first", "published", "import"),
        ("Refused words", "refused", "import"),
        ("=Undecided", "published", "import"),
        ("Nobody voted", "waiting", "import"),
    ]
    assert [(one.agrees, one.disagrees, one.passes) for one in made] == [
        (1, 1, 0),
        (0, 0, 1),
        (1, 0, 0),
        (0, 0, 0),
    ]
    people = session.scalars(select(Participant).order_by(Participant.id)).all()
    assert [(one.channel, one.user_id, one.secret_hash) for one in people] == [("import", None, None)] * 2
    assert [(number, value) for _, number, value in sorted(rows_of(session, open_process, 1))] == [
        (1, -1), (1, 1), (2, 0), (3, 1),
    ]  # fmt: skip
    assert list(imported(session, open_process, 1)) == [kept]
    entry = session.scalars(select(Entry).where(Entry.object == f"conversation:{kept.id}")).one()
    assert entry.public["votes"] == 4
    assert "Rivers" not in str(entry.public)


def test_a_conversation_is_brought_in_once(
    session: Session, open_process: Process, organiser: User, now: datetime
) -> None:
    found = conversation_in(FILES)
    import_conversation(session, Actor(organiser.id), open_process, found, "en", now)
    with pytest.raises(Conflict, match="already"):
        import_conversation(session, Actor(organiser.id), open_process, found, "en", now)
    assert session.scalar(select(func.count()).select_from(StatementVote)) == 4


def test_only_an_organiser_brings_a_conversation_in_and_only_before_the_deliberation(
    session: Session, room: Process, organiser: User, now: datetime
) -> None:
    for actor in (VISITOR, Actor(organiser.id)):
        with pytest.raises(NotPermitted):
            import_conversation(session, actor, room, conversation_in(FILES), "en", now)


def test_everything_wrong_is_said_at_once_and_nothing_recorded() -> None:
    broken = {
        "comments.csv": COMMENTS.replace("1500000001000", "yesterday").encode(),
        "votes.csv": VOTES.replace("0,7,1", "0,7,maybe").replace("2,7,1", "9,7,1").encode(),
    }
    with pytest.raises(FaultyEntry) as refused:
        conversation_in(broken)
    assert len(refused.value.faults) == 3
    assert "maybe" in " ".join(str(one) for one in refused.value.faults)


def test_the_files_of_an_export_are_known_by_their_names_zipped_or_not() -> None:
    named = [
        ("2026-polis-comments.csv", b"c"),
        ("x/participants-votes.csv", b"p"),
        ("a.votes.csv", b"v"),
        ("notes.txt", b"n"),
    ]
    assert unpacked(named) == {"comments.csv": b"c", "participants-votes.csv": b"p", "votes.csv": b"v"}
    assert unpacked([("export.zip", packed(dict(named)))]) == unpacked(named)


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_BYTES", 1000)
    with pytest.raises(Refusal, match="unpack"):
        unpacked([("export.zip", packed({"votes.csv": b"0" * 1001}))])


@pytest.mark.parametrize(
    "packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_damaged_zip_is_refused_in_words_however_it_was_packed(packing: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        archive.writestr("votes.csv", VOTES)
    whole = out.getvalue()
    for at in range(45, 100, 5):
        with pytest.raises(Refusal, match="damaged"):
            unpacked([("export.zip", whole[:at] + b"\xff?\x00?\xff" + whole[at + 5 :])])


def test_a_path_in_a_zip_leads_nowhere_and_a_link_is_a_file_like_others() -> None:
    out = io.BytesIO()
    link = zipfile.ZipInfo("../../etc/comments.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("/etc/shadow", "x")
    assert unpacked([("export.zip", out.getvalue())]) == {"comments.csv": b"/etc/passwd"}


def test_what_was_brought_in_goes_out_again_the_same_but_for_what_was_refused(
    session: Session, open_process: Process, organiser: User, now: datetime
) -> None:
    import_conversation(session, Actor(organiser.id), open_process, conversation_in(FILES), "en", now)
    found = conversation_in(polis_files(session, open_process, 1, votes=True, address="https://example.org"))
    assert [(one.text, one.moderated) for one in found.comments] == [
        ("Rivers, first", 1), ("–", -1), ("=Undecided", 1),
    ]  # fmt: skip
    assert sorted(value for _, _, value in found.rows) == [-1, 0, 1, 1]
    assert found.url == "https://example.org"
    sent = polis_files(session, open_process, 1, votes=True)["comments.csv"].decode()
    assert ",=Undecided" not in sent, "no cell is a live formula"


def test_texts_lose_what_turns_them_round_and_endless_ones_are_refused() -> None:
    turned = COMMENTS.replace("Refused words", "Re\u202efused <b>words</b> \U0001f600")
    found = conversation_in({**FILES, "comments.csv": turned.encode()})
    assert found.comments[1].text == "Refused <b>words</b> \U0001f600"
    endless = {**FILES, "comments.csv": COMMENTS.replace("Refused words", "x" * 100_000).encode()}
    with pytest.raises(Refusal, match="longer than 1000 characters"):
        conversation_in(endless)
