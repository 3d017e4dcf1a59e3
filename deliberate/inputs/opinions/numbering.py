"""Participants as numbers that say nothing about anybody: 1, 2, 3 … in the order of their votes.

The same set of votes always gets the same numbers, so a map computed from the published file of votes is the map that
was published; and no list, no secret and no time of arrival is behind a number.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from deliberate.journal.canonical import digest

Row = tuple[int, int, int]
"""One vote: participant, number of the statement, and 1 (agree), 0 (pass) or −1 (disagree)."""


def numbered(rows: Iterable[Row]) -> tuple[list[Row], list[int]]:
    """The votes with participants by number, in order, and who bears each number from 1.

    Two people who voted alike are interchangeable, and so are their numbers.
    """
    votes: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for person, statement, value in rows:
        votes[person].append((statement, value))
    for cast in votes.values():
        cast.sort()
    people = sorted(votes, key=lambda person: (votes[person], person))
    named = [
        (number, statement, value)
        for number, person in enumerate(people, start=1)
        for statement, value in votes[person]
    ]
    return named, people


def votes_digest(named: Sequence[Row]) -> str:
    """The control code of a set of votes, from what `numbered` gives: the journal commits to it, a file verifies."""
    return digest("votes", [list(row) for row in named])
