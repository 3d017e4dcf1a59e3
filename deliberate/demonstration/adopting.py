"""Territories that adopt clauses of the charters, and what they decide when these change."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from deliberate.demonstration.stage import Cue, Stage
from deliberate.drafting.queries import charter
from deliberate.publication.adoption.acts import Decision, decide, enter_territory
from deliberate.publication.adoption.models import Adoption
from deliberate.publication.reading import in_force


class Adopting:
    """The register of adoptions: an organiser enters what each territory decided."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.entries: dict[str, Adoption] = {}

    def cues(self, number: int) -> Iterator[Cue]:
        """The decision of this number of every territory that took one, at ten in the morning of its day."""
        for territory in self.stage.data.adoptions:
            for given in territory["decision"][number - 1 : number]:
                moment = self.stage.data.start(given["day"]) + timedelta(hours=10)
                yield moment, partial(self._decide, territory, given)

    def _decide(self, territory: dict[str, Any], given: dict[str, Any], now: datetime) -> None:
        stage, organiser = self.stage, self.stage.cast["organiser"]
        adopted = charter(stage.session, stage.process, territory["charter"])
        if territory["name"] not in self.entries:
            self.entries[territory["name"]] = enter_territory(
                stage.session, organiser, adopted, territory["name"], territory["kind"], now
            )
        entry = self.entries[territory["name"]]
        version = in_force(stage.session, adopted)
        assert version is not None
        reason = {code: given[code] for code in ("fr", "en")}
        chosen = Decision(given["decision"], version.number, tuple(given["clauses"]), reason)
        decide(stage.session, organiser, entry, chosen, now, after=len(entry.decisions))
