"""Reading lessons."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, NotFound
from deliberate.inputs.experience.models import Lesson
from deliberate.process.models import Process


def lessons_of(session: Session, process: Process) -> Sequence[Lesson]:
    """The public lessons of a process, by short name."""
    query = select(Lesson).where(Lesson.process_id == process.id, Lesson.state == "published")
    return session.scalars(query.order_by(Lesson.key)).all()


def lessons_by_key(session: Session, process: Process, keys: Iterable[str]) -> dict[str, Lesson]:
    """Those of these lessons that are public, by key."""
    wanted = set(keys)
    return {lesson.key: lesson for lesson in lessons_of(session, process) if lesson.key in wanted}


def lesson(session: Session, process: Process, key: str) -> Lesson:
    """A lesson by its key, whatever its state. Raises NotFound."""
    found = session.scalar(select(Lesson).where(Lesson.process_id == process.id, Lesson.key == key))
    if found is None:
        raise NotFound(N_("There is no lesson at this address."))
    return found
