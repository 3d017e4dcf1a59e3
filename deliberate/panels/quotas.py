"""Acts on the quota table: setting it by hand or from a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.journal.queries import search
from deliberate.panels.models import Draw, Quota
from deliberate.panels.queries import current_draw, pool, quotas
from deliberate.panels.recruitment import hold_pool
from deliberate.panels.rules import QuotaRow, quota_faults
from deliberate.panels.vacancies import to_fill
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note, stated_reason
from sortition import Quota as EngineQuota

FAULTS = {
    "negative": N_("A number of people is 0 or more."),
    "order": N_("“At least” is above “at most”: exchange or correct them."),
    "twice": N_("This group stands in the table twice."),
    "long": N_("The name is too long: 80 letters for a category, 120 for a group at most."),
    "share": N_("Write the share of the population as a fraction or a percentage, such as 19/100 or 19 %."),
    "low": N_("All the “at most” of these groups together do not fill the panel."),
    "high": N_("All the “at least” of these groups together are more than the panel."),
}


class FaultyQuotas(Refusal):
    """A quota table that contradicts itself; `faults` has (row index, sentence)."""

    def __init__(self, faults: Sequence[tuple[int, str]]) -> None:
        super().__init__(N_("The quotas contradict themselves: see what is marked beside each group."))
        self.faults = [(index, FAULTS[kind]) for index, kind in faults]


def set_quotas(
    session: Session,
    actor: Actor,
    process: Process,
    rows: Sequence[QuotaRow],
    now: datetime,
    reason: str = "",
) -> None:
    """Replace the quota table; it is public from then on.

    Once a panel was drawn its quotas stand, but for those of its empty seats: they change for a `reason` that everyone
    reads, and a guarantor signs again before these seats are drawn. Raises FaultyQuotas when the table contradicts
    itself, and Conflict when it drops a group that volunteers belong to or when a lottery was sealed with the present
    one.
    """
    require(session, actor, process, "change", "pool", now)
    hold_pool(session, process)
    draw = current_draw(session, process)
    said = _stated(session, draw, reason) if draw is not None else {}
    faults = [
        fault
        for fault in quota_faults(rows, process.protocol["panel"]["size"])
        if fault[1] not in ("low", "high")
    ]
    if faults:
        raise FaultyQuotas(faults)
    _refuse_orphans(session, process, rows)
    session.execute(delete(Quota).where(Quota.process_id == process.id))
    session.expire_all()
    for number, row in enumerate(rows, start=1):
        session.add(_quota(process, number, row))
    session.flush()
    public = {"quotas": [as_public(quota) for quota in quotas(session, process)]} | said
    note(session, actor, process, "change quotas" if said else "set quotas", "quotas", now, public)


def _stated(session: Session, draw: Draw, reason: str) -> dict[str, str]:
    """The reason for changing quotas after a draw, as the journal says it; refused unless seats stand empty."""
    if draw.state != "revealed":
        raise Conflict(
            N_("The draw was asked for with the present quotas. Abandon it, with a reason, to change them.")
        )
    if not to_fill(session, draw):
        raise Conflict(
            N_(
                "The panel was drawn with these quotas. They can change for seats that stand empty, "
                "as long as no draw is to fill them."
            )
        )
    return {"reason": stated_reason(reason)}


def as_public(quota: Quota) -> dict[str, Any]:
    """A quota as the journal says it."""
    return {
        "category": quota.category,
        "value": quota.value,
        "min": quota.minimum,
        "max": quota.maximum,
        "population": quota.population,
    }


def from_file(read: Sequence[EngineQuota], present: Sequence[Quota]) -> list[QuotaRow]:
    """Quotas read from a file; labels, and population shares that it does not say, are kept for groups known."""
    known: Mapping[tuple[str, str], Quota] = {(quota.category, quota.value): quota for quota in present}
    labels = {quota.category: quota.category_label for quota in present}
    rows = []
    for quota in read:
        before = known.get((quota.category, quota.value))
        rows.append(
            QuotaRow(
                quota.category,
                quota.value,
                quota.min,
                quota.max,
                _share(quota) or (before.population if before else None),
                labels.get(quota.category, {}),
                before.label if before else {},
                quota.min_flex,
                quota.max_flex,
            )
        )
    return rows


def _share(quota: EngineQuota) -> str | None:
    share = quota.population
    return None if share is None else f"{share.numerator}/{share.denominator}"


def previous(session: Session, process: Process) -> list[QuotaRow]:
    """The table before the present one, as the journal has it, to be shown again; empty when there was none, or once a
    panel was drawn."""
    entries, _ = search(session, process.slug, act="set quotas", per_page=2)
    if len(entries) < 2 or current_draw(session, process) is not None:
        return []
    present = quotas(session, process)
    known = {(quota.category, quota.value): quota for quota in present}
    labels = {quota.category: quota.category_label for quota in present}
    rows = []
    for quota in entries[1].public["quotas"]:
        same = known.get((quota["category"], quota["value"]))
        rows.append(
            QuotaRow(
                quota["category"],
                quota["value"],
                quota["min"],
                quota["max"],
                quota["population"],
                labels.get(quota["category"], {}),
                same.label if same else {},
            )
        )
    return rows


def for_engine(found: Sequence[Quota] | Sequence[QuotaRow]) -> list[EngineQuota]:
    """Quotas as the draw takes them."""
    return [
        EngineQuota(
            one.category,
            one.value,
            one.minimum,
            one.maximum,
            one.min_flex,
            one.max_flex,
            Fraction(one.population) if one.population else None,
        )
        for one in found
    ]


def _refuse_orphans(session: Session, process: Process, rows: Sequence[QuotaRow]) -> None:
    kept = {(row.category, row.value) for row in rows}
    wanted = {row.category for row in rows}
    for registrant in pool(session, process):
        for category, value in registrant.values.items():
            if category in wanted and (category, value) not in kept:
                raise Conflict(
                    N_(
                        "Volunteers have answered “%(value)s”: this group can be given other numbers, not left out."
                    ),
                    value=value,
                )
        if missing := wanted - registrant.values.keys():
            raise Conflict(
                N_("Volunteers have already registered without being asked for “%(category)s”."),
                category=min(missing),
            )


def _quota(process: Process, number: int, row: QuotaRow) -> Quota:
    return Quota(
        process_id=process.id,
        number=number,
        category=row.category,
        value=row.value,
        minimum=row.minimum,
        maximum=row.maximum,
        population=row.population,
        category_label=dict(row.category_label),
        label=dict(row.label),
        min_flex=row.min_flex,
        max_flex=row.max_flex,
    )
