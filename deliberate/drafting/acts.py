"""Acts of drafting: beginning a charter, proposing amendments, supporting them, putting them to the vote."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from charters.model import Charter as Document
from charters.problems import CharterError
from charters.reuse import check_reuse
from charters.version import Version, version_to_json
from charters.written import check_written
from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotPermitted, Refusal
from deliberate.deliberation.ballots.acts import open_ballot
from deliberate.deliberation.ballots.models import Ballot
from deliberate.deliberation.models import Sitting
from deliberate.drafting import pending
from deliberate.drafting.bounds import check_key, check_said, check_steps
from deliberate.drafting.following import strand_changes
from deliberate.drafting.models import Amendment, Charter, CharterVersion, Support
from deliberate.drafting.queries import charters, supported_by
from deliberate.drafting.rules import amended, document, plain_operations, question, renamed, unaddressed
from deliberate.drafting.rules import amendment as as_amendment
from deliberate.drafting.standing import expect, expect_changeable, hold
from deliberate.people.acts import Erased, pseudonym
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note

Json = dict[str, Any]
NUMBERED = re.compile(r"am-(\d+)")


def create_charter(
    session: Session,
    actor: Actor,
    process: Process,
    key: str,
    theme: str,
    text: Document,
    act: str,
    now: datetime,
) -> Charter:
    """Begin a charter: `text` becomes version 1, by `act` (a sentence: where this first text comes from).

    Raises Conflict when the key is taken, Refusal when the text cannot be a charter under this key.
    """
    require(session, actor, process, "create", "charter", now)
    check_key(key)
    if any(known.key == key for known in charters(session, process)):
        raise Conflict(N_("This process already has a charter named “%(key)s”."), field="key", key=key)
    try:
        text = replace(text, id=key, theme=theme)
    except CharterError as error:
        raise refused(error) from error
    charter = Charter(process_id=process.id, key=key, theme=theme, title=dict(text.title), created_at=now)
    session.add(charter)
    session.flush()
    version = add_version(session, charter, Version(1, text, day_of(process, now), act), now)
    public = {"charter": key, "content": version.content_digest, "version": version.version_digest}
    note(session, actor, process, "create", f"charter:{key}", now, public)
    return charter


def add_version(
    session: Session,
    charter: Charter,
    version: Version,
    now: datetime,
    amendments: Sequence[Amendment] = (),
    ballots: Sequence[int] = (),
) -> CharterVersion:
    """Append a version to a charter; permission and journal are the caller's."""
    row = CharterVersion(
        number=version.number,
        document=version_to_json(version),
        content_digest=version.content,
        version_digest=version.digest,
        amendments=[one.key for one in amendments],
        ballots=list(ballots),
        adopted_at=now,
    )
    charter.versions.append(row)
    charter.title = dict(version.charter.title)
    session.flush()
    return row


def day_of(process: Process, now: datetime) -> str:
    """The day a version bears, in the time zone of the process."""
    return now.astimezone(ZoneInfo(process.protocol["time_zone"])).date().isoformat()


def propose(
    session: Session,
    actor: Actor,
    charter: Charter,
    operations: Sequence[Json],
    reason: Mapping[str, str],
    answers: Sequence[str],
    now: datetime,
    *,
    table: str = "",
    key: str | None = None,
    amends: Amendment | None = None,
    kind: str = "amendment",
) -> Amendment:
    """Propose an amendment on the latest version. `answers`: keys of contributions and lessons; `table`: whose it is.

    With `amends` the operations apply to the text as that amendment would leave it; `kind` is what the actor must be
    allowed to create (a translation has a rule of its own). Raises Refusal with the engine's sentence for operations that cannot be applied, or that change nothing.
    """
    process = charter.process
    require(session, actor, process, "create", kind, now)
    lock(session, charter)
    lock(session, process)
    if not any(text.strip() for text in reason.values()):
        raise Refusal(
            N_("Say why: the others decide on your reason as much as on your words."), field="reason"
        )
    check_said(reason, answers, table)
    key = key or _next_key(session, process)
    base = _changed_text(session, charter, amends)
    steps = checked(key, renamed(operations, key), base)
    _check_ids(session, charter, base, amended(key, steps, base))
    found = Amendment(
        process_id=process.id,
        charter=charter,
        key=key,
        amends=amends,
        onto=None if amends is None else list(amends.operations),
        base_number=charter.latest.number,
        author_id=actor.user_id,
        author=pseudonym(session, actor, process.slug),
        table=table.strip(),
        reason=dict(reason),
        answers=[answer.strip() for answer in answers if answer.strip()],
        operations=steps,
        state="proposed",
        proposed_at=now,
    )
    session.add(found)
    session.flush()
    told = {"operations": steps, "reason": found.reason}
    public = {"charter": charter.key, "base": charter.latest.content_digest, "answers": found.answers}
    public |= {"table": found.table} | ({} if amends is None else {"amends": amends.key})
    note(session, actor, process, "propose", found.subject, now, public, private=told)
    return found


def _changed_text(session: Session, charter: Charter, amends: Amendment | None) -> Document:
    text = document(charter.latest.content)
    if amends is None:
        return text
    expect_changeable(session, charter, amends)
    return amended(amends.key, amends.operations, text)


def checked(
    key: str, operations: Sequence[Json], base: Document, touching: Sequence[Json] | None = None
) -> list[Json]:
    """Operations as they will be stored; `touching`: those just added, by default all of them.

    Raises Refusal when they cannot be applied to the base or change nothing, and for a recommendation to nobody.
    """
    added = operations if touching is None else touching
    check_steps(added)
    try:
        before = amended(key, operations[: len(operations) - len(added)], base)
        after = amended(key, operations, base)
        if after == before:
            raise Refusal(N_("Nothing is changed yet: edit the words first."))
        steps = plain_operations(as_amendment(key, operations, base))
        check_written(as_amendment(key, added, base).operations)
    except CharterError as error:
        raise refused(error) from error
    if unaddressed(base, after) is not None:
        raise Refusal(N_("A recommendation says whom it commits: choose at least one."), field="commits")
    return steps


def withdraw(session: Session, actor: Actor, amendment: Amendment, now: datetime) -> None:
    """Take back one's own amendment, as long as it was not put to the vote."""
    require(session, actor, amendment.process, "change", "amendment", now)
    hold(session, amendment)
    if amendment.author_id is None or amendment.author_id != actor.user_id:
        raise NotPermitted(N_("Only the person who proposed this amendment can withdraw it."))
    expect(amendment, "proposed", "stranded")
    amendment.state, amendment.decided_at = "withdrawn", now
    strand_changes(amendment)
    session.flush()
    note(session, actor, amendment.process, "withdraw", amendment.subject, now, {})


def support(session: Session, actor: Actor, amendment: Amendment, now: datetime) -> int:
    """Support an amendment; a second time changes nothing. Returns how many support it."""
    require(session, actor, amendment.process, "support", "amendment", now)
    lock(session, amendment)
    expect(amendment, "proposed")
    if not supported_by(session, amendment, actor.user_id):
        amendment.supports.append(Support(user_id=actor.user_id, at=now))
        session.flush()
        public = {"supporters": len(amendment.supports)}
        note(session, actor, amendment.process, "support", amendment.subject, now, public)
    return len(amendment.supports)


def withdraw_support(session: Session, actor: Actor, amendment: Amendment, now: datetime) -> int:
    """Take back one's support. Returns how many support it."""
    require(session, actor, amendment.process, "support", "amendment", now)
    lock(session, amendment)
    expect(amendment, "proposed")
    for mine in [
        one for one in amendment.supports if one.user_id is not None and one.user_id == actor.user_id
    ]:
        amendment.supports.remove(mine)
    session.flush()
    public = {"supporters": len(amendment.supports)}
    note(session, actor, amendment.process, "withdraw support", amendment.subject, now, public)
    return len(amendment.supports)


def put_to_ballot(
    session: Session,
    actor: Actor,
    amendment: Amendment,
    now: datetime,
    *,
    rule: str = "amendment",
    sitting: Sitting | None = None,
    present: int | None = None,
) -> Ballot:
    """Open a yes-no ballot on an amendment, under a rule of the protocol."""
    require(session, actor, amendment.process, "create", "ballot", now)
    hold(session, amendment)
    expect(amendment, "proposed")
    if any(one.state == "ballot" for one in amendment.changes):
        raise Conflict(N_("A change to this amendment is being voted on. Close that ballot first."))
    if (parent := amendment.amends) is not None:
        expect(parent, "proposed")
    asked = question(
        "change" if parent else "amendment", amendment.charter.title,
        amendment=amendment.key, parent=parent.key if parent else "",
    )  # fmt: skip
    ballot = open_ballot(
        session, actor, amendment.process,
        subject=amendment.subject,
        question=asked,
        rule=rule, now=now, sitting=sitting, present=present,
    )  # fmt: skip
    amendment.state = "ballot"
    session.flush()
    return ballot


def refused(error: CharterError) -> Refusal:
    """The engine's sentence as a refusal of ours."""
    values: Json = dict(error.problem.values)
    return Refusal(error.problem.template, **values)


def forget(session: Session, event: Erased, _now: datetime) -> None:
    """What remains of an erased person here: texts that became part of the record, under nobody's name."""
    user_id = event.user.id
    session.execute(update(Amendment).where(Amendment.author_id == user_id).values(author_id=None))
    session.execute(update(Support).where(Support.user_id == user_id).values(user_id=None))


def _check_ids(session: Session, charter: Charter, before: Document, after: Document) -> None:
    """Refuse an id of a clause since struck for a new one."""
    try:
        check_reuse(before, after, pending.past(session, charter))
    except CharterError as error:
        raise refused(error) from error


def _next_key(session: Session, process: Process) -> str:
    keys = session.scalars(select(Amendment.key).where(Amendment.process_id == process.id))
    numbers = [int(match[1]) for key in keys if (match := NUMBERED.fullmatch(key))]
    return f"am-{max(numbers, default=0) + 1}"
