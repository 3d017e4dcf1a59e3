"""Bulk entry: what a group or a paper sheet said, typed or read from a file, all of it or nothing."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.inputs.contributing.acts import contribute
from deliberate.inputs.entering import rules
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.rules import FaultyEntry
from deliberate.inputs.synthesis.queries import grid_codes
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process


def enter_paper(
    session: Session,
    actor: Actor,
    process: Process,
    question: Question,
    text: str,
    language: str,
    now: datetime,
    *,
    channel: str = "paper",
    received: datetime | None = None,
    variant: str = "",
    theme: str = "",
    note: str = "",
    categories: Mapping[str, str] | None = None,
    group_answer: str = "",
) -> list[Contribution]:
    """Record every line of `text` (see `rules.read_statements`) and then the answer the group made from them, if any.

    What a line says of its language, theme or categories stands before what is given here for all. Raises
    FaultyEntry with every fault at once; then nothing is written.
    """
    require(session, actor, process, "enter", "contribution", now)
    statements, faults = rules.read_statements(text, grid_codes(session, process))
    if faults:
        raise FaultyEntry(faults)
    recorded = [
        contribute(
            session, actor, process, question, one.text, one.language or language, channel,
            {**(categories or {}), **(one.categories or {})}, one.theme or theme, now,
            variant=variant, received=received, count=one.count, component=one.component, note=note,
        )[0]
        for one in statements
    ]  # fmt: skip
    if group_answer.strip():
        together, _ = contribute(
            session, actor, process, question, group_answer, language, channel, categories or {}, theme, now,
            variant=variant, received=received, collective=True, count=sum(one.count for one in statements), note=note,
        )  # fmt: skip
        recorded.append(together)
    return recorded
