"""How people voted on a statement by what they said of themselves, where they agreed to be counted so."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.inputs.rules import CATEGORIES
from deliberate.inputs.statements.models import Participant, Statement, StatementVote
from deliberate.inputs.synthesis.categories import Table, protected

SIDES = {1: "agree", -1: "disagree", 0: "pass"}
Counts = dict[str, dict[str, int]]


def by_category(session: Session, statement: Statement) -> dict[str, Table]:
    """Category → value → side → count; None where fewer than five would be told or could be worked out.

    How everyone voted is public beside it, so `protected` weighs each side against its tally. A value of which nothing
    can be told is left out, and a category of which no value is left.
    """
    query = (
        select(Participant.categories, StatementVote.value)
        .join(StatementVote, StatementVote.participant_id == Participant.id)
        .where(StatementVote.statement_id == statement.id)
    )
    counts: dict[str, Counts] = defaultdict(lambda: {side: defaultdict(int) for side in SIDES.values()})
    for said, value in session.execute(query):
        for category in CATEGORIES:
            if named := said.get(category):
                counts[category][SIDES[value]][named] += 1
    tallies = {"agree": statement.agrees, "disagree": statement.disagrees, "pass": statement.passes}
    tables = {name: _told(counts[name], tallies) for name in CATEGORIES if name in counts}
    return {name: table for name, table in tables.items() if table}


def _told(counts: Counts, tallies: dict[str, int]) -> Table:
    """A row per value; a cell without anybody hides nobody, so only rows that hold a number are kept."""
    values = sorted({value for cells in counts.values() for value in cells})
    whole = {side: {value: cells.get(value, 0) for value in values} for side, cells in counts.items()}
    shown = protected(whole, tallies)
    named = list(next(iter(shown.values()), {}))
    return {value: {side: shown[side][value] for side in shown} for value in named}
