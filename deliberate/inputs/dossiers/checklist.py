"""What still stands between the close of an open phase and its settled dossier."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.core.errors import N_
from deliberate.inputs import rules
from deliberate.inputs.entering.queries import open_sessions
from deliberate.inputs.moderating.queries import appeals_until, open_appeals, waiting
from deliberate.inputs.opinions.refreshing import being_drawn
from deliberate.inputs.statements.queries import figures
from deliberate.inputs.synthesis.queries import contests, coverage, open_wordings
from deliberate.process.models import Process

# What the dossier waits for, in the order in which it is worked off: the sentence that refuses to settle.
STOPS = {
    "moderation": N_(
        "Contributions, statements or experiences that still wait for moderation: %(count)s. Decide on them first."
    ),
    "appeals": N_("Appeals against moderation that a guarantor has not answered: %(count)s."),
    "contests": N_(
        "Objections to where words were placed that still wait for an answer: %(count)s. Answer them first."
    ),
    "contest days": N_(
        "Contributors can contest where their words were placed until %(until)s. Settle the dossier after that."
    ),
    "appeal days": N_(
        "People whose words were not published can appeal until %(until)s. Settle the dossier after that."
    ),
    "sessions": N_(
        "Group sessions whose answers were typed and not recorded: %(count)s. End them, or give them up."
    ),
    "map": N_("The opinion map of the round is still being drawn: it takes a minute."),
}
# What anyone should know before settling, and that does not stop it.
ADVICE = ("unread", "unplaced", "wordings")


@dataclass(frozen=True)
class Step:
    """One line of the checklist. `count`: how many wait; `until`: the moment that is waited for."""

    kind: str
    count: int = 0
    until: datetime | None = None
    total: int = 0

    @property
    def stops(self) -> bool:
        """Whether the dossier cannot be settled as long as this is so."""
        return self.kind in STOPS and bool(self.count)


def checklist(session: Session, process: Process, round: int, now: datetime) -> list[Step]:
    """Every step, done or not: those that stop, then those to know of."""
    covered = coverage(session, process, round)
    waited = contests(session, process, round)[0]
    return [
        Step("moderation", len(waiting(session, process, round))),
        Step("appeals", len(open_appeals(session, process, round))),
        Step("contests", len(waited)),
        _wait("contest days", contest_until(process, round), now),
        _wait("appeal days", appeals_until(session, process, round), now),
        Step("sessions", open_sessions(session, process, round)),
        Step("map", int(_map_waited_for(session, process, round))),
        Step("unread", len(covered["unread"]), total=covered["total"]),
        Step("unplaced", len(covered["unplaced"]), total=covered["total"]),
        Step("wordings", len(open_wordings(session, process, round))),
    ]


def _map_waited_for(session: Session, process: Process, round: int) -> bool:
    return bool(figures(session, process, round)["votes"]) and being_drawn(session, process, round)


def _wait(kind: str, until: datetime | None, now: datetime) -> Step:
    return Step(kind, int(until is not None and now < until), until)


def contest_until(process: Process, round: int) -> datetime | None:
    """Until when the contributors of a round may contest placements, once its close is known."""
    phase, days = process.open_phase(round), int(process.protocol.get("contest_days", 0))
    if phase is None:
        return None
    return rules.contest_until(phase.span, days, process.protocol.get("time_zone", "UTC"))
