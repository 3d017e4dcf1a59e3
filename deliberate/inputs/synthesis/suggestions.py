"""Which words say something near what stands on a line: suggestions that a person decides on."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.inputs.models import Contribution
from deliberate.inputs.similarity import similar, similar_to_each
from deliberate.inputs.synthesis.models import Placement, SynthesisLine
from deliberate.process.models import Process

# Texts of a line that others are compared with: enough to know it by.
SAMPLE = 100


def lines_like(session: Session, process: Process, contribution: Contribution, most: int = 3) -> list[str]:
    """The keys of the lines on which words most like these stand, the likest first."""
    query = (
        select(Placement.id, SynthesisLine.key, Contribution.text)
        .join(SynthesisLine, SynthesisLine.id == Placement.line_id)
        .join(Contribution, Contribution.id == Placement.contribution_id)
        .where(
            SynthesisLine.process_id == process.id,
            SynthesisLine.round == contribution.round,
            Contribution.state == "published",
            Contribution.id != contribution.id,
        )
    )
    rows = session.execute(query).all()
    lines = {str(number): key for number, key, _ in rows}
    texts = {str(number): text for number, _, text in rows}
    near = similar(contribution.text, texts | _lines(session, process, contribution.round), most=4 * most)
    return list(dict.fromkeys(lines.get(name, name) for name, _ in near))[:most]


def _lines(session: Session, process: Process, round: int) -> dict[str, str]:
    query = select(SynthesisLine).where(
        SynthesisLine.process_id == process.id,
        SynthesisLine.round == round,
        SynthesisLine.retired_at.is_(None),
    )
    return {one.key: " ".join(one.text.values()) for one in session.scalars(query)}


def like_line(line: SynthesisLine, candidates: Mapping[str, str], most: int = 100) -> list[str]:
    """The keys of those candidates (key → text) that are like what stands on a line, the likest first."""
    standing = {
        f"on:{one.contribution.key}": one.contribution.text
        for one in line.placements[-SAMPLE:]
        if one.contribution.state == "published"
    }
    near = similar_to_each(standing | {"line": " ".join(line.text.values())}, candidates, most=most)
    shares: dict[str, float] = {}
    for found in near.values():
        for key, share in found:
            shares[key] = max(share, shares.get(key, 0.0))
    return sorted(shares, key=lambda key: (-shares[key], key))[:most]
