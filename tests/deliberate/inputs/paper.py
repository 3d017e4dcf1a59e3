"""Answers on paper, for tests of what becomes of them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.inputs.entering.acts import enter_lines
from deliberate.inputs.entering.rules import Origin
from deliberate.inputs.models import Contribution, Question
from deliberate.people.rules import Actor
from deliberate.process.models import Process


def enter_paper(
    session: Session,
    actor: Actor,
    process: Process,
    question: Question,
    lines: str,
    language: str,
    now: datetime,
    *,
    channel: str = "paper",
    received: datetime | None = None,
    note: str = "",
    categories: Mapping[str, str] | None = None,
    group_answer: str = "",
    late: bool = False,
) -> list[Contribution]:
    """Record lines that were received now, or when it is said."""
    origin = Origin(channel, language, received or now, note=note, categories=categories or {}, late=late)
    return enter_lines(session, actor, process, question, lines, origin, now, group_answer).contributions
