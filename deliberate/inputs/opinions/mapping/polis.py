"""A conversation as Polis exports it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

COMMENTS, VOTES, SUMMARY, PARTICIPANTS = "comments.csv", "votes.csv", "summary.csv", "participants-votes.csv"
REFUSED, UNDECIDED, ACCEPTED = -1, 0, 1


class Comment(NamedTuple):
    """A statement: `author` is the number of a voter; `moderated` -1 (refused), 0 (undecided) or 1 (accepted).

    `at` is in milliseconds since 1970.
    """

    id: int
    text: str
    author: int
    moderated: int
    at: int


class Cast(NamedTuple):
    """A vote: 1 (agree), 0 (pass) or -1 (disagree); `at` in milliseconds since 1970."""

    voter: int
    comment: int
    value: int
    at: int


@dataclass(frozen=True)
class Conversation:
    """Comments sorted by id; votes, one per voter and comment, sorted by voter, then comment.

    `groups` gives the group of a voter, where the files tell. `replaced` counts earlier votes that later ones replaced.
    Where single votes are not given out, `counted` says how many agree and disagree with those comments that it knows.
    """

    comments: tuple[Comment, ...]
    votes: tuple[Cast, ...]
    topic: str = ""
    url: str = ""
    description: str = ""
    groups: Mapping[int, int] = field(default_factory=dict)
    replaced: int = 0
    counted: Mapping[int, tuple[int, int]] | None = None

    @property
    def rows(self) -> list[tuple[int, int, int]]:
        """The votes as (voter, comment, value)."""
        return [vote[:3] for vote in self.votes]

    @property
    def refused(self) -> list[int]:
        """The comments that moderation refused."""
        return [comment.id for comment in self.comments if comment.moderated == REFUSED]
