"""An application behind gunicorn, as it is served to many."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from tests.benchmarks.runs import ROOT

OURS = "deliberate.app:from_environment()"


@contextmanager
def served(
    application: str, port: int, environment: Mapping[str, str], workers: int, threads: int
) -> Iterator[str]:
    """Serve until the end of the block; gives the address. Raises SystemExit when no server comes to answer."""
    address = f"127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "gunicorn", "--bind", address, "--workers", str(workers), "--threads", str(threads),
        "--log-level", "error", "--chdir", str(ROOT), application,
    ]  # fmt: skip
    with subprocess.Popen(command, env=dict(environment)) as server:
        try:
            _wait(f"http://{address}/")
            yield f"http://{address}"
        finally:
            server.terminate()


def _wait(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"No server answers at {address}.")
