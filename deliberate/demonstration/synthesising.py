"""The synthesis: reading, writing lines, splitting and merging them, and what contributors and the mixed board say."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from deliberate.demonstration.answering import Answers
from deliberate.demonstration.moderating import Moderating
from deliberate.demonstration.stage import Cue, Stage
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import published
from deliberate.inputs.synthesis.acts import answer_contest, contest_placement, mark_read, place, write_line
from deliberate.inputs.synthesis.models import Placement, SynthesisLine, WordingProposal
from deliberate.inputs.synthesis.queries import lines_of
from deliberate.inputs.synthesis.reshaping import Part, merge_lines, split_line
from deliberate.inputs.synthesis.reviewing import review_line
from deliberate.inputs.synthesis.wordings import propose_wording, settle_wording
from deliberate.people.rules import VISITOR
from deliberate.process.rules import BOARD

A_DAY = timedelta(days=1)
WRITTEN_BEFORE = timedelta(hours=6)
AGREES = {"position": "agrees", "words": "", "language": "fr"}
Given = dict[str, Any]


class Synthesising:
    """A rapporteur who reads everything, the people whose words these are, and the board."""

    def __init__(self, stage: Stage, answers: Answers, moderating: Moderating) -> None:
        self.stage, self.answers, self.moderating = stage, answers, moderating
        self.lines: dict[str, SynthesisLine] = {}
        self.proposals: dict[str, WordingProposal] = {}

    def cues(self, round: int) -> Iterator[Cue]:
        """Reading while people answer, lines at the close, and ten days in which everyone has their say."""
        phase, given = self.stage.phase("open", round), self.stage.data.reshaping
        opens, closes = phase.opens_at, phase.closes_at
        assert opens is not None
        assert closes is not None
        yield opens + (closes - opens) / 2, partial(self._read, round)
        yield closes - WRITTEN_BEFORE, partial(self._write, round)
        for contest in self._of(round, given["contest"]):
            yield closes + 2 * A_DAY, partial(self._contest, contest)
            yield closes + 5 * A_DAY, partial(self._answer, contest)
        for wording in self._of(round, given["wording"]):
            yield closes + 3 * A_DAY, partial(self._propose, wording)
            yield closes + 4 * A_DAY, partial(self._publish, wording)
            yield closes + 6 * A_DAY, partial(self._settle, wording)
        for review in self._of(round, given["review"]):
            if review.get("early"):
                yield closes + 3 * A_DAY, partial(self._review, review)
        for split in self._of(round, given["split"]):
            yield closes + 7 * A_DAY, partial(self._split, split)
        for merge in given["merge"]:
            if merge["round"] == round:
                yield closes + 7 * A_DAY, partial(self._merge, merge)
        for hours, kind in enumerate(BOARD):
            yield closes + 8 * A_DAY + timedelta(hours=hours), partial(self._validate, round, kind)

    def _of(self, round: int, given: list[Given]) -> list[Given]:
        """What concerns the lines of a round."""
        rounds = {line["key"]: line["round"] for line in self.stage.data.synthesis}
        return [one for one in given if rounds[one["line"]] == round]

    def _read(self, round: int, now: datetime) -> None:
        """Read what is public by now."""
        stage = self.stage
        query = published(stage.process).where(Contribution.round == round)
        found = stage.session.scalars(query).all()
        mark_read(stage.session, stage.cast["rapporteur"], stage.process, found, now)

    def _write(self, round: int, now: datetime) -> None:
        self._read(round, now)
        for given in self.stage.data.synthesis:
            if given["round"] == round:
                self._write_line(given, now)

    def _write_line(self, given: Given, now: datetime) -> None:
        stage, rapporteur = self.stage, self.stage.cast["rapporteur"]
        self.lines[given["key"]] = line = write_line(
            stage.session,
            rapporteur,
            stage.process,
            given["round"],
            given["dimension"],
            _text(given),
            now,
            theme=given["theme"],
            dissent=given.get("dissent"),
            key=given["key"],
        )
        placed = [self.answers.recorded[key] for key in given["contributions"]]
        place(stage.session, rapporteur, stage.process, line, placed, now)

    def _split(self, given: Given, now: datetime) -> None:
        stage = self.stage
        parts = [
            Part(part["dimension"], _text(part), frozenset(part["contributions"])) for part in given["part"]
        ]
        split_line(
            stage.session, stage.cast["rapporteur"], stage.process, self.lines[given["line"]], parts, now
        )

    def _merge(self, given: Given, now: datetime) -> None:
        stage = self.stage
        lines = [self.lines[key] for key in given["lines"]]
        merge_lines(
            stage.session, stage.cast["rapporteur"], stage.process, lines, given["dimension"], _text(given), now,
            theme=given["theme"],
        )  # fmt: skip

    def _placement(self, given: Given) -> Placement:
        contribution, line = self.answers.recorded[given["contribution"]], self.lines[given["line"]]
        return self.stage.session.scalars(
            select(Placement).where(
                Placement.line_id == line.id, Placement.contribution_id == contribution.id
            )
        ).one()

    def _contest(self, given: Given, now: datetime) -> None:
        receipt = self.answers.receipts[given["contribution"]]
        contest_placement(self.stage.session, receipt, self._placement(given), given["reason"], now)

    def _answer(self, given: Given, now: datetime) -> None:
        stage, rapporteur = self.stage, self.stage.cast["rapporteur"]
        words = self.answers.recorded[given["contribution"]]
        place(stage.session, rapporteur, stage.process, self.lines[given["also"]], [words], now)
        answer_contest(stage.session, rapporteur, stage.process, self._placement(given), given["answer"], now)

    def _propose(self, given: Given, now: datetime) -> None:
        stage, line = self.stage, self.lines[given["line"]]
        self.proposals[given["line"]], _ = propose_wording(
            stage.session, VISITOR, stage.process, line, given["text"], given["why"], given["language"], now
        )

    def _publish(self, given: Given, now: datetime) -> None:
        self.moderating.publish(self.proposals[given["line"]], now)

    def _settle(self, given: Given, now: datetime) -> None:
        stage, proposal = self.stage, self.proposals[given["line"]]
        settle_wording(
            stage.session, stage.cast["rapporteur"], stage.process, proposal, given["outcome"], given["answer"], now,
            text=_text(given) if "fr" in given else None,
        )  # fmt: skip

    def _validate(self, round: int, kind: str, now: datetime) -> None:
        """Everything that a member of the board says of the lines in force."""
        own = {one["line"]: one for one in self.stage.data.reshaping["review"] if one["kind"] == kind}
        for line in lines_of(self.stage.session, self.stage.process, round):
            self._say(line, own.get(line.key, AGREES), kind, now)

    def _review(self, given: Given, now: datetime) -> None:
        self._say(self.lines[given["line"]], given, given["kind"], now)

    def _say(self, line: SynthesisLine, said: Given, kind: str, now: datetime) -> None:
        stage = self.stage
        review_line(
            stage.session, stage.cast[BOARD[kind]], stage.process, line, line.wording, said["position"],
            said["words"], said["language"], now,
        )  # fmt: skip


def _text(given: Given) -> dict[str, str]:
    return {code: given[code] for code in ("fr", "en")}
