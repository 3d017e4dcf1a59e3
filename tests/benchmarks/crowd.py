"""Two hundred visitors at once, on gunicorn with four workers: everyone answers a question, then votes on statements.

Each tenth of them presses every button twice, as people do when nothing seems to happen. Afterwards the database is
counted: no answer and no vote may be missing or there twice.
"""

import asyncio
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
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
from deliberate.people.acts import make_user
from deliberate.people.rules import Actor
from deliberate.process.acts import create_process, lock_protocol, open_phase
from deliberate.process.models import Process
from tests.benchmarks.runs import ROOT
from tests.benchmarks.visitor import Visitor
from tests.conftest import PROTOCOL

WORKERS, THREADS = 4, 4
STATEMENTS = 30
# A form that comes back sooner is taken for a program's.
WRITING_SECONDS = 3.2
SLUG = "crowd"


@dataclass(frozen=True)
class Crowd:
    """What a crowd met: how many came, what is in the database afterwards, and the seconds of every request by kind."""

    visitors: int
    answers: int
    votes: int
    doubled: int
    times: dict[str, list[float]]
    seconds: float

    def share(self, kind: str, part: float) -> float:
        """The milliseconds within which this part of the requests of a kind were answered."""
        found = sorted(self.times[kind])
        return 1000 * found[min(len(found) - 1, int(len(found) * part))]


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
    command = [
        sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS),
        "--threads", str(THREADS), "--log-level", "error", "--chdir", str(ROOT), "deliberate.app:from_environment()",
    ]  # fmt: skip
    with subprocess.Popen(command, env=environment) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def engine_of(instance: Path, database_url: str) -> Engine:
    """The database of an instance, reached from here."""
    settings = load(instance, {"DELIBERATE_DATABASE_URL": database_url})
    engine = create_engine(settings.database)
    prepare_engine(engine)
    return engine


def _wait(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"No server answers at {address}.")


def prepare(session: Session) -> Process:
    """A process whose first open phase is open."""
    now = datetime.now(UTC)
    organiser = Actor(make_user(session, "organiser@example.org", "Odile", now, role="organiser").id)
    text = {"fr": "Une place pour tous", "en": "A square for all"}
    texts = dict.fromkeys(("title", "question", "remit", "commissioned_by", "funded_by"), text)
    process = create_process(session, organiser, texts, {**PROTOCOL, "registration": {}}, now, slug=SLUG, themes=["time"])
    add_question(session, organiser, process, "well-being", 1, text, now)
    lock_protocol(session, organiser, process, now)
    open_phase(session, organiser, process.phases[0], now)
    return process


def come(address: str, visitors: int) -> tuple[dict[str, list[float]], float]:
    """Let visitors come all at once; the seconds of their requests by kind, and of the whole."""
    begun = time.perf_counter()
    rows = asyncio.run(_all(address, visitors))
    times: dict[str, list[float]] = {}
    for row in rows:
        for kind, taken in row:
            times.setdefault(kind, []).append(taken)
    return times, time.perf_counter() - begun


async def _all(address: str, visitors: int) -> list[list[tuple[str, float]]]:
    return await asyncio.gather(*(_visit(address, number) for number in range(visitors)))


async def _visit(address: str, number: int) -> list[tuple[str, float]]:
    visitor = Visitor(address)
    twice = number % 10 == 0
    page = await visitor.open(f"/processes/{SLUG}/questions/well-being")
    form = page.form("text")
    await asyncio.sleep(WRITING_SECONDS)
    for _ in range(1 + twice):
        done = await visitor.send(form, "answer", text=f"Réponse {number}")
        if done.status != 200:
            raise RuntimeError(f"{done.status} {done.address} {done.text[-3000:]}")
    visitor.leave()
    return visitor.times


def counted(engine: Engine) -> tuple[int, int]:
    """How many answers are kept, and how many of them say the same words."""
    with Session(engine) as session:
        whole = session.scalar(select(func.count(Contribution.id))) or 0
        different = session.scalar(select(func.count(Contribution.text.distinct()))) or 0
    return whole, whole - different


if __name__ == "__main__":
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        with served(instance, 8241) as address:
            times, seconds = come(address, int(sys.argv[1]))
        print(seconds, counted(engine_of(instance, "")))
        for kind, found in times.items():
            found.sort()
            print(kind, len(found), "p50", found[len(found)//2], "p95", found[int(len(found)*.95)], "max", found[-1])
