"""The bank of experience: lessons told, checked in public, corrected, and attached to clauses as new evidence."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from deliberate.demonstration.moderating import MODERATED_AFTER
from deliberate.demonstration.stage import Cue, Stage, spread
from deliberate.drafting.queries import charter
from deliberate.inputs.experience.acts import add_lesson, correct_lesson, validate_lesson
from deliberate.inputs.experience.models import Lesson
from deliberate.people.rules import VISITOR
from deliberate.publication.evidence.acts import attach_evidence, decide_evidence
from deliberate.publication.evidence.models import NewEvidence

CHECKED = timedelta(hours=14)
CORRECTED_AFTER = timedelta(days=3)
READ_AT = timedelta(hours=21)
Given = dict[str, Any]


class Experience:
    """What was tried elsewhere."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.lessons: dict[str, Lesson] = {}
        self.evidence: dict[str, NewEvidence] = {}

    def cues(self, round: int) -> Iterator[Cue]:
        """Lessons are told and checked in round 1; in round 2, people attach them to what was written meanwhile."""
        data = self.stage.data
        if round == 1:
            opens, checked = self.stage.phase("open", round).opens_at, data.day("lessons_checked") + CHECKED
            assert opens is not None
            for lesson, moment in spread(data.lessons, opens, checked):
                yield moment, partial(self._tell, lesson)
                yield checked, partial(self._check, lesson)
                if "corrected" in lesson:
                    yield checked + CORRECTED_AFTER, partial(self._correct, lesson)
        else:
            for given in data.evidence:
                read = data.start(given["day"]) + READ_AT
                yield read, partial(self._attach, given)
                yield read + MODERATED_AFTER, partial(self._publish, given)

    def _tell(self, given: Given, now: datetime) -> None:
        stage = self.stage
        told = {**_content(given), **given.get("first_said", {})}
        self.lessons[given["key"]] = add_lesson(
            stage.session, stage.cast["organiser"], stage.process, told, now
        )

    def _check(self, given: Given, now: datetime) -> None:
        stage = self.stage
        for check in given["validation"]:
            validate_lesson(
                stage.session, stage.cast["organiser"], stage.process, self.lessons[given["key"]], check, now
            )

    def _correct(self, given: Given, now: datetime) -> None:
        stage = self.stage
        correct_lesson(
            stage.session, stage.cast["moderator"], stage.process, self.lessons[given["key"]], _content(given),
            given["corrected"], now,
        )  # fmt: skip

    def _attach(self, given: Given, now: datetime) -> None:
        stage = self.stage
        self.evidence[given["lesson"]] = attach_evidence(
            stage.session, VISITOR, charter(stage.session, stage.process, given["charter"]), given["clause"],
            self.lessons[given["lesson"]], {code: given[code] for code in ("fr", "en")}, now,
        )  # fmt: skip

    def _publish(self, given: Given, now: datetime) -> None:
        stage = self.stage
        decide_evidence(
            stage.session, stage.cast["moderator"], self.evidence[given["lesson"]], "publish", "", now
        )


def _content(given: Given) -> Given:
    """What a lesson says in the end, without its ledger and its history."""
    return {
        name: said for name, said in given.items() if name not in ("validation", "first_said", "corrected")
    }
