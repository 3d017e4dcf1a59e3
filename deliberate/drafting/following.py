"""What happens to pending amendments when the text under them changes: they follow it, or say why they cannot."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from charters.model import Charter as Document
from charters.problems import Problem
from deliberate.core.errors import N_
from deliberate.drafting import queries
from deliberate.drafting.models import PENDING, Amendment, Charter, Preparation
from deliberate.drafting.rules import amended, carry_over, saved

DECIDED = N_("Amendment %(amendment)s, which it changes, was withdrawn or rejected.")


def follow_version(
    session: Session, charter: Charter, old: Document, new: Document, number: int
) -> list[str]:
    """Carry what is pending over to a new version; returns the keys of those that cannot follow.

    Changes to an amendment that became part of the version become amendments of their own.
    """
    pending = queries.amendments(session, charter, *PENDING)
    drafts = session.scalars(select(Preparation).where(Preparation.charter_id == charter.id)).all()
    before = {
        parent.id: amended(parent.key, parent.operations, old)
        for parent in [*(one.amends for one in pending), *(draft.amends for draft in drafts)]
        if parent is not None and parent.state in ("adopted", *PENDING)
    }
    for one in pending:
        if one.amends is None:
            _follow(one, old, new, None, number)
    for one in pending:
        if (parent := one.amends) is None:
            continue
        if parent.state == "adopted":
            _follow(one, before[parent.id], new, None, number)
        elif parent.state in PENDING:
            with_parent = amended(parent.key, parent.operations, new)
            _follow(one, before[parent.id], with_parent, parent, number)
        else:
            strand(one, Problem(DECIDED, {"amendment": parent.key}))
    for draft in drafts:
        _follow_with(draft, old, new, before, number)
    session.flush()
    return [one.key for one in pending if one.state == "stranded"]


def follow_amendment(session: Session, parent: Amendment, before: Document, after: Document) -> None:
    """Carry the other changes proposed to an amendment over to its new words."""
    for one in parent.changes:
        if one.state in ("proposed", "ballot"):
            _follow(one, before, after, parent, parent.base_number)
    for draft in session.scalars(select(Preparation).where(Preparation.amends_id == parent.id)):
        _save(draft, before, after)
    session.flush()


def strand_changes(parent: Amendment) -> None:
    """Changes to an amendment that is withdrawn or rejected have nothing to stand on any more."""
    for one in parent.changes:
        if one.state in ("proposed", "ballot"):
            strand(one, Problem(DECIDED, {"amendment": parent.key}))


def strand(one: Amendment, problem: Problem) -> None:
    """Say why an amendment cannot follow. One that is being voted on is marked, and stranded when its ballot closes."""
    one.state = one.state if one.state == "ballot" else "stranded"
    one.problem = [problem.template, dict(problem.values)]


def _follow(one: Amendment, old: Document, new: Document, parent: Amendment | None, number: int) -> None:
    carried = carry_over(one.key, one.operations, old, new)
    if carried.problem is not None:
        strand(one, carried.problem)
        return
    one.operations, one.base_number = carried.operations, number
    one.amends, one.onto = parent, None if parent is None else list(parent.operations)


def _follow_with(
    draft: Preparation, old: Document, new: Document, before: dict[int, Document], number: int
) -> None:
    """An amendment in preparation follows the version, or the amendment that it changes."""
    draft.base_number = number
    parent = draft.amends
    if parent is None:
        _save(draft, old, new)
    elif parent.state == "adopted":
        draft.amends = None
        _save(draft, before[parent.id], new)
    elif parent.state in PENDING:
        _save(draft, before[parent.id], amended(parent.key, parent.operations, new))


def _save(draft: Preparation, before: Document, after: Document) -> None:
    """Keep the changes that still apply one after the other, and remember why the others do not."""
    kept, lost = saved(draft.operations, before, after)
    draft.operations = kept
    draft.lost = [*draft.lost, *([problem.template, dict(problem.values)] for problem in lost)]
