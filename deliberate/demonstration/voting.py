"""Voting on statements in the last days of an open phase: invented people who lean one way or another."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy import select

from deliberate.core.jobs import Job
from deliberate.demonstration.stage import Cue, Stage, spread
from deliberate.inputs.models import Contribution
from deliberate.inputs.opinions.jobs import compute_map
from deliberate.inputs.opinions.refreshing import KIND
from deliberate.inputs.statements.acts import vote
from deliberate.inputs.statements.making import add_statement
from deliberate.inputs.statements.models import Statement
from deliberate.people.rules import VISITOR

SEED = 2026
VOTERS = {1: 96, 2: 74}
VOTING = timedelta(days=12)
DRAWN_AFTER = timedelta(hours=5)
MAPPED_AFTER = timedelta(minutes=1)
# From one statement to the next, most go on; few answer all of them.
GOES_ON = 0.94

Said = tuple[str, int]


class Voting:
    """The statements of one open phase after the other, and what was said of them."""

    def __init__(self, stage: Stage, contributions: Mapping[str, Contribution]) -> None:
        self.stage, self.contributions = stage, contributions
        self.statements: dict[str, Statement] = {}

    def cues(self, round: int, said: Mapping[str, datetime]) -> list[Cue]:
        """Each statement is put once its contribution (key → moment in `said`) is public; then people vote."""
        closes = self.stage.phase("open", round).closes_at
        assert closes is not None
        given = [one for one in self.stage.data.statements if one["round"] == round]
        begins = closes - VOTING
        cues: list[Cue] = [
            (max(begins, said[one["contribution"]] + DRAWN_AFTER), partial(self._put, one)) for one in given
        ]
        ballots = list(self._ballots(round, given))
        for (number, ballot), moment in spread(list(enumerate(ballots)), begins, closes):
            cues.append(
                (moment, partial(self._vote, f"voter-{round}-{number:03}-of-the-demonstration", ballot))
            )
        half = closes - VOTING / 2
        return [*cues, (half, self._map), (closes + MAPPED_AFTER, self._map)]

    def _map(self, now: datetime) -> None:
        """Draw the opinion map that votes asked for."""
        asked = select(Job.id).where(Job.kind == KIND, Job.state == "waiting").order_by(Job.id)
        for job_id in self.stage.session.scalars(asked).all():
            self.stage.work(job_id, compute_map, now)

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

    def _vote(self, secret: str, ballot: list[Said], now: datetime) -> None:
        """Vote on what is already put to everyone."""
        for key, value in ballot:
            if key in self.statements:
                vote(
                    self.stage.session, VISITOR, self.stage.process, self.statements[key], value, now, secret=secret
                )  # fmt: skip


def _said(shares: list[int], chance: np.random.Generator) -> int:
    agrees, disagrees = shares
    drawn = chance.integers(100)
    return 1 if drawn < agrees else -1 if drawn < agrees + disagrees else 0
