"""The difference between two charters: first by clause, through permanent ids, then by word.

``diff`` gives operations, ``changes`` a view for readers. Both read the same comparison of places.
"""

import itertools
from collections.abc import Container, Iterator, Sequence

from charters.comparing.order import longest_increasing
from charters.comparing.recognition import parts_of
from charters.draft import Draft, apply
from charters.model import WORDS, Charter, Clause
from charters.operations import Confirm, Describe, Insert, Join, Move, Operation, Replace, Split, Strike
from charters.problems import CharterError


def diff(old: Charter, new: Charter) -> tuple[Operation, ...]:
    """Operations that lead from one charter to the other: ``apply(old, diff(old, new)) == new``.

    Splits and joins come first, then inserts and moves in reading order, strikes, changes of words, and
    confirmations of languages. Raises CharterError when they are two charters rather than two versions.
    """
    if old.id != new.id:
        raise CharterError(
            "These are two charters, %(old)s and %(new)s, not two versions of one.", old=old.id, new=new.id
        )
    steps = _Steps(old)
    steps.split_and_join(new)
    steps.place(new)
    steps.words(new)
    steps.describe(new)
    done = {clause.id: clause for clause, _parent, _depth in apply(old, steps.operations).walk()}
    languages = [step for clause, _p, _d in new.walk() for step in _confirmations(done[clause.id], clause)]
    return tuple(steps.operations + languages)


def steady(before: Sequence[str], after: Sequence[str], moved: Container[str] = ()) -> set[str]:
    """Siblings that keep their order: the longest run of ids found in both sequences in the same order.

    Ids in ``moved`` are taken as the ones that moved wherever the order leaves a choice.
    """
    place = {name: n for n, name in enumerate(before)}
    common = [name for name in after if name in place]
    kept = [before[n] for n in longest_increasing([place[name] for name in common if name not in moved])]
    for name in common:
        if name in moved and _fits(name, kept, common, place):
            kept.append(name)
            kept.sort(key=place.__getitem__)
    return set(kept)


def _fits(name: str, kept: list[str], common: list[str], place: dict[str, int]) -> bool:
    position = {other: n for n, other in enumerate(common)}
    return all((place[name] < place[other]) == (position[name] < position[other]) for other in kept)


class _Steps:
    """The operations found so far and the charter as they leave it."""

    def __init__(self, old: Charter) -> None:
        self.draft = Draft(old)
        self.operations: list[Operation] = []

    def take(self, operation: Operation) -> None:
        self.draft.apply(operation)
        self.operations.append(operation)

    def split_and_join(self, new: Charter) -> None:
        after = Draft(new)
        for parent, siblings in after.children.items():
            if parent is None or parent in self.draft.clauses:
                for first, fresh in _followed(siblings, self.draft.clauses):
                    self._try_split(after, first, fresh)
        for siblings in list(self.draft.children.values()):
            for first, gone in _followed(list(siblings), after.clauses):
                self._try_join(after, first, gone)

    def _try_split(self, after: Draft, first: str, fresh: Sequence[str]) -> None:
        whole = self.draft.clauses[first]
        others = [after.clauses[name] for name in fresh]
        same_kind = list(itertools.takewhile(lambda other: other.kind == whole.kind, others))
        if count := parts_of(whole, after.clauses[first], same_kind):
            parts = [after.clauses[first], *others[:count]]
            langs = sorted({lang for part in parts[1:] for lang in part.text})
            texts = {lang: tuple(part.text.get(lang, "") for part in parts) for lang in langs}
            self.take(Split(first, texts, tuple(part.id for part in parts[1:])))

    def _try_join(self, after: Draft, first: str, gone: Sequence[str]) -> None:
        whole = after.clauses[first]
        others = [self.draft.clauses[name] for name in gone]
        if count := parts_of(whole, self.draft.clauses[first], others):
            self.take(Join((first, *gone[:count]), dict(sorted(whole.text.items()))))

    def place(self, new: Charter) -> None:
        after = Draft(new)
        for clause, _parent, _depth in [(None, None, 0), *new.walk()]:
            parent = clause.id if clause else None
            wanted = after.children[parent]
            kept = steady([name for name in self.draft.children[parent] if name in after.clauses], wanted)
            previous: str | None = None
            for name in wanted:
                if name not in self.draft.clauses:
                    self.take(Insert(parent, previous, after.clauses[name]))
                elif name not in kept:
                    self.take(Move(name, parent, previous))
                previous = name
        for name in list(self.draft.clauses):
            if name in self.draft.clauses and name not in after.clauses:
                self.take(Strike(self._top_struck(name, after)))

    def _top_struck(self, name: str, after: Draft) -> str:
        above = [other for other in self.draft.ancestors(name) if other not in after.clauses]
        return above[-1] if above else name

    def words(self, new: Charter) -> None:
        for clause, _parent, _depth in new.walk():
            for change in replacements(self.draft.clauses[clause.id], clause):
                self.take(change)

    def describe(self, new: Charter) -> None:
        title = self.draft.title
        for lang in sorted(set(title) | set(new.title)):
            if title.get(lang) != new.title.get(lang):
                self.take(Describe(lang, new.title.get(lang, "")))
        if self.draft.theme != new.theme:
            self.take(Describe(theme=new.theme))
        if self.draft.preamble != new.preamble:
            self.take(Describe(preamble=new.preamble, no_preamble=new.preamble is None))


def _followed(siblings: Sequence[str], known: Container[str]) -> Iterator[tuple[str, list[str]]]:
    """Each known clause that is followed by unknown ones, with those up to the next known one."""
    first: str | None = None
    run: list[str] = []
    for name in siblings:
        if name not in known:
            run.append(name)
            continue
        if first is not None and run:
            yield first, run
        first, run = name, []
    if first is not None and run:
        yield first, run


def replacements(old: Clause, new: Clause) -> list[Replace]:
    """The changes of words, kind, addressees and references between two states of a clause."""
    found: list[Replace] = []
    langs = {lang for side in (old, new) for lang in side.languages | set(side.note)}
    for lang in sorted(langs):
        words = {
            name: getattr(new, name).get(lang, "")
            for name in WORDS
            if getattr(new, name).get(lang) != getattr(old, name).get(lang)
        }
        if words:
            found.append(Replace(new.id, lang, **words))
    rest = Replace(
        new.id,
        kind=None if old.kind == new.kind else new.kind,
        commits=None if old.commits == new.commits else new.commits,
        references=None if old.references == new.references else new.references,
    )
    return found if rest == Replace(new.id) else [*found, rest]


def _confirmations(done: Clause, wanted: Clause) -> list[Operation]:
    differing = sorted(set(done.stale) ^ set(wanted.stale))
    return [Confirm(wanted.id, lang, lang not in wanted.stale) for lang in differing]
