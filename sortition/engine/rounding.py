"""From weights on panels to a list of equally likely panels, and from types to people."""

from collections.abc import Mapping, Sequence

import numpy as np

from sortition.engine.attain import Distribution
from sortition.engine.fairest import Fairest
from sortition.engine.panels import PanelFinder
from sortition.engine.splitting import split_into_panels
from sortition.model import Counts, Floats, Pool
from sortition.problems import no_panel
from sortition.randomness import Stream

# Failures allowed per panel that is looked for, of all panels and of those that the mixture leaves open.
PATIENCE_WITH_ALL, PATIENCE_WITH_REST = 1.5, 0.75
# Panels of the mixture that the list is made of, exchanges among them, and new panels looked for.
CANDIDATES, EXCHANGES, REPLACEMENTS = 1500, 2000, 250
# So many panels from the target is near enough; up to FEW times the least chance, what is missing weighs SHORT times.
MOST_OFF, FEW, SHORT = 1.7, 1.5, 3.0


def panel_list(fair: Fairest, number: int, stream: Stream) -> list[Counts]:
    """A list of `number` equally likely panels (counts per type) whose chances approach the target.

    From a mixture of panels: whole parts of number·weight; the rest of the target is split into further panels, so
    that nobody is a whole panel away. Where the split fails, further panels of the mixture make up for what is missing;
    then panels are exchanged, and replaced by new ones, as long as Σₜ mₜ·((Sₜ − number·xₜ)/mₜ)² falls, S being the
    seats of each type. Without a mixture the whole target is split. In random order.
    """
    pool, chances = fair.pool, fair.relaxed.chances
    target = number * chances * pool.multiplicity
    if fair.distribution is None:
        panels = split_into_panels(pool, target, number, PATIENCE_WITH_ALL) or _herded(pool, chances, number)
    else:
        mixed = fair.distribution
        panels = _split_rest(mixed, pool, number) or _nearest(mixed, pool, target, number)
    return stream.shuffled(panels)


def _split_rest(mixed: Distribution, pool: Pool, number: int) -> list[Counts] | None:
    """The whole parts of number·weight, and the rest of the mixture split into panels."""
    wanted = number * mixed.weights / mixed.weights.sum()
    copies = np.floor(wanted + 1e-9).astype(np.int64)
    rest = np.maximum(wanted - copies, 0.0) @ mixed.panels
    found = split_into_panels(pool, rest, number - int(copies.sum()), PATIENCE_WITH_REST)
    return None if found is None else [*np.repeat(mixed.panels, copies, axis=0), *found]


def _nearest(mixed: Distribution, pool: Pool, target: Floats, number: int) -> list[Counts]:
    """Panels of the mixture as often as comes nearest to the target, some of them replaced by better ones."""
    likely = np.sort(np.argsort(-mixed.weights, kind="stable")[:CANDIDATES])
    repeats = _repeats(mixed.panels[likely], mixed.weights[likely], pool, target, number)
    panels = [mixed.panels[index] for index in np.repeat(likely, repeats)]
    _replace(panels, pool, target)
    return panels


def _herded(pool: Pool, chances: Floats, number: int) -> list[Counts]:
    """Panel j nearly maximises Σₜ (j·xₜ − Sₜ)/mₜ · countₜ, S being the seats of the panels before it."""
    finder = PanelFinder(pool)
    missing = np.zeros(len(chances))
    panels: list[Counts] = []
    for _ in range(number):
        missing += chances * pool.multiplicity
        panel = finder.find(missing / pool.multiplicity)
        if panel is None:
            raise no_panel()
        missing -= panel
        panels.append(panel)
    return panels


def _repeats(panels: Counts, weights: Floats, pool: Pool, target: Floats, number: int) -> Counts:
    """How often each panel stands in the list."""
    scale = 1 / np.sqrt(pool.multiplicity.astype(float))
    scaled = panels * scale
    copies = np.floor(number * weights + 1e-9).astype(np.int64)
    products = scaled @ scaled.T
    squares = np.diag(products)
    excess = products @ copies - scaled @ (target * scale)
    while copies.sum() < number:
        _change(copies, excess, products, int(np.argmin(2 * excess + squares)), 1)
    while copies.sum() > number:
        removal = np.where(copies > 0, 2 * excess - squares, -np.inf)
        _change(copies, excess, products, int(np.argmax(removal)), -1)
    _exchange(copies, excess, products)
    return copies


def _change(copies: Counts, excess: Floats, products: Floats, panel: int, by: int) -> None:
    copies[panel] += by
    excess += by * products[panel]


def _exchange(copies: Counts, excess: Floats, products: Floats) -> None:
    squares = np.diag(products)
    for _ in range(EXCHANGES):
        held = np.flatnonzero(copies)
        adding = (2 * excess + squares)[np.newaxis, :]
        removing = (2 * excess - squares)[held][:, np.newaxis]
        change = adding - removing - 2 * products[held]
        row, added = divmod(int(np.argmin(change)), len(copies))
        if change[row, added] >= -1e-9:
            return
        _change(copies, excess, products, int(held[row]), -1)
        _change(copies, excess, products, added, 1)


def _replace(panels: list[Counts], pool: Pool, target: Floats) -> None:
    """Take out the panel that seats most of those seated too often, and look for one that fits the gap better.

    Also among panels not met before. A panel that cannot be bettered is left alone until another one is.
    """
    finder = PanelFinder(pool)
    seats = np.array(panels, dtype=float)
    excess = seats.sum(axis=0) - target
    gap = _Gap(pool, target)
    kept: set[int] = set()
    for _ in range(REPLACEMENTS):
        if gap.closed(excess) or len(kept) == len(panels):
            return
        order = np.argsort(-(seats @ gap.strain(excess) ** 3), kind="stable")
        place = next(int(one) for one in order if int(one) not in kept)
        without = excess - seats[place]
        panel = finder.find(-(gap.strain(without) ** 3))
        if panel is None:
            return
        kept.add(place)
        if gap.size(without + panel) < gap.size(excess) - 1e-9:
            panels[place], seats[place], excess = panel, panel, without + panel
            kept = set()


class _Gap:
    """How far seats are from their target, per person of each type.

    Those with the least chance are to miss no more than one panel of it; that counts most.
    """

    def __init__(self, pool: Pool, target: Floats) -> None:
        self._multiplicity = pool.multiplicity
        each = target / self._multiplicity
        few = each <= FEW * each[each > 1e-9].min()
        self._least = np.where(few, self._multiplicity * np.ceil(each - 1 - 1e-9) - target, -np.inf)

    def strain(self, excess: Floats) -> Floats:
        each = excess / self._multiplicity
        short = SHORT * np.minimum(each, -1.0)
        return np.asarray(np.where(excess < self._least - 1e-9, short, each))

    def size(self, excess: Floats) -> float:
        """By fourth powers: what is furthest off counts most."""
        return float((self._multiplicity * self.strain(excess) ** 4).sum())

    def closed(self, excess: Floats) -> bool:
        """Whether nobody is far off, and nobody with the least chance is short of it."""
        enough = bool((excess >= self._least - 1e-9).all())
        return enough and float(np.abs(excess / self._multiplicity).max()) <= MOST_OFF


def seat(pool: Pool, panels: list[Counts], homes: Sequence[int | None], stream: Stream) -> list[list[int]]:
    """The people (indices) of each panel, in the order given.

    Inside a type those seated least so far come first, ties falling to the stream: their counts never
    differ by more than one. People who share a household take turns with those of their class of households: `homes`
    gives the number of each person's.
    """
    first = len(pool.quotas) + 1
    alone = {
        type_: _Turns(pool.members[type_], stream)
        for type_, rows in enumerate(pool.types)
        if rows[-1] < first
    }
    sharing: dict[int, list[int]] = {}
    for type_, rows in enumerate(pool.types):
        if type_ not in alone:
            sharing.setdefault(rows[-1], []).append(type_)
    classes = [
        _HomeTurns({type_: pool.members[type_] for type_ in types}, homes, stream)
        for types in sharing.values()
    ]
    seated = []
    for panel in panels:
        people = [
            one
            for type_ in map(int, np.flatnonzero(panel))
            if type_ in alone
            for one in alone[type_].next(int(panel[type_]))
        ]
        for turns in classes:
            people += turns.next(panel)
        seated.append(sorted(people))
    return seated


class _HomeTurns:
    """People of households composed alike: those seated least so far first, and one per household."""

    def __init__(
        self, members: Mapping[int, tuple[int, ...]], homes: Sequence[int | None], stream: Stream
    ) -> None:
        self._homes = homes
        self._waiting = {type_: stream.shuffled(people) for type_, people in members.items()}

    def next(self, panel: Counts) -> list[int]:
        taken: list[int] = []
        used: set[int | None] = set()
        for type_, waiting in self._waiting.items():
            chosen: list[int] = []
            for person in waiting:
                if len(chosen) == panel[type_]:
                    break
                if self._homes[person] not in used:
                    chosen.append(person)
                    used.add(self._homes[person])
            self._waiting[type_] = [one for one in waiting if one not in chosen] + chosen
            taken += chosen
        return taken


class _Turns:
    """People of one type, each seated once in a random order before anyone is seated again."""

    def __init__(self, group: tuple[int, ...], stream: Stream) -> None:
        self._group = group
        self._stream = stream
        self._waiting: list[int] = []

    def next(self, number: int) -> list[int]:
        if number == len(self._group):
            return list(self._group)
        taken, self._waiting = self._waiting[:number], self._waiting[number:]
        if len(taken) < number:
            others = self._stream.shuffled([person for person in self._group if person not in taken])
            missing = number - len(taken)
            self._waiting = [*others[missing:], *self._stream.shuffled(taken)]
            taken += others[:missing]
        return taken
