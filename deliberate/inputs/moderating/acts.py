"""Acts of moderation."""

from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.inputs.experience.models import Lesson
from deliberate.inputs.models import Contribution
from deliberate.journal.acts import disclose
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note


def moderate(
    session: Session,
    actor: Actor,
    process: Process,
    thing: Contribution | Lesson,
    decision: str,
    reason: str,
    now: datetime,
) -> None:
    """Publish or refuse (`decision`: "publish" or "refuse") a contribution or a lesson; a refusal says why, publicly.

    A refused text is no longer opened in the journal, which keeps the code that proves it was there.
    """
    require(
        session, actor, process, "moderate", "lesson" if isinstance(thing, Lesson) else "contribution", now
    )
    lock(session, thing)
    state = {"publish": "published", "refuse": "refused"}.get(decision)
    if state is None:
        raise Refusal(N_("Choose whether to publish this or to refuse it."), field="decision")
    if thing.state in (state, "withdrawn"):
        raise Conflict(N_("This was already decided, or its author withdrew it. Reload the page to see."))
    if state == "refused" and not reason.strip():
        raise Refusal(N_("Say why this is refused: everyone will read the reason."), field="reason")
    thing.state, thing.reason, thing.moderated_at = state, reason.strip(), now
    session.flush()
    disclose(session, thing.person, state == "published", now)
    public = {"reason": thing.reason} if thing.reason else {}
    note(session, actor, process, decision, thing.object, now, public)
