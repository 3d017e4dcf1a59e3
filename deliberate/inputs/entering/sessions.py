"""Acts of a group session: members answer first, each alone; then the group answers; then all of it is recorded.

SPIRAL, roadmap annex 1: direct expression is individual before it is collective, in homogeneous groups.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, NotFound, Refusal
from deliberate.inputs.entering import rules
from deliberate.inputs.entering.acts import enter_batch
from deliberate.inputs.entering.models import Batch, GroupAnswer, GroupSession
from deliberate.inputs.entering.rules import Entry, Origin
from deliberate.inputs.models import Question
from deliberate.inputs.rules import clean_categories, clean_language, clean_text, new_key
from deliberate.inputs.synthesis.queries import grid_codes
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note


def begin_session(
    session: Session,
    actor: Actor,
    process: Process,
    question: Question,
    group: str,
    people: int,
    language: str,
    now: datetime,
    *,
    held: datetime | None = None,
    variant: str = "",
    place: str = "",
    categories: Mapping[str, str] | None = None,
) -> GroupSession:
    """Open a session with a group that answers one wording of a question. `people`: how many are there.

    Raises Refusal when it was not held in the open phase of the question.
    """
    require(session, actor, process, "enter", "contribution", now)
    phase, held = process.open_phase(question.round), held or now
    if held > now or phase is None or not phase.span.holds(held):
        raise Refusal(
            N_("A session is held during the open phase of its question. Check the date."), field="received"
        )
    found = GroupSession(
        process_id=process.id,
        key=new_key("g"),
        question_id=question.id,
        variant=variant if variant in [one["key"] for one in question.variants] else "",
        language=clean_language(language),
        group=clean_text(group, "group", 90),
        place=place.strip()[:90],
        people=rules.people(people),
        categories=clean_categories(categories or {}),
        step="alone",
        held_at=held,
        at=now,
    )
    session.add(found)
    session.flush()
    public = {"question": question.key, "wording": found.variant, "people": found.people}
    note(session, actor, process, "begin", found.object, now, public)
    return found


def add_answer(
    session: Session,
    actor: Actor,
    process: Process,
    held: GroupSession,
    text: str,
    now: datetime,
    *,
    count: int = 1,
    component: str = "",
    token: str = "",
) -> GroupAnswer:
    """Keep an answer: a member's while each answers alone, then the group's. One with a known `token` is kept once.

    Raises Refusal for an empty or too long text, a number that is none of people, or a code that is not on the grid;
    Conflict, as all acts on a session do, once it is closed.
    """
    _hold(session, actor, process, held, now)
    if known := next((one for one in held.answers if token and one.token == token), None):
        return known
    answer = GroupAnswer(token=token or new_key("a"), together=held.step == "together", at=now)
    _write(session, process, answer, text, count, component)
    held.answers.append(answer)
    session.flush()
    return answer


def change_answer(
    session: Session,
    actor: Actor,
    process: Process,
    held: GroupSession,
    answer: GroupAnswer,
    text: str,
    now: datetime,
    *,
    count: int = 1,
    component: str = "",
) -> None:
    """Mend an answer that was typed. Raises as `add_answer` does."""
    _hold(session, actor, process, held, now)
    _write(session, process, answer, text, count, component)
    session.flush()


def drop_answer(
    session: Session, actor: Actor, process: Process, held: GroupSession, answer: GroupAnswer, now: datetime
) -> None:
    """Take out an answer that was typed by mistake."""
    _hold(session, actor, process, held, now)
    held.answers.remove(answer)
    session.flush()


def answer_of(held: GroupSession, number: int) -> GroupAnswer:
    """An answer of a session by its number. Raises NotFound."""
    found = next((one for one in held.answers if one.id == number), None)
    if found is None:
        raise NotFound(N_("This answer is no longer in the session."))
    return found


def change_step(
    session: Session, actor: Actor, process: Process, held: GroupSession, step: str, now: datetime
) -> None:
    """Go on to what the group answers together (`together`), or back to its members (`alone`).

    Raises Conflict as long as no member has answered: a group's answer is made from theirs.
    """
    _hold(session, actor, process, held, now)
    if step not in ("alone", "together"):
        raise NotFound(N_("A session has two steps: each alone, then together."))
    if step == "together" and not held.alone:
        raise Conflict(N_("Type first what each member said: the group’s answer is made from theirs."))
    held.step = step
    session.flush()


def close_session(
    session: Session,
    actor: Actor,
    process: Process,
    held: GroupSession,
    now: datetime,
    *,
    keys: Mapping[str, str] | None = None,
) -> Batch:
    """Record everything that was typed, as one batch. Raises Conflict when nothing was, or when it is closed.

    `keys`: token of an answer → what its contribution is called; made where nothing is given.
    """
    _hold(session, actor, process, held, now)
    if not held.alone:
        raise Conflict(N_("Nothing was typed yet. Type what each member said, or give the session up."))
    where = ", ".join(filter(None, (held.group, held.place)))
    origin = Origin(
        "group", held.language, held.held_at, held.variant, note=where, categories=held.categories, late=True
    )
    named = keys or {}
    alone, together = (
        [_entry(one, named.get(one.token, "")) for one in answers] for answers in (held.alone, held.together)
    )
    batch = enter_batch(session, actor, process, held.question, alone, origin, now, together)
    held.answers.clear()
    held.step, held.closed_at, held.batch = "closed", now, batch
    session.flush()
    public = {"batch": batch.number, "people": held.people, "heard": batch.people}
    note(session, actor, process, "close", held.object, now, public)
    return batch


def give_up_session(
    session: Session, actor: Actor, process: Process, held: GroupSession, now: datetime
) -> None:
    """Forget a session and everything typed in it: nothing of it was recorded."""
    _hold(session, actor, process, held, now)
    name = held.object
    session.delete(held)
    session.flush()
    note(session, actor, process, "give up", name, now)


def _hold(session: Session, actor: Actor, process: Process, held: GroupSession, now: datetime) -> None:
    """Hold a session that is still open, for someone who may enter answers."""
    require(session, actor, process, "enter", "contribution", now)
    lock(session, held)
    if held.closed_at is not None:
        raise Conflict(N_("This session is closed: its answers are recorded."))


def _write(
    session: Session, process: Process, answer: GroupAnswer, text: str, count: int, component: str
) -> None:
    code = component.strip().upper()
    if code and code not in grid_codes(session, process):
        raise Refusal(N_("“%(code)s” is not a code of the grid."), field="component", code=code[:40])
    answer.text, answer.count, answer.component = clean_text(text), rules.people(count), code


def _entry(answer: GroupAnswer, key: str) -> Entry:
    return Entry(answer.count, answer.text, answer.component, key=key)
