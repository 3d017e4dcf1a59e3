"""Mail: a letter leaves if and only if its act was written, and its text does not stay behind."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from deliberate.core import jobs, mail
from deliberate.core.config import Settings
from deliberate.core.jobs import Job, run_next

BODY = "Bonjour,\n\nVoici votre lien — il sert une fois :\n\nhttp://127.0.0.1:8000/sign-in/abc\n"


@dataclass
class PostOffice:
    """A mail server on loopback that keeps what it is given."""

    address: str
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    users: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 kept"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> Any:
        self.users.append((given.login, given.password))
        return AuthResult(success=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def open_on(port: int) -> tuple[PostOffice, Controller]:
    office = PostOffice(f"127.0.0.1:{port}")
    controller = Controller(
        office,
        hostname="127.0.0.1",
        port=port,
        authenticator=office.authenticate,
        auth_require_tls=False,
    )
    controller.start()
    return office, controller


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    office, controller = open_on(free_port())
    yield office
    controller.stop()


@pytest.fixture
def outgoing(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database whose letters are this test's own."""
    monkeypatch.setattr(jobs, "_work", {})
    yield engine
    with Session(engine) as session:
        session.execute(delete(Job))
        session.commit()


def post(engine: Engine, now: datetime, subject: str = "Votre lien de connexion") -> None:
    with Session(engine) as session:
        mail.post(session, "ana@example.org", subject, BODY, now)
        session.commit()


def deliver(engine: Engine, settings: Settings, now: datetime) -> bool:
    jobs.register("mail", mail.worker(settings))
    with Session(engine) as session:
        return run_next(session, lambda: Session(engine), lambda: now)


def letter(engine: Engine) -> Job:
    with Session(engine) as session:
        return session.scalars(select(Job)).one()


def through(office: PostOffice, settings: Settings) -> Settings:
    return replace(settings, mail_server=f"smtp://{office.address}", mail_from="charters@example.org")


def test_a_letter_arrives_as_it_was_written(
    outgoing: Engine, post_office: PostOffice, settings: Settings, now: datetime
) -> None:
    post(outgoing, now)
    assert deliver(outgoing, through(post_office, settings), now)
    arrived = post_office.letters[0]
    assert post_office.recipients == ["ana@example.org"]
    assert (arrived["To"], arrived["From"]) == ("ana@example.org", "charters@example.org")
    assert arrived["Subject"] == "Votre lien de connexion"
    assert arrived.get_content().replace("\r\n", "\n") == BODY
    assert arrived["Date"]
    assert arrived["Message-ID"]


def test_the_text_of_a_letter_is_wiped_once_it_has_left(
    outgoing: Engine, post_office: PostOffice, settings: Settings, now: datetime
) -> None:
    post(outgoing, now)
    assert letter(outgoing).payload["body"] == BODY
    deliver(outgoing, through(post_office, settings), now)
    assert letter(outgoing).payload == {"sent": True}


def test_a_letter_of_an_act_that_is_undone_never_leaves(
    outgoing: Engine, post_office: PostOffice, settings: Settings, now: datetime
) -> None:
    with Session(outgoing) as session:
        mail.post(session, "ana@example.org", "Votre lien", BODY, now)
        session.rollback()
    assert not deliver(outgoing, through(post_office, settings), now)
    assert post_office.letters == []


def test_a_letter_waits_for_a_server_that_is_down_and_leaves_once(
    outgoing: Engine, settings: Settings, now: datetime
) -> None:
    port = free_port()
    there = replace(settings, mail_server=f"smtp://127.0.0.1:{port}")
    post(outgoing, now)
    assert deliver(outgoing, there, now)
    assert letter(outgoing).state == "waiting"
    assert letter(outgoing).payload["body"] == BODY
    office, controller = open_on(port)
    try:
        later = now + timedelta(minutes=1)
        assert deliver(outgoing, there, later)
        assert not deliver(outgoing, there, later)
    finally:
        controller.stop()
    assert len(office.letters) == 1
    assert letter(outgoing).state == "done"


def test_a_name_and_a_password_in_the_address_sign_in_at_the_server(
    outgoing: Engine, post_office: PostOffice, settings: Settings, now: datetime
) -> None:
    there = replace(settings, mail_server=f"smtp://charters%40example.org:p%3Ass@{post_office.address}")
    post(outgoing, now)
    deliver(outgoing, there, now)
    assert post_office.users == [(b"charters@example.org", b"p:ss")]
    assert len(post_office.letters) == 1


def test_a_line_break_in_a_subject_adds_no_header(
    outgoing: Engine, post_office: PostOffice, settings: Settings, now: datetime
) -> None:
    post(outgoing, now, subject="Votre lien\r\nBcc: other@example.org")
    deliver(outgoing, through(post_office, settings), now)
    assert post_office.recipients == ["ana@example.org"]
    assert post_office.letters[0]["Bcc"] is None


def test_without_a_server_letters_are_laid_into_the_outbox(
    outgoing: Engine, settings: Settings, now: datetime, tmp_path: Path
) -> None:
    post(outgoing, now)
    assert deliver(outgoing, settings, now)
    (path,) = (tmp_path / "outbox").glob("*.eml")
    laid = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert laid["To"] == "ana@example.org"
    assert laid.get_content() == BODY
    assert BODY in path.read_text("utf-8")  # to be read and printed as it lies there
    assert letter(outgoing).payload == {"sent": True}


def test_a_letter_that_never_left_keeps_neither_its_text_nor_its_address(
    session: Session, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_run: jobs.Run) -> None:
        raise OSError("ana@example.org is refused")

    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 1)
    jobs.register(mail.KIND, refuse, mail.forget)
    session.execute(delete(Job))
    mail.post(session, "ana@example.org", "Lien", BODY, now)
    session.commit()
    run_next(session, lambda: Session(session.connection()), lambda: now)
    job = session.scalars(select(Job)).one()
    assert (job.state, job.payload, job.error) == ("failed", {"sent": False}, "OSError")
