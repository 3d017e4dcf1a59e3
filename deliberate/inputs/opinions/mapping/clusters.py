"""Groups of points: k-means for several k, and the k whose groups stand best apart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deliberate.inputs.opinions.mapping.components import ALONE

MOST = 5
# Points tried as one more centre, and how many of the best of them are followed to their end.
CANDIDATES = 64
STARTS = 6
# How many points starts are followed on; the best of them are then followed on all.
FEW = 500
TRIED = 5
BEST = 2
ROUNDS = 200
# A round that leaves more than this share of the spread is the last one.
ENOUGH = 1 - 1e-5
# Centres, like positions, are kept in whole millionths.
DECIMALS = 6
# Silhouettes are compared at this many decimals: less is noise.
SCORE_DECIMALS = 4
# How many points silhouettes are taken at, against all others.
SAMPLE = 10_000
# Distances held at a time: as many as stay near the processor.
BLOCK = 1 << 16

Floats = NDArray[np.float64]
Labels = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Clustering:
    """`labels` per point, and the `centres` (k × 2), that of the largest group first."""

    labels: Labels
    centres: Floats


def clusterings(points: Floats) -> dict[int, Clustering]:
    """For each k the groups found; no k for which there are not enough different points.

    Groups for k start from the centres for k - 1 and one more (global k-means: Likas, Vlassis and Verbeek 2003), so
    that nothing is drawn by chance. Depends only on the set of points: sums are taken in the order of coordinates.
    """
    ordered = points[np.lexsort((points[:, 1], points[:, 0]))]
    few = _spread(ordered, FEW)
    different = np.unique(few, axis=0)
    candidates = _spread(different, CANDIDATES)
    found: dict[int, Clustering] = {}
    if not len(points):
        return found
    centres = ordered.mean(axis=0, keepdims=True)
    for k in range(2, min(MOST, len(different)) + 1):
        tried = _settled(few, _starts(few, candidates, centres), TRIED)
        centres = _in_order(ordered, _settled(ordered, tried[:BEST], ROUNDS)[0])
        found[k] = Clustering(nearest(points, centres), centres)
    return found


def _spread(points: Floats, most: int) -> Floats:
    """At most so many of the points, evenly spaced in their order."""
    return points[np.linspace(0, len(points) - 1, min(len(points), most)).astype(np.int64)]


def _starts(points: Floats, candidates: Floats, centres: Floats) -> Floats:
    """The centres and one more: of the candidates in each quadrant around each centre, the one that brings the points
    nearest at once; of these, the best few."""
    now = _distances(points, centres).min(axis=0)
    gains = np.round(np.maximum(now - _distances(points, candidates), 0).sum(axis=1), 6)
    own = nearest(candidates, centres)
    sides = candidates > centres[own]
    sectors = own * 4 + sides[:, 0] * 2 + sides[:, 1]
    order = np.lexsort((np.arange(len(gains)), -gains))
    firsts = np.sort(np.unique(sectors[order], return_index=True)[1])[:STARTS]
    more = candidates[order[firsts], None]
    return np.concatenate([np.broadcast_to(centres, (len(more), *centres.shape)), more], axis=1)


def nearest(points: Floats, centres: Floats) -> Labels:
    """Per point the place of its nearest centre; of equally near ones, the first."""
    found: Labels = _distances(points, centres).argmin(axis=0).astype(np.int8)
    return found


def _distances(points: Floats, centres: Floats) -> Floats:
    """Squared distances: ... × centres × points, for centres of any number of starts."""
    across, along = points[:, 0] - centres[..., :1], points[:, 1] - centres[..., 1:]
    found: Floats = across * across
    found += along * along
    return found


def _settled(points: Floats, starts: Floats, rounds: int) -> Floats:
    """Lloyd's rounds on all starts at once (starts × k × 2), until they bring the points no nearer; the best first."""
    spreads = np.full(len(starts), np.inf)
    repeated = np.tile(points.T, len(starts))
    for _ in range(rounds):
        distances = _distances(points, starts)
        last, spreads = spreads, distances.min(axis=1).sum(axis=1)
        if np.all(spreads >= last * ENOUGH):
            break
        starts = _means(repeated, distances.argmin(axis=1), starts)
    return starts[np.lexsort((np.arange(len(starts)), np.round(spreads, 6)))]


def _in_order(points: Floats, centres: Floats) -> Floats:
    """The centres as they are kept, that of the largest group first."""
    sizes = np.bincount(nearest(points, centres), minlength=len(centres))
    found: Floats = np.round(centres[np.lexsort((centres[:, 1], centres[:, 0], -sizes))], DECIMALS)
    return found


def _means(repeated: Floats, labels: NDArray[np.int64], starts: Floats) -> Floats:
    """The middle of each group of each start; a group that lost everybody stays where it was.

    `repeated` holds the coordinates of the points, 2 × (starts × points).
    """
    count, k, _ = starts.shape
    places = (labels + k * np.arange(count)[:, None]).ravel()
    sizes = np.bincount(places, minlength=count * k)
    some = np.maximum(sizes, 1)
    found = np.empty(starts.shape)
    for axis, values in enumerate(repeated):
        found[..., axis] = (np.bincount(places, values, count * k) / some).reshape(count, k)
    if not sizes.all():
        alone = sizes.reshape(count, k) == 0
        found[alone] = starts[alone]
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
    step = max(1, BLOCK // len(x))
    with ALONE.limit(limits=1, user_api="blas"):
        for start in range(0, len(sample), step):
            some = sample[start : start + step]
            across, along = x[some, None] - x, y[some, None] - y
            across *= across
            along *= along
            across += along
            found[start : start + step] = np.sqrt(across, out=across) @ weights
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
    return float(np.round(values.mean(), SCORE_DECIMALS))
