"""Pure decisions of a process: what a protocol must say, which phase it is, and who may do what in it.

The alternation of open phases and deliberation by lot is paragraphs 22 and 23 of the TOGETHER roadmap; rules fixed
before the start are its paragraph 18.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deliberate.core.errors import N_
from deliberate.core.typed import is_share

TEXTS = ("title", "question", "remit", "commissioned_by", "funded_by")
PHASE_KINDS = ("open", "deliberation")
SITUATIONS = ("draft", "before", "open", "settling", "deliberation", "rest")
# The mixed board that validates syntheses: whoever sits on it does so in one of these capacities.
BOARD = {
    "researcher": "board researcher",
    "official": "board official",
    "activist": "board activist",
    "citizen": "board citizen",
}
ROLES = (
    "organiser",
    "facilitator",
    "rapporteur",
    "moderator",
    "guarantor",
    "panel member",
    *BOARD.values(),
)
NEVER_A_GUARANTOR = {"organiser", "moderator", "rapporteur", "facilitator", "panel member", *BOARD.values()}
METHODS = ("yes-no", "approval")
DENOMINATORS = ("cast", "present", "seated")
OBJECTIVES = ("leximin", "maximin", "minimax", "nash", "goldilocks")
MOST = {
    "panel.size": 5000,
    "panel.alternates": 5000,
    "panel.answer_days": 366,
    "contest_days": 366,
    "appeal_days": 366,
    "retention_months": 600,
}
YEARS = range(1990, 2200)
RESULTS = ("after voting", "at the close")  # when how others voted on statements shows

OBJECTIVE_WORDS = {
    "leximin": N_(
        "raise the lowest chance as far as the quotas allow, then the next lowest, and so on (leximin)"
    ),
    "maximin": N_("raise the lowest chance as far as the quotas allow, and stop there (maximin)"),
    "minimax": N_("bring the highest chance down as far as the quotas allow (minimax)"),
    "nash": N_("make the product of all chances as large as the quotas allow (Nash)"),
    "goldilocks": N_("keep the lowest chances high and the highest low, both together (Goldilocks)"),
}
ROLE_NAMES = {
    "everyone": N_("Everyone"),
    "organiser": N_("Organisers"),
    "facilitator": N_("Facilitators"),
    "rapporteur": N_("Rapporteurs"),
    "moderator": N_("Moderators"),
    "guarantor": N_("Guarantors"),
    "panel member": N_("Citizens drawn by lot"),
    "board researcher": N_("Researchers of the mixed board"),
    "board official": N_("Officials of the mixed board"),
    "board activist": N_("Activists of the mixed board"),
    "board citizen": N_("Citizens of the mixed board"),
}
SITUATION_NAMES = {
    "draft": N_("Draft"),
    "before": N_("Before the first phase"),
    "open": N_("Open phase"),
    "settling": N_("Settling the dossier"),
    "deliberation": N_("Deliberation phase"),
    "rest": N_("At rest"),
}


@dataclass(frozen=True)
class Span:
    """When a phase is open: from `opens` (included) to `closes` (left out); None is a moment not yet set."""

    kind: str
    round: int
    opens: datetime | None
    closes: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether the phase is open at this moment."""
        return self.opens is not None and self.opens <= now and (self.closes is None or now < self.closes)

    def over(self, now: datetime) -> bool:
        """Whether the phase has closed by this moment."""
        return self.opens is not None and self.closes is not None and self.closes <= now


@dataclass(frozen=True)
class Fault:
    """What a protocol lacks: the field (dotted path) and a sentence as template and values."""

    field: str
    template: str
    values: dict[str, Any]


def situation(spans: Sequence[Span], locked: bool, now: datetime) -> str:
    """Where a process stands at a moment, computed from the clock alone: one of SITUATIONS."""
    if not locked:
        return "draft"
    if current := [span for span in spans if span.holds(now)]:
        return current[-1].kind
    if past := [span for span in spans if span.over(now)]:
        return "settling" if past[-1].kind == "open" else "rest"
    return "before"


@cache
def matrix() -> dict[tuple[str, str], dict[str, frozenset[str]]]:
    """(situation, object) → who → capabilities, as `capabilities.csv` says."""
    table: dict[tuple[str, str], dict[str, frozenset[str]]] = {}
    text = (files("deliberate.process") / "capabilities.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        for phase in SITUATIONS if row["phase"] == "*" else (row["phase"],):
            cell = table.setdefault((phase, row["object"]), {})
            cell[row["who"]] = cell.get(row["who"], frozenset()) | frozenset(row["capabilities"].split())
    return table


def may(situation: str, object: str, roles: Iterable[str], capability: str) -> bool:
    """Whether someone who holds these roles has a capability on a kind of object in a situation."""
    cell = matrix().get((situation, object), {})
    return any(capability in cell.get(role, frozenset()) for role in {*roles, "everyone"})


def when_possible(object: str, roles: Iterable[str], capability: str) -> list[str]:
    """The situations in which these roles would have the capability."""
    return [name for name in SITUATIONS if may(name, object, roles, capability)]


def permitted(situation: str) -> dict[str, dict[str, list[str]]]:
    """Who → object → capabilities in a situation: what a process page prints."""
    table: dict[str, dict[str, list[str]]] = {}
    for (where, thing), cell in matrix().items():
        if where == situation:
            for who, capabilities in cell.items():
                table.setdefault(who, {})[thing] = sorted(capabilities)
    return table


def incompatible(held: Iterable[str], role: str) -> bool:
    """Whether a person who holds these roles may not be given this one: a guarantor does nothing else."""
    held = set(held)
    return ("guarantor" in held and role in NEVER_A_GUARANTOR) or (
        role == "guarantor" and bool(held & NEVER_A_GUARANTOR)
    )


def moment(day: str | None, zone: str, after: bool = False) -> datetime | None:
    """The start of a day (ISO date) in a time zone, or of the day after it: a phase closes when its last day ends."""
    if not day:
        return None
    start = date.fromisoformat(day) + timedelta(days=1 if after else 0)
    return datetime.combine(start, time.min, zone_named(zone))


def spans(protocol: dict[str, Any]) -> list[Span]:
    """The phases of a protocol as moments."""
    zone = protocol["time_zone"]
    return [
        Span(
            phase["kind"],
            phase["round"],
            moment(phase.get("opens"), zone),
            moment(phase.get("closes"), zone, after=True),
        )
        for phase in protocol["phases"]
    ]


def zone_named(name: str) -> tzinfo:
    """A time zone by its name; UTC for a name that is none, which `protocol_faults` reports."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def protocol_faults(protocol: dict[str, Any], today: date | None = None) -> list[Fault]:
    """Everything a protocol lacks before it can be locked; with `today`, dates before it are faults too."""
    faults = _phase_faults(protocol.get("phases") or [], today)
    if zone_named(protocol.get("time_zone") or "") is UTC and protocol.get("time_zone") != "UTC":
        faults.append(Fault("time_zone", N_("Write a time zone such as Europe/Paris."), {}))
    faults += _rule_faults(protocol.get("rules") or {})
    panel = protocol.get("panel") or {}
    if not isinstance(panel.get("size"), int) or panel["size"] < 2:
        faults.append(Fault("panel.size", N_("Say how many people are to be drawn: at least 2."), {}))
    elif not 1 <= panel.get("panels", 1000) <= 100_000:
        faults.append(Fault("panel.panels", N_("The lottery holds between 1 and 100,000 panels."), {}))
    if protocol.get("results", RESULTS[0]) not in RESULTS:
        faults.append(Fault("results", N_("Choose when it is shown how others voted on statements."), {}))
    if not 1 <= protocol.get("evidence_threshold", 3) <= 1000:
        said = N_("Say from how many experiences on a new round is considered: 1 to 1,000.")
        faults.append(Fault("evidence_threshold", said, {}))
    if panel.get("objective", OBJECTIVES[0]) not in OBJECTIVES:
        faults.append(Fault("panel.objective", N_("Choose what the draw makes as equal as it can."), {}))
    faults += _registration_faults(protocol.get("registration") or {}, today)
    if not (protocol.get("retention_months") or 0) > 0:
        faults.append(
            Fault("retention_months", N_("Say for how many months personal data is kept: at least 1."), {})
        )
    return faults + _bound_faults(protocol)


def _bound_faults(protocol: dict[str, Any]) -> list[Fault]:
    """Numbers and dates that nobody can mean, and with which no calendar reckons."""
    panel = protocol.get("panel") or {}
    stated = {
        "panel.size": panel.get("size"),
        "panel.alternates": panel.get("alternates"),
        "panel.answer_days": panel.get("answer_days"),
        "contest_days": protocol.get("contest_days"),
        "appeal_days": protocol.get("appeal_days"),
        "retention_months": protocol.get("retention_months"),
    }
    said = N_("Write a whole number between 0 and %(most)d.")
    faults = [
        Fault(field, said, {"most": most})
        for field, most in MOST.items()
        if isinstance(found := stated[field], int) and not 0 <= found <= most
    ]
    windows = {"registration": protocol.get("registration") or {}}
    windows |= {f"phases.{index}": phase for index, phase in enumerate(protocol.get("phases") or [])}
    return faults + [
        Fault(f"{where}.{end}", N_("Write a year between %(first)d and %(last)d."), _years())
        for where, window in windows.items()
        for end in ("opens", "closes")
        if (day := window.get(end)) and int(day[:4]) not in YEARS
    ]


def _years() -> dict[str, int]:
    return {"first": YEARS.start, "last": YEARS.stop - 1}


def _registration_faults(window: dict[str, Any], today: date | None) -> list[Fault]:
    opens, closes = window.get("opens"), window.get("closes")
    if opens and closes and closes < opens:
        return [Fault("registration.closes", N_("Registration closes before it opens."), {})]
    if today and closes and date.fromisoformat(closes) < today:
        return [Fault("registration.closes", N_("This date is before today."), {})]
    return []


def _phase_faults(phases: list[dict[str, Any]], today: date | None) -> list[Fault]:
    if not phases:
        return [
            Fault(
                "phases",
                N_("A process needs at least one round: an open phase, then a deliberation phase."),
                {},
            )
        ]
    faults, last = [], ""
    for index, phase in enumerate(phases):
        where, opens, closes = f"phases.{index}", phase.get("opens") or "", phase.get("closes") or ""
        if phase["kind"] != PHASE_KINDS[index % 2]:
            faults.append(
                Fault(
                    where,
                    N_("Open phases and deliberation phases alternate, beginning with an open one."),
                    {},
                )
            )
        if opens and closes and closes < opens:
            faults.append(Fault(f"{where}.closes", N_("This phase closes before it opens."), {}))
        if opens and last and opens <= last:
            faults.append(
                Fault(f"{where}.opens", N_("This phase opens before the one before it has closed."), {})
            )
        if today and opens and date.fromisoformat(opens) < today:
            faults.append(Fault(f"{where}.opens", N_("This date is before today."), {}))
        last = closes or opens or last
    return faults


def _rule_faults(rules: dict[str, dict[str, Any]]) -> list[Fault]:
    faults: list[Fault] = []
    missing = N_("Say how this is decided: method, threshold, denominator, quorum.")
    faults += [Fault(f"rules.{name}", missing, {}) for name in ("amendment", "version") if name not in rules]
    for name, rule in rules.items():
        where = f"rules.{name}"
        if rule.get("method") not in METHODS or rule.get("denominator") not in DENOMINATORS:
            faults.append(Fault(where, N_("Choose a method and what the votes are counted against."), {}))
        share = N_("Write a fraction between 0 and 1, such as 3/4.")
        faults += [
            Fault(f"{where}.{name}", share, {})
            for name in ("threshold", "quorum")
            if not is_share(rule.get(name))
        ]
    return faults
