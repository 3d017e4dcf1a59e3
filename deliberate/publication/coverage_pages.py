"""What the charters leave open: contributions that nothing answers, passages that rest on no contribution."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from charters.tracing.coverage import unanswered, unsourced
from deliberate.core.database import db
from deliberate.drafting.models import Charter
from deliberate.inputs.answers.models import Answer
from deliberate.inputs.models import Contribution
from deliberate.inputs.queries import told
from deliberate.process.models import Process
from deliberate.publication import reading
from deliberate.publication.blueprint import blueprint
from deliberate.publication.current import process_at
from deliberate.publication.lineage import Stored, keep
from deliberate.publication.remembering import remembered


@dataclass(frozen=True)
class Bare:
    """A charter in force: how many of its passages say something, and those that rest on no contribution."""

    charter: Charter
    passages: int
    unsourced: Sequence[reading.Passage]


@dataclass(frozen=True)
class Coverage:
    """`heard`: how many contributions are public; `waiting`: those that neither an amendment nor an answer takes up."""

    heard: int
    waiting: Sequence[Contribution]
    bare: Sequence[Bare]


@blueprint.get("/processes/<slug>/coverage")
@remembered
def coverage(slug: str) -> str:
    """Contributions that nothing answers yet, and passages in force that rest on no contribution."""
    process = process_at(slug)
    return render_template("publication/coverage.html", process=process, found=covered(db.session(), process))


def covered(session: Session, process: Process) -> Coverage:
    """How far charters and contributions cover each other, in the versions that everyone may read."""
    texts = reading.current_texts(session, process)
    chains = [reading.stored(session, one.charter, one.version.number) for one in texts]
    heard = {one.key: one for one in session.scalars(told(process).order_by(Contribution.id))}
    versions = [stored.version for chain in chains for stored in chain]
    answered = set(
        session.scalars(select(Contribution.key).join(Answer).where(Contribution.process_id == process.id))
    )
    waiting = [heard[key] for key in unanswered(heard, versions) if key not in answered]
    bare = [_bare(text, chain) for text, chain in zip(texts, chains, strict=True)]
    return Coverage(len(heard), waiting, bare)


def _bare(text: reading.Current, chain: list[Stored]) -> Bare:
    known = keep(("unsourced", chain[-1].digest), lambda: unsourced([one.version for one in chain]))
    names = set(known)
    saying = sum(bool(passage.clause.text) for passage in text.passages)
    return Bare(text.charter, saying, [one for one in text.passages if one.clause.id in names])
