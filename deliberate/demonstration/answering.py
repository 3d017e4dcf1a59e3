"""What people answered, as the file says it and as the process keeps it; and what became of it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from deliberate.demonstration.data import Row
from deliberate.demonstration.stage import Cue, Stage
from deliberate.inputs.answers.acts import Said, answer_contribution, answer_contributions
from deliberate.inputs.models import Contribution
from deliberate.inputs.synthesis.queries import line

CATEGORIES = ("age", "gender", "occupation", "territory")
# The files say a group in French words, as the pool does; the open input keeps codes, shown in the reader's language.
CODES = {
    "16–29 ans": "16-29",
    "30–44 ans": "30-44",
    "45–59 ans": "45-59",
    "60–74 ans": "60-74",
    "75 ans et plus": "75+",
    "Femmes": "woman",
    "Hommes": "man",
    "Autre ou non dit": "other",
}
ANSWERED = timedelta(hours=11)


class Answers:
    """Every contribution by its key: its row of the file, and what was recorded of it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.rows: dict[str, Row] = {row["key"]: row for row in stage.data.contributions}
        self.recorded: dict[str, Contribution] = {}
        self.receipts: dict[str, str] = {}

    def keep(self, contributions: Iterable[Contribution], secret: str = "") -> None:
        """Remember what was recorded, and the secret of its receipt where its author has it."""
        for one in contributions:
            self.recorded[one.key] = one
            if secret:
                self.receipts[one.key] = secret

    def categories(self, key: str) -> Row:
        """What somebody said about themselves, or about their group."""
        row = self.rows[key]
        return {name: CODES.get(row[name], row[name]) for name in CATEGORIES if row[name]}

    def cues(self) -> Iterator[Cue]:
        """Answers to whole lines, between the rounds."""
        for given in self.stage.data.answers_by_line:
            yield self.stage.data.start(given["day"]) + ANSWERED, partial(self._answer_line, given)

    def _answer_line(self, given: dict[str, Any], now: datetime) -> None:
        stage = self.stage
        found = line(stage.session, stage.process, given["line"])
        said = Said(
            given["outcome"], {code: given[code] for code in ("fr", "en")}, given["charter"], given["clause"]
        )
        standing = [placement.contribution for placement in found.placements]
        answer_contributions(stage.session, stage.cast["rapporteur"], stage.process, standing, said, now)

    def answer(self, now: datetime) -> None:
        """Say to every contributor what became of their words; what a line was told before stays readable."""
        stage = self.stage
        for row in stage.data.answers:
            answer_contribution(
                stage.session,
                stage.cast["rapporteur"],
                stage.process,
                self.recorded[row["contribution"]],
                row["outcome"],
                {"fr": row["reason_fr"], "en": row["reason_en"]},
                now,
                charter=row["charter"],
                clause=row["clause"],
            )
