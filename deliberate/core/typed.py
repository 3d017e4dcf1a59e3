"""Numbers as people type them, or as a program sends them: nothing too large for a column, nothing computed first."""

import re
from fractions import Fraction

LARGEST = 2**31 - 1
LONGEST = 12
# Fraction() alone would compute 1e9999999 to its last digit.
SHARE = re.compile(r"\d{1,9}([.]\d{1,9}|/\d{1,9})?")


def whole(text: str) -> int:
    """A whole number that a column can hold. Raises ValueError for anything else."""
    if len(text) > LONGEST or abs(found := int(text)) > LARGEST:
        raise ValueError("too large a number")
    return found


def fraction(text: str) -> Fraction:
    """A fraction such as `3/4`, `0.75` or `1`. Raises ValueError for anything else, however large."""
    plain = text.strip()
    if not (plain.isascii() and SHARE.fullmatch(plain)):
        raise ValueError("not a fraction")
    try:
        return Fraction(plain)
    except ZeroDivisionError:
        raise ValueError("divided by nothing") from None


def is_share(text: object) -> bool:
    """Whether something is, as text, a fraction from 0 to 1, such as `19/100`."""
    try:
        return 0 <= fraction(str(text)) <= 1
    except ValueError:
        return False
