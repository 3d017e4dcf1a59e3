"""The open phases: what people answered, the votes, the lessons, the synthesis, and the dossier that is settled."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from deliberate.demonstration.answering import Answers
from deliberate.demonstration.data import Row
from deliberate.demonstration.entering import Entering
from deliberate.demonstration.experience import Experience
from deliberate.demonstration.moderating import Moderating
from deliberate.demonstration.stage import Cue, Stage, spread
from deliberate.demonstration.synthesising import Synthesising
from deliberate.demonstration.voting import Voting
from deliberate.inputs.asking.acts import add_question
from deliberate.inputs.contributing.acts import contribute
from deliberate.inputs.dossiers.acts import settle_dossier
from deliberate.inputs.models import Question
from deliberate.people.rules import VISITOR

A_DAY = timedelta(days=1)
SETTLED_AT = timedelta(hours=18)


class Listening:
    """One open phase after the other, on the same stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.questions: dict[str, Question] = {}
        self.answers = Answers(stage)
        self.entering = Entering(stage, self.questions, self.answers)
        self.moderating = Moderating(stage, self.answers.recorded)
        self.voting = Voting(stage, self.answers.recorded, self.moderating)
        self.experience = Experience(stage)
        self.synthesising = Synthesising(stage, self.answers, self.moderating)

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
            )

    def cues(self, round: int) -> Iterator[Cue]:
        """Everything of one open phase, from its first answer to its settled dossier."""
        phase = self.stage.phase("open", round)
        assert phase.opens_at is not None
        assert phase.closes_at is not None
        alone = list(spread(self._alone(round), phase.opens_at, phase.closes_at - A_DAY))
        said = {row["key"]: moment for row, moment in alone}
        yield from ((moment, partial(self._contribute, row)) for row, moment in alone)
        if round == 1:
            yield from self.entering.cues(phase.opens_at)
            said |= self.entering.said()
        yield from self.moderating.cues(said)
        yield from self.voting.cues(
            round, {key: self.moderating.public_at(key, moment) for key, moment in said.items()}
        )
        yield from self.experience.cues(round)
        yield from self.synthesising.cues(round)
        yield self._settled(round) + SETTLED_AT, self._settle

    def _alone(self, round: int) -> list[Row]:
        """What people answered one by one, in the order of the file."""
        typed = self.entering.keys
        return [
            row for key, row in self.answers.rows.items() if int(row["round"]) == round and key not in typed
        ]

    def _settled(self, round: int) -> datetime:
        phases = self.stage.data.process["protocol"]["phases"]
        return self.stage.data.start(
            next(one["settled"] for one in phases if (one["kind"], one["round"]) == ("open", round))
        )

    def _settle(self, now: datetime) -> None:
        dossier = settle_dossier(self.stage.session, self.stage.cast["organiser"], self.stage.process, now)
        heard = len(self.answers.recorded)
        self.stage.say(f"open phase {dossier.round}: {heard} contributions heard, dossier settled")

    def _contribute(self, row: Row, now: datetime) -> None:
        stage = self.stage
        question, _, variant = row["question"].partition("/")
        by_hand = row["channel"] != "web"
        contribution, secret = contribute(
            stage.session,
            stage.cast["organiser"] if by_hand else VISITOR,
            stage.process,
            self.questions[question],
            row["text"],
            row["language"],
            row["channel"],
            self.answers.categories(row["key"]),
            row["theme"],
            now,
            variant=variant,
            key=row["key"],
            note=f"§{row['paragraph']}" if row["paragraph"] else "",
            collective=row["channel"] == "group",
        )
        self.answers.keep([contribution], secret)
