"""Running one measurement in a fresh process, and what machine it ran on."""

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CPUINFO = Path("/proc/cpuinfo")
PANELS = 1000


def figures_of(command: Sequence[str], patience: float) -> tuple[dict[str, Any] | None, str]:
    """The JSON on the last line that a command prints, or None and a sentence when it fails.

    The command is stopped after `patience` seconds.
    """
    try:
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=patience)
    except subprocess.TimeoutExpired:
        return None, f"stopped after {patience:.0f} s"
    except subprocess.CalledProcessError as error:
        told = error.stderr.strip().splitlines()
        return None, told[-1] if told else f"ended with code {error.returncode}"
    found: dict[str, Any] = json.loads(ran.stdout.strip().splitlines()[-1])
    return found, ""


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
