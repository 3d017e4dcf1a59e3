"""Writing a conversation as Polis exports it; no cell is a live formula."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from deliberate.inputs.opinions.mapping.polis import COMMENTS, PARTICIPANTS, SUMMARY, VOTES, Conversation
from deliberate.inputs.opinions.mapping.votes import AGREE, DISAGREE
from deliberate.inputs.spreadsheets import inert_in_csv

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def write(conversation: Conversation) -> dict[str, bytes]:
    """The four files of an export, by name."""
    return {
        COMMENTS: _comments(conversation),
        VOTES: _votes(conversation),
        PARTICIPANTS: _participants(conversation),
        SUMMARY: _summary(conversation),
    }


def _comments(conversation: Conversation) -> bytes:
    cast = _cast(conversation)
    columns = (
        "timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body",
    )  # fmt: skip
    rows = (
        (
            one.at, _moment(one.at), one.id, one.author,
            *cast[one.id], one.moderated, one.text,
        )
        for one in conversation.comments
    )  # fmt: skip
    return _csv(columns, rows)


def _cast(conversation: Conversation) -> Mapping[int, tuple[object, object]]:
    """How many agree and disagree with each comment; nothing where that is not told."""
    told = conversation.counted
    if told is not None:
        return {one.id: told.get(one.id, ("", "")) for one in conversation.comments}
    counts = Counter((vote.comment, vote.value) for vote in conversation.votes)
    return {one.id: (counts[one.id, AGREE], counts[one.id, DISAGREE]) for one in conversation.comments}


def _votes(conversation: Conversation) -> bytes:
    columns = ("timestamp", "datetime", "comment-id", "voter-id", "vote")
    ordered = sorted(conversation.votes, key=lambda vote: (vote.comment, vote.voter))
    return _csv(columns, ((one.at, _moment(one.at), one.comment, one.voter, one.value) for one in ordered))


def _participants(conversation: Conversation) -> bytes:
    """A row per voter: group, counts, and the vote on each comment that anybody voted on."""
    voted = sorted({vote.comment for vote in conversation.votes})
    values = {vote[:2]: vote.value for vote in conversation.votes}
    cast = Counter((vote.voter, vote.value) for vote in conversation.votes)
    written = Counter(comment.author for comment in conversation.comments)
    columns = ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *map(str, voted))
    rows = (
        (
            voter,
            conversation.groups.get(voter, ""),
            written[voter],
            sum(cast[voter, value] for value in (-1, 0, 1)),
            cast[voter, AGREE],
            cast[voter, DISAGREE],
            *(values.get((voter, comment), "") for comment in voted),
        )
        for voter in sorted({vote.voter for vote in conversation.votes})
    )
    return _csv(columns, rows)


def _summary(conversation: Conversation) -> bytes:
    voters = {vote.voter for vote in conversation.votes}
    told = conversation.counted is None
    rows: list[tuple[str, object]] = [
        ("topic", conversation.topic),
        ("url", conversation.url),
        ("voters", len(voters) if told else ""),
        ("voters-in-conv", len(set(conversation.groups) & voters) if told else ""),
        ("commenters", len({comment.author for comment in conversation.comments})),
        ("comments", len(conversation.comments)),
        ("groups", len(set(conversation.groups.values())) if told else ""),
        ("conversation-description", conversation.description),
    ]
    return _csv(rows[0], rows[1:])


def _moment(milliseconds: int) -> str:
    """As Polis writes it, in universal time: Sun Aug 13 14:16:45 UTC 2017."""
    words = (BEGINNING + timedelta(milliseconds=milliseconds)).ctime().split()
    return " ".join([*words[:4], "UTC", words[4]])


def _csv(columns: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in (columns, *rows):
        writer.writerow([cell if isinstance(cell, int) else inert_in_csv(str(cell)) for cell in row])
    return text.getvalue().encode()
