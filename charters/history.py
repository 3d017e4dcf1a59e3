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
    words = _words(versions, len(versions) - 1, clause, lang, field, {})
    return [
        Passage("".join(word for word, _ in run), origin) for origin, run in groupby(words, key=lambda word: word[1])
    ]


def _words(
    versions: Sequence[Version], at: int, clause: str, lang: str, field: str, known: dict[tuple[int, str], Words]
) -> Words:
    if (at, clause) in known:
        return known[at, clause]
    version = versions[at]
    text = tokens(_text(version.charter, clause, lang, field))
    sources = _sources(version, clause, field)
    old: Words = []
    for source in sources if at else ():
        old += _words(versions, at - 1, source, lang, field, known)
    words = _aligned(text, old)
    if None in words:
        brought = _brought(versions, at, sources, lang, field, text)
        words = [origin or fresh for origin, fresh in zip(words, brought, strict=True)]
    known[at, clause] = [(word, origin) for word, origin in zip(text, words, strict=True) if origin]
    return known[at, clause]


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


def _brought(
    versions: Sequence[Version], at: int, sources: list[str], lang: str, field: str, text: list[str]
) -> list[Origin]:
    """For each token, the origin it has when this version brought it."""
    version = versions[at]
    plain = Origin(version.number, version.digest)
    having: list[list[Adopted]] = [[] for _ in text]
    for adopted in version.amendments if at else ():
        result = apply(versions[at - 1].charter, adopted.operations)
        theirs = [token for source in sources for token in tokens(_text(result, source, lang, field))]
        for holders, origin in zip(having, _aligned(text, [(word, plain) for word in theirs]), strict=True):
            holders += [adopted] if origin else []
    return [
        replace(
            plain,
            amendments=tuple(adopted.id for adopted in holders),
            answers=tuple(dict.fromkeys(answer for adopted in holders for answer in adopted.answers)),
        )
        for holders in having
    ]


def _sources(version: Version, clause: str, field: str) -> list[str]:
    """The clause itself, and those that it was split from or that were joined into it."""
    found = [clause]
    steps = [*version.operations, *(step for adopted in version.amendments for step in adopted.operations)]
    for id in found if field == "text" else ():
        for step in steps:
            if isinstance(step, Split) and id in step.ids:
                found += {step.clause} - set(found)
            elif isinstance(step, Join) and step.clauses[0] == id:
                found += [other for other in step.clauses[1:] if other not in found]
    return found


def _text(charter: Charter, clause: str, lang: str, field: str) -> str:
    state = Draft(charter).clauses.get(clause)
    return str(getattr(state, field).get(lang, "")) if state else ""
