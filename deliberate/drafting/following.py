"""What happens to pending amendments when the text under them changes: they follow it, or say why they cannot."""

from collections.abc import Iterable, Sequence

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
    # As they are now that the charter is held, not as they were when the page was read.
    session.flush()
    pending = queries.amendments(session, charter, *PENDING, fresh=True)
    drafts = session.scalars(select(Preparation).where(Preparation.charter_id == charter.id)).all()
    before = {
        parent.id: amended(parent.key, parent.operations, old)
        for parent in [*(one.amends for one in pending), *(draft.amends for draft in drafts)]
        if parent is not None and parent.state in ("adopted", *PENDING)
    }
    _follow([one for one in pending if one.amends is None], old, new, None, number)
    for parent, changes in _by_parent(pending):
        if parent.state == "adopted":
            _follow(changes, before[parent.id], new, None, number)
        elif parent.state in PENDING:
            _follow(changes, before[parent.id], amended(parent.key, parent.operations, new), parent, number)
        else:
            _strand_all(changes, parent)
    for draft in drafts:
        _follow_with(draft, old, new, before, number)
    session.flush()
    return [one.key for one in pending if one.state == "stranded"]


def follow_amendment(session: Session, parent: Amendment, before: Document, after: Document) -> None:
    """Carry the other changes proposed to an amendment over to its new words."""
    _follow(_open_changes(parent), before, after, parent, parent.base_number)
    for draft in session.scalars(select(Preparation).where(Preparation.amends_id == parent.id)):
        _save(draft, before, after)
    session.flush()


def strand_changes(parent: Amendment) -> None:
    """Changes to an amendment that is withdrawn or rejected have nothing to stand on any more."""
    _strand_all(_open_changes(parent), parent)


def strand(one: Amendment, problem: Problem) -> None:
    """Say why an amendment cannot follow. One that is being voted on is marked, and stranded when its ballot closes."""
    one.state = one.state if one.state == "ballot" else "stranded"
    one.problem = [problem.template, dict(problem.values)]


def _open_changes(parent: Amendment) -> list[Amendment]:
    return [one for one in parent.changes if one.state in ("proposed", "ballot")]


def _by_parent(pending: Iterable[Amendment]) -> Iterable[tuple[Amendment, list[Amendment]]]:
    changes: dict[Amendment, list[Amendment]] = {}
    for one in pending:
        if one.amends is not None:
            changes.setdefault(one.amends, []).append(one)
    return changes.items()


def _strand_all(changes: Iterable[Amendment], parent: Amendment) -> None:
    for one in changes:
        strand(one, Problem(DECIDED, {"amendment": parent.key}))


def _follow(
    amendments: Sequence[Amendment], old: Document, new: Document, parent: Amendment | None, number: int
) -> None:
    """Carry amendments to one text over together: what changed in it is looked for once."""
    carried = carry_over({one.key: one.operations for one in amendments}, old, new)
    for one in amendments:
        found = carried[one.key]
        if found.problem is not None:
            strand(one, found.problem)
            continue
        one.operations, one.base_number = found.operations, number
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
    else:  # what it changes is no more: neither are its changes
        draft.amends, draft.operations = None, []
        draft.lost = [*draft.lost, [DECIDED, {"amendment": parent.key}]]


def _save(draft: Preparation, before: Document, after: Document) -> None:
    """Keep the changes that still apply one after the other, and remember why the others do not."""
    kept, lost = saved(draft.operations, before, after)
    draft.operations = kept
    draft.lost = [*draft.lost, *([problem.template, dict(problem.values)] for problem in lost)]
