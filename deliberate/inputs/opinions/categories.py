"""How people voted on a statement by what they said of themselves, where they agreed to be counted so."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.inputs.rules import CATEGORIES, suppressed
from deliberate.inputs.statements.models import Participant, Statement, StatementVote

SIDES = {1: "agree", -1: "disagree", 0: "pass"}
Table = dict[str, dict[str, int | None]]


def by_category(session: Session, statement: Statement) -> dict[str, Table]:
    """Category → value → side → count; None where fewer than five would be told or could be worked out.

    A value of which nothing can be told is left out, and a category of which no value is left.
    """
    query = (
        select(Participant.categories, StatementVote.value)
        .join(StatementVote, StatementVote.participant_id == Participant.id)
        .where(StatementVote.statement_id == statement.id)
    )
    counts: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    for said, value in session.execute(query):
        for category in CATEGORIES:
            if named := said.get(category):
                row = counts[category].setdefault(named, dict.fromkeys(SIDES.values(), 0))
                row[SIDES[value]] += 1
    tables = {name: _told(counts[name]) for name in CATEGORIES if name in counts}
    return {name: table for name, table in tables.items() if table}


def _told(counts: dict[str, dict[str, int]]) -> Table:
    """Rows in order; a cell without anybody hides nobody, so only rows that hold a number are kept."""
    shown = suppressed({value: counts[value] for value in sorted(counts)})
    return {
        value: cells for value, cells in shown.items() if any(count is not None for count in cells.values())
    }
