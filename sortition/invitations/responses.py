"""How many of the letters sent to each stratum were answered, and what to expect next time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from sortition.problems import SortitionError

Z95 = 1.959964


@dataclass(frozen=True)
class Response:
    """Of `letters` sent to the stratum `values`, `answers` were answered.

    `low` and `high` are the Wilson interval at 95 %. `expected` is the rate to plan with: see `expected_response`.
    """

    values: tuple[str, ...]
    letters: int
    answers: int
    low: float
    high: float
    expected: Fraction


def responses(
    strata: Sequence[Sequence[str]], invited: Iterable[int], answered: Iterable[int]
) -> list[Response]:
    """One response per stratum that got letters; `invited` and `answered` give the stratum of each letter.

    Raises SortitionError when nobody answered: nothing can be expected from that.
    """
    letters, answers = Counter(invited), Counter(answered)
    if not answers.total():
        raise SortitionError(
            "None of the people in this file answers a letter of this invitation. Check that its codes are those of "
            "invited.csv."
        )
    overall = Fraction(answers.total(), letters.total())
    return [
        Response(
            tuple(values),
            letters[place],
            answers[place],
            *wilson(answers[place], letters[place]),
            expected_response(answers[place], letters[place], overall),
        )
        for place, values in enumerate(strata)
        if letters[place]
    ]


def expected_response(answers: int, letters: int, overall: Fraction) -> Fraction:
    """The rate of a stratum, drawn towards the `overall` rate p: (answers + 1) / (letters + 1/p).

    As if 1/p more letters had brought one more answer: the posterior mean under a Gamma prior of weight 1 around p
    (Clayton & Kaldor, *Biometrics* 43, 1987). Few letters say little, and no stratum is expected never to answer.
    """
    return min(Fraction(1), (answers + 1) / (letters + 1 / overall))


def wilson(answers: int, letters: int, z: float = Z95) -> tuple[float, float]:
    """The interval for a share by Wilson (*JASA* 22, 1927), from 0 to 1; (0, 1) where no letter was sent."""
    if not letters:
        return 0.0, 1.0
    share = answers / letters
    middle = (share + z * z / (2 * letters)) / (1 + z * z / letters)
    reach = z * sqrt(share * (1 - share) / letters + z * z / (4 * letters * letters)) / (1 + z * z / letters)
    return max(0.0, middle - reach), min(1.0, middle + reach)
