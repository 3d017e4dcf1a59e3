"""Merge of what clauses say: words in each language, kinds, addressees, references, stale marks.

A clause is merged together with those joined into it and those split from it, as one sequence of words
in which a ``Break`` stands where a clause begins; so an edit finds its words again in the right part.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from charters.conflicts import WHY, Conflict
from charters.draft import Draft
from charters.effects import Effect
from charters.model import Clause, Inclusion, Texts
from charters.problems import Problem
from charters.weaving import Clash, weave
from charters.words import tokens

_T = TypeVar("_T")


@dataclass(frozen=True)
class Break:
    """The place where a clause begins inside a sequence of words."""

    clause: str


class MergedWords:
    """``clauses``: the merged clauses by id, without their order. ``break_order``: rank of split parts."""

    def __init__(
        self, base: Draft, effects: list[Effect], struck: set[str], absorbed: dict[str, str]
    ) -> None:
        self.base = base
        self.effects = effects
        self.conflicts: list[Conflict] = []
        self.break_order: dict[str, int] = {}
        gone = struck | absorbed.keys()
        self.clauses = {
            name: self._fields(clause) for name, clause in base.clauses.items() if name not in gone
        }
        for effect in effects:
            self.clauses |= {name: effect.result.clauses[name] for name in effect.new}
        for name in base.clauses:
            if name not in gone:
                group = [name, *(other for other in base.clauses if absorbed.get(other) == name)]
                self._text(group)
        for name in self.clauses.keys() & base.clauses.keys():
            self.clauses[name] = replace(self.clauses[name], stale=self._stale(base.clauses[name]))
        self._describe()

    def _fields(self, clause: Clause) -> Clause:
        states = [e.result.clauses[clause.id] for e in self.effects if clause.id in e.result.clauses]
        return replace(
            clause,
            kind=self._value(clause.id, "kind", lambda draft: _of(draft, clause.id, clause).kind),
            commits=_together(clause.commits, [state.commits for state in states]),
            references=_together(clause.references, [state.references for state in states]),
            heading=self._texts(clause.id, "heading"),
            note=self._texts(clause.id, "note"),
        )

    def _texts(self, name: str, field: str) -> dict[str, str]:
        """A heading or a note, merged by word in each language."""
        old: Texts = getattr(self.base.clauses[name], field)
        states = {
            effect.id: getattr(effect.result.clauses[name], field)
            for effect in self.effects
            if name in effect.result.clauses
        }
        return self._merged_texts(name, field, old, states)

    def _merged_texts(
        self, name: str | None, field: str, old: Texts, states: dict[str, Texts]
    ) -> dict[str, str]:
        merged: dict[str, str] = {}
        for lang in sorted({*old, *(lang for texts in states.values() for lang in texts)}):
            versions = {name: tokens(texts.get(lang, "")) for name, texts in states.items()}
            words, clashes = weave(tokens(old.get(lang, "")), versions)
            self._clashes(name, field, lang, clashes)
            merged[lang] = _written(words)
        return merged

    def _text(self, group: list[str]) -> None:
        """Merge the texts of a clause, of those joined into it and of those split from it."""
        drafts = [self.base, *(effect.result for effect in self.effects)]
        parts = [name for effect in self.effects for root in group for name in effect.parts.get(root, [])]
        states = [
            draft.clauses[name] for draft in drafts for name in [*group, *parts] if name in draft.clauses
        ]
        langs = {lang for state in states for lang in state.text}
        texts: dict[str, dict[str, str]] = {name: {} for name in [group[0], *parts]}
        for lang in sorted(langs):
            base = _sequence(self.base, group, {}, lang)
            versions = {
                effect.id: _sequence(effect.result, group, effect.parts, lang)
                for effect in self.effects
                if group[0] in effect.result.clauses and effect.struck.isdisjoint(group)
            }
            words, clashes = weave(base, versions)
            self._clashes(group[0], "text", lang, clashes)
            for name, text in _cut(words, group[0]):
                if name in texts:
                    texts[name][lang] = text
                    self.break_order.setdefault(name, len(self.break_order))
        for name, text_by_lang in texts.items():
            self.clauses[name] = replace(self.clauses[name], text=text_by_lang)

    def _clashes(self, name: str | None, field: str, lang: str, clashes: Sequence[Clash]) -> None:
        for clash in clashes:
            everything = [token for words in (clash.base, *clash.by.values()) for token in words]
            kind = "split" if any(isinstance(token, Break) for token in everything) else "text"
            words = {"base": _written(clash.base)} | {name: _written(new) for name, new in clash.by.items()}
            names = tuple(effect.id for effect in self.effects if effect.id in clash.by)
            self.conflicts.append(Conflict(name, names, kind, Problem(WHY[kind]), words, lang, field))

    def _value(self, name: str | None, kind: str, read: Callable[[Draft], _T]) -> _T:
        """A value that only one change may set."""
        old = read(self.base)
        changed = [effect for effect in self.effects if read(effect.result) != old]
        if several_values(read(effect.result) for effect in changed):
            words = {
                name: str(read(d)) for name, d in [("base", self.base), *((e.id, e.result) for e in changed)]
            }
            names = tuple(effect.id for effect in changed)
            self.conflicts.append(Conflict(name, names, kind, Problem(WHY[kind]), words))
        return read(changed[0].result) if changed else old

    def _stale(self, old: Clause) -> tuple[str, ...]:
        """Marks that any amendment changed are changed: doubt or confirmation, there are only two values."""
        changed: set[str] = set()
        for effect in self.effects:
            if (state := effect.result.clauses.get(old.id)) is not None:
                changed |= set(state.stale) ^ set(old.stale)
        return tuple(set(old.stale) ^ changed)

    def _describe(self) -> None:
        states = {effect.id: effect.result.title for effect in self.effects}
        self.title: Texts = self._merged_texts(None, "title", self.base.title, states)
        self.theme: str = self._value(None, "theme", lambda draft: draft.theme)
        self.preamble: Inclusion | None = self._value(None, "preamble", lambda draft: draft.preamble)


def several_values(values: Iterable[object]) -> bool:
    first, *others = [*values] or [None]
    return any(value != first for value in others)


def _of(draft: Draft, name: str, default: Clause) -> Clause:
    return draft.clauses.get(name, default)


def _together(old: tuple[str, ...], states: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """A set to which each amendment adds and from which each takes away."""
    added = {name for state in states for name in state} - set(old)
    taken = {name for state in states for name in set(old) - set(state)}
    return tuple(sorted(set(old) - taken | added))


def _sequence(draft: Draft, group: list[str], parts: dict[str, list[str]], lang: str) -> list[Hashable]:
    sequence: list[Hashable] = []
    for root in group:
        for name in [root, *parts.get(root, [])]:
            text = draft.clauses[name].text.get(lang, "") if name in draft.clauses else ""
            if text:
                sequence += [Break(name)] if name != group[0] else []
                sequence += tokens(text)
    return sequence


def _cut(words: Sequence[Hashable], first: str) -> list[tuple[str, str]]:
    """The text of each clause of a merged sequence."""
    cut: list[tuple[str, list[Hashable]]] = [(first, [])]
    for token in words:
        if isinstance(token, Break):
            cut.append((token.clause, []))
        else:
            cut[-1][1].append(token)
    return [(name, _written(part)) for name, part in cut]


def _written(words: Iterable[Hashable]) -> str:
    return "".join("\n" if isinstance(token, Break) else str(token) for token in words)
