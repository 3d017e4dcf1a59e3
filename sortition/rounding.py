"""From weights on panels to a list of equally likely panels, and from types to people."""

import numpy as np

from sortition.attain import Distribution
from sortition.model import Counts, Floats, Pool
from sortition.randomness import Stream

CANDIDATES = 1500
EXCHANGES = 2000


def repeat(distribution: Distribution, pool: Pool, chances: Floats, number: int) -> Counts:
    """How often each panel of `distribution` stands in a list of `number` panels, shape (panels,).

    Whole parts of number·weight first; each further panel makes up for what is missing; then one panel is
    exchanged for another as long as Σₜ (Sₜ − number·xₜ)²/mₜ falls.
    """
    if len(distribution.panels) > CANDIDATES:
        likely = np.sort(np.argsort(-distribution.weights, kind="stable")[:CANDIDATES])
    else:
        likely = np.arange(len(distribution.panels))
    scale = 1 / np.sqrt(pool.multiplicity.astype(float))
    panels = distribution.panels[likely] * scale
    target = number * chances * pool.multiplicity * scale
    copies = np.floor(number * distribution.weights[likely] + 1e-9).astype(np.int64)
    products = panels @ panels.T
    squares = np.diag(products)
    missing = products @ copies - panels @ target
    while copies.sum() < number:
        _change(copies, missing, products, int(np.argmin(2 * missing + squares)), 1)
    while copies.sum() > number:
        worst = np.where(copies > 0, 2 * missing - squares, -np.inf)
        _change(copies, missing, products, int(np.argmax(worst)), -1)
    _exchange(copies, missing, products)
    repeats = np.zeros(len(distribution.panels), dtype=np.int64)
    repeats[likely] = copies
    return repeats


def _change(copies: Counts, missing: Floats, products: Floats, panel: int, by: int) -> None:
    copies[panel] += by
    missing += by * products[panel]


def _exchange(copies: Counts, missing: Floats, products: Floats) -> None:
    squares = np.diag(products)
    for _ in range(EXCHANGES):
        held = np.flatnonzero(copies)
        change = (
            (2 * missing + squares)[np.newaxis, :]
            - (2 * missing - squares)[held][:, np.newaxis]
            - 2 * products[held]
        )
        row, added = divmod(int(np.argmin(change)), len(copies))
        if change[row, added] >= -1e-9:
            return
        _change(copies, missing, products, int(held[row]), -1)
        _change(copies, missing, products, added, 1)


def seat(pool: Pool, panels: list[Counts], stream: Stream) -> list[list[int]]:
    """The people (indices) of each panel, in the order given.

    Inside a type those seated least so far come first, ties falling to the stream: their counts never
    differ by more than one.
    """
    turns = [_Turns(group, stream) for group in pool.members]
    return [
        sorted(person for type_ in np.flatnonzero(panel) for person in turns[type_].next(int(panel[type_])))
        for panel in panels
    ]


class _Turns:
    """People of one type, each seated once in a random order before anyone is seated again."""

    def __init__(self, group: tuple[int, ...], stream: Stream) -> None:
        self._group = group
        self._stream = stream
        self._waiting: list[int] = []

    def next(self, number: int) -> list[int]:
        taken, self._waiting = self._waiting[:number], self._waiting[number:]
        if len(taken) < number:
            others = self._stream.shuffled([person for person in self._group if person not in taken])
            missing = number - len(taken)
            self._waiting = [*others[missing:], *self._stream.shuffled(taken)]
            taken += others[:missing]
        return taken
