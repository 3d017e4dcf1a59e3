"""Which statement somebody is shown next."""

from collections.abc import Collection, Mapping
from random import Random

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def priorities(
    agrees: ArrayLike, disagrees: ArrayLike, passes: ArrayLike, extremity: ArrayLike = 0.0
) -> Floats:
    """Weights in proportion to which statements are drawn, one per place of the arrays.

    [(1 − (P+1)/(S+2)) · (E+1) · ((A+1)/(S+2)) · (1 + 8·2^(−S/5))]² (Small and others 2021): A agree, P pass, S voted at
    all, E is the extremity in the last map (0 before the first). New statements come often, and so do those that tell
    groups apart; unclear ones, which many pass, come rarely. Never 0.
    """
    agreed, passed = np.asarray(agrees, np.float64), np.asarray(passes, np.float64)
    voted = agreed + passed + np.asarray(disagrees, np.float64)
    clear = 1 - (passed + 1) / (voted + 2)
    liked = (agreed + 1) / (voted + 2)
    fresh = 1 + 8 * np.exp2(-voted / 5)
    found: Floats = (clear * (np.asarray(extremity, np.float64) + 1) * liked * fresh) ** 2
    return found


def choose(weights: Mapping[int, float], seen: Collection[int], random: Random) -> int | None:
    """A statement not yet seen, drawn in proportion to its weight; None when all were seen."""
    left = [statement for statement in sorted(weights) if statement not in seen]
    if not left:
        return None
    return random.choices(left, [weights[statement] for statement in left])[0]
