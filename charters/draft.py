"""A charter taken apart so that operations can change it, and put together again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from charters.model import (
    MAX_DEPTH,
    Charter,
    Clause,
    Inclusion,
    Texts,
    checked_text,
    kept_texts,
    normal_line,
)
from charters.operations import (
    Confirm,
    Describe,
    Insert,
    Join,
    Move,
    Operation,
    Replace,
    Split,
    Strike,
    check_join,
)  # fmt: skip
from charters.overlay import Overlay
from charters.problems import CharterError


def apply(charter: Charter, operations: Iterable[Operation]) -> Charter:
    """Apply operations one after the other; raises CharterError when one cannot be applied.

    Languages: when the words of a clause change in one language, its other languages are marked stale,
    except those changed by the same operations. Confirm has the last word.
    """
    return applied(charter, operations).charter()


def applied(charter: Charter, operations: Iterable[Operation]) -> "Draft":
    """The draft that operations lead to; raises CharterError as ``apply`` does."""
    draft = Draft(charter)
    for operation in operations:
        draft.apply(operation)
    draft.mark_stale()
    draft.check()
    return draft


class Draft:
    """The clauses by id, without those below them, and the order of the clauses under each parent.

    It rests on the index of the charter and keeps its own changes apart, so that making one costs nothing.
    """

    def __init__(self, charter: Charter) -> None:
        self.base = charter
        self.id = charter.id
        self.title: Texts = charter.title
        self.theme: str = charter.theme
        self.preamble: Inclusion | None = charter.preamble
        self.clauses = Overlay(charter.index.bare)
        self.parent = Overlay(charter.index.parent)
        self.children = Overlay(charter.index.children)
        self._unchecked: set[tuple[str, str]] = set()
        self._confirmed: dict[tuple[str, str], bool] = {}

    def charter(self) -> Charter:
        """The charter as it stands; parts that nothing touched are those of the charter it began as."""
        touched: set[str | None] = set()
        for name in [*self.clauses.own, *self.children.own]:
            if name is None or name in self.clauses:
                touched |= {name, *self.ancestors(name)} if name else {name}
        clauses = tuple(self._tree(clause_id, touched) for clause_id in self.children[None])
        return Charter(self.id, self.title, clauses, self.theme, self.preamble)

    def check(self) -> None:
        """Refuse a draft that is not a charter: without a title, or too deep."""
        if not self.title:
            raise CharterError("The charter has no title. Give it one in at least one language.")
        if (deep := self.too_deep()) is not None:
            raise CharterError(
                "Clause %(clause)s is more than %(depth)d levels deep. Move it up.",
                clause=deep, depth=MAX_DEPTH,
            )  # fmt: skip

    def too_deep(self) -> str | None:
        """A clause that changes of place left too deep, if there is one."""
        for name in self.parent.own:
            if name in self.clauses:
                for inner in (name, *self.below(name)):
                    if len(list(islice(self.ancestors(inner), MAX_DEPTH))) == MAX_DEPTH:
                        return inner
        return None

    def apply(self, operation: Operation) -> None:
        match operation:
            case Insert():
                self.insert(operation.parent, operation.after, operation.clause)
            case Replace():
                self._replace(operation)
            case Move():
                self.move(operation.clause, operation.parent, operation.after)
            case Strike():
                self.strike(operation.clause)
            case Split():
                self._split(operation)
            case Join():
                self._join(operation)
            case Confirm():
                self._confirm(operation)
            case Describe():
                self._describe(operation)

    def insert(self, parent: str | None, after: str | None, clause: Clause) -> None:
        if clause.id in self.clauses:
            raise CharterError("The id %(clause)s is already that of another clause.", clause=clause.id)
        at = self._place(parent, after)
        if parent is not None and len(list(islice(self.ancestors(parent), 2 * MAX_DEPTH))) == 2 * MAX_DEPTH:
            raise CharterError("The clauses are more than %(depth)d levels deep.", depth=MAX_DEPTH)
        self.clauses[clause.id] = clause.bare()
        self.children[clause.id] = ()
        self._put(clause.id, parent, at)

    def move(self, clause_id: str, parent: str | None, after: str | None) -> None:
        self._known(clause_id)
        if parent is not None and (parent == clause_id or clause_id in self.ancestors(parent)):
            raise CharterError("Clause %(clause)s cannot be moved below itself.", clause=clause_id)
        if after == clause_id:
            raise CharterError("Clause %(clause)s cannot be placed after itself.", clause=clause_id)
        self._place(parent, after)
        self._take_out(clause_id)
        self._put(clause_id, parent, self._place(parent, after))

    def strike(self, clause_id: str) -> None:
        self._known(clause_id)
        self._take_out(clause_id)
        for inner in [clause_id, *self.below(clause_id)]:
            del self.clauses[inner], self.children[inner], self.parent[inner]

    def ancestors(self, clause_id: str) -> Iterator[str]:
        """The ids above a clause, nearest first."""
        above = self.parent.get(clause_id)
        while above is not None:
            yield above
            above = self.parent[above]

    def below(self, clause_id: str) -> list[str]:
        """The ids of all clauses below a clause, in reading order."""
        found: list[str] = []
        waiting = list(reversed(self.children[clause_id]))
        while waiting:
            found.append(waiting.pop())
            waiting.extend(reversed(self.children[found[-1]]))
        return found

    def mark_stale(self) -> None:
        """Mark the languages that did not follow a change of words made in this draft."""
        for name in self.clauses.kept:
            old, new = self.clauses.base[name], self.clauses[name]
            if (stale := tuple(sorted(self._stale(old, new) & new.languages))) != new.stale:
                self.clauses[name] = replace(new, stale=stale)
        for (clause_id, lang), confirmed in self._confirmed.items():
            if (clause := self.clauses.get(clause_id)) is not None:
                marks = set(clause.stale) - {lang} | (set() if confirmed else {lang})
                self.clauses[clause_id] = replace(clause, stale=tuple(marks))

    def _stale(self, old: Clause, new: Clause) -> set[str]:
        written = {lang for lang in new.languages if _words(old, lang) != _words(new, lang)}
        written -= {lang for lang in written if (new.id, lang) in self._unchecked}
        changed = written & old.languages
        return (new.languages if changed else set(old.stale)) - written

    def _tree(self, clause_id: str, touched: set[str | None]) -> Clause:
        if clause_id not in touched and clause_id in self.base.index.clauses:
            return self.base.index.clauses[clause_id]
        below = tuple(self._tree(child, touched) for child in self.children[clause_id])
        return self.clauses[clause_id].holding(below)

    def _put(self, clause_id: str, parent: str | None, index: int) -> None:
        line = self.children[parent]
        self.children[parent] = (*line[:index], clause_id, *line[index:])
        self.parent[clause_id] = parent

    def _take_out(self, clause_id: str) -> None:
        parent = self.parent[clause_id]
        self.children[parent] = tuple(name for name in self.children[parent] if name != clause_id)

    def _known(self, clause_id: str) -> Clause:
        if clause_id not in self.clauses:
            raise CharterError("There is no clause %(clause)s in the text to be changed.", clause=clause_id)
        return self.clauses[clause_id]

    def _place(self, parent: str | None, after: str | None) -> int:
        if parent is not None:
            self._known(parent)
        if after is None:
            return 0
        if after not in self.children[parent]:
            raise CharterError(
                "Clause %(after)s is not directly under %(parent)s, so nothing can be placed after it there.",
                after=after, parent=parent or self.id,
            )  # fmt: skip
        return self.children[parent].index(after) + 1

    def _replace(self, change: Replace) -> None:
        clause = self._known(change.clause)
        changed: dict[str, Any] = {}
        for name in ("text", "heading", "note"):
            if (words := getattr(change, name)) is not None:
                if change.lang is None:
                    raise CharterError(
                        "The change to clause %(clause)s does not say its language. Add “lang”.",
                        clause=change.clause,
                    )
                self._unchecked.discard((change.clause, change.lang))
                changed[name] = {**getattr(clause, name), change.lang: words}
        for name in ("kind", "commits", "references"):
            if (value := getattr(change, name)) is not None:
                changed[name] = value
        self.clauses[change.clause] = replace(clause, **changed)

    def _split(self, split: Split) -> None:
        clause = self._known(split.clause)
        parts = len(split.ids) + 1
        if parts < 2 or not split.texts or any(len(texts) != parts for texts in split.texts.values()):
            raise CharterError(
                "The split of clause %(clause)s needs at least two parts, as many in each language, "
                "and an id for each new one.",
                clause=split.clause,
            )
        after = split.clause
        for n, clause_id in enumerate(split.ids, start=1):
            text = {lang: texts[n] for lang, texts in split.texts.items()}
            part = Clause(clause_id, clause.kind, text, commits=clause.commits)
            self.insert(self.parent[split.clause], after, part)
            after = clause_id
        kept = {lang: texts[0] for lang, texts in split.texts.items()}
        self.clauses[split.clause] = replace(clause, text={**clause.text, **kept})

    def _join(self, join: Join) -> None:
        check_join(join)
        first, *others = [self._known(clause_id) for clause_id in join.clauses]
        for other in others:
            if other.id in self.ancestors(first.id):
                raise CharterError(
                    "Clause %(clause)s cannot be joined into a clause below it.", clause=other.id
                )
        parts = [first, *others]
        for other in others:
            for child in self.children[other.id]:
                self.move(child, first.id, next(reversed(self.children[first.id]), None))
            self.strike(other.id)
        text = _end_to_end([part.text for part in parts])
        if join.text:
            self._unchecked |= {(first.id, lang) for lang in text if lang not in join.text}
        self.clauses[first.id] = replace(
            first,
            text={**text, **join.text},
            note=_end_to_end([part.note for part in parts], "\n\n"),
            commits=tuple(name for part in parts for name in part.commits),
            references=tuple(name for part in parts for name in part.references),
        )

    def _confirm(self, confirm: Confirm) -> None:
        if confirm.lang not in self._known(confirm.clause).languages:
            raise CharterError(
                "Clause %(clause)s has no text in the language %(lang)s to confirm.",
                clause=confirm.clause, lang=confirm.lang,
            )  # fmt: skip
        self._confirmed[confirm.clause, confirm.lang] = confirm.confirmed

    def _describe(self, change: Describe) -> None:
        if change.title is not None:
            if change.lang is None:
                raise CharterError("The change of title does not say its language. Add “lang”.")
            self.title = kept_texts({**self.title, change.lang: change.title}, normal_line)
        if change.theme is not None:
            self.theme = normal_line(checked_text(change.theme))
        if change.preamble or change.no_preamble:
            self.preamble = change.preamble


def _words(clause: Clause, lang: str) -> tuple[str, str]:
    return clause.text.get(lang, ""), clause.heading.get(lang, "")


def _end_to_end(texts: Sequence[Texts], between: str = " ") -> dict[str, str]:
    langs = dict.fromkeys(lang for text in texts for lang in text)
    return {lang: between.join(text[lang] for text in texts if lang in text) for lang in langs}
