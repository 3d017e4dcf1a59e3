"""The deliberation phases: sessions, first drafts, amendments, ballots, new versions, a minority statement."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from charters.files.markdown import read_markdown
from charters.languages import aligned
from charters.model import Inclusion
from deliberate.deliberation.ballots.acts import close_ballot, enter_votes
from deliberate.deliberation.ballots.models import Ballot
from deliberate.deliberation.models import Sitting
from deliberate.deliberation.sittings.acts import mark_attendance, open_sitting
from deliberate.deliberation.tables.acts import Rules, make_tables
from deliberate.demonstration.data import by_category
from deliberate.demonstration.stage import Stage, spread
from deliberate.drafting.acts import create_charter, propose, put_to_ballot, support
from deliberate.drafting.adoption import adopt, publish
from deliberate.drafting.minority import sign_minority, state_minority
from deliberate.drafting.models import Amendment, Charter
from deliberate.drafting.voting import open_conflict_ballot, put_version_to_ballot

PREAMBLE = "preamble"
INCLUDE = {
    "fr": "Le préambule commun a changé : cette charte reprend sa nouvelle version.",
    "en": "The common preamble has changed: this charter takes over its new version.",
}
CHARTERS = (PREAMBLE, "time", "commons", "democracy", "knowledge")
FIRST_TEXT = "first text, written by the tables"
ROUND_OF_FIRST_TEXTS = 1


class Deliberation:
    """One deliberation phase after the other, on the same stage."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.charters: dict[str, Charter] = {}
        self.amendments: dict[str, Amendment] = {}
        self.now = stage.data.day("locked")
        self.ballots = 0

    def deliberate(self, round: int) -> None:
        """Everything of one deliberation phase, from its first session to its published versions."""
        stage, data = self.stage, self.stage.data
        sessions = [session for session in data.process["sessions"] if session["round"] == round]
        for session in sessions[:-1]:
            self._sit(session)
        if round == ROUND_OF_FIRST_TEXTS:
            self._write_first_texts()
        given = data.amendments(round)
        last = data.start(sessions[-1]["opens"])
        for amendment, moment in spread(given["amendment"], self.now, last):
            self._propose(amendment, moment)
        sitting = self._sit(sessions[-1])
        for amendment in given["amendment"]:
            self._vote_on(amendment, sitting)
        for conflict in given.get("conflict", []):
            self._settle(conflict, sitting)
        for version in given["version"]:
            self._include_preamble(version, sitting)
            self._adopt(version, sitting)
        for statement in data.minority:
            if statement["version"] == round + 1:
                self._dissent(statement)
        stage.say(
            f"deliberation {round}: {len(given['amendment'])} amendments, {self.ballots} ballots so far"
        )

    def _tick(self, minutes: int = 6) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now

    def _sit(self, given: dict[str, Any]) -> Sitting:
        stage = self.stage
        opens = stage.data.start(given["opens"]) + timedelta(hours=9)
        self.now = stage.reach(opens)
        facilitator = stage.cast["facilitator"]
        sitting = open_sitting(
            stage.session, facilitator, stage.process, given["title"], opens, opens, place=given["place"]
        )
        if "tables" in given:
            mixed = Rules(balance=tuple(by_category(stage.data.population)))
            tables, rotations = given["tables"], given["rotations"]
            make_tables(stage.session, facilitator, sitting, tables, rotations, mixed, self._tick())
        return sitting

    def _write_first_texts(self) -> None:
        stage, data = self.stage, self.stage.data
        written = [
            session for session in data.process["sessions"] if session["round"] == ROUND_OF_FIRST_TEXTS
        ][1]
        self.now = data.start(written["closes"]) + timedelta(hours=16)
        for key in CHARTERS:
            text = aligned([read_markdown(markdown) for markdown in data.charter(key).values()])
            if key != PREAMBLE:
                text = replace(text, preamble=self._preamble())
            self.charters[key] = create_charter(
                stage.session,
                stage.cast["rapporteur"],
                stage.process,
                key,
                key,
                text,
                FIRST_TEXT,
                self._tick(),
            )
            first = self.charters[key].versions[0]
            publish(stage.session, stage.cast["organiser"], first, self._tick())

    def _propose(self, given: dict[str, Any], now: datetime) -> None:
        stage = self.stage
        behind = given.get("supporters", [])
        seat = given.get("author") or behind[0]
        self.amendments[given["id"]] = amendment = propose(
            stage.session,
            stage.member(seat),
            self.charters[given["charter"]],
            [_operation(step) for step in given["operations"]],
            given["reason"],
            given["answers"],
            now,
            table=f"table {given['table']}" if "table" in given else "",
            key=given["id"],
        )
        for other in behind:
            if other != seat:
                support(stage.session, stage.member(other), amendment, now + timedelta(hours=1))

    def _settle(self, conflict: dict[str, Any], sitting: Sitting) -> None:
        """Two amendments on the same words: the panel approves one, the other, or both, and the most approved stays."""
        counts, present = conflict["ballot"]["counts"], conflict["ballot"]["present"]
        self._gather(sitting, present)
        stage = self.stage
        chosen = [self.amendments[key] for key in conflict["amendments"]]
        settlement = open_conflict_ballot(
            stage.session,
            stage.cast["facilitator"],
            self.charters[conflict["charter"]],
            chosen,
            conflict["clause"],
            self._tick(),
            sitting=sitting,
        )
        first, second = conflict["amendments"]
        voters = self._voters(present)
        approved: dict[int, list[str]] = {voter: [first] for voter in voters[: counts[first]]}
        for voter in voters[present - counts[second] :]:
            approved.setdefault(voter, []).append(second)
        self._count(settlement.ballot, approved)

    def _vote_on(self, given: dict[str, Any], sitting: Sitting) -> None:
        vote, stage = given["vote"], self.stage
        self._gather(sitting, vote["present"])
        amendment = self.amendments[given["id"]]
        ballot = put_to_ballot(
            stage.session, stage.cast["facilitator"], amendment, self._tick(), sitting=sitting
        )
        self._count(ballot, self._shares(vote))

    def _adopt(self, given: dict[str, Any], sitting: Sitting) -> None:
        vote, stage, charter = given["vote"], self.stage, self.charters[given["charter"]]
        chosen = [
            amendment
            for amendment in self.amendments.values()
            if amendment.charter is charter and amendment.state == "accepted"
        ]
        self._gather(sitting, vote["present"])
        facilitator = stage.cast["facilitator"]
        ballot = put_version_to_ballot(
            stage.session, facilitator, charter, chosen, self._tick(), sitting=sitting
        )
        self._count(ballot, self._shares(vote))
        version = adopt(stage.session, stage.cast["rapporteur"], charter, chosen, self._tick())
        publish(stage.session, stage.cast["organiser"], version, self._tick())

    def _preamble(self) -> Inclusion:
        latest = self.charters[PREAMBLE].latest
        return Inclusion(PREAMBLE, latest.number, latest.content_digest)

    def _include_preamble(self, version: dict[str, Any], sitting: Sitting) -> None:
        """Take over the new version of the common preamble: offered to each charter, and voted like any amendment."""
        if version["charter"] == PREAMBLE:
            return
        included = self._preamble()
        preamble = {"charter": included.charter, "version": included.version, "content": included.content}
        amendment = {
            "id": f"am-{version['charter']}-preamble-{included.version}",
            "charter": version["charter"],
            "supporters": [1],
            "answers": [],
            "reason": INCLUDE,
            "operations": [{"op": "describe", "preamble": preamble}],
            "vote": version["vote"],
        }
        self._propose(amendment, self._tick())
        self._vote_on(amendment, sitting)

    def _dissent(self, given: dict[str, Any]) -> None:
        stage = self.stage
        version = next(v for v in self.charters[given["charter"]].versions if v.number == given["version"])
        signers = range(1, len(given["signatures"]) + 1)
        text = {code: given[code] for code in ("fr", "en")}
        statement = state_minority(
            stage.session, stage.member(signers[0]), version, given["clause"], text, self._tick()
        )
        for seat in signers[1:]:
            sign_minority(stage.session, stage.member(seat), statement, self._tick())

    def _voters(self, present: int) -> list[int]:
        """Who is there: everyone but a few, not the same at each ballot."""
        turned = self.ballots % len(self.stage.members)
        members = self.stage.members[turned:] + self.stage.members[:turned]
        return [member.id for member in members[:present]]

    def _gather(self, sitting: Sitting, present: int) -> None:
        mark_attendance(
            self.stage.session, self.stage.cast["facilitator"], sitting, self._voters(present), self._tick(4)
        )

    def _shares(self, vote: dict[str, int]) -> dict[int, list[str]]:
        choices = [choice for choice in ("yes", "no", "abstain") for _ in range(vote[choice])]
        return {
            voter: [choice] for voter, choice in zip(self._voters(vote["present"]), choices, strict=False)
        }

    def _count(self, ballot: Ballot, choices: dict[int, Sequence[str]] | dict[int, list[str]]) -> None:
        stage = self.stage
        enter_votes(stage.session, stage.cast["facilitator"], ballot, choices, self._tick(2))
        close_ballot(stage.session, stage.cast["facilitator"], ballot, self._tick(1))
        self.ballots += 1


def _operation(step: dict[str, Any]) -> dict[str, Any]:
    """An operation as the engine reads it: TOML has no null, so what is missing is the top, or the first place."""
    place = {"parent": None, "after": None} if step["op"] in ("insert", "move") else {}
    return place | step
