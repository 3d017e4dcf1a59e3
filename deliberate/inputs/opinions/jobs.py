"""What the worker runs: computing the map of a round from its votes."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from deliberate.core.database import begin_reading, lock
from deliberate.core.jobs import Job, Run
from deliberate.inputs.opinions import queries
from deliberate.inputs.opinions.computing import Computed, compute
from deliberate.inputs.opinions.models import OpinionMap
from deliberate.inputs.opinions.numbering import Row, numbered, votes_digest
from deliberate.inputs.opinions.publishing import map_document
from deliberate.inputs.opinions.rules import votes_public
from deliberate.journal.canonical import digest
from deliberate.people.rules import CLOCK
from deliberate.process.models import Process
from deliberate.process.record import note


def compute_map(run: Run) -> None:
    """Map the votes of a round as they are committed now, and keep the map in one transaction.

    Killed and taken up again it starts from the votes, so nothing of it can be half done. A job whose votes an earlier
    one has read already has nothing to do; one that another worker overtakes begins again on that one's map.
    """
    while not _mapped(run):
        run.session.rollback()


def _mapped(run: Run) -> bool:
    """Try once; False when another worker kept a map meanwhile."""
    session, of = run.session, run.payload["round"]
    begin_reading(session)
    process = session.get_one(Process, run.payload["process"])
    asked, last = session.get_one(Job, run.job_id), queries.latest(session, process, of)
    if last is not None and last.shown_at > asked.not_before:
        return True
    read_at = run.clock()
    closed = process.open_phase_over(of, read_at)
    rows = queries.rows_of(session, process, of)
    left_out, before, stamp = queries.left_out(session, process, of), queries.last_of(last), _stamp(last)
    session.commit()
    made = compute(rows, left_out, before, closed)
    fixed = votes_digest(numbered(rows)[0]) if closed else ""
    lock(session, process)
    last = queries.latest(session, process, of)
    if _stamp(last) != stamp:
        return False
    if made is None:
        session.execute(delete(OpinionMap).where(OpinionMap.process_id == process.id, OpinionMap.round == of))
    elif not (closed and last is not None and last.closed and last.reference == made.reference):
        kept = _keep(session, process, of, last, made, read_at, len(rows))
        if closed:
            _journal(run, process, kept, rows, fixed)
    return True


def _stamp(found: OpinionMap | None) -> tuple[int, datetime] | None:
    return (found.number, found.shown_at) if found else None


def _keep(
    session: Session,
    process: Process,
    round: int,
    last: OpinionMap | None,
    made: Computed,
    read_at: datetime,
    votes: int,
) -> OpinionMap:
    """The row of the last map with votes folded in, or a new one after it, which takes over what serves the next."""
    kept = last
    if kept is None or made.new:
        if last is not None:
            last.reference, last.display = {}, {}
        kept = OpinionMap(
            process_id=process.id,
            round=round,
            number=(last.number if last else 0) + 1,
            computed_at=read_at,
            votes=votes,
            extremity=made.extremity,
        )
        session.add(kept)
    kept.reference, kept.display = made.reference, made.display
    kept.picture, kept.report = made.picture, made.report
    kept.shown_at, kept.shown_votes = read_at, votes
    session.flush()
    return kept


def _journal(run: Run, process: Process, kept: OpinionMap, rows: list[Row], votes: str) -> None:
    """Fix the map of a closed round by its digest, and its votes by one that is not told where they are not public."""
    kept.closed = True
    kept.digest = digest("opinions", map_document(kept, rows))
    report = kept.report
    note(
        run.session,
        CLOCK,
        process,
        "map",
        kept.object,
        run.clock(),
        {"number": kept.number, "digest": kept.digest}
        | {name: report[name] for name in ("votes", "participants")}
        | {"groups": len(report["groups"]), "statements": len(report["statements"])},
        private={"votes": votes},
        person=f"opinions:{process.id}/{kept.round}",
        published=votes_public(process.protocol, report["participants"]),
    )
