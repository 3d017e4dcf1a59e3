"""A charter taken apart so that operations can change it, and put together again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from charters.model import (
    MAX_DEPTH,
    WORDS,
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
from charters.problems import CharterError
from charters.tree import Tree


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


class Draft(Tree):
    """The clauses of a charter and what it says of itself, as operations leave them."""

    def __init__(self, charter: Charter) -> None:
        super().__init__(charter)
        self.id = charter.id
        self.title: Texts = charter.title
        self.theme: str = charter.theme
        self.preamble: Inclusion | None = charter.preamble
        self._unchecked: set[tuple[str, str]] = set()
        self._confirmed: dict[tuple[str, str], bool] = {}

    def charter(self) -> Charter:
        """The charter as it stands; parts that nothing touched are those of the charter it began as."""
        return Charter(self.id, self.title, self.tops(), self.theme, self.preamble)

    def check(self) -> None:
        """Refuse a draft that is not a charter: without a title, or too deep."""
        if not self.title:
            raise CharterError("The charter has no title. Give it one in at least one language.")
        if (deep := self.too_deep()) is not None:
            raise CharterError(
                "Clause %(clause)s is more than %(depth)d levels deep. Move it up.",
                clause=deep, depth=MAX_DEPTH,
            )  # fmt: skip

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
        written = {lang for lang in new.languages if said(old, lang) != said(new, lang)}
        written -= {lang for lang in written if (new.id, lang) in self._unchecked}
        changed = written & old.languages
        return (new.languages if changed else set(old.stale)) - written

    def _replace(self, change: Replace) -> None:
        clause = self.known(change.clause)
        changed: dict[str, Any] = {}
        for name in WORDS:
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
        clause = self.known(split.clause)
        parts = len(split.ids) + 1
        if parts < 2 or not split.texts or any(len(texts) != parts for texts in split.texts.values()):
            raise CharterError(
                "The split of clause %(clause)s needs at least two parts, as many in each language, "
                "and an id for each new one.",
                clause=split.clause,
            )
        new = [
            Clause(
                name,
                clause.kind,
                {lang: texts[n] for lang, texts in split.texts.items()},
                commits=clause.commits,
            )
            for n, name in enumerate(split.ids, start=1)
        ]
        kept = {lang: texts[0] for lang, texts in split.texts.items()}
        first = replace(clause, text={**clause.text, **kept})
        for name in split.ids:
            if name in self.clauses or split.ids.count(name) > 1:
                raise CharterError("The id %(clause)s is already that of another clause.", clause=name)
        after = split.clause
        for part in new:
            self.insert(self.parent[split.clause], after, part)
            after = part.id
        self.clauses[split.clause] = first

    def _join(self, join: Join) -> None:
        check_join(join)
        first, *others = [self.known(clause_id) for clause_id in join.clauses]
        for other in others:
            if other.id in self.ancestors(first.id):
                raise CharterError(
                    "Clause %(clause)s cannot be joined into a clause below it.", clause=other.id
                )
        parts = [first, *others]
        text = _end_to_end([part.text for part in parts])
        joined = replace(
            first,
            text={**text, **join.text},
            note=_end_to_end([part.note for part in parts], "\n\n"),
            commits=tuple(name for part in parts for name in part.commits),
            references=tuple(name for part in parts for name in part.references),
        )
        for other in others:
            for child in self.children[other.id]:
                self.move(child, first.id, next(reversed(self.children[first.id]), None))
            self.strike(other.id)
        if join.text:
            self._unchecked |= {(first.id, lang) for lang in text if lang not in join.text}
        self.clauses[first.id] = joined

    def _confirm(self, confirm: Confirm) -> None:
        if confirm.lang not in self.known(confirm.clause).languages:
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


def said(clause: Clause, lang: str) -> tuple[str, str]:
    """The text and the heading of a clause in one language."""
    return clause.text.get(lang, ""), clause.heading.get(lang, "")


def _end_to_end(texts: Sequence[Texts], between: str = " ") -> dict[str, str]:
    langs = dict.fromkeys(lang for text in texts for lang in text)
    return {lang: between.join(text[lang] for text in texts if lang in text) for lang in langs}
