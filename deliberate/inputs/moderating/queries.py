"""What waits for moderation, what was decided and how soon, appeals, and what says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, joinedload

from deliberate.core.errors import N_, NotFound
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating import rules
from deliberate.inputs.moderating.models import Alike, Appeal, Decision
from deliberate.inputs.moderating.things import KINDS, Thing, kind_of, things_in
from deliberate.inputs.queries import page_of
from deliberate.inputs.rules import folded
from deliberate.inputs.similarity import groups, near_duplicates, similar_to_each
from deliberate.people.queries import DataRequested
from deliberate.process.models import Process

PER_PAGE = 50
# Above it two texts of a queue are shown beside each other.
WORTH_SHOWING = 0.5


@dataclass(frozen=True)
class Asked:
    """What a queue is narrowed to; empty for everything. What only contributions have leaves the others out."""

    kind: str = ""
    state: str = "waiting"
    words: str = ""
    question: str = ""
    language: str = ""
    channel: str = ""
    round: int | None = None


def waiting(session: Session, process: Process, round: int | None = None) -> list[Thing]:
    """What waits for moderation, kind by kind, oldest first."""
    return [one for kind in KINDS.values() for one in things_in(session, process, kind, ("waiting",), round)]


def queue(
    session: Session, process: Process, asked: Asked, kinds: Sequence[str] = tuple(KINDS)
) -> list[Thing]:
    """The things of these kinds that are asked for, kind by kind, oldest first."""
    found = [
        one
        for name in kinds
        if asked.kind in ("", name)
        for one in things_in(session, process, KINDS[name], (asked.state,))
    ]
    words = folded(asked.words).split()[:10]
    return [one for one in found if _asked_for(one, asked) and _says(one, words)]


def _asked_for(thing: Thing, asked: Asked) -> bool:
    if asked.round is not None and thing.round != asked.round:
        return False
    if not isinstance(thing, Contribution):
        return not (asked.question or asked.language or asked.channel)
    return (
        asked.question in ("", thing.question.key)
        and asked.language in ("", thing.language)
        and asked.channel in ("", thing.channel)
    )


def _says(thing: Thing, words: Sequence[str]) -> bool:
    text = folded(f"{thing.key} {kind_of(thing).said(thing)}") if words else ""
    return all(word in text for word in words)


def similar_things(session: Session, process: Process, things: Sequence[Thing]) -> dict[str, list[Thing]]:
    """For each of these things, by object: the others of its kind that say it in similar words, the likest first."""
    found: dict[str, list[Thing]] = {}
    for kind in {kind_of(one).name: kind_of(one) for one in things}.values():
        others = {one.key: one for one in things_in(session, process, kind, ("waiting", "published"))}
        asked = {one.key: kind.said(one) for one in things if kind_of(one) is kind}
        said = {key: kind.said(one) for key, one in others.items()}
        for key, alike in similar_to_each(asked, said, least=WORTH_SHOWING, most=3).items():
            found[f"{kind.name}:{key}"] = [others[other] for other, _ in alike]
    return found


# The public log


def moderation_log(
    session: Session, process: Process, *, kind: str = "", called: str = "", rule: str = "", page: int = 1
) -> tuple[Sequence[Decision], int]:
    """One page of what was decided, newest first, and how many decisions there are."""
    query = select(Decision).where(Decision.process_id == process.id)
    if kind:
        query = query.where(Decision.kind == kind)
    if rule:
        query = query.where(Decision.rule == rule)
    if called:
        pairs = [pair for pair, name in rules.CALLED.items() if name == called]
        decision, before = pairs[0] if pairs else ("", "")
        query = query.where(Decision.decision == decision, Decision.before == before)
    return page_of(session, query.order_by(Decision.at.desc(), Decision.id.desc()), page, PER_PAGE)


def figures(session: Session, process: Process) -> dict[str, Any]:
    """How many decisions of each name there are, and how long first ones took (see `rules.times`)."""
    query = select(Decision.decision, Decision.before, Decision.received_at, Decision.at)
    counts = dict.fromkeys(rules.DECISION_NAMES, 0)
    waited = []
    for decision, before, received, at in session.execute(query.where(Decision.process_id == process.id)):
        if called := rules.CALLED.get((decision, before)):
            counts[called] += 1
        if before == "waiting":
            waited.append(at - received)
    return {"counts": counts, "times": rules.times(waited), "total": sum(counts.values())}


def log_records(session: Session, process: Process) -> list[dict[str, Any]]:
    """Every decision as plain data, oldest first: what the log says, for programs and for the bundle."""
    query = select(Decision).where(Decision.process_id == process.id).order_by(Decision.at, Decision.id)
    return [
        {
            "thing": one.thing,
            "round": one.round,
            "decision": rules.CALLED.get((one.decision, one.before), one.decision),
            "rule": one.rule,
            "reason": one.reason,
            "at": one.at.isoformat(),
        }
        for one in session.scalars(query)
    ]


# Appeals


def last_refusal(session: Session, process: Process, thing: Thing) -> Decision | None:
    """The decision by which a thing that is refused became so."""
    if thing.state != "refused":
        return None
    query = select(Decision).where(
        Decision.process_id == process.id, Decision.thing == thing.object, Decision.decision == "refuse"
    )
    return session.scalars(query.order_by(Decision.id.desc())).first()


def appeal_against(session: Session, decision: Decision) -> Appeal | None:
    """The appeal against a decision."""
    return session.scalar(select(Appeal).where(Appeal.decision_id == decision.id))


def appeals_against(session: Session, process: Process, thing: Thing) -> Sequence[Appeal]:
    """Every appeal about a thing, oldest first."""
    query = select(Appeal).join(Decision)
    query = query.where(Decision.process_id == process.id, Decision.thing == thing.object)
    return session.scalars(query.order_by(Appeal.id)).all()


def appeals_of(session: Session, process: Process) -> Sequence[Appeal]:
    """Every appeal of a process, those that wait first, then the newest."""
    query = select(Appeal).where(Appeal.process_id == process.id).options(joinedload(Appeal.decision))
    return session.scalars(query.order_by((Appeal.state == "waiting").desc(), Appeal.id.desc())).all()


def appeal(session: Session, process: Process, number: int) -> Appeal:
    """An appeal of a process by its number. Raises NotFound."""
    found = session.get(Appeal, number)
    if found is None or found.process_id != process.id:
        raise NotFound(N_("There is no such appeal in this process."))
    return found


def open_appeals(session: Session, process: Process, round: int) -> Sequence[Appeal]:
    """The appeals about things of a round, or of an earlier one, that wait for a guarantor."""
    query = select(Appeal).join(Decision).options(joinedload(Appeal.decision))
    query = query.where(Appeal.process_id == process.id, Appeal.state == "waiting", Decision.round <= round)
    return session.scalars(query.order_by(Appeal.id)).all()


def appeals_until(session: Session, process: Process, round: int) -> datetime | None:
    """Until when authors of what was refused in a round, and have not appealed, still may; None when nobody can."""
    held = {
        one.object
        for kind in KINDS.values()
        if kind.receipt
        for one in things_in(session, process, kind, ("refused",))
        if one.receipt_hash is not None
    }
    refusals = select(Decision).where(Decision.process_id == process.id, Decision.decision == "refuse")
    last = {one.thing: one for one in session.scalars(refusals.order_by(Decision.id)) if one.thing in held}
    made = set(session.scalars(select(Appeal.decision_id).where(Appeal.process_id == process.id)))
    open_ = [one.at for one in last.values() if one.round == round and one.id not in made]
    return max(open_) + rules.appeal_time(process.protocol) if open_ else None


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """What the holder of an account wrote in appeals about what they contributed while signed in."""
    query = (
        select(Appeal)
        .join(Decision)
        .join(
            Contribution,
            and_(
                Contribution.process_id == Decision.process_id,
                Decision.thing == "contribution:" + Contribution.key,
            ),
        )
        .where(Contribution.user_id == request.user.id, Appeal.reason != "")
    )
    request.held["appeals"] = [
        {"about": one.object, "reason": one.reason, "at": one.at.isoformat()}
        for one in session.scalars(query.order_by(Appeal.id))
    ]


@dataclass(frozen=True)
class Standing:
    """Where the author of a refused thing stands: until when they may appeal, and the appeal they made."""

    until: datetime | None
    appeal: Appeal | None


def standing(session: Session, process: Process, thing: Thing) -> Standing:
    """What the receipt of a thing shows about appeals: the last one, and whether another is possible."""
    refusal = last_refusal(session, process, thing)
    made = appeals_against(session, process, thing)
    open_ = refusal is not None and not any(one.decision_id == refusal.id for one in made)
    until = refusal.at + rules.appeal_time(process.protocol) if refusal and open_ else None
    return Standing(until, made[-1] if made else None)


# What says the same


def said_alike(session: Session, contribution: Contribution) -> Sequence[Contribution]:
    """The public contributions that somebody linked to this one as saying the same."""
    group = select(Alike.group).where(Alike.contribution_id == contribution.id).scalar_subquery()
    query = select(Contribution).join(Alike, Alike.contribution_id == Contribution.id)
    query = query.where(
        Alike.process_id == contribution.process_id,
        Alike.group == group,
        Contribution.id != contribution.id,
        Contribution.state == "published",
    )
    return session.scalars(query.order_by(Contribution.id)).all()


def linked_groups(session: Session, process: Process) -> dict[str, list[Contribution]]:
    """The groups of contributions that say the same, by key; withdrawn and refused ones are left out."""
    query = (
        select(Alike)
        .join(Contribution)
        .where(Alike.process_id == process.id, Contribution.state.in_(("waiting", "published")))
        .options(joinedload(Alike.contribution))
    )
    found: dict[str, list[Contribution]] = {}
    for one in session.scalars(query.order_by(Alike.group, Alike.contribution_id)):
        found.setdefault(one.group, []).append(one.contribution)
    return found


def suggested_groups(session: Session, process: Process) -> list[list[Contribution]]:
    """Groups of contributions in nearly the same words, the likest first, without those that are linked already."""
    found = things_in(session, process, KINDS["contribution"], ("waiting", "published"))
    by_key = {one.key: one for one in found}
    linked = {one.key: key for key, group in linked_groups(session, process).items() for one in group}
    pairs = near_duplicates({key: one.text for key, one in by_key.items()})
    apart = (
        pair for pair in pairs if linked.get(pair[0]) is None or linked.get(pair[0]) != linked.get(pair[1])
    )
    return [[by_key[key] for key in keys] for keys in groups(apart)]
