"""The life of a clause: every version in which it changed, what changed, and by which amendments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from charters.comparing.changes import Status, grouped_text, groups, status_of, words_of
from charters.comparing.readable import Segment
from charters.model import Clause
from charters.operations import Confirm, Insert, Join, Move, Operation, Replace, Split, Strike
from charters.problems import CharterError
from charters.tracing.ancestry import digests, sources, steps_of
from charters.tree import ancestors
from charters.version import Version

FIELDS = ("text", "heading", "note", "kind", "commits", "references", "stale")


@dataclass(frozen=True)
class Moment:
    """What one version did to a clause. ``clause``: its id, or that of a parent before a split or a join.

    ``amendments``: ids of those that touched it, ``answers``: what these answer. ``others``: the ids of all
    clauses concerned by a split or a join. ``fields``: what differs (values of FIELDS). ``date`` is "" for
    a draft. ``before`` and ``after``: the clauses concerned, by id.
    """

    version: int
    digest: str
    date: str
    act: str
    clause: str
    status: Status
    moved: bool
    amendments: tuple[str, ...]
    answers: tuple[str, ...]
    others: tuple[str, ...]
    fields: tuple[str, ...]
    before: Mapping[str, Clause] = field(repr=False)
    after: Mapping[str, Clause] = field(repr=False)

    @property
    def old(self) -> Clause | None:
        return self.before.get(self.clause)

    @property
    def new(self) -> Clause | None:
        return self.after.get(self.clause)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which a heading, text or note differs; all of them when it came or went."""
        states = [state for state in (self.old, self.new) if state]
        langs = sorted({lang for state in states for lang in (*state.text, *state.heading, *state.note)})
        return tuple(lang for lang in langs if any(self._differs(name, lang) for name in FIELDS[:3]))

    def words(self, name: str, lang: str) -> tuple[Segment, ...]:
        """The readable difference of "text", "heading" or "note"; empty when it says nothing in either."""
        if name == "text":
            return grouped_text(self.before, self.after, self.clause, self.others, lang)
        return words_of(self.old, self.new, name, lang)

    def _differs(self, name: str, lang: str) -> bool:
        old, new = (getattr(state, name).get(lang) if state else None for state in (self.old, self.new))
        return bool(old != new)


class Lives:
    """The lives of all clauses of a chain of versions, oldest first."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self._sources: list[dict[str, list[str]]] = []
        self._moments: list[dict[str, Moment]] = []
        self._ids: set[str] = set()
        before: dict[str, Clause] = {}
        parents: dict[str, str | None] = {}
        for last, version, digest in zip([None, *versions], versions, digests(versions), strict=False):
            steps = steps_of(version, last.charter if last else None)
            self._sources.append(sources(steps, version.amendments))
            walked = [(clause, parent) for clause, parent, _depth in version.charter.walk()]
            after = {clause.id: clause for clause, _parent in walked}
            self._moments.append(
                {one.clause: one for one in _moments(version, digest, steps, before, after, parents)}
            )
            self._ids |= after.keys()
            before, parents = after, {clause.id: parent for clause, parent in walked}

    def of(self, clause: str) -> list[Moment]:
        """Oldest first; before a split or a join, the lives of the clauses it came from.

        A struck clause has a life too. Raises CharterError when no version ever had it.
        """
        if clause not in self._ids:
            raise CharterError("No version of this charter has a clause %(clause)s.", clause=clause)
        found: list[Moment] = []
        wanted = {clause}
        for moments, known in zip(reversed(self._moments), reversed(self._sources), strict=True):
            found += [
                moments[name]
                for name in sorted(wanted, key=lambda name: name == clause, reverse=True)
                if name in moments
            ]
            wanted |= {source for name in wanted if name in moments for source in known.get(name, ())}
        return found[::-1]


def life(versions: Sequence[Version], clause: str) -> list[Moment]:
    """The life of one clause; for many of them, ask ``Lives`` once."""
    return Lives(versions).of(clause)


def _moments(
    version: Version,
    digest: str,
    steps: Sequence[Operation],
    before: Mapping[str, Clause],
    after: Mapping[str, Clause],
    parents: Mapping[str, str | None],
) -> Iterator[Moment]:
    moved = {step.clause for step in steps if isinstance(step, Move)}
    grouped = groups(steps)
    for name in [*after, *(name for name in before if name not in after)]:
        old, new = before.get(name), after.get(name)
        fields = _differing(old, new)
        if fields or name in moved or name in grouped:
            status, others = grouped.get(name, (status_of(old, new, bool(fields), name in moved), ()))
            above = {name, *ancestors(name, parents)} if new is None else {name}
            touched = [one for one in version.amendments if above & set(_named(one.operations))]
            concerned = others or (name,)
            yield Moment(
                version.number, digest, version.date, version.act, name, status, name in moved,
                tuple(one.id for one in touched),
                tuple(dict.fromkeys(answer for one in touched for answer in one.answers)), others, fields,
                {one: before[one] for one in concerned if one in before},
                {one: after[one] for one in concerned if one in after},
            )  # fmt: skip


def _differing(old: Clause | None, new: Clause | None) -> tuple[str, ...]:
    if old is new:
        return ()
    if old is None or new is None:
        return tuple(name for name in FIELDS if getattr(old or new, name))
    return tuple(name for name in FIELDS if getattr(old, name) != getattr(new, name))


def _named(operations: Iterable[Operation]) -> Iterator[str]:
    """The clauses that operations bring, change, move or strike."""
    for step in operations:
        match step:
            case Insert():
                yield step.clause.id
            case Split():
                yield from (step.clause, *step.ids)
            case Join():
                yield from step.clauses
            case Replace() | Move() | Strike() | Confirm():
                yield step.clause
