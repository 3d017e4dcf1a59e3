"""Letters that leave after the commit: a mail is a job, so it is sent if and only if its act was written.

Without a mail server the letters are laid into `outbox/` in the instance folder, where a small team can read and print
them. The text of a letter is wiped from its row once it has left.
"""

import smtplib
from collections.abc import Callable
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.config import Settings
from deliberate.core.jobs import Job, Run, ask

Send = Callable[[EmailMessage], None]
SECONDS_TO_ANSWER = 30
KIND = "mail"
AS_READ = policy.default.clone(utf8=True, cte_type="8bit")


def post(session: Session, to: str, subject: str, body: str, now: datetime) -> Job:
    """Write a letter in the running transaction; the worker sends it after the commit. Returns its job."""
    return ask(session, KIND, {"to": to, "subject": subject, "body": body}, now)


def sender(settings: Settings) -> Send:
    """How this instance sends: through its mail server, or into the folder `outbox/`."""
    if not settings.mail_server:
        return _into_folder(settings.instance / "outbox")
    return _through_server(settings.mail_server)


def worker(settings: Settings) -> Callable[[Run], None]:
    """What does the jobs of kind `mail`."""
    send = sender(settings)

    def work(run: Run) -> None:
        send(_message(run.payload, settings))
        job = run.session.get(Job, run.job_id)
        if job is not None:
            job.payload = {"sent": True}

    return work


def forget(session: Session, payload: dict[str, Any], error: str, _now: datetime) -> None:
    """Hear that a letter never left: its text and address, perhaps with a sign-in link, are wiped all the same."""
    lost = session.scalars(select(Job).where(Job.kind == KIND, Job.state == "failed"))
    for job in lost:
        if job.payload == payload:
            # A mail server names the address that it refuses.
            job.payload, job.error = {"sent": False}, error.partition(":")[0]


def _message(letter: dict[str, str], settings: Settings) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = letter["to"]
    message["Subject"] = " ".join(letter["subject"].split())
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=urlsplit(settings.base_url).hostname)
    message.set_content(letter["body"])
    return message


def _into_folder(folder: Path) -> Send:
    def send(message: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = "".join(c for c in message["Message-ID"] if c.isalnum() or c in ".-")
        # Read and printed as it lies there: links and accents stay whole.
        message.set_content(message.get_content(), cte="8bit")
        (folder / f"{name}.eml").write_bytes(message.as_bytes(policy=AS_READ))

    return send


def _through_server(address: str) -> Send:
    parts = urlsplit(address)
    connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP

    def send(message: EmailMessage) -> None:
        with connect(parts.hostname or "", parts.port or 0, timeout=SECONDS_TO_ANSWER) as server:
            server.ehlo()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)

    return send
