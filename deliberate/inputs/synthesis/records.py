"""The synthesis of a round as plain data: for programs, and for the bundle that anyone can verify."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.inputs.dossiers.queries import dossier
from deliberate.inputs.queries import kept_back
from deliberate.inputs.synthesis import gathering, queries
from deliberate.inputs.synthesis.ancestry import heirs
from deliberate.inputs.synthesis.categories import Table
from deliberate.inputs.synthesis.models import SynthesisLine, WordingProposal
from deliberate.process.models import Process


def synthesis_record(session: Session, process: Process, round: int) -> dict[str, Any]:
    """The synthesis of a round: its grid, its lines, those that are no longer in force and where they went, the
    wordings proposed, and the tables by category of its settled dossier."""
    former = _former(session, process, round)
    return {
        "process": process.slug,
        "round": round,
        "grid": {
            "number": queries.grid_number(session, process),
            "rows": queries.grid_rows(session, process),
        },
        "coverage": gathering.figures(session, process, round),
        "lines": [
            queries.as_record(process, one) for one in queries.opened_lines_of(session, process, round)
        ],
        "former_lines": [
            {"key": one.key, "text": one.text, "now": [heir.key for heir in heirs(session, one)]}
            for one in former
        ],
        "wordings": [_wording(one) for one in _proposed(session, process, round)],
        "by_category": settled_tables(session, process, round),
    }


def rounds_with_lines(session: Session, process: Process) -> list[int]:
    """The rounds whose synthesis may be published: those with lines, but for one whose answers are kept back."""
    query = select(SynthesisLine.round).where(SynthesisLine.process_id == process.id).distinct()
    hidden = kept_back(process)
    return [number for number in sorted(session.scalars(query)) if number != hidden]


def keys_of_lines(session: Session, process: Process) -> frozenset[str]:
    """The keys of the lines of these rounds, in force or not: every one has its place in a bundle."""
    query = select(SynthesisLine.key).where(
        SynthesisLine.process_id == process.id,
        SynthesisLine.round.in_(rounds_with_lines(session, process)),
    )
    return frozenset(session.scalars(query))


def settled_tables(session: Session, process: Process, round: int) -> Mapping[str, Table]:
    """The tables by category that everyone may see: those that the dossier of the round was settled with."""
    settled = dossier(session, process, round)
    found = settled.content.get("by_category", []) if settled is not None else []
    return {one["category"]: _table(one["rows"]) for one in found}


def _table(rows: list[dict[str, Any]]) -> Table:
    """A table as a dossier holds it: what people call themselves is no key there."""
    return {row["dimension"]: {cell["value"]: cell["people"] for cell in row["cells"]} for row in rows}


def _former(session: Session, process: Process, round: int) -> list[SynthesisLine]:
    query = select(SynthesisLine).where(
        SynthesisLine.process_id == process.id,
        SynthesisLine.round == round,
        SynthesisLine.retired_at.is_not(None),
    )
    return list(session.scalars(query.order_by(SynthesisLine.id)))


def _proposed(session: Session, process: Process, round: int) -> list[WordingProposal]:
    query = select(WordingProposal).where(
        WordingProposal.process_id == process.id,
        WordingProposal.round == round,
        WordingProposal.state == "published",
    )
    return list(session.scalars(query.order_by(WordingProposal.id)))


def _wording(one: WordingProposal) -> dict[str, Any]:
    return {
        "key": one.key,
        "line": one.line.key,
        "wording": one.wording,
        "text": one.text,
        "why": one.why,
        "language": one.language,
        "outcome": one.outcome,
        "answer": one.answer,
    }
