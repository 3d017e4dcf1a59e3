"""Reading the demonstration's files into plain data."""

import csv
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from importlib.resources import files
from itertools import groupby
from typing import Any

from deliberate.process.rules import moment

Row = dict[str, str]


@dataclass(frozen=True)
class Data:
    """Everything the files say, read when it is first asked for."""

    @cached_property
    def process(self) -> dict[str, Any]:
        """Remit, protocol, calendar, sessions and team."""
        return _toml("process.toml")

    @cached_property
    def protocol(self) -> dict[str, Any]:
        """The protocol as the process keeps it: days as ISO text."""
        protocol: dict[str, Any] = _plain(self.process["protocol"])
        for phase in protocol["phases"]:
            phase.pop("settled", None)
        return protocol

    @cached_property
    def questions(self) -> list[dict[str, Any]]:
        """The open questions of both rounds."""
        return list(_toml("questions.toml")["questions"])

    @cached_property
    def contributions(self) -> list[Row]:
        """What people answered, in the order of the file."""
        return _table("contributions.csv")

    @cached_property
    def lessons(self) -> list[dict[str, Any]]:
        """The field lessons."""
        return [
            {**lesson, "paragraph": str(lesson["paragraph"])} for lesson in _toml("lessons.toml")["lesson"]
        ]

    @cached_property
    def synthesis(self) -> list[dict[str, Any]]:
        """The lines of synthesis."""
        return list(_toml("synthesis.toml")["line"])

    @cached_property
    def reshaping(self) -> dict[str, list[dict[str, Any]]]:
        """What happened to the lines after they were written: splits, merges, wordings, contests, reviews."""
        return {name: found for name, found in _toml("synthesis.toml").items() if name != "line"}

    @cached_property
    def moderation(self) -> dict[str, list[dict[str, Any]]]:
        """What was refused, with the appeals, and what says the same."""
        return _toml("moderation.toml")

    @cached_property
    def entered(self) -> dict[str, list[dict[str, Any]]]:
        """Group sessions and batches of paper."""
        return _toml("entering.toml")

    @cached_property
    def evidence(self) -> list[dict[str, Any]]:
        """Lessons attached to clauses."""
        return list(_toml("lessons.toml")["evidence"])

    @cached_property
    def answers_by_line(self) -> list[dict[str, Any]]:
        """Answers given to everyone who stands on a line."""
        return list(_toml("answers-by-line.toml")["answer"])

    @cached_property
    def statements(self) -> list[dict[str, Any]]:
        """The statements to vote on, with how each leaning votes."""
        return list(_toml("statements.toml")["statement"])

    @cached_property
    def leanings(self) -> list[dict[str, Any]]:
        """How those who vote lean, with their shares."""
        return list(_toml("statements.toml")["leaning"])

    @cached_property
    def population(self) -> list[Row]:
        """Each category's values: share, willingness, quotas."""
        return _table("population.csv")

    @cached_property
    def names(self) -> list[str]:
        """Every first name with each of its initials."""
        return [
            f"{row['first_name']} {initial}"
            for row in _table("names.csv")
            for initial in row["initials"].split()
        ]

    @cached_property
    def minority(self) -> list[dict[str, Any]]:
        """The minority statements."""
        return list(_toml("minority.toml")["minority"])

    @cached_property
    def answers(self) -> list[Row]:
        """What became of each contribution."""
        return _table("answers.csv")

    @cached_property
    def adoptions(self) -> list[dict[str, Any]]:
        """The territories that adopted clauses, with all that they decided."""
        return list(_toml("adoptions.toml")["territory"])

    def amendments(self, round: int) -> dict[str, Any]:
        """The amendments, conflicts and votes of a deliberation."""
        return _toml(f"amendments/round-{round}.toml")

    def charter(self, key: str) -> dict[str, str]:
        """The first draft of a charter as Markdown, a text per language."""
        return {code: _text(f"charters/{key}.{code}.md") for code in ("fr", "en")}

    @property
    def zone(self) -> str:
        """The time zone of the protocol."""
        return str(self.process["protocol"]["time_zone"])

    def day(self, name: str) -> datetime:
        """The start of a day of the calendar."""
        return self.start(self.process["calendar"][name])

    def start(self, day: date) -> datetime:
        """The first minute of a day in the process's time zone."""
        found = moment(day.isoformat(), self.zone)
        assert found is not None
        return found


def _file(path: str) -> Any:
    return files("deliberate.demonstration") / path


def _text(path: str) -> str:
    return str(_file(path).read_text("utf-8"))


def _toml(path: str) -> dict[str, Any]:
    return tomllib.loads(_text(path))


def _table(path: str) -> list[Row]:
    return list(csv.DictReader(_text(path).splitlines()))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def by_category(population: list[Row]) -> dict[str, list[Row]]:
    """The rows of each category, in the order of the file."""
    return {category: list(rows) for category, rows in groupby(population, key=lambda row: row["category"])}
