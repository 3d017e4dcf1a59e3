"""The two principal components of a matrix of votes whose gaps are filled with the mean of their column."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from threadpoolctl import ThreadpoolController

# Components keep this many decimals, so that the last bits of a machine's arithmetic make no other map.
DECIMALS = 8
UNIT = 10**6
# Participants at a time: so many products of two deviations add up exactly in double precision.
BLOCK = 2000
# A component that carries less than this share of the first one's variance is noise of arithmetic.
LEAST_SHARE = 1e-9

# Several threads wait for each other where a machine has other work, and add up in another order.
ALONE = ThreadpoolController()

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Matrix:
    """A sparse matrix of votes: per vote its row (participant), its column (statement) and its value.

    `means` are those of the columns, `shape` is (participants, statements).
    """

    rows: Places
    columns: Places
    values: NDArray[np.int8]
    means: Floats
    shape: tuple[int, int]

    def deviations(self) -> Places:
        """Per vote, how far it lies from the mean of its column, in whole millionths."""
        found: Places = np.rint((self.values - self.means[self.columns]) * UNIT).astype(np.int64)
        return found


def principal(matrix: Matrix) -> Floats:
    """Two components as rows of a 2 × statements array, of length 1, or 0 where there is nothing left to explain.

    Of a component, the entry that is largest in absolute value is positive.
    """
    size = matrix.shape[1]
    found = np.zeros((2, size))
    wanted = min(2, size)
    if not wanted:
        return found
    with ALONE.limit(limits=1, user_api="blas"):
        strengths, vectors = eigh(_scatter(matrix), subset_by_index=[size - wanted, size - 1], driver="evx")
    for place in range(wanted):
        strength, vector = strengths[wanted - 1 - place], vectors[:, wanted - 1 - place]
        if strength > LEAST_SHARE * max(1.0, strengths[-1]):
            found[place] = _signed(np.round(vector, DECIMALS))
    return found


def _signed(vector: Floats) -> Floats:
    return vector if vector[np.argmax(np.abs(vector))] > 0 else -vector


def _scatter(matrix: Matrix) -> Floats:
    """The scatter matrix (statements × statements) of the filled, centred matrix.

    A filled gap is zero once centred, so that only votes count. Deviations are whole millionths: sums of their
    products are whole numbers, the same in whatever order they are added up, for up to two million participants.
    """
    deviations, size = matrix.deviations(), matrix.shape[1]
    total = np.zeros((size, size), np.int64)
    for start in range(0, matrix.shape[0], BLOCK):
        first, last = np.searchsorted(matrix.rows, (start, start + BLOCK))
        block = np.zeros((min(BLOCK, matrix.shape[0] - start), size))
        block[matrix.rows[first:last] - start, matrix.columns[first:last]] = deviations[first:last]
        total += (block.T @ block).astype(np.int64)
    return total / UNIT**2


def projected(matrix: Matrix, components: Floats) -> Floats:
    """Where the participants stand: a rows × 2 array, scaled by √(statements / votes of the participant)."""
    deviations = matrix.deviations() / UNIT
    places = np.stack(
        [
            np.bincount(matrix.rows, deviations * component[matrix.columns], matrix.shape[0])
            for component in components
        ],
        axis=1,
    )
    answered = np.bincount(matrix.rows, minlength=matrix.shape[0])
    scale: Floats = np.sqrt(matrix.shape[1] / np.maximum(answered, 1))
    return places * scale[:, None]
