"""Templates of processes: files that a person can read and edit, each a remit and a protocol to start from."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Template:
    """A process to start from; texts are one per language."""

    key: str
    name: dict[str, str]
    summary: dict[str, str]
    themes: tuple[str, ...]
    question: dict[str, str]
    remit: dict[str, str]
    protocol: dict[str, Any]


@cache
def templates() -> dict[str, Template]:
    """Every template by its key, the name of its file."""
    folder = files("deliberate.process") / "templates"
    found = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        data = tomllib.loads(file.read_text("utf-8"))
        key = file.name.removesuffix(".toml")
        found[key] = Template(
            key,
            data["name"],
            data["summary"],
            tuple(data["themes"]),
            data["question"],
            data["remit"],
            data["protocol"],
        )
    return found
