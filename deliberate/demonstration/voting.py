"""Voting on statements in the last days of an open phase: invented people who lean one way or another."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy import select

from deliberate.core.jobs import Job
from deliberate.demonstration.moderating import MODERATED_AFTER, Moderating
from deliberate.demonstration.stage import Cue, Stage, spread
from deliberate.inputs.models import Contribution
from deliberate.inputs.opinions.jobs import compute_map
from deliberate.inputs.opinions.refreshing import KIND
from deliberate.inputs.statements.acts import propose, say_about_oneself, vote
from deliberate.inputs.statements.making import add_statement, retire, reword
from deliberate.inputs.statements.models import Statement
from deliberate.people.rules import VISITOR

SEED = 2026
VOTERS = {1: 96, 2: 74}
VOTING = timedelta(days=12)
DRAWN_AFTER = timedelta(hours=1)
PROPOSED_AFTER = timedelta(days=1)
RETIRED_AFTER = timedelta(days=4)
MAPPED_AFTER = timedelta(minutes=1)
# From one statement to the next, most go on; few answer all of them.
GOES_ON = 0.94
# Of a hundred who vote, so many say something about themselves; ages and genders are those of the file's codes.
SAYS_MORE = 60
AGES = ("16-29", "30-44", "45-59", "60-74", "75+")
GENDERS = ("woman", "man")

Said = tuple[str, int]


class Voting:
    """The statements of one open phase after the other, and what was said of them."""

    def __init__(
        self, stage: Stage, contributions: Mapping[str, Contribution], moderating: Moderating
    ) -> None:
        self.stage, self.contributions, self.moderating = stage, contributions, moderating
        self.statements: dict[str, Statement] = {}

    def cues(self, round: int, public: Mapping[str, datetime]) -> list[Cue]:
        """Each statement is put once its contribution (key → moment in `public`) is public; then people vote."""
        closes = self.stage.phase("open", round).closes_at
        assert closes is not None
        given = [one for one in self.stage.data.statements if one["round"] == round]
        begins = closes - VOTING
        cues: list[Cue] = []
        for one in given:
            if "proposed" in one:
                proposed = begins + PROPOSED_AFTER
                cues += [
                    (proposed, partial(self._propose, one)),
                    (proposed + MODERATED_AFTER, partial(self._publish, one)),
                ]
            else:
                cues.append((max(begins, public[one["contribution"]] + DRAWN_AFTER), partial(self._put, one)))
            if "retired" in one:
                cues.append((begins + RETIRED_AFTER, partial(self._retire, one)))
        ballots = list(self._ballots(round, given))
        for (number, ballot), moment in spread(list(enumerate(ballots)), begins, closes):
            cues.append((moment, partial(self._vote, round, number, ballot)))
        half = closes - VOTING / 2
        return [*cues, (half, self._map), (closes + MAPPED_AFTER, self._map)]

    def _map(self, now: datetime) -> None:
        """Draw the opinion map that votes asked for, once for all that asked."""
        asked = select(Job).where(Job.kind == KIND, Job.state == "waiting").order_by(Job.id)
        *before, last = self.stage.session.scalars(asked).all()
        for job in before:
            self.stage.session.delete(job)
        self.stage.work(last.id, compute_map, now)

    def _ballots(self, round: int, given: list[dict[str, Any]]) -> Iterator[list[Said]]:
        """What each voter would say, in the order in which they are asked, the same at every run."""
        chance = np.random.default_rng([SEED, round])
        leanings = self.stage.data.leanings
        shares = np.array([leaning["share"] for leaning in leanings], dtype=float)
        for lean in chance.choice(len(leanings), size=VOTERS[round], p=shares / shares.sum()):
            key = leanings[lean]["key"]
            asked = [given[place] for place in chance.permutation(len(given))]
            yield [
                (one["key"], _said(one["votes"][key], chance))
                for one in asked[: chance.geometric(1 - GOES_ON)]
            ]

    def _put(self, given: dict[str, Any], now: datetime) -> None:
        stage = self.stage
        self.statements[given["key"]] = add_statement(
            stage.session, stage.cast["rapporteur"], stage.process, {code: given[code] for code in ("fr", "en")},
            "fr", now, contribution=self.contributions[given["contribution"]], round=given["round"], key=given["key"],
        )  # fmt: skip

    def _propose(self, given: dict[str, Any], now: datetime) -> None:
        """Somebody who votes says in French what nobody asked yet."""
        stage, secret = self.stage, _secret(given["round"], 0)
        self.statements[given["key"]] = propose(
            stage.session, VISITOR, stage.process, {"fr": given["fr"]}, "fr", now, secret=secret
        )

    def _publish(self, given: dict[str, Any], now: datetime) -> None:
        stage, statement = self.stage, self.statements[given["key"]]
        self.moderating.publish(statement, now)
        both = {code: given[code] for code in ("fr", "en")}
        reword(stage.session, stage.cast["rapporteur"], stage.process, statement, both, now)

    def _retire(self, given: dict[str, Any], now: datetime) -> None:
        stage = self.stage
        retire(
            stage.session, stage.cast["rapporteur"], stage.process, self.statements[given["key"]], given["retired"], now
        )  # fmt: skip

    def _vote(self, round: int, number: int, ballot: list[Said], now: datetime) -> None:
        """Vote on what is put to everyone at this moment, then say something about oneself, or not."""
        stage, secret = self.stage, _secret(round, number)
        chance = np.random.default_rng([SEED, round, number])
        put = {key: one for key, one in self.statements.items() if one.state == "published"}
        voters = [
            vote(stage.session, VISITOR, stage.process, put[key], value, now, secret=secret)
            for key, value in ballot
            if key in put
        ]
        if voters and chance.integers(100) < SAYS_MORE:
            about = {"age": str(chance.choice(AGES)), "gender": str(chance.choice(GENDERS))}
            say_about_oneself(stage.session, voters[0], about, now)


def _secret(round: int, number: int) -> str:
    return f"voter-{round}-{number:03}-of-the-demonstration"


def _said(shares: list[int], chance: np.random.Generator) -> int:
    agrees, disagrees = shares
    drawn = chance.integers(100)
    return 1 if drawn < agrees else -1 if drawn < agrees + disagrees else 0
