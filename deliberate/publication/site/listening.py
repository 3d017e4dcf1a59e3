"""Pages of a bundle on what everyone said, what became of it, and what the citizens drawn by lot decided."""

from collections.abc import Iterator

from sqlalchemy.orm import Session, joinedload

from deliberate.core.i18n import language
from deliberate.deliberation.ballots.queries import ballots
from deliberate.inputs.dossiers.printing import as_pdf, names_of_grid
from deliberate.inputs.dossiers.queries import dossiers_of
from deliberate.inputs.dossiers.reading import read
from deliberate.inputs.experience.queries import lessons_of
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating.queries import log_records
from deliberate.inputs.queries import told
from deliberate.inputs.synthesis.records import rounds_with_lines, synthesis_record
from deliberate.process.models import Process
from deliberate.publication.adoption.queries import adoptions
from deliberate.publication.adoption.rules import DECISIONS, KINDS
from deliberate.publication.coverage_pages import covered
from deliberate.publication.evidence.queries import published as published_evidence
from deliberate.publication.site.places import PER_PAGE
from deliberate.publication.site.rendering import Page, page
from deliberate.publication.words import VALUES


def listening_pages(session: Session, process: Process) -> Iterator[Page]:
    """Contributions and their answers, experiences, dossiers, coverage, ballots, the register of adoptions."""
    yield from _contributions(session, process)
    yield page("lessons", "lessons", lessons=lessons_of(session, process),
               evidence=session.scalars(published_evidence(process)).all())  # fmt: skip
    yield from _dossiers(session, process)
    held = [synthesis_record(session, process, number) for number in rounds_with_lines(session, process)]
    yield page("synthesis", "synthesis", rounds=held)
    yield page("moderation", "moderation", log=log_records(session, process))
    yield page("coverage", "coverage", found=covered(session, process))
    closed = [one for one in ballots(session, process) if one.closed_at is not None]
    yield page("ballots", "ballots", ballots=closed)
    yield page("adoptions", "adoptions", rows=adoptions(session, process), kinds=KINDS, decisions=DECISIONS)


def _dossiers(session: Session, process: Process) -> Iterator[Page]:
    """The dossiers on one page, and each of them to print."""
    readings = [read(session, one) for one in dossiers_of(session, process)]
    names = [names_of_grid(session, one.dossier) for one in readings]
    yield page("dossiers", "dossiers", readings=list(zip(readings, names, strict=True)), code=language())
    for reading, named in zip(readings, names, strict=True):
        path = f"dossiers/{reading.dossier.round}"
        yield f"{path}-{language()}.pdf", as_pdf(reading, f"{path}.json", named)


def _contributions(session: Session, process: Process) -> Iterator[Page]:
    query = told(process).order_by(Contribution.key)
    query = query.options(joinedload(Contribution.question), joinedload(Contribution.answer))
    found = session.scalars(query).unique().all()
    last = max(1, -(-len(found) // PER_PAGE))
    for number in range(1, last + 1):
        shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
        yield page(
            f"contributions-{number}", "contributions", found=shown, number=number, last=last, total=len(found),
            outcomes=VALUES["outcome"],
        )  # fmt: skip
