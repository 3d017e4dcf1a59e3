"""Moderation: what people answered is published, or refused and appealed against; and who says the same is linked."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from deliberate.demonstration.stage import Cue, Stage
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating.acts import moderate
from deliberate.inputs.moderating.appeals import answer_appeal, appeal
from deliberate.inputs.moderating.likeness import link
from deliberate.inputs.moderating.models import Appeal
from deliberate.inputs.moderating.things import Thing

MODERATED_AFTER = timedelta(hours=4)
APPEALED_AFTER = timedelta(hours=20)
ANSWERED_AFTER = timedelta(hours=46)
LINKED_AFTER = timedelta(days=1)


class Moderating:
    """A moderator who reads everything, and a guarantor who hears appeals."""

    def __init__(self, stage: Stage, contributions: Mapping[str, Contribution]) -> None:
        self.stage, self.contributions = stage, contributions
        self.refusals = {one["contribution"]: one for one in stage.data.moderation["refusal"]}
        self.appeals: dict[str, Appeal] = {}

    def public_at(self, key: str, said: datetime) -> datetime:
        """When a contribution becomes public, that was said at a moment and is not refused for good."""
        appealed = "appeal" in self.refusals.get(key, {})
        return said + MODERATED_AFTER + (ANSWERED_AFTER if appealed else timedelta())

    def cues(self, said: Mapping[str, datetime]) -> Iterator[Cue]:
        """Every decision on contributions said at these moments."""
        for key, moment in said.items():
            decided, refusal = moment + MODERATED_AFTER, self.refusals.get(key)
            if refusal is None:
                yield decided, partial(self._publish, key)
                continue
            yield decided, partial(self._refuse, refusal)
            if "appeal" in refusal:
                yield decided + APPEALED_AFTER, partial(self._appeal, refusal)
                yield decided + ANSWERED_AFTER, partial(self._answer, refusal)
        for alike in self.stage.data.moderation["alike"]:
            if said.keys() >= set(alike["contributions"]):
                last = max(said[key] for key in alike["contributions"])
                yield last + LINKED_AFTER, partial(self._link, alike["contributions"])

    def publish(self, thing: Thing, now: datetime) -> None:
        """What someone sent may be read by everyone."""
        moderate(
            self.stage.session, self.stage.cast["moderator"], self.stage.process, thing, "publish", "", now
        )

    def _publish(self, key: str, now: datetime) -> None:
        self.publish(self.contributions[key], now)

    def _refuse(self, given: dict[str, Any], now: datetime) -> None:
        stage, refused = self.stage, self.contributions[given["contribution"]]
        moderate(
            stage.session, stage.cast["moderator"], stage.process, refused, "refuse", given.get("reason", ""), now,
            rule=given["rule"],
        )  # fmt: skip

    def _appeal(self, given: dict[str, Any], now: datetime) -> None:
        stage, key = self.stage, given["contribution"]
        self.appeals[key] = appeal(
            stage.session, stage.process, self.contributions[key], given["appeal"], now
        )

    def _answer(self, given: dict[str, Any], now: datetime) -> None:
        stage = self.stage
        answer_appeal(
            stage.session, stage.cast["guarantor"], stage.process, self.appeals[given["contribution"]],
            given["decision"], given["answer"], now,
        )  # fmt: skip

    def _link(self, keys: list[str], now: datetime) -> None:
        stage = self.stage
        alike = [self.contributions[key] for key in keys]
        link(stage.session, stage.cast["moderator"], stage.process, alike, now)
