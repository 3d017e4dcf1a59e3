"""Serving an instance from one command: pages by waitress, the worker in a process of its own beside it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import waitress
from flask import Flask

from deliberate.core.config import Settings

THREADS = 8
RESTART_SECONDS = 2.0


def serve(app: Flask, settings: Settings) -> None:
    """Answer requests until interrupted, with a worker running. Raises OSError when the port is taken."""
    try:
        server = waitress.create_server(
            app, host=settings.host, port=settings.port, threads=THREADS, ident="deliberate"
        )
    except OSError as error:
        sentence = f"cannot listen on {settings.host}, port {settings.port} ({error.strerror}). Stop what uses it, or set port"
        raise OSError(error.errno, sentence, "DELIBERATE_PORT=8100 for example") from error
    with _worker():
        server.run()


@contextmanager
def _worker() -> Iterator[None]:
    """Keep one worker process alive; it ends when its standard input closes, even if this process is killed."""
    stop = threading.Event()
    thread = threading.Thread(target=_keep_one, args=(stop,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep_one(stop: threading.Event) -> None:
    while not stop.is_set():
        command = [sys.executable, "-m", "deliberate", "worker", "--with-server"]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as worker:
            while worker.poll() is None and not stop.wait(0.2):
                pass
            if worker.stdin:
                worker.stdin.close()
        stop.wait(RESTART_SECONDS)
