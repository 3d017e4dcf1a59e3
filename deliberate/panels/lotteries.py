"""What a draw is computed from, and keeping what the worker computed: sealed, or refused, or failed; the alternates."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict
from deliberate.panels.households import marks
from deliberate.panels.models import Draw, Registrant
from deliberate.panels.places import keep_places
from deliberate.panels.queries import quotas
from deliberate.panels.quotas import for_engine
from deliberate.panels.seating import seat_alternates
from deliberate.people.rules import CLOCK
from deliberate.process.models import Process
from deliberate.process.record import note
from sortition import Alternates, Lottery, Problem, Quota, Respondent, SortitionError

Said = dict[str, Any]


def inputs_of(
    session: Session, process: Process, pool: Sequence[Registrant], seated: Sequence[Registrant] = ()
) -> dict[str, Any]:
    """Quotas and people as they are now, for a draw to keep; `seated` hold a seat already.

    A household that several of these people share has a number, the same among the seated and the others.
    """
    homes = marks(session, process)
    living = Counter(home for one in (*pool, *seated) if (home := homes.get(one.pseudonym, "")))
    number = {home: str(place) for place, home in enumerate(living, start=1) if living[home] > 1}

    def rows(people: Iterable[Registrant]) -> list[dict[str, Any]]:
        found = []
        for one in people:
            home = number.get(homes.get(one.pseudonym, ""))
            found.append({"id": one.pseudonym, "values": one.values} | ({"household": home} if home else {}))
        return found

    return {
        "quotas": [
            [quota.category, quota.value, quota.min, quota.max]
            for quota in for_engine(quotas(session, process))
        ],
        "respondents": rows(pool),
    } | ({"seated": rows(seated)} if seated else {})


def engine_inputs(draw: Draw) -> tuple[list[Quota], list[Respondent]]:
    """Quotas and pool as they were when the draw was asked for, in the engine's form."""
    return [Quota(*quota) for quota in draw.inputs["quotas"]], respondents_of(draw.inputs["respondents"])


def seated_before(draw: Draw) -> list[Respondent]:
    """Who held a seat when a draw of the empty ones was asked for; nobody for a first draw."""
    return respondents_of(draw.inputs.get("seated", []))


def respondents_of(rows: Iterable[Said]) -> list[Respondent]:
    """People of a draw's inputs in the engine's form."""
    return [Respondent(one["id"], one["values"], {}, one.get("household", "")) for one in rows]


def counts(draw: Draw, names: set[str]) -> list[list[Any]]:
    """How many of these registrants have each value: [category, value, people] in the order of the quotas."""
    people = [*draw.inputs["respondents"], *draw.inputs.get("seated", [])]
    found = Counter(pair for one in people if one["id"] in names for pair in one["values"].items())
    return [[category, value, found[category, value]] for category, value, *_ in draw.inputs["quotas"]]


def source_as_text(settings: dict[str, Any]) -> str:
    """The declared source of randomness as the lottery holds it: every language on its line."""
    texts: dict[str, str] = settings["randomness"]
    return "\n".join(texts[code].strip() for code in sorted(texts) if texts[code].strip())


def keep_lottery(session: Session, draw: Draw, lottery: Lottery, now: datetime) -> None:
    """Seal what was computed: from now on its digest is public. By the worker, whom nobody else may stand in for."""
    lock(session, draw)
    if draw.state not in ("requested", "computing"):
        raise Conflict(N_("This draw is no longer awaited."))
    draw.lottery, draw.attributes, draw.key = dict(lottery.public), dict(lottery.attributes), lottery.key
    draw.salts = lottery.salts
    draw.commitment, draw.state, draw.prepared_at = lottery.commitment, "prepared", now
    draw.figures = {
        "least": str(lottery.least),
        "bound": str(lottery.bound),
        "largest_difference": str(lottery.largest_difference),
        "chances": _distribution(lottery),
        "pool": counts(draw, set(lottery.key.values())),
    }
    draw.seal = seal_of(lottery.public)
    session.flush()
    if not draw.rehearsal:
        keep_places(session, draw, {name: one.panels for name, one in lottery.chances.items()})
    public = {"commitment": lottery.commitment, "rehearsal": draw.rehearsal, "settings": draw.settings}
    note(session, CLOCK, draw.process, "seal", draw.name, now, {**public, "figures": draw.figures})


def seal_of(lottery: Mapping[str, Any]) -> Said:
    """What pages read of a lottery each time they are opened, apart from the lottery itself."""
    return {
        "quotas": [[one["category"], one["value"], one["min"], one["max"]] for one in lottery["quotas"]],
        "one_per_household": bool(lottery.get("one_per_household")),
        "people": len(lottery["pseudonyms"]),
        "replaces": lottery.get("replaces", ""),
        "whole": True,
    }


def keep_alternates(session: Session, draw: Draw, found: Alternates, now: datetime) -> None:
    """Keep the alternates that the randomness of the reveal names, and seat them unless it is a rehearsal."""
    lock(session, draw.panel)
    lock(session, draw)
    if not draw.awaited:
        raise Conflict(N_("These alternates are no longer awaited."))
    draw.outcome = {
        **draw.outcome,
        "alternates": found.document,
        "sets": found.sets,
        "waiting": [draw.key[own] for own in found.people],
    }
    draw.awaited = 0
    session.flush()
    if not draw.rehearsal:
        seat_alternates(session, draw, now)
    public = {"rehearsal": draw.rehearsal, "commitment": found.commitment, "lottery": draw.commitment}
    public |= {"ticket": found.ticket, "people": list(found.people)}
    note(session, CLOCK, draw.process, "name alternates", draw.name, now, public)


def _distribution(lottery: Lottery) -> list[list[int]]:
    """How many people are in how many panels, fewest panels first: [panels, people]."""
    return [
        list(pair) for pair in sorted(Counter(len(one.panels) for one in lottery.chances.values()).items())
    ]


def refuse_draw(
    session: Session, draw: Draw, error: SortitionError, now: datetime, advice: Sequence[Problem] = ()
) -> None:
    """Note that the engine cannot draw from these quotas and this pool; the draw's page says why, and what would do."""
    said = {"refusal": {"template": error.template, "values": dict(error.values)}}
    told = [{"template": one.template, "values": dict(one.values)} for one in advice]
    _end_failed(session, draw, said | ({"advice": told} if told else {}), now)


def fail_draw(session: Session, payload: dict[str, Any], error: str, now: datetime) -> None:
    """Hear that a draw could not be computed for good."""
    draw = session.get(Draw, payload["draw"])
    if draw is not None:
        _end_failed(session, draw, {"error": error}, now)


def _end_failed(session: Session, draw: Draw, figures: dict[str, Any], now: datetime) -> None:
    if draw.state not in ("requested", "computing"):
        return
    draw.state, draw.ended_at, draw.figures = "failed", now, figures
    session.flush()
    note(session, CLOCK, draw.process, "fail", draw.name, now, {})
