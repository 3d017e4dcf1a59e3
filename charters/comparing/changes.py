"""The readable view of the difference between two charters, clause by clause, in one language.

``compare`` is the one structure that pages, the command line and prints show; ``statuses`` says only what
became of each clause, whatever the language.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from charters.comparing.comparison import diff
from charters.comparing.readable import Segment, altered, segments, sides, typographic
from charters.draft import Draft
from charters.model import Charter, Clause
from charters.operations import Join, Move, Operation, Split

Status = Literal["inserted", "struck", "split", "joined", "changed", "moved", "unchanged"]
Doubt = Literal["", "stale", "confirmed"]
STATUSES: tuple[Status, ...] = ("inserted", "changed", "split", "joined", "moved", "struck", "unchanged")
_FIELDS = ("kind", "commits", "references", "note")


@dataclass(frozen=True)
class Change:
    """What became of one clause. ``new`` is None for a struck clause, ``old`` for an inserted one.

    ``others``: for a split, the ids of all its parts; for a join, of all that were joined. ``fields``:
    what changed besides words (kind, commits, references, note). ``moved`` may come with any status.
    ``doubt``: whether the language shown now awaits confirmation ("stale") or was confirmed.
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
    note: tuple[Segment, ...] = ()
    doubt: Doubt = ""

    @property
    def untouched(self) -> bool:
        """Whether there is nothing to show: not changed, not moved, neither doubted nor confirmed."""
        return self.status == "unchanged" and not self.moved and not self.doubt

    @property
    def typographic(self) -> bool:
        """Whether spaces, apostrophes, hyphens or quotation marks are all that changed."""
        if self.status != "changed" or self.fields:
            return False
        before, after = sides((*self.heading, ("equal", "\n"), *self.text))
        return typographic("".join(text for _, text in before), "".join(text for _, text in after))


@dataclass(frozen=True)
class Fold:
    """Clauses that follow one another and did not change, left out of the view."""

    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """``title``: the charter's own title; ``described``: which of "theme" and "preamble" changed.

    ``figures``: clauses by status, those with none left out; "moved" counts all that moved, changed or not.
    """

    lang: str
    title: tuple[Segment, ...]
    described: tuple[str, ...]
    parts: tuple[Change | Fold, ...]
    figures: Mapping[str, int]

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(part for part in self.parts if isinstance(part, Change))

    @property
    def same(self) -> bool:
        """Whether there is nothing to show in this language."""
        shown = any(not change.untouched for change in self.changes)
        return not (shown or self.described or altered(self.title))


def compare(old: Charter, new: Charter, lang: str, context: int = 0) -> Comparison:
    """What changed, with unchanged clauses folded but for ``context`` of them on each side of a change."""
    found = changes(old, new, lang)
    figures = Counter("moved" if change.moved else change.status for change in found)
    figures.update(change.status for change in found if change.moved and change.status != "moved")
    described = tuple(name for name in ("theme", "preamble") if getattr(old, name) != getattr(new, name))
    return Comparison(
        lang, tuple(segments(old.title.get(lang, ""), new.title.get(lang, ""))), described,
        tuple(_folded(found, context)), {name: figures[name] for name in STATUSES if figures[name]},
    )  # fmt: skip


def changes(old: Charter, new: Charter, lang: str) -> list[Change]:
    """One change per clause of either charter, in the order of ``new``; a struck clause follows the
    clause it used to follow. Words of a split or joined clause are compared with the words they come from.
    """
    view = _View(old, new, diff(old, new))
    return [view.change(clause_id, lang) for clause_id in view.order]


def statuses(old: Charter, new: Charter) -> dict[str, Status]:
    """What became of each clause of either charter, in any language, in the order of ``changes``."""
    view = _View(old, new, diff(old, new))
    return {clause_id: view.status(clause_id) for clause_id in view.order}


class _View:
    """Two charters and the operations that lead from one to the other."""

    def __init__(self, old: Charter, new: Charter, steps: Sequence[Operation]) -> None:
        self.before, self.after = Draft(old), Draft(new)
        self.old, self.new = self.before.clauses, self.after.clauses
        self.moved = {step.clause for step in steps if isinstance(step, Move)}
        self.groups = groups(steps)

    @cached_property
    def order(self) -> list[str]:
        """Every clause in the order of the new charter, a struck one after the clause it used to follow."""
        trailing: dict[str | None, list[str]] = {}
        anchor: str | None = None
        for clause_id in _reading_order(self.before):
            if clause_id in self.new:
                anchor = clause_id
            else:
                trailing.setdefault(anchor, []).append(clause_id)
        kept = [[name, *trailing.get(name, [])] for name in _reading_order(self.after)]
        return [*trailing.get(None, []), *(name for run in kept for name in run)]

    def status(self, clause_id: str) -> Status:
        old, new = self.old.get(clause_id), self.new.get(clause_id)
        if clause_id in self.groups:
            return self.groups[clause_id][0]
        return status_of(old, new, old != new, clause_id in self.moved)

    def change(self, clause_id: str, lang: str) -> Change:
        old, new = self.old.get(clause_id), self.new.get(clause_id)
        status, others = self.groups.get(clause_id, (None, ()))
        fields = tuple(name for name in _FIELDS if old and new and getattr(old, name) != getattr(new, name))
        heading, note = words_of(old, new, "heading", lang), words_of(old, new, "note", lang)
        text = grouped_text(self.old, self.new, clause_id, others, lang)
        reworded = altered(heading + text)
        moved = clause_id in self.moved
        draft = self.after if new else self.before
        return Change(
            clause_id, status or status_of(old, new, bool(fields) or reworded, moved),
            1 + sum(1 for _ in draft.ancestors(clause_id)), old, new, heading, text, moved, others, fields,
            note, doubt(old, new, lang),
        )  # fmt: skip


def groups(steps: Sequence[Operation]) -> dict[str, tuple[Status, tuple[str, ...]]]:
    """The clauses that operations split or joined, each with its status and the ids of all concerned."""
    found: dict[str, tuple[Status, tuple[str, ...]]] = {}
    for step in steps:
        if isinstance(step, Split | Join):
            ids = (step.clause, *step.ids) if isinstance(step, Split) else step.clauses
            status: Status = "split" if isinstance(step, Split) else "joined"
            known = [name for each in ids for name in found.get(each, (status, (each,)))[1]]
            found |= dict.fromkeys(known, (status, tuple(dict.fromkeys(known))))
    return found


def words_of(old: Clause | None, new: Clause | None, field: str, lang: str) -> tuple[Segment, ...]:
    """The pieces of a heading, text or note between two states of a clause."""
    return tuple(segments(_words(old, field, lang), _words(new, field, lang)))


def grouped_text(
    old: Mapping[str, Clause], new: Mapping[str, Clause], clause_id: str, ids: Sequence[str], lang: str
) -> tuple[Segment, ...]:
    """The pieces of a text; for a split or a join, its share in the comparison of all words concerned.

    ``ids``: those of the split or join, else empty. A clause joined into another one has no share.
    """
    if not ids:
        return words_of(old.get(clause_id), new.get(clause_id), "text", lang)
    if clause_id not in new:
        return ()
    before = " ".join(filter(None, (_words(old.get(other), "text", lang) for other in ids)))
    parts = {other: _words(new.get(other), "text", lang) for other in ids}
    return tuple(_share(segments(before, " ".join(filter(None, parts.values()))), parts, clause_id))


def doubt(old: Clause | None, new: Clause | None, lang: str) -> Doubt:
    """Whether a language began to wait for confirmation, or was confirmed."""
    before, after = (lang in clause.stale if clause else False for clause in (old, new))
    if new is None or before == after:
        return ""
    return "stale" if after else "confirmed"


def status_of(old: Clause | None, new: Clause | None, changed: bool, moved: bool) -> Status:
    """What became of a clause that was neither split nor joined."""
    if old is None:
        return "inserted"
    if new is None:
        return "struck"
    if changed:
        return "changed"
    return "moved" if moved else "unchanged"


def _folded(found: Sequence[Change], context: int) -> Iterator[Change | Fold]:
    touched = [n for n, change in enumerate(found) if not change.untouched]
    shown = {near for n in touched for near in range(n - context, n + context + 1)}
    fold: list[str] = []
    for n, change in enumerate(found):
        if n not in shown:
            fold.append(change.clause)
            continue
        if fold:
            yield Fold(tuple(fold))
            fold = []
        yield change
    if fold:
        yield Fold(tuple(fold))


def _reading_order(draft: Draft) -> Iterator[str]:
    stack = list(reversed(draft.children[None]))
    while stack:
        name = stack.pop()
        yield name
        stack.extend(reversed(draft.children[name]))


def _share(pieces: Sequence[Segment], parts: Mapping[str, str], clause_id: str) -> list[Segment]:
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
