"""What a team types for others: a group session with its members first, and numbered sheets of paper."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from deliberate.demonstration.answering import Answers
from deliberate.demonstration.stage import Cue, Stage
from deliberate.inputs.entering.acts import enter_batch, print_sheets
from deliberate.inputs.entering.models import PaperSheet
from deliberate.inputs.entering.rules import Entry, Origin
from deliberate.inputs.entering.sessions import add_answer, begin_session, change_step, close_session
from deliberate.inputs.models import Question

EVENING = timedelta(hours=19)
A_MINUTE = timedelta(minutes=1)
OFFICE = timedelta(hours=10)


class Entering:
    """Those who answer in a room together, and those who write by hand."""

    def __init__(self, stage: Stage, questions: Mapping[str, Question], answers: Answers) -> None:
        self.stage, self.questions, self.answers = stage, questions, answers
        self.sheets: list[PaperSheet] = []

    @property
    def keys(self) -> set[str]:
        """The contributions that come in here."""
        given = self.stage.data.entered
        groups = {key for one in given["group"] for key in (*one["members"], one["together"])}
        return groups | {key for one in given["paper"] for key in one["contributions"]}

    def said(self) -> dict[str, datetime]:
        """When each of them is recorded."""
        start, given = self.stage.data.start, self.stage.data.entered
        groups = {
            key: start(one["held"]) + EVENING + timedelta(hours=1)
            for one in given["group"]
            for key in (*one["members"], one["together"])
        }
        return groups | {
            key: start(one["typed"]) + OFFICE for one in given["paper"] for key in one["contributions"]
        }

    def cues(self, opens: datetime) -> Iterator[Cue]:
        """The sessions in the evening, the sheets when they are printed and when they are typed."""
        start = self.stage.data.start
        for group in self.stage.data.entered["group"]:
            yield start(group["held"]) + EVENING, partial(self._meet, group)
        for paper in self.stage.data.entered["paper"]:
            yield opens + OFFICE, partial(self._print, paper)
            yield start(paper["typed"]) + OFFICE, partial(self._type, paper)

    def _meet(self, given: dict[str, Any], now: datetime) -> None:
        """Members answer alone; then the group answers, from what they said."""
        stage, host = self.stage, self.stage.cast["facilitator"]
        question, _, variant = given["question"].partition("/")
        members, together = given["members"], given["together"]
        held = begin_session(
            stage.session, host, stage.process, self.questions[question], given["name"], sum(members.values()),
            given["language"], now, variant=variant, place=given["place"], categories=self.answers.categories(together),
        )  # fmt: skip
        for key, count in members.items():
            now += A_MINUTE
            said = self.answers.rows[key]["text"]
            add_answer(stage.session, host, stage.process, held, said, now, count=count, token=key)
        now += A_MINUTE
        change_step(stage.session, host, stage.process, held, "together", now)
        said = self.answers.rows[together]["text"]
        add_answer(stage.session, host, stage.process, held, said, now + A_MINUTE, token=together)
        keys = {key: key for key in (*members, together)}
        batch = close_session(stage.session, host, stage.process, held, now + 2 * A_MINUTE, keys=keys)
        self.answers.keep(batch.contributions)

    def _print(self, given: dict[str, Any], now: datetime) -> None:
        stage = self.stage
        printed = print_sheets(
            stage.session, stage.cast["organiser"], stage.process, self.questions[given["question"]], "",
            given["printed"], now,
        )  # fmt: skip
        self.sheets = [sheet for sheet, _ in printed]

    def _type(self, given: dict[str, Any], now: datetime) -> None:
        stage = self.stage
        statements = [
            Entry(
                1, row["text"], theme=row["theme"], categories=self.answers.categories(row["key"]),
                sheet=sheet.code, key=row["key"],
            )
            for row, sheet in zip((self.answers.rows[key] for key in given["contributions"]), self.sheets, strict=False)
        ]  # fmt: skip
        received = stage.data.start(given["received"]) + OFFICE
        batch = enter_batch(
            stage.session, stage.cast["organiser"], stage.process, self.questions[given["question"]], statements,
            Origin("paper", given["language"], received, note=given["note"]), now,
        )  # fmt: skip
        self.answers.keep(batch.contributions)
