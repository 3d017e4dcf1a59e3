"""The charter page against a bare Flask page of the same size, and the demonstration's draw.

Both servers run under the same gunicorn with the same settings and are read by the same readers, in turn, in one run.
"""

import os
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from deliberate.demonstration.data import Data
from deliberate.demonstration.volunteers import quota_rows, volunteers
from deliberate.panels.quotas import for_engine
from sortition import Respondent, prepare
from tests.benchmarks.gunicorn import OURS, served
from tests.benchmarks.readers import Reading, read

READERS, SECONDS, ROUNDS = 50, 5.0, 3
WORKERS, THREADS = 2, 4
CHARTER = "/processes/chartes-bien-etre/charters/time"


def demonstration_draw() -> list[str]:
    """The draw of the demonstration, as lines of text."""
    data = Data()
    people = volunteers(data, data.process["recruitment"]["registrants"])
    respondents = [Respondent(f"v{number}", values) for number, (values, _) in enumerate(people)]
    quotas, panel = for_engine(quota_rows(data)), data.protocol["panel"]
    seconds = []
    for run in range(ROUNDS):
        begun = time.perf_counter()
        lottery = prepare(
            quotas,
            respondents,
            panel["size"],
            panels=panel["panels"],
            randomness_source="balls",
            entropy=bytes([run] * 32),
        )
        seconds.append(time.perf_counter() - begun)
    size = f"{len(respondents)} volunteers, {panel['size']} seats, {panel['panels']} panels"
    chances = f"smallest chance {float(lottery.least):.4f}, {float(lottery.largest_difference):.5f} at most from leximin"
    return [f"{size}: {statistics.median(seconds):.2f} s (median of {ROUNDS}); {chances}"]


def charter_page(folder: Path) -> list[str]:
    """Pages per second of a charter and of a bare page, as lines of text. `folder` receives an instance."""
    environment = {**os.environ, "DELIBERATE_INSTANCE": str(folder / "instance")}
    subprocess.run(
        [sys.executable, "-m", "deliberate", "demo"], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    with served(OURS, 8231, environment, WORKERS, THREADS) as deliberate:
        page = urllib.request.urlopen(deliberate + CHARTER).read()
        (folder / "page.html").write_bytes(page)
        bare_environment = {**os.environ, "BARE_PAGE": str(folder / "page.html")}
        with served("tests.benchmarks.bare:app", 8232, bare_environment, WORKERS, THREADS) as bare:
            ours, peers = [], []
            for _ in range(ROUNDS):
                ours.append(read(deliberate + CHARTER, READERS, SECONDS))
                peers.append(read(bare + "/", READERS, SECONDS))
    return [
        f"page of {len(page):,} bytes, {READERS} readers at once, gunicorn {WORKERS} workers × {THREADS} threads:",
        _line("charter page", ours),
        _line("bare Flask page", peers),
        f"charter page / bare Flask page: {_median(ours) / _median(peers):.2f} of its pages per second",
    ]


def _line(name: str, readings: list[Reading]) -> str:
    p50, p95 = (statistics.median(getattr(one, field) for one in readings) for field in ("p50", "p95"))
    return f"  {name:<16} {_median(readings):7.0f} pages/s   p50 {p50:6.1f} ms   p95 {p95:6.1f} ms"


def _median(readings: list[Reading]) -> float:
    return statistics.median(one.pages_per_second for one in readings)
