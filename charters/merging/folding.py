"""Amendments to amendments, folded into those they change.

A change of an amendment is written on the text as that amendment would leave it. Accepted changes are merged
there, in whatever order they come, and become part of the amendment. This goes one level down: what would be a
change of a change is written as another change of the amendment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from charters.amendment import Amendment
from charters.comparing.comparison import diff
from charters.draft import apply
from charters.merging.compaction import compact
from charters.merging.conflicts import Conflict, Resolution
from charters.merging.merge import in_order, merge
from charters.model import Charter
from charters.operations import Operation
from charters.problems import CharterError


@dataclass(frozen=True)
class Amended:
    """``amendment`` with its changes in it, or None and the ``conflicts`` among the changes."""

    amendment: Amendment | None
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True)
class Folded:
    """``amendments`` to the text, with their changes in them where these are not in conflict."""

    amendments: tuple[Amendment, ...]
    conflicts: tuple[Conflict, ...] = ()


def amended(
    base: Charter, amendment: Amendment, changes: Iterable[Amendment], resolutions: Sequence[Resolution] = ()
) -> Amended:
    """Fold accepted changes into the amendment that they change.

    ``base`` is the text that ``amendment`` changes. The result keeps id, author, reason and base; it answers
    what the amendment and its changes answer. Raises CharterError for a change of another amendment, of a
    change, or of another state of the amendment.
    """
    ordered = in_order(changes)
    for change in ordered:
        _check_level(change, amendment)
    text = apply(base, amendment.operations)
    outcome = merge(text, [replace(change, amends="") for change in ordered], resolutions)
    if outcome.charter is None:
        return Amended(None, outcome.conflicts)
    return Amended(replace(
        amendment,
        operations=_together(base, amendment, ordered, text, outcome.charter),
        answers=tuple(dict.fromkeys(answer for one in (amendment, *ordered) for answer in one.answers)),
    ))  # fmt: skip


def folded(base: Charter, amendments: Iterable[Amendment]) -> Folded:
    """Fold every amendment to an amendment into the one that it changes, which must be among them."""
    ordered = in_order(amendments)
    by_id = {one.id: one for one in ordered}
    changes: dict[str, list[Amendment]] = {}
    for one in ordered:
        if one.amends and one.amends not in by_id:
            raise CharterError(
                "Amendment %(amendment)s changes amendment %(amends)s, which is not among those given.",
                amendment=one.id, amends=one.amends,
            )  # fmt: skip
        if one.amends:
            _check_level(one, by_id[one.amends])
            changes.setdefault(one.amends, []).append(one)
    results = {name: amended(base, by_id[name], some) for name, some in changes.items()}
    whole = [
        results[one.id].amendment or one if one.id in results else one for one in ordered if not one.amends
    ]
    conflicts = (conflict for result in results.values() for conflict in result.conflicts)
    return Folded(tuple(whole), tuple(conflicts))


def _check_level(change: Amendment, amendment: Amendment) -> None:
    if amendment.amends:
        raise CharterError(
            "Amendment %(amendment)s changes amendment %(amends)s, which is itself a change of %(parent)s. "
            "Amend %(parent)s instead.",
            amendment=change.id, amends=amendment.id, parent=amendment.amends,
        )  # fmt: skip
    if change.amends != amendment.id:
        raise CharterError(
            "Amendment %(amendment)s is not a change of amendment %(amends)s.",
            amendment=change.id, amends=amendment.id,
        )  # fmt: skip


def _together(
    base: Charter, amendment: Amendment, changes: Sequence[Amendment], text: Charter, wanted: Charter
) -> tuple[Operation, ...]:
    """Operations of the amendment and its changes; marks of languages that wait are said as they end."""
    own = changes[0].operations if len(changes) == 1 else ()
    steps = own if own and apply(text, own) == wanted else diff(text, wanted)
    operations = compact((*amendment.operations, *steps))
    return (*operations, *diff(apply(base, operations), wanted))
