"""Groups of points: k-means for several k, and the k whose groups stand best apart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KS = (2, 3, 4, 5)
STARTS = 10
ROUNDS = 200
SEED = 5
# Silhouettes are compared at this many decimals: less is noise.
DECIMALS = 4
# How many points silhouettes are taken at, against all others.
SAMPLE = 10_000
BLOCK = 512

Floats = NDArray[np.float64]
Labels = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Clustering:
    """`labels` per point, `centres` (k × 2), and `spread`, the sum of squared distances to the centres."""

    labels: Labels
    centres: Floats
    spread: float


def clusterings(points: Floats) -> dict[int, Clustering]:
    """For each k the best groups found; no k for which there are not enough different points.

    Depends only on the set of points: starts are drawn from the points in the order of their coordinates.
    """
    different = np.unique(points, axis=0)
    ordered = points[np.lexsort((points[:, 1], points[:, 0]))]
    found = {}
    for k in KS:
        if len(different) >= k:
            centres = _best(ordered, different, k)
            labels = nearest(points, centres)
            found[k] = Clustering(labels, centres, float(np.sum((points - centres[labels]) ** 2)))
    return found


def nearest(points: Floats, centres: Floats) -> Labels:
    """Per point the place of its nearest centre; of equally near ones, the first."""
    found: Labels = np.argmin(_distances(points, centres), axis=0).astype(np.int8)
    return found


def _distances(points: Floats, centres: Floats) -> Floats:
    """Squared distances, centres × points."""
    found: Floats = (points[:, 0] - centres[:, :1]) ** 2 + (points[:, 1] - centres[:, 1:]) ** 2
    return found


def _best(points: Floats, different: Floats, k: int) -> Floats:
    random = np.random.default_rng(SEED)
    tried = [_settled(points, _start(different, k, random)) for _ in range(STARTS)]
    _, centres = min(tried, key=lambda one: (one[0], one[1].tolist()))
    return centres


def _start(points: Floats, k: int, random: np.random.Generator) -> Floats:
    """k points, each drawn with a chance that grows with the square of its distance to those before (k-means++)."""
    chosen = [points[random.integers(len(points))]]
    while len(chosen) < k:
        far = _distances(points, np.array(chosen)).min(axis=0)
        total = np.cumsum(far)
        chosen.append(points[np.searchsorted(total, random.random() * total[-1], side="right")])
    return np.array(chosen)


def _settled(points: Floats, centres: Floats) -> tuple[float, Floats]:
    """Lloyd's rounds until nothing moves: the spread, and the centres, the largest group first."""
    labels = nearest(points, centres)
    for _ in range(ROUNDS):
        centres = _means(points, labels, centres)
        moved = nearest(points, centres)
        if np.array_equal(moved, labels):
            break
        labels = moved
    sizes = np.bincount(labels, minlength=len(centres))
    order = np.lexsort((centres[:, 1], centres[:, 0], -sizes))
    spread = float(np.round(np.sum((points - centres[labels]) ** 2), 6))
    return spread, np.round(centres[order], 6)


def _means(points: Floats, labels: Labels, centres: Floats) -> Floats:
    """The middle of each group; a group that lost everybody stays where it was."""
    sizes = np.bincount(labels, minlength=len(centres))
    sums = np.stack([np.bincount(labels, axis, len(centres)) for axis in points.T], axis=1)
    found: Floats = np.where(sizes[:, None] > 0, sums / np.maximum(sizes, 1)[:, None], centres)
    return found


def silhouettes(points: Floats, found: dict[int, Clustering]) -> dict[int, float]:
    """Per k, the mean silhouette of the points (Rousseeuw 1987), between -1 and 1.

    Beyond 10,000 points it is taken at 10,000 of them, evenly spaced in the order of their coordinates, against all.
    """
    if not found:
        return {}
    order = np.lexsort((points[:, 1], points[:, 0]))
    order = order[np.linspace(0, len(order) - 1, min(len(order), SAMPLE)).astype(np.int64)]
    members = np.concatenate([np.eye(k)[one.labels] for k, one in found.items()], axis=1)
    sums = _sums_of_distances(points, order, members)
    scores, first = {}, 0
    for k, one in found.items():
        scores[k] = _score(sums[:, first : first + k], one.labels, one.labels[order], k)
        first += k
    return scores


def _sums_of_distances(points: Floats, sample: NDArray[np.int64], members: Floats) -> Floats:
    """Per point of the sample and per group, the sum of its distances to the members."""
    x, y = points.T.astype(np.float32)
    weights = members.astype(np.float32)
    found = np.empty((len(sample), members.shape[1]))
    for start in range(0, len(sample), BLOCK):
        some = sample[start : start + BLOCK]
        across, along = x[some, None] - x, y[some, None] - y
        across *= across
        along *= along
        across += along
        found[start : start + BLOCK] = np.sqrt(across, out=across) @ weights
    return found


def _score(sums: Floats, labels: Labels, own: Labels, k: int) -> float:
    sizes = np.bincount(labels, minlength=k)
    places = np.arange(len(own))
    inside = sums[places, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / np.maximum(sizes, 1)
    means[places, own] = np.inf
    means[:, sizes == 0] = np.inf
    outside = means.min(axis=1)
    larger = np.maximum(inside, outside)
    alone = (sizes[own] <= 1) | (larger == 0)
    values = np.where(alone, 0, (outside - inside) / np.where(larger == 0, 1, larger))
    return float(np.round(values.mean(), DECIMALS))
