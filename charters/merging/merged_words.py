"""Merge of what clauses say: words in each language, kinds, addressees, references, stale marks.

A clause is merged together with those joined into it and those split from it, as one sequence of words
in which a ``Break`` stands where a clause begins; so an edit finds its words again in the right part.
Only clauses that several amendments touched, or that are joined, need it; one that a single amendment touched
is as that one leaves it.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from charters.comparing.words import tokens
from charters.draft import Draft, said
from charters.merging.conflicts import WHY, Conflict
from charters.merging.effects import Effect, natural
from charters.merging.weaving import Clash, weave
from charters.model import Charter, Clause, Texts
from charters.problems import Problem

_T = TypeVar("_T")


@dataclass(frozen=True)
class Break:
    """The place where a clause begins inside a sequence of words."""

    clause: str


class MergedWords:
    """What clauses say once all effects are followed, written into ``merged``.

    ``touching``: effects by the clause of the base that they touch. After ``merge``, ``break_order`` holds the rank
    of split parts.
    """

    def __init__(
        self, merged: Draft, effects: Sequence[Effect], touching: Mapping[str, list[Effect]]
    ) -> None:
        self.merged = merged
        self.base: Charter = merged.base
        self.effects = effects
        self.touching = touching
        self.conflicts: list[Conflict] = []
        self.break_order: dict[str, int] = {}

    def merge(self, absorbed: Mapping[str, list[str]], gone: set[str], disputed: set[str]) -> None:
        """Merge all that clauses and the charter itself say; what clashes goes to ``conflicts``.

        ``absorbed``: clauses joined into another one, by that one, in reading order; ``gone``: clauses that were
        struck or joined into another; ``disputed``: those whose text waits until a conflict about a join is settled.
        """
        clauses = self.merged.clauses
        for effect in self.effects:
            for name in effect.new:
                clauses[name] = effect.result.clauses[name]
        shared = []
        for name, effects in self.touching.items():
            if len(effects) > 1 or name in absorbed:
                shared += [name] if name not in gone else []
            elif name not in gone:
                clauses[name] = effects[0].result.clauses[name]
        for name in shared:
            clauses[name] = self._fields(clauses[name])
        for name in sorted({*shared, *absorbed} - gone - disputed):
            self._text([name, *absorbed.get(name, [])])
        for name in shared:
            clauses[name] = replace(clauses[name], stale=self._stale(name))
        self._describe()

    def _fields(self, clause: Clause) -> Clause:
        effects = self.touching[clause.id]
        states = [effect.result.clauses[clause.id] for effect in effects]
        return replace(
            clause,
            kind=self._kind(clause, effects),
            commits=_together(clause.commits, [state.commits for state in states]),
            references=_together(clause.references, [state.references for state in states]),
            heading=self._texts(clause, "heading"),
            note=self._texts(clause, "note"),
        )

    def _kind(self, clause: Clause, effects: Iterable[Effect]) -> str:
        states = {effect.id: effect.result.clauses[clause.id].kind for effect in effects}
        return self._value(clause.id, "kind", clause.kind, states)

    def _texts(self, clause: Clause, field: str) -> dict[str, str]:
        """A heading or a note, merged by word in each language."""
        effects = self.touching[clause.id]
        states = {effect.id: getattr(effect.result.clauses[clause.id], field) for effect in effects}
        return self._merged_texts(clause.id, field, getattr(clause, field), states)

    def _merged_texts(
        self, name: str | None, field: str, old: Texts, states: dict[str, Texts]
    ) -> dict[str, str]:
        if all(texts == old for texts in states.values()):
            return dict(old)
        merged: dict[str, str] = {}
        for lang in sorted({*old, *(lang for texts in states.values() for lang in texts)}):
            versions = {name: tokens(texts.get(lang, "")) for name, texts in states.items()}
            words, clashes = weave(tokens(old.get(lang, "")), versions)
            self._clashes(name, field, lang, clashes)
            merged[lang] = _written(words)
        return merged

    def _text(self, group: list[str]) -> None:
        """Merge the texts of a clause, of those joined into it and of those split from it."""
        effects = self._touching(group)
        parts = [name for effect in effects for root in group for name in effect.parts.get(root, [])]
        known = [self.base.index.bare, *(effect.result.clauses for effect in effects)]
        joining = [effect.id for effect in effects if not effect.absorbed.keys().isdisjoint(group)]
        states = [clauses[name] for clauses in known for name in [*group, *parts] if name in clauses]
        texts: dict[str, dict[str, str]] = {name: {} for name in [group[0], *parts]}
        for lang in sorted({lang for state in states for lang in state.text}):
            base = _sequence(self.base.index.bare, group, {}, lang)
            versions = {
                effect.id: _sequence(effect.result.clauses, group, effect.parts, lang)
                for effect in effects
                if group[0] in effect.result.clauses and effect.struck.isdisjoint(group)
            }
            words, clashes = weave(base, versions)
            self._clashes(group[0], "text", lang, clashes, joining)
            for name, text in _cut(words, group[0]):
                if name in texts:
                    texts[name][lang] = text
                    self.break_order.setdefault(name, len(self.break_order))
        for name, text_by_lang in texts.items():
            if text_by_lang != self.merged.clauses[name].text:
                self.merged.clauses[name] = replace(self.merged.clauses[name], text=text_by_lang)

    def _touching(self, group: Sequence[str]) -> list[Effect]:
        """The effects that touch a clause of the group or do away with it, in their order."""
        if len(group) == 1:
            return self.touching.get(group[0], [])
        found = {id(effect) for name in group for effect in self.touching.get(name, [])}
        return [e for e in self.effects if id(e) in found or not e.absorbed.keys().isdisjoint(group)]

    def _clashes(
        self, name: str | None, field: str, lang: str, clashes: Iterable[Clash], joining: Iterable[str] = ()
    ) -> None:
        """One conflict for each clash; where words of joined clauses meet, it is also with who joins them."""
        for clash in clashes:
            everything = [token for words in (clash.base, *clash.by.values()) for token in words]
            kind = "split" if any(isinstance(token, Break) for token in everything) else "text"
            words = {"base": _written(clash.base)} | {name: _written(new) for name, new in clash.by.items()}
            involved = {*clash.by, *joining} if kind == "split" else clash.by
            names = tuple(sorted(involved, key=natural))
            self.conflicts.append(Conflict(name, names, kind, Problem(WHY[kind]), words, lang, field))

    def _value(self, name: str | None, kind: str, old: _T, states: Mapping[str, _T]) -> _T:
        """A value that only one change may set."""
        changed = {author: value for author, value in states.items() if value != old}
        if several_values(changed.values()):
            words = {author: str(value) for author, value in {"base": old, **changed}.items()}
            self.conflicts.append(Conflict(name, tuple(changed), kind, Problem(WHY[kind]), words))
        return next(iter(changed.values()), old)

    def _stale(self, name: str) -> tuple[str, ...]:
        """Marks that any amendment changed are changed: doubt or confirmation, there are only two values.

        A language that one amendment adds waits when another one changed the words it was written from.
        """
        base = self.base.index.bare[name]
        added = self.merged.clauses[name].languages - base.languages
        changed: set[str] = set()
        for effect in self.touching[name]:
            state = effect.result.clauses[name]
            changed |= set(state.stale) ^ set(base.stale)
            if any(said(state, lang) != said(base, lang) for lang in base.languages):
                changed |= added - state.languages
        return tuple(set(base.stale) ^ changed)

    def _describe(self) -> None:
        titles = {effect.id: effect.result.title for effect in self.effects}
        themes = {effect.id: effect.result.theme for effect in self.effects}
        preambles = {effect.id: effect.result.preamble for effect in self.effects}
        self.merged.title = self._merged_texts(None, "title", self.base.title, titles)
        self.merged.theme = self._value(None, "theme", self.base.theme, themes)
        self.merged.preamble = self._value(None, "preamble", self.base.preamble, preambles)
        if not any(self.merged.title.values()):
            self._untitled({author: title for author, title in titles.items() if title != self.base.title})

    def _untitled(self, titles: Mapping[str, Texts]) -> None:
        """Each amendment leaves the charter a title in some language, all together leave it none."""
        for lang, words in sorted(self.base.title.items()):
            found = {"base": words} | {author: title.get(lang, "") for author, title in titles.items()}
            why = Problem(WHY["title"])
            self.conflicts.append(Conflict(None, tuple(titles), "title", why, found, lang, "title"))


def several_values(values: Iterable[object]) -> bool:
    """Whether they are not all the same."""
    first, *others = [*values] or [None]
    return any(value != first for value in others)


def _together(old: tuple[str, ...], states: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """A set to which each amendment adds and from which each takes away."""
    added = {name for state in states for name in state} - set(old)
    taken = {name for state in states for name in set(old) - set(state)}
    return tuple(sorted(set(old) - taken | added))


def _sequence(
    clauses: Mapping[str, Clause], group: list[str], parts: Mapping[str, list[str]], lang: str
) -> list[Hashable]:
    sequence: list[Hashable] = []
    for root in group:
        for name in [root, *parts.get(root, [])]:
            text = clauses[name].text.get(lang, "") if name in clauses else ""
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
