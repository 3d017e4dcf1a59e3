"""The open phases: what people answered, the lessons, the synthesis, and the dossier that is settled."""

from datetime import datetime, timedelta

from deliberate.demonstration.data import Row
from deliberate.demonstration.stage import Stage, spread
from deliberate.inputs.acts import answer_contribution, contribute, moderate
from deliberate.inputs.dossiers import settle_dossier
from deliberate.inputs.lessons import add_lesson
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.questions import add_question
from deliberate.inputs.synthesis import place, write_line
from deliberate.people.rules import VISITOR

MODERATED_AFTER = timedelta(hours=4)
CATEGORIES = ("age", "gender", "occupation", "territory")


class Listening:
    """One open phase after the other, on the same stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.questions: dict[str, Question] = {}
        self.contributions: dict[str, Contribution] = {}

    def ask(self, now: datetime) -> None:
        """Write the questions of both rounds, before either begins."""
        stage = self.stage
        for given in stage.data.questions:
            self.questions[given["key"]] = add_question(
                stage.session,
                stage.cast["organiser"],
                stage.process,
                given["key"],
                given["round"],
                given["text"],
                now,
                variants=given.get("variants"),
                number=given["number"],
            )

    def listen(self, round: int) -> None:
        """Everything of one open phase, from its first answer to its settled dossier."""
        stage = self.stage
        phase = stage.phase("open", round)
        assert phase.opens_at is not None
        assert phase.closes_at is not None
        rows = [row for row in stage.data.contributions if int(row["round"]) == round]
        for row, moment in spread(rows, phase.opens_at, phase.closes_at - timedelta(days=1)):
            self._contribute(row, stage.reach(moment))
        if round == 1:
            for lesson, moment in spread(stage.data.lessons, phase.opens_at, phase.closes_at):
                add_lesson(stage.session, stage.cast["organiser"], stage.process, lesson, moment)
        self._synthesise(round, phase.closes_at - timedelta(hours=6))
        settled = next(
            phase["settled"] for phase in stage.data.process["protocol"]["phases"]
            if phase["kind"] == "open" and phase["round"] == round
        )  # fmt: skip
        now = stage.reach(stage.data.start(settled) + timedelta(hours=18))
        settle_dossier(stage.session, stage.cast["organiser"], stage.process, now)
        stage.say(f"open phase {round}: {len(rows)} contributions heard, dossier settled")

    def _contribute(self, row: Row, now: datetime) -> None:
        stage = self.stage
        question, _, variant = row["question"].partition("/")
        by_hand = row["channel"] != "web"
        contribution, _ = contribute(
            stage.session,
            stage.cast["organiser"] if by_hand else VISITOR,
            stage.process,
            self.questions[question],
            row["text"],
            row["language"],
            row["channel"],
            {name: row[name] for name in CATEGORIES if row[name]},
            row["theme"],
            now,
            variant=variant,
            key=row["key"],
            note=f"§{row['paragraph']}",
            collective=row["channel"] == "group",
        )
        self.contributions[row["key"]] = contribution
        moderator = stage.cast["moderator"]
        moderate(stage.session, moderator, stage.process, contribution, "publish", "", now + MODERATED_AFTER)

    def _synthesise(self, round: int, now: datetime) -> None:
        stage = self.stage
        for given in stage.data.synthesis:
            if given["round"] == round:
                text = {code: given[code] for code in ("fr", "en")}
                line = write_line(
                    stage.session,
                    stage.cast["rapporteur"],
                    stage.process,
                    round,
                    given["dimension"],
                    text,
                    now,
                    theme=given["theme"],
                    dissent=given.get("dissent"),
                    key=given["key"],
                )
                placed = [self.contributions[key] for key in given["contributions"]]
                place(stage.session, stage.cast["rapporteur"], stage.process, line, placed, now)

    def answer(self, now: datetime) -> None:
        """Say to every contributor what became of their words."""
        stage = self.stage
        for row in stage.data.answers:
            answer_contribution(
                stage.session,
                stage.cast["rapporteur"],
                stage.process,
                self.contributions[row["contribution"]],
                row["outcome"],
                {"fr": row["reason_fr"], "en": row["reason_en"]},
                now,
                charter=row["charter"],
                clause=row["clause"],
            )
