"""A peer in an environment of its own, apart from `.venv`."""

import subprocess
import venv
from pathlib import Path

from tests.benchmarks.runs import ROOT


def python_of(environment: Path) -> str:
    """The Python of an environment."""
    return str(environment / "bin" / "python")


def install(package: str, version: str, environment: Path) -> str | None:
    """Make the environment when it is not there. Returns a sentence when that fails, None when it is ready."""
    if _installed(package, environment) == version:
        return None
    print(f"Installing {package} {version} into {environment.relative_to(ROOT)} …", flush=True)
    pip = [python_of(environment), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        venv.create(environment, clear=True, with_pip=True)
        subprocess.run([*pip, f"{package}=={version}"], check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        told = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        return (
            f"The peer {package} {version} could not be installed ({told[-1] if told else error}). "
            "Check that this machine can reach a package index."
        )
    return None


def _installed(package: str, environment: Path) -> str | None:
    command = [
        python_of(environment),
        "-c",
        f"from importlib.metadata import version; print(version('{package}'))",
    ]
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None
