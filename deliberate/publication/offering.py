"""The clauses that rooms below may choose from, without knowing charters."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from deliberate.core.i18n import localized_text
from deliberate.drafting import queries as drafting
from deliberate.drafting.blueprint import clause_label
from deliberate.inputs.answers.clauses import Charter
from deliberate.process.models import Process
from deliberate.publication import reading

FIRST_WORDS = 90


def clauses_on_offer(session: Session, process: Process) -> Iterator[Charter]:
    """The clauses in force of every charter; of one that has none yet, those of its latest draft."""
    for charter in drafting.charters(session, process):
        version = reading.in_force(session, charter) or charter.latest
        passages = reading.passages(reading.as_stored(version))
        yield Charter(charter.key, localized_text(charter.title), [_choice(one) for one in passages])


def _choice(passage: reading.Passage) -> tuple[str, str]:
    clause = passage.clause
    words = " ".join(localized_text(clause.text).split())
    short = words if len(words) <= FIRST_WORDS else words[:FIRST_WORDS].rsplit(" ", 1)[0] + "…"
    return clause.id, ": ".join(filter(None, (clause_label(clause, passage.number), short)))
