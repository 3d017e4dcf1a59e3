"""Two hundred visitors at once, on gunicorn with four workers: everyone answers a question, then votes on statements.

Each tenth of them presses every button twice at once, as people do when nothing seems to happen. Afterwards the database is
counted: no answer and no vote may be missing or there twice.
"""

import asyncio
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from deliberate.core.config import load
from deliberate.core.database import prepare_engine
from deliberate.core.migration import migrate
from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.models import Contribution
from deliberate.inputs.statements.making import add_statement
from deliberate.inputs.statements.models import Statement, StatementVote
from deliberate.people.acts import make_user
from deliberate.people.rules import Actor
from deliberate.process.acts import create_process, lock_protocol, open_phase
from deliberate.process.models import Process
from tests.benchmarks import gunicorn
from tests.benchmarks.visitor import Answer, Form, Visitor
from tests.conftest import PROTOCOL, postgresql_server

WORKERS, THREADS = 4, 4
STATEMENTS, VOTES = 30, 10
CHOICES = ("agree", "disagree", "pass")
# A form that comes back sooner is taken for a program's.
WRITING_SECONDS = 3.2
SLUG = "crowd"


@dataclass(frozen=True)
class Kept:
    """What the database holds: answers, those that say the same as another, votes, and what the tallies add up to."""

    answers: int
    doubled: int
    votes: int
    tallied: int

    def __str__(self) -> str:
        return (
            f"{self.answers} answers ({self.doubled} doubled), {self.votes} votes (tallies: {self.tallied})"
        )


@dataclass(frozen=True)
class Crowd:
    """What a crowd met: what is in the database afterwards, the seconds of every request by kind, and of the whole."""

    visitors: int
    kept: Kept
    times: Mapping[str, Sequence[float]]
    seconds: float

    def within(self, kind: str, share: float) -> float:
        """The milliseconds within which this share of the requests of a kind were answered."""
        found = sorted(self.times[kind])
        return 1000 * found[min(len(found) - 1, int(len(found) * share))]

    def __str__(self) -> str:
        requests = sum(map(len, self.times.values()))
        told = f"{self.visitors} visitors, {requests} requests in {self.seconds:.1f} s: {self.kept}"
        return "; ".join(
            [told]
            + [
                f"{kind} p50 {self.within(kind, 0.5):.0f} ms, p95 {self.within(kind, 0.95):.0f} ms"
                for kind in self.times
            ]
        )


@contextmanager
def served(instance: Path, port: int, database_url: str = "") -> Iterator[str]:
    """gunicorn with four workers over an instance whose open phase is open; gives its address."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DELIBERATE_")},
        "DELIBERATE_INSTANCE": str(instance),
        "DELIBERATE_DATABASE_URL": database_url,
        "DELIBERATE_BASE_URL": f"http://127.0.0.1:{port}",
    }
    engine = engine_of(instance, database_url)
    migrate(engine)
    with Session(engine) as session:
        prepare(session)
        session.commit()
    engine.dispose()
    with gunicorn.served(gunicorn.OURS, port, environment, WORKERS, THREADS) as address:
        yield address


def engine_of(instance: Path, database_url: str) -> Engine:
    """The database of an instance, reached from here."""
    settings = load(instance, {"DELIBERATE_DATABASE_URL": database_url})
    engine = create_engine(settings.database)
    prepare_engine(engine)
    return engine


def prepare(session: Session) -> Process:
    """A process whose first open phase is open."""
    now = datetime.now(UTC)
    organiser = Actor(make_user(session, "organiser@example.org", "Odile", now, role="organiser").id)
    text = {"fr": "Une place pour tous", "en": "A square for all"}
    texts = dict.fromkeys(("title", "question", "remit", "commissioned_by", "funded_by"), text)
    process = create_process(
        session, organiser, texts, {**PROTOCOL, "registration": {}}, now, slug=SLUG, themes=["time"]
    )
    add_question(session, organiser, process, "well-being", 1, text, now)
    lock_protocol(session, organiser, process, now)
    open_phase(session, organiser, process.phases[0], now)
    for number in range(STATEMENTS):
        words = {
            "fr": f"Il faudrait un banc de plus, place {number}.",
            "en": f"Square {number} needs another bench.",
        }
        add_statement(session, organiser, process, words, "fr", now)
    return process


def come(address: str, visitors: int) -> tuple[dict[str, list[float]], float]:
    """Let visitors come all at once; the seconds of their requests by kind, and of the whole."""
    begun = time.perf_counter()
    with ThreadPoolExecutor(1) as own:  # a browser in the same process has a loop of its own
        rows = own.submit(lambda: asyncio.run(_all(address, visitors))).result()
    times: dict[str, list[float]] = {}
    for kind, taken in (one for row in rows for one in row):
        times.setdefault(kind, []).append(taken)
    return times, time.perf_counter() - begun


async def _all(address: str, visitors: int) -> list[list[tuple[str, float]]]:
    return await asyncio.gather(*(_visit(address, number) for number in range(visitors)))


async def _visit(address: str, number: int) -> list[tuple[str, float]]:
    visitor, other = Visitor(address), Visitor(address)
    other.cookies = visitor.cookies
    senders = [visitor, other] if number % 10 == 0 else [visitor]
    form = (await visitor.open(f"/processes/{SLUG}/questions/well-being")).form("text")
    await asyncio.sleep(WRITING_SECONDS)
    await _press(senders, form, "answer", text=f"Réponse {number}")
    page = await visitor.open(f"/processes/{SLUG}/vote")
    for vote in range(VOTES):
        page = await _press(senders, page.form("vote"), "vote", vote=CHOICES[(number + vote) % len(CHOICES)])
    for sender in senders:
        sender.leave()
    return [*visitor.times, *other.times]


async def _press(senders: Sequence[Visitor], form: Form, kind: str, **typed: str) -> Answer:
    """Send a form, from two connections at the same time where a button is pressed twice."""
    answers = await asyncio.gather(*(sender.send(form, kind, **typed) for sender in senders))
    return [_received(answer) for answer in answers][-1]


def _received(answer: Answer) -> Answer:
    if answer.status != 200:
        raise RuntimeError(f"{answer.address} answered {answer.status}: {answer.text[-2000:]}")
    return answer


def kept(engine: Engine) -> Kept:
    """What the database holds of a crowd."""
    tallies = Statement.agrees + Statement.disagrees + Statement.passes
    with Session(engine) as session:
        answers = session.scalar(select(func.count(Contribution.id))) or 0
        different = session.scalar(select(func.count(Contribution.text.distinct()))) or 0
        votes = session.scalar(select(func.count()).select_from(StatementVote)) or 0
        tallied = session.scalar(select(func.sum(tallies))) or 0
    return Kept(answers, answers - different, votes, tallied)


def crowd(instance: Path, visitors: int, port: int, database_url: str = "") -> Crowd:
    """Serve an instance of its own and let a crowd come to it."""
    with served(instance, port, database_url) as address:
        times, seconds = come(address, visitors)
    engine = engine_of(instance, database_url)
    found = Crowd(visitors, kept(engine), times, seconds)
    engine.dispose()
    return found


def figures(folder: Path, visitors: int = 200) -> list[str]:
    """What crowds met on SQLite and on PostgreSQL, as lines of text."""
    lines = [f"SQLite: {crowd(folder / 'sqlite', visitors, 8241)}"]
    with postgresql_server() as address:
        lines.append(f"PostgreSQL: {crowd(folder / 'postgresql', visitors, 8242, address)}")
    return lines
