"""Recruiting and drawing the panel: volunteers, a signed pool, the sealed lottery, the balls, the seats."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from deliberate.demonstration.stage import Cue, Stage, spread
from deliberate.demonstration.volunteers import quota_rows, volunteers
from deliberate.panels.acts import request_draw, reveal
from deliberate.panels.contests import answer_contest, file_contest
from deliberate.panels.imports import sign_pool
from deliberate.panels.jobs import compute_draw, find_alternates
from deliberate.panels.letters import Addressee, send_letters
from deliberate.panels.models import Contest, Draw, Seat
from deliberate.panels.queries import seats
from deliberate.panels.quotas import set_quotas
from deliberate.panels.recruitment import register
from deliberate.panels.rules import Contact
from deliberate.panels.seats import answer_seat, call_alternate, confirm_refusal, confirm_seat
from deliberate.people.rules import VISITOR
from sortition import Quota, next_alternate

REFUSALS = 2


class Recruiting:
    """From the first volunteer to the last seat confirmed."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.draw: Draw | None = None
        self.contest: Contest | None = None

    def cues(self) -> list[Cue]:
        """Volunteers register while registration is open; the draw is sealed, then revealed in public a week later."""
        stage, data = self.stage, self.stage.data
        people = volunteers(data, data.process["recruitment"]["registrants"])
        window = data.process["protocol"]["registration"]
        sealed, drawn, contest = data.day("pool_sealed"), data.day("drawn"), data.process["contest"]
        return [
            (data.day("locked") + timedelta(hours=17), self._set_quotas),
            *(
                (moment, partial(_register, stage, values, contact))
                for (values, contact), moment in spread(
                    people, data.start(window["opens"]), data.start(window["closes"])
                )
            ),
            (sealed + timedelta(hours=10), self._sign),
            (sealed + timedelta(hours=14), self._seal),
            (drawn + timedelta(hours=11), self._reveal),
            (drawn + timedelta(hours=15), self._write),
            (drawn + timedelta(days=3), self._seat),
            (data.start(contest["filed"]) + timedelta(hours=20), self._contest),
            (data.start(contest["answered"]) + timedelta(hours=10), self._answer),
        ]

    def _set_quotas(self, now: datetime) -> None:
        set_quotas(
            self.stage.session,
            self.stage.cast["organiser"],
            self.stage.process,
            quota_rows(self.stage.data),
            now,
        )

    def _sign(self, now: datetime) -> None:
        sign_pool(self.stage.session, self.stage.cast["guarantor"], self.stage.process, now)
        self.stage.say("volunteers registered; a guarantor signed the pool")

    def _seal(self, now: datetime) -> None:
        self.draw = request_draw(self.stage.session, self.stage.cast["organiser"], self.stage.process, now)
        self.stage.work(self.draw.job_id, compute_draw, now)

    def _reveal(self, now: datetime) -> None:
        assert self.draw is not None
        balls = self.stage.data.process["draw"]["randomness"]
        reveal(self.stage.session, self.stage.cast["organiser"], self.draw, balls, now)
        self.stage.work(self.draw.job_id, find_alternates, now)

    def _write(self, now: datetime) -> None:
        """Letters to those drawn and to the alternates, on paper."""
        assert self.draw is not None
        for kind in ("drawn", "alternate"):
            send_letters(self.stage.session, self.stage.cast["organiser"], self.draw, kind, now, _on_paper)

    def _contest(self, now: datetime) -> None:
        assert self.draw is not None
        said = self.stage.data.process["contest"]
        self.contest = file_contest(
            self.stage.session, VISITOR, self.draw, said["text"], now, language=said["language"]
        )

    def _answer(self, now: datetime) -> None:
        assert self.contest is not None
        said = self.stage.data.process["contest"]
        answer_contest(self.stage.session, self.stage.cast["organiser"], self.contest, said["answer"], now)

    def _seat(self, now: datetime) -> None:
        assert self.draw is not None
        stage, organiser = self.stage, self.stage.cast["organiser"]
        found = seats(stage.session, self.draw)
        declining = _who_declines(self.draw, found)
        for seat in found[: self.draw.size]:
            if seat.number in declining:
                answer_seat(stage.session, organiser, seat, "declined", now, "telephone")
                confirm_refusal(stage.session, stage.cast["guarantor"], seat, now)
                _confirm(stage, call_alternate(stage.session, organiser, self.draw, now), now)
            else:
                _confirm(stage, seat, now)
        panels = self.draw.settings["panels"]
        stage.say(f"{len(stage.members)} citizens drawn, one of {panels} equally likely panels, and seated")


def _who_declines(drawn: Draw, found: Sequence[Seat]) -> list[int]:
    """Two members who cannot come: such that an alternate keeps every quota, so that the story shows one who does."""
    quotas = [Quota(*quota) for quota in drawn.seal["quotas"]]
    panel, waiting = found[: drawn.size], [seat.registrant.values for seat in found[drawn.size :]]
    kept = []
    for seat in panel:
        others = [other.registrant.values for other in panel if other is not seat]
        called = next_alternate(quotas, others, waiting)
        if called is not None and _met(quotas, [*others, waiting[called]]):
            kept.append(seat.number)
    return (kept + [seat.number for seat in panel if seat.number not in kept])[:REFUSALS]


def _met(quotas: Sequence[Quota], people: Sequence[Mapping[str, str]]) -> bool:
    return all(
        quota.min <= sum(values[quota.category] == quota.value for values in people) <= quota.max
        for quota in quotas
    )


def _on_paper(_to: Addressee, _code: str) -> None:
    """No mail leaves for an invented person."""


def _register(stage: Stage, values: dict[str, str], contact: Contact, now: datetime) -> None:
    register(stage.session, VISITOR, stage.process, values, contact, now)


def _confirm(stage: Stage, seat: Seat, now: datetime) -> None:
    organiser = stage.cast["organiser"]
    answer_seat(stage.session, organiser, seat, "accepted", now, "letter")
    user, _ = confirm_seat(stage.session, organiser, seat, now)
    stage.members.append(user)
