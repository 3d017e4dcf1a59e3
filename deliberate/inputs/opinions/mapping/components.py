"""The two principal components of a matrix of votes whose gaps are filled with the mean of their column."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

# Components keep this many decimals, so that the last bits of a machine's arithmetic make no other map.
DECIMALS = 8
# Participants per block: memory stays bounded, and counts of a block are exact in single precision.
BLOCK = 4096
# A component that carries less than this share of the first one's variance is noise of arithmetic.
LEAST_SHARE = 1e-9

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Matrix:
    """A sparse matrix of votes: per vote its row (participant), its column (statement) and its value.

    Sorted by row, then column. `shape` is (participants, statements).
    """

    rows: Places
    columns: Places
    values: NDArray[np.int8]
    shape: tuple[int, int]

    def sums(self) -> Places:
        """Per column, the sum of its votes."""
        return np.bincount(self.columns, self.values, self.shape[1]).astype(np.int64)

    def counts(self) -> Places:
        """Per column, how many votes it has."""
        return np.bincount(self.columns, minlength=self.shape[1])


def principal(matrix: Matrix) -> Floats:
    """Two components as rows of a 2 × statements array, of length 1, or 0 where there is nothing left to explain.

    Of a component, the entry that is largest in absolute value is positive.
    """
    size = matrix.shape[1]
    found = np.zeros((2, size))
    wanted = min(2, size)
    if not wanted:
        return found
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

    A filled gap is zero once centred, so that an entry is the sum of (v − m)(w − n) over those who voted on both. It
    is put together from counts, which are whole numbers and therefore the same whatever they are added up in.
    """
    size = matrix.shape[1]
    both, crossed, products = (np.zeros((size, size)) for _ in range(3))
    for start in range(0, matrix.shape[0], BLOCK):
        voted, values = _block(matrix, start)
        both += voted.T @ voted
        crossed += values.T @ voted
        products += values.T @ values
    means = matrix.sums() / np.maximum(matrix.counts(), 1)
    crossed *= means
    both *= np.outer(means, means)
    scatter: Floats = products - (crossed + crossed.T) + both
    return scatter


def _block(matrix: Matrix, start: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Who voted on what, and how, for the participants from `start` on: two dense arrays."""
    first, last = np.searchsorted(matrix.rows, (start, start + BLOCK))
    shape = (min(BLOCK, matrix.shape[0] - start), matrix.shape[1])
    voted, values = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    places = matrix.rows[first:last] - start, matrix.columns[first:last]
    voted[places] = 1
    values[places] = matrix.values[first:last]
    return voted, values


def projected(matrix: Matrix, means: Floats, components: Floats) -> Floats:
    """Where the participants stand: a rows × 2 array, scaled by √(statements / votes of the participant)."""
    deviations = matrix.values - means[matrix.columns]
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
