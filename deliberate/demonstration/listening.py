"""The open phases: what people answered, the lessons, the synthesis, and the dossier that is settled."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from deliberate.demonstration.data import Row
from deliberate.demonstration.stage import Cue, Stage, spread
from deliberate.demonstration.voting import Voting
from deliberate.inputs.answers.acts import answer_contribution
from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.contributing.acts import contribute
from deliberate.inputs.dossiers.acts import settle_dossier
from deliberate.inputs.experience.acts import add_lesson
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.synthesis.acts import place, write_line
from deliberate.people.rules import VISITOR

A_DAY = timedelta(days=1)
MODERATED_AFTER = timedelta(hours=4)
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


class Listening:
    """One open phase after the other, on the same stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.questions: dict[str, Question] = {}
        self.contributions: dict[str, Contribution] = {}
        self.voting = Voting(stage, self.contributions)

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

    def cues(self, round: int) -> list[Cue]:
        """Everything of one open phase, from its first answer to its settled dossier."""
        stage, data = self.stage, self.stage.data
        phase = stage.phase("open", round)
        opens, closes = phase.opens_at, phase.closes_at
        assert opens is not None
        assert closes is not None
        cues: list[Cue] = []
        said: dict[str, datetime] = {}
        for row, moment in spread(
            [row for row in data.contributions if int(row["round"]) == round], opens, closes - A_DAY
        ):
            said[row["key"]] = moment
            cues.append((moment, partial(self._contribute, row)))
            cues.append((moment + MODERATED_AFTER, partial(self._moderate, row["key"])))
        cues += self.voting.cues(round, said)
        if round == 1:
            cues += [
                (moment, partial(self._tell, lesson))
                for lesson, moment in spread(data.lessons, opens, closes)
            ]
        cues.append((closes - timedelta(hours=6), partial(self._synthesise, round)))
        settled = next(
            phase["settled"]
            for phase in data.process["protocol"]["phases"]
            if phase["kind"] == "open" and phase["round"] == round
        )
        return [*cues, (data.start(settled) + timedelta(hours=18), self._settle)]

    def _tell(self, lesson: dict[str, Any], now: datetime) -> None:
        add_lesson(self.stage.session, self.stage.cast["organiser"], self.stage.process, lesson, now)

    def _moderate(self, key: str, now: datetime) -> None:
        stage = self.stage
        moderate(
            stage.session, stage.cast["moderator"], stage.process, self.contributions[key], "publish", "", now
        )

    def _settle(self, now: datetime) -> None:
        dossier = settle_dossier(self.stage.session, self.stage.cast["organiser"], self.stage.process, now)
        self.stage.say(
            f"open phase {dossier.round}: {len(self.contributions)} contributions heard, dossier settled"
        )

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
            {name: CODES.get(row[name], row[name]) for name in CATEGORIES if row[name]},
            row["theme"],
            now,
            variant=variant,
            key=row["key"],
            note=f"§{row['paragraph']}",
            collective=row["channel"] == "group",
        )
        self.contributions[row["key"]] = contribution

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
