"""Provenance: which version and amendment brought each word of a charter.

Words are followed from version to version by aligning each text with the text it comes from: its own, that
of the clause it was split from, those joined into it. It survives merges, moves, splits and joins.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from charters.draft import Draft, apply
from charters.model import Charter
from charters.operations import Join, Split
from charters.problems import CharterError
from charters.version import Adopted, Version
from charters.words import hunks, tokens

Words = list[tuple[str, "Origin"]]


@dataclass(frozen=True)
class Origin:
    """``version``: number of the version that brought the words; ``amendments``: ids of those of its
    amendments that had them (none: first version, or words written while resolving a conflict).
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


def provenance(versions: Sequence[Version], clause: str, lang: str, field: str = "text") -> list[Passage]:
    """The passages of a clause of the last version; put end to end they are its text (or heading).

    ``versions`` is a chain, oldest first. Raises CharterError when the last version lacks the clause.
    """
    if not versions:
        raise CharterError("There is no version to look into.")
    versions[-1].charter.clause(clause)
    words = _Trace(versions, lang, field).words(len(versions) - 1, clause)
    runs = groupby(words, key=lambda word: word[1])
    return [Passage("".join(word for word, _ in run), origin) for origin, run in runs]


class _Trace:
    """Words of one field in one language, followed back through a chain of versions."""

    def __init__(self, versions: Sequence[Version], lang: str, field: str) -> None:
        self.versions, self.lang, self.field = versions, lang, field
        self.known: dict[tuple[int, str], Words] = {}

    def words(self, at: int, clause: str) -> Words:
        """The tokens of a clause in the version at this place of the chain, with their origins."""
        if (at, clause) not in self.known:
            version = self.versions[at]
            text = tokens(self._text(version.charter, clause))
            sources = _sources(version, clause) if self.field == "text" else [clause]
            old = [word for source in sources for word in self.words(at - 1, source)] if at else []
            brought = self._brought(at, sources, text)
            origins = [origin or new for origin, new in zip(_aligned(text, old), brought, strict=True)]
            self.known[at, clause] = list(zip(text, origins, strict=True))
        return self.known[at, clause]

    def _brought(self, at: int, sources: list[str], text: list[str]) -> list[Origin]:
        """For each token, the origin it has when this version brought it."""
        version = self.versions[at]
        plain = Origin(version.number, version.digest)
        having: list[list[Adopted]] = [[] for _ in text]
        for adopted in version.amendments if at else ():
            result = apply(self.versions[at - 1].charter, adopted.operations)
            theirs = [(token, plain) for source in sources for token in tokens(self._text(result, source))]
            for n, origin in enumerate(_aligned(text, theirs)):
                having[n] += [adopted] if origin else []
        return [_origin(plain, holders) for holders in having]

    def _text(self, charter: Charter, clause: str) -> str:
        state = Draft(charter).clauses.get(clause)
        return str(getattr(state, self.field).get(self.lang, "")) if state else ""


def _origin(plain: Origin, holders: Sequence[Adopted]) -> Origin:
    answers = dict.fromkeys(answer for adopted in holders for answer in adopted.answers)
    return replace(plain, amendments=tuple(adopted.id for adopted in holders), answers=tuple(answers))


def _aligned(text: list[str], old: Words) -> list[Origin | None]:
    """For each token of the text, its origin in the old words, None where it is not one of them."""
    found: list[Origin | None] = [None] * len(text)
    i = j = 0
    for hunk in [*hunks([word for word, _ in old], text), None]:
        end = hunk.start if hunk else len(old)
        for step in range(end - i):
            found[j + step] = old[i + step][1]
        if hunk:
            i, j = hunk.end, hunk.new_end
    return found


def _sources(version: Version, clause: str) -> list[str]:
    """The clause itself, and those that it was split from or that were joined into it."""
    found = [clause]
    steps = [*version.operations, *(step for adopted in version.amendments for step in adopted.operations)]
    for source in found:
        for step in steps:
            if isinstance(step, Split) and source in step.ids:
                found += {step.clause} - set(found)
            elif isinstance(step, Join) and step.clauses[0] == source:
                found += [other for other in step.clauses[1:] if other not in found]
    return found
