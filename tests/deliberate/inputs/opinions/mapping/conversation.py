"""Votes that people could have cast, for tests."""

import random


def two_camps(people: int = 24, statements: int = 12, seed: int = 1) -> list[tuple[int, int, int]]:
    """Votes of two camps: statements 0 to 3 divide them, all agree with 4 and 5, the others are open."""
    draw = random.Random(seed)
    rows = []
    for person in range(people):
        side = 1 if person % 3 else -1
        for statement in range(statements):
            if statement < 4:
                value = side if draw.random() < 0.9 else 0
            elif statement < 6:
                value = 1
            else:
                value = draw.choice((-1, 0, 1))
            if statement < 6 or draw.random() < 0.7:
                rows.append((person, statement, value))
    return rows
