"""Running one measurement in a fresh process, and what machine it ran on."""

import json
import os
import platform
import resource
import subprocess
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CPUINFO, STAT = Path("/proc/cpuinfo"), Path("/proc/stat")
PANELS = 1000


def figures_of(command: Sequence[str], patience: float) -> tuple[dict[str, Any] | None, str]:
    """The JSON on the last line that a command prints, or None and a sentence when it fails.

    The command is stopped after `patience` seconds. Added are `load`, the load average at its start, and `others`: how
    many processors were at work for anything else meanwhile, on average; None where the system does not tell.
    """
    load, watch = os.getloadavg()[0], _Watch()
    try:
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=patience)
    except subprocess.TimeoutExpired:
        return None, f"stopped after {patience:.0f} s"
    except subprocess.CalledProcessError as error:
        told = error.stderr.strip().splitlines()
        return None, told[-1] if told else f"ended with code {error.returncode}"
    found: dict[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    return found | {"load": load, "others": watch.others()}, ""


class _Watch:
    """The work of the whole machine from now on, and how much of it is not this program's children's."""

    def __init__(self) -> None:
        self._clock, self._busy, self._own = time.monotonic(), _busy_seconds(), _children_seconds()

    def others(self) -> float | None:
        busy = _busy_seconds()
        if busy is None or self._busy is None:
            return None
        own, passed = _children_seconds() - self._own, time.monotonic() - self._clock
        return max(0.0, busy - self._busy - own) / passed


def _busy_seconds() -> float | None:
    """Seconds that all processors were at work since the machine started (Linux)."""
    if not STAT.exists():
        return None
    ticks = list(map(int, STAT.read_text().splitlines()[0].split()[1:9]))
    idle, waiting = ticks[3:5]
    return (sum(ticks) - idle - waiting) / os.sysconf("SC_CLK_TCK")


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def machine() -> str:
    """Processor, cores, system, Python and how busy the machine is with other work."""
    system = f"{platform.system()}, Python {platform.python_version()}"
    return f"{_processor()}, {os.cpu_count()} cores, {system}, load {os.getloadavg()[0]:.1f}"


def today() -> str:
    """The date, as YYYY-MM-DD."""
    return datetime.now(UTC).date().isoformat()


def _processor() -> str:
    lines = CPUINFO.read_text().splitlines() if CPUINFO.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
