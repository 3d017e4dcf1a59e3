"""A running instance: a folder of its own, the server and its worker as a person starts them, its letters."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

SECONDS = 60
# The longest command replays the demonstration: less than a minute on a free machine.
COMMAND_SECONDS = 900
T = TypeVar("T")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Instance:
    """Where an instance lives and where it answers."""

    folder: Path
    port: int = field(default_factory=_free_port)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder.parent / f"{self.folder.name}.log"

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `deliberate` command on this instance."""
        return subprocess.run(
            [sys.executable, "-m", "deliberate", *arguments],
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
        )

    @property
    def environment(self) -> dict[str, str]:
        """The settings, as an operator writes them into the environment."""
        settings = {"INSTANCE": str(self.folder), "PORT": str(self.port), "BASE_URL": self.address}
        own = {name: value for name, value in os.environ.items() if not name.startswith("DELIBERATE_")}
        return own | {f"DELIBERATE_{name}": value for name, value in settings.items()}

    def first_organiser(self, email: str, name: str) -> str:
        """Make an organiser on the command line; the address it prints, which signs in once."""
        done = self.command("init", "--email", email, "--name", name)
        assert done.returncode == 0, done.stderr
        return _address_in(done.stdout)

    def letter(self, to: str, containing: str) -> str:
        """The text of the letter that reached an address, once the worker has sent it."""
        return wait_for(lambda: next((text for text in self._letters(to) if containing in text), None))

    def sign_in_link(self, to: str) -> str:
        """The link in the last letter to an address."""
        return _address_in(self.letter(to, "/sign-in/"))

    def _letters(self, to: str) -> Iterator[str]:
        for path in sorted((self.folder / "outbox").glob("*.eml"), key=lambda path: -path.stat().st_mtime_ns):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(message, EmailMessage)
            if message["To"] == to:
                yield message.get_content()

    @contextmanager
    def running(self) -> Iterator["Instance"]:
        """Serve until the end of the block; afterwards nothing may have been logged as a fault."""
        command = [sys.executable, "-m", "deliberate", "run"]
        with (
            self.log.open("w") as log,
            subprocess.Popen(command, env=self.environment, stdout=log, stderr=log) as server,
        ):
            try:
                wait_for(lambda: server.poll() is not None or self._answers())
                assert server.poll() is None, self.log.read_text()
                yield self
            finally:
                server.terminate()
        assert "Traceback" not in self.log.read_text(), self.log.read_text()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def wait_for(found: Callable[[], T | None]) -> T:
    """What `found` gives once it gives something."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.05)
    raise AssertionError(f"nothing came within {SECONDS} seconds")


def _address_in(text: str) -> str:
    found = re.search(r"https?://\S+", text)
    assert found, text
    return found[0]
