"""Provenance: which version and amendment brought each word of a charter.

Words are followed from version to version by aligning each text with the text it comes from: its own, that
of the clause it was split from, those joined into it. It survives merges, moves, splits and joins. A space
goes with the word before it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple, TypeVar

from charters.comparing.words import Hunk, blank, hunks, tokens
from charters.model import Charter, Clause, normal_line, normal_text
from charters.operations import Describe, Insert, Join, Operation, Replace, Split
from charters.problems import CharterError
from charters.tracing.ancestry import digests, forebears, sources, steps_of
from charters.version import Adopted, Version

FIELDS = ("heading", "text", "note")
_NORMAL: Mapping[str, Callable[[str], str]] = {
    "heading": normal_line, "text": normal_text, "note": normal_text, "title": normal_line,
}  # fmt: skip
_T = TypeVar("_T")


@dataclass(frozen=True)
class Origin:
    """``version``: number of the version that brought the words; ``amendments``: ids of those of its
    amendments that had them (none: first version, or words written while resolving a conflict);
    ``answers``: ids of the contributions and lessons that these amendments answer.
    """

    version: int
    digest: str
    amendments: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """Consecutive words with the same origin."""

    text: str
    origin: Origin


class Place(NamedTuple):
    """One text of a charter: a heading, text or note of a clause, or its own title (no clause)."""

    clause: str | None
    field: str
    lang: str


Words = tuple[list[str], list[Origin]]  # tokens, and the origin of each
Clauses = Mapping[str, Clause]


class Provenance:
    """The origin of every word of the last version of a chain, oldest first.

    Time grows with the clauses of all versions and the words that changed. ``only``: the clauses wanted,
    with those they were split from or joined of; everything when it is None.
    """

    def __init__(self, versions: Sequence[Version], only: set[str] | None = None) -> None:
        if not versions:
            raise CharterError("There is no version to look into.")
        self.last = versions[-1].charter
        self._only = only
        self._words: dict[Place, Words] = {}
        before: Charter | None = None
        clauses: dict[str, Clause] = {}
        for version, digest in zip(versions, digests(versions), strict=True):
            after = dict(_by_id(version.charter.clauses))
            step = _Step(version, Origin(version.number, digest), before, clauses, self._words)
            self._words |= step.words(self._changed(version.charter, before, after, clauses))
            before, clauses = version.charter, after
        self._clauses = clauses

    def passages(self, clause: str | None, lang: str, field: str = "text") -> list[Passage]:
        """The passages of a text; put end to end they are that text.

        ``clause`` is None for the charter's own title. Raises CharterError when the last version lacks it.
        """
        texts = self.last.title if clause is None else getattr(self._known(clause), field)
        words = _with_spaces(*self._words[Place(clause, field, lang)]) if lang in texts else []
        runs = groupby(words, key=lambda word: word[1])
        return [Passage("".join(word for word, _ in run), origin) for origin, run in runs]

    def origins(self, clause: str) -> tuple[Origin, ...]:
        """Where the words of a clause come from, in whatever field and language, oldest first."""
        state = self._known(clause)
        places = [Place(clause, field, lang) for field in FIELDS for lang in getattr(state, field)]
        found = {origin for place in places for _word, origin in _with_spaces(*self._words[place])}
        return tuple(sorted(found, key=lambda origin: (origin.version, origin.amendments)))

    def _known(self, clause: str) -> Clause:
        if clause not in self._clauses:
            raise CharterError("This charter has no clause %(clause)s.", clause=clause)
        return self._clauses[clause]

    def _changed(
        self, charter: Charter, before: Charter | None, after: Clauses, clauses: Clauses
    ) -> Iterator[tuple[Place, str]]:
        """The texts that are not what they were."""
        if before is None or before.title != charter.title:
            yield from ((Place(None, "title", lang), text) for lang, text in charter.title.items())
        for name, clause in after.items():
            old = clauses.get(name)
            if old is clause or (self._only is not None and name not in self._only):
                continue
            for field in FIELDS:
                texts, earlier = getattr(clause, field), getattr(old, field) if old else {}
                if texts != earlier:
                    yield from ((Place(name, field, lang), text) for lang, text in texts.items())


def provenance(
    versions: Sequence[Version], clause: str | None, lang: str, field: str = "text"
) -> list[Passage]:
    """The passages of one text of the last version; put end to end they are that text.

    ``versions`` is a chain, oldest first. Raises CharterError when the last version lacks the clause.
    """
    only = set() if clause is None else forebears(versions, clause)
    return Provenance(versions, only).passages(clause, lang, "title" if clause is None else field)


class _Step:
    """One version and what stood before it."""

    def __init__(
        self,
        version: Version,
        plain: Origin,
        before: Charter | None,
        clauses: Clauses,
        words: Mapping[Place, Words],
    ) -> None:
        self.plain, self.clauses, self.known = plain, clauses, words
        self.sources = sources(steps_of(version, before), version.amendments)
        self.adopted = version.amendments if before else ()
        self._title = before.title if before else {}
        self._said: list[tuple[Adopted, dict[Place, str]]] | None = None
        self._origins: dict[tuple[str, ...], Origin] = {(): plain}

    def words(self, changed: Iterable[tuple[Place, str]]) -> dict[Place, Words]:
        """The words of the changed texts with their origins."""
        return {place: self._with_origins(place, text) for place, text in changed}

    def _with_origins(self, place: Place, written: str) -> Words:
        places, text = self._places(place), tokens(written)
        known = [self.known[one] for one in places if self._stood(one)]
        old = [token for words, _origins in known for token in words]
        origins = _aligned(text, old, [origin for _words, origins in known for origin in origins])
        if None in origins and self.adopted:
            if only := self._sole(places, written):
                return text, [origin or self._origin((only,)) for origin in origins]
            brought = map(self._origin, self._brought(places, text, old))
            return text, [origin or new for origin, new in zip(origins, brought, strict=True)]
        return text, [origin or self.plain for origin in origins]

    def _places(self, place: Place) -> list[Place]:
        """Where the words of a text can come from: itself, and what it was split from or joined of."""
        if place.clause is None or place.field == "heading":
            return [place]
        return [place._replace(clause=name) for name in self.sources.get(place.clause, [place.clause])]

    def _stood(self, place: Place) -> bool:
        if place.clause is None:
            return place.lang in self._title
        return place.clause in self.clauses and place.lang in getattr(self.clauses[place.clause], place.field)

    def _sole(self, places: list[Place], written: str) -> Adopted | None:
        """The amendment that alone wrote a text, just as it became."""
        writers = [(one, said) for one, said in self._amendments() if any(place in said for place in places)]
        if len(writers) != 1:
            return None
        adopted, said = writers[0]
        return adopted if said.get(places[0]) == written and len(places) == 1 else None

    def _brought(self, places: list[Place], text: list[str], old: list[str]) -> list[tuple[Adopted, ...]]:
        """For each token, the amendments of this version that brought it."""
        having: list[tuple[Adopted, ...]] = [()] * len(text)
        for adopted, said in self._amendments():
            theirs = [token for place in places if place in said for token in tokens(said[place])]
            if theirs:
                new = [not known for known in _aligned(theirs, old, [True] * len(old))]
                for n, brought in enumerate(_aligned(text, theirs, new)):
                    having[n] += (adopted,) if brought else ()
        return having

    def _origin(self, holders: tuple[Adopted, ...]) -> Origin:
        ids = tuple(adopted.id for adopted in holders)
        if ids not in self._origins:
            answers = dict.fromkeys(answer for adopted in holders for answer in adopted.answers)
            self._origins[ids] = replace(self.plain, amendments=ids, answers=tuple(answers))
        return self._origins[ids]

    def _amendments(self) -> list[tuple[Adopted, dict[Place, str]]]:
        if self._said is None:
            self._said = [(adopted, _said(adopted.operations)) for adopted in self.adopted]
        return self._said


def _said(operations: Iterable[Operation]) -> dict[Place, str]:
    """The texts that operations write, in the form in which the model keeps them."""
    said: dict[Place, str] = {}
    for step in operations:
        match step:
            case Insert():
                said |= _texts(step.clause.id, {field: getattr(step.clause, field) for field in FIELDS})
            case Replace() if lang := step.lang:
                given = {field: getattr(step, field) for field in FIELDS}
                said |= _texts(step.clause, {name: {lang: text} for name, text in given.items() if text})
            case Split():
                for lang, parts in step.texts.items():
                    for name, text in zip((step.clause, *step.ids), parts, strict=False):
                        said[Place(name, "text", lang)] = text
            case Join():
                said |= _texts(step.clauses[0], {"text": step.text})
            case Describe() if step.lang and step.title:
                said[Place(None, "title", step.lang)] = step.title
    return {place: _NORMAL[place.field](text) for place, text in said.items()}


def _texts(clause: str, by_field: Mapping[str, Mapping[str, str]]) -> dict[Place, str]:
    return {
        Place(clause, field, lang): text for field, texts in by_field.items() for lang, text in texts.items()
    }


def _by_id(clauses: Iterable[Clause]) -> Iterator[tuple[str, Clause]]:
    for clause in clauses:
        yield clause.id, clause
        if clause.clauses:
            yield from _by_id(clause.clauses)


def _with_spaces(words: list[str], origins: list[Origin]) -> Iterator[tuple[str, Origin]]:
    """Words and their origins, each space with that of the word before it."""
    last = origins[0] if origins else None
    for word, origin in zip(words, origins, strict=True):
        last = last if last and blank(word) else origin
        yield word, last


def _aligned(text: list[str], old: list[str], marks: Sequence[_T]) -> list[_T | None]:
    """For each token of the text, the mark of the old word it is; None where it is not one of them."""
    found: list[_T | None] = []
    i = 0
    for hunk in hunks(old, text) if old else [Hunk(0, 0, 0, len(text))]:
        found += [*marks[i : hunk.start], *[None] * (hunk.new_end - hunk.new_start)]
        i = hunk.end
    return found + list(marks[i:])
