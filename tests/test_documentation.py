"""What the README owes its reader: every setting, every command, and examples that work."""

import argparse
import pkgutil
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import charters.cli
import deliberate.cli
import sortition.cli
from deliberate.core.config import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PROGRAMS = {
    "deliberate": deliberate.cli._parser,
    "python -m sortition": sortition.cli._parser,
    "python -m charters": charters.cli._parser,
}
CAPABILITIES = [path.parent.name for path in (ROOT / "deliberate").glob("*/__init__.py")]
ENGINES = {"sortition": sortition.cli.main, "charters": charters.cli.main}
FENCED = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def subcommands(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices


@pytest.mark.parametrize("name", [field.name for field in fields(Settings) if field.name != "instance"])
def test_every_setting_is_told_with_its_default(name: str) -> None:
    row = re.search(rf"^\| `{name}` \| (.+?) \|", README, re.MULTILINE)
    assert row, f"the table of settings in README.md does not tell {name}"
    default = str(getattr(Settings, name, ""))
    assert default in row[1], f"README.md tells another default of {name}"


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_is_told(program: str) -> None:
    found = list(subcommands(PROGRAMS[program]()))
    assert found
    missing = [name for name in found if not re.search(rf"^\| `{program} {name}\b", README, re.MULTILINE)]
    assert not missing, f"README.md does not tell {program} {', '.join(missing)}"


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_command_is_told_that_does_not_exist(program: str) -> None:
    told = set(re.findall(rf"^\| `{program} ([a-z]+)", README, re.MULTILINE))
    assert told <= set(subcommands(PROGRAMS[program]()))


@pytest.mark.parametrize("engine", ENGINES)
def test_the_examples_of_an_engine_work_one_after_the_other(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _, name, content in FENCED.findall(README):
        if name:
            Path(name).write_text(content, "utf-8")
    start = f"python -m {engine} "
    commands = [
        line for _, _, text in FENCED.findall(README) for line in text.splitlines() if line.startswith(start)
    ]
    assert len(commands) >= 5
    for command in commands:
        assert ENGINES[engine](shlex.split(command.removeprefix(start))) == 0, command


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_a_link_to_another_file_leads_somewhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / name).read_text("utf-8"))
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_a_file_that_is_named_exists(name: str) -> None:
    named = re.findall(
        r"`((?:deliberate|sortition|charters|templates|tests)/[\w/.-]+)`", (ROOT / name).read_text("utf-8")
    )
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_a_function_that_is_named_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for package, rest in re.findall(r"`([a-z]+)((?:\.\w+)+)`", text):
        if package in CAPABILITIES and not rest.endswith((".py", ".csv")):
            pkgutil.resolve_name(f"deliberate.{package}{rest}")
        elif package in ENGINES:
            pkgutil.resolve_name(package + rest)
