"""The readable view of the difference between two charters, clause by clause, in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from charters.comparison import diff
from charters.draft import Draft
from charters.model import Charter, Clause
from charters.operations import Join, Move, Operation, Split
from charters.readable import Segment, segments

Status = Literal["inserted", "struck", "split", "joined", "changed", "moved", "unchanged"]


@dataclass(frozen=True)
class Change:
    """What became of one clause. ``new`` is None for a struck clause, ``old`` for an inserted one.

    ``others``: for a split, the ids of all its parts; for a join, of all that were joined. ``fields``:
    what changed besides words (kind, commits, references, note). ``moved`` may come with any status.
    """

    clause: str
    status: Status
    depth: int
    old: Clause | None
    new: Clause | None
    heading: tuple[Segment, ...]
    text: tuple[Segment, ...]
    moved: bool = False
    others: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


def changes(old: Charter, new: Charter, lang: str) -> list[Change]:
    """One change per clause of either charter, in the order of ``new``; a struck clause follows the
    clause it used to follow. Words of a split or joined clause are compared with the words they come from.
    """
    steps = diff(old, new)
    before, after = Draft(old), Draft(new)
    view = _View(before, after, steps, lang)
    order = [clause.id for clause, _parent, _depth in new.walk()]
    at = 0
    for clause, _parent, _depth in old.walk():
        if clause.id in after.clauses:
            at = order.index(clause.id) + 1
        else:
            order.insert(at, clause.id)
            at += 1
    return [view.change(clause_id) for clause_id in order]


class _View:
    def __init__(self, before: Draft, after: Draft, steps: Sequence[Operation], lang: str) -> None:
        self.before, self.after, self.lang = before, after, lang
        self.moved = {step.clause for step in steps if isinstance(step, Move)}
        self.groups: dict[str, tuple[Status, tuple[str, ...]]] = {}
        for step in steps:
            if isinstance(step, Split):
                self._group("split", (step.clause, *step.ids))
            elif isinstance(step, Join):
                self._group("joined", step.clauses)

    def _group(self, status: Status, ids: tuple[str, ...]) -> None:
        known = [clause_id for each in ids for clause_id in self.groups.get(each, (status, (each,)))[1]]
        for clause_id in known:
            self.groups[clause_id] = (status, tuple(dict.fromkeys(known)))

    def change(self, clause_id: str) -> Change:
        old, new = self.before.clauses.get(clause_id), self.after.clauses.get(clause_id)
        status, others = self.groups.get(clause_id, (None, ()))
        fields = tuple(name for name in ("kind", "commits", "references", "note") if _differ(old, new, name))
        heading = self._segments(old, new, "heading")
        text = tuple(self._grouped_text(clause_id, others)) if status else self._segments(old, new, "text")
        moved = clause_id in self.moved
        draft = self.after if new else self.before
        return Change(
            clause_id, status or self._status(old, new, heading + text, fields, moved),
            1 + sum(1 for _ in draft.ancestors(clause_id)), old, new, heading, text, moved, others, fields,
        )  # fmt: skip

    def _status(
        self,
        old: Clause | None,
        new: Clause | None,
        words: tuple[Segment, ...],
        fields: tuple[str, ...],
        moved: bool,
    ) -> Status:
        if old is None:
            return "inserted"
        if new is None:
            return "struck"
        if fields or any(tag != "equal" for tag, _ in words):
            return "changed"
        return "moved" if moved else "unchanged"

    def _segments(self, old: Clause | None, new: Clause | None, field: str) -> tuple[Segment, ...]:
        return tuple(segments(_words(old, field, self.lang), _words(new, field, self.lang)))

    def _grouped_text(self, clause_id: str, ids: tuple[str, ...]) -> list[Segment]:
        """The share of a clause in the comparison of all the words of its group."""
        if clause_id not in self.after.clauses:
            return []
        old = " ".join(
            filter(None, (_words(self.before.clauses.get(other), "text", self.lang) for other in ids))
        )
        parts = {other: _words(self.after.clauses.get(other), "text", self.lang) for other in ids}
        return share(segments(old, " ".join(filter(None, parts.values()))), parts, clause_id)


def share(pieces: Sequence[Segment], parts: Mapping[str, str], clause_id: str) -> list[Segment]:
    """The pieces that fall into one of several new texts put end to end, with one space between them."""
    start = 0
    for other, text in parts.items():
        if other == clause_id:
            break
        start += len(text) + 1 if text else 0
    end = start + len(parts[clause_id])
    found: list[Segment] = []
    at = 0
    for tag, text in pieces:
        if tag == "delete":
            if start <= at < end or at == end == start:
                found.append((tag, text))
            continue
        inside = text[max(0, start - at) : max(0, end - at)]
        found += [(tag, inside)] if inside else []
        at += len(text)
    return found


def _words(clause: Clause | None, field: str, lang: str) -> str:
    return str(getattr(clause, field).get(lang, "")) if clause else ""


def _differ(old: Clause | None, new: Clause | None, name: str) -> bool:
    return old is not None and new is not None and getattr(old, name) != getattr(new, name)
