"""Reading which line came from which, and in which lines one that is no longer in force lives on."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from deliberate.inputs.synthesis.models import LineAncestry, Reshaping, SynthesisLine


def reshapings_of(session: Session, line: SynthesisLine) -> Sequence[Reshaping]:
    """The splits and merges that a line came from or went into, oldest first, undone ones too."""
    theirs = select(LineAncestry.reshaping_id).where(
        or_(LineAncestry.parent_id == line.id, LineAncestry.child_id == line.id)
    )
    return session.scalars(
        select(Reshaping)
        .where(Reshaping.id.in_(theirs))
        .order_by(Reshaping.id)
        .options(
            selectinload(Reshaping.ancestries).selectinload(LineAncestry.parent),
            selectinload(Reshaping.ancestries).selectinload(LineAncestry.child),
        )
    ).all()


def heirs(session: Session, line: SynthesisLine) -> list[SynthesisLine]:
    """The lines in force in which a line lives on: itself, or what it was split into, merged into, or gave back."""
    found: dict[int, SynthesisLine] = {}
    seen: set[int] = set()
    waiting = [line]
    while waiting:
        one = waiting.pop()
        if one.id in seen:
            continue
        seen.add(one.id)
        if one.retired_at is None:
            found[one.id] = one
            continue
        for reshaping in reshapings_of(session, one):
            for link in reshaping.ancestries:
                if reshaping.undone_at is None and link.parent_id == one.id:
                    waiting.append(link.child)
                elif reshaping.undone_at is not None and link.child_id == one.id:
                    waiting.append(link.parent)
    return [found[number] for number in sorted(found)]


def origins(session: Session, line: SynthesisLine) -> list[SynthesisLine]:
    """The lines that a line was made of, all the way back, the nearest first."""
    found: dict[int, SynthesisLine] = {}
    waiting = [line]
    while waiting:
        one = waiting.pop(0)
        for reshaping in reshapings_of(session, one):
            for link in reshaping.ancestries:
                if link.child_id == one.id and reshaping.undone_at is None and link.parent_id not in found:
                    found[link.parent_id] = link.parent
                    waiting.append(link.parent)
    return list(found.values())
