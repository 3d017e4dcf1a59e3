"""Carrying pending amendments over to a newly adopted version."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from charters.amendment import Amendment, check_bases, content_digest
from charters.comparing.comparison import diff
from charters.draft import apply
from charters.merging.conflicts import Conflict
from charters.merging.effects import Effect
from charters.merging.merge import Merging
from charters.model import WORDS, Charter
from charters.operations import Join, Operation, Replace, Split
from charters.problems import CharterError

ADOPTED = "adopted"


@dataclass(frozen=True)
class Rebased:
    """``amendment`` on the new version, or None and the ``conflicts`` that say why not.

    In a conflict the newly adopted text appears under the name ADOPTED.
    """

    amendment: Amendment | None
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether everything it asked for is already in the new version."""
        return self.amendment is not None and not self.amendment.operations


def rebase(amendment: Amendment, base: Charter, current: Charter) -> Rebased:
    """Carry an amendment written on ``base`` over to ``current``, be it one version later or several.

    It is carried over when it merges with what was adopted since. Id, author, reason and answers stay, and its
    new clauses keep their ids. Its operations stay too where they still say the same; where words around its own
    changed, they take those in.

    An amendment to an amendment is carried over in the same way from the text as the amendment it changes left
    it to the text as that one leaves it now. Raises CharterError when it cannot be applied to ``base``.
    """
    return rebase_all([amendment], base, current)[amendment.id]


def rebase_all(amendments: Iterable[Amendment], base: Charter, current: Charter) -> dict[str, Rebased]:
    """As ``rebase`` for several amendments, each by itself, by id."""
    pending = list(amendments)
    check_bases(pending, base)
    adopted = Effect(base, ADOPTED, diff(base, current))
    content = content_digest(current)
    return {one.id: _carried(one, base, current, adopted, content) for one in pending}


def _carried(amendment: Amendment, base: Charter, current: Charter, adopted: Effect, content: str) -> Rebased:
    merging = Merging(base, [Effect(base, amendment.id, amendment.operations), adopted])
    if merging.conflicts:
        return Rebased(None, merging.conflicts)
    operations = _operations(amendment.operations, current, merging.merged.charter())
    return Rebased(replace(amendment, base=content, operations=operations))


def _operations(steps: tuple[Operation, ...], current: Charter, wanted: Charter) -> tuple[Operation, ...]:
    """Operations from the current text to the one wanted, as the author wrote them where that is possible."""
    if wanted == current:
        return ()
    for own in (steps, tuple(_reworded(step, wanted) for step in steps)):
        if _lead_to(own, current, wanted):
            return own
    return diff(current, wanted)


def _lead_to(steps: tuple[Operation, ...], current: Charter, wanted: Charter) -> bool:
    try:
        return apply(current, steps) == wanted
    except CharterError:
        return False


def _reworded(step: Operation, wanted: Charter) -> Operation:
    """A step with the words that the text wanted has in its place."""
    clauses = wanted.index.bare
    match step:
        case Replace(clause=name, lang=str(lang)) if name in clauses:
            words = {
                field: getattr(clauses[name], field).get(lang, "")
                for field in WORDS
                if getattr(step, field) is not None
            }
            return replace(step, **words)
        case Split() if {step.clause, *step.ids} <= clauses.keys():
            parts = [clauses[name].text for name in (step.clause, *step.ids)]
            return replace(step, texts={lang: tuple(p.get(lang, "") for p in parts) for lang in step.texts})
        case Join() if step.clauses[0] in clauses:
            whole = clauses[step.clauses[0]].text
            return replace(step, text={lang: whole.get(lang, "") for lang in step.text})
    return step
