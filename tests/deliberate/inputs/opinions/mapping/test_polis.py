"""Files of a Polis export are read with every fault at once, and written so that they are read back the same."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberate.inputs.opinions.mapping.polis import Cast, Comment, Conversation
from deliberate.inputs.opinions.mapping.polis_reading import read
from deliberate.inputs.opinions.mapping.polis_writing import write
from deliberate.inputs.spreadsheets import as_written, inert_in_csv

COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1502659005668,Sun Aug 13 14:16:45 PDT 2017,0,3,2,1,1,"Water is a common good,
not a commodity"
1502659005669,Sun Aug 13 14:16:45 PDT 2017,1,3,0,0,-1,Off topic
"""
VOTES = """timestamp,datetime,comment-id,voter-id,vote
1502659005668,Sun Aug 13 14:16:45 PDT 2017,0,1,1
1502659005900,Sun Aug 13 14:16:45 PDT 2017,0,2,-1
1502659005700,Sun Aug 13 14:16:45 PDT 2017,0,2,0
1502659005700,Sun Aug 13 14:16:45 PDT 2017,1,2,0
"""
SUMMARY = """topic,Freshwater
url,https://example.org/1
views,117
groups,2
conversation-description,"Closed.
"
"""
PARTICIPANTS = """participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1
1,1,0,1,1,0,1,
2,,0,2,0,1,-1,0
"""


def files(**texts: str) -> dict[str, bytes]:
    given_texts = {"comments": COMMENTS, "votes": VOTES} | texts
    return {f"{name.replace('_', '-')}.csv": text.encode() for name, text in given_texts.items()}


def told(given_files: dict[str, bytes]) -> list[tuple[int, str]]:
    found, faults = read(given_files)
    assert found is None
    return [(fault.place, str(fault)) for fault in faults]


def test_an_export_is_read() -> None:
    found, faults = read(files(summary=SUMMARY, participants_votes=PARTICIPANTS))
    assert faults == []
    assert found is not None
    assert found.comments[0] == Comment(0, "Water is a common good,\nnot a commodity", 3, 1, 1502659005668)
    assert (found.topic, found.description, found.groups) == ("Freshwater", "Closed.", {1: 1})
    assert found.refused == [1]


def test_the_last_vote_on_a_comment_stands_whatever_the_order_of_lines() -> None:
    header, *lines = VOTES.splitlines()
    for order in (lines, lines[::-1]):
        found, _ = read(files(votes="\n".join([header, *order])))
        assert found is not None
        assert found.rows == [(1, 0, 1), (2, 0, -1), (2, 1, 0)]
        assert found.replaced == 1


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40).filter(
    lambda text: text == text.strip() and as_written(inert_in_csv(text)) == text
)
conversations = st.builds(
    Conversation,
    comments=st.dictionaries(
        st.integers(0, 9), st.tuples(texts, st.sampled_from((-1, 0, 1))), min_size=5
    ).map(
        lambda found: tuple(
            Comment(key, text, 0, state, 10**12) for key, (text, state) in sorted(found.items())
        )
    ),
    topic=texts,
    description=texts,
)


@given(conversations, st.lists(st.sampled_from((-1, 0, 1)), min_size=1, max_size=20))
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read_back(conversation: Conversation, values: list[int]) -> None:
    keys = [comment.id for comment in conversation.comments]
    cast = {(place // len(keys), keys[place % len(keys)]): value for place, value in enumerate(values)}
    votes = tuple(Cast(voter, comment, value, 86_400_000) for (voter, comment), value in sorted(cast.items()))
    whole = Conversation(
        conversation.comments, votes, conversation.topic, "", conversation.description, {0: 1}
    )
    assert read(write(whole)) == (whole, [])


def test_no_cell_that_is_written_is_a_formula() -> None:
    comment = Comment(0, '=HYPERLINK("https://example.org")', 0, 1, 0)
    written = write(Conversation((comment,), (Cast(1, 0, -1, 0),), topic="@SUM(1)"))
    cells = [
        cell
        for content in written.values()
        for row in csv.reader(io.StringIO(content.decode()))
        for cell in row
    ]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "@"} or (cell[:1] == "-" and cell != "-1")]
    assert read(written)[0] == Conversation((comment,), (Cast(1, 0, -1, 0),), topic="@SUM(1)")


def test_counts_are_written_as_polis_does() -> None:
    found, _ = read(files())
    assert found is not None
    written = {name: content.decode().splitlines() for name, content in write(found).items()}
    assert written["participants-votes.csv"] == [
        "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1",
        "1,,0,1,1,0,1,",
        "2,,0,2,0,1,-1,0",
    ]
    assert written["votes.csv"][1] == "1502659005668,Sun Aug 13 21:16:45 UTC 2017,0,1,1"
    assert written["comments.csv"][1].startswith("1502659005668,Sun Aug 13 21:16:45 UTC 2017,0,3,1,1,1,")


def test_every_fault_is_told_at_once_with_its_line() -> None:
    comments = COMMENTS + "x,,1,3,0,0,2,\n"
    votes = VOTES + "1,,0,5,2\n1,,77,5,1\n1,,0\n1,,-4,5,=1+1\n"
    assert told(files(comments=comments, votes=votes)) == [
        (5, "comments.csv: in column “moderated”, “2” should be 1, 0 or -1."),
        (5, "comments.csv: in column “timestamp”, “x” is not a whole number from 0 on."),
        (5, "comments.csv: the text of this comment is missing."),
        (6, "votes.csv: in column “vote”, “2” should be 1, 0 or -1."),
        (7, "votes.csv: this vote is on comment 77, which comments.csv does not have."),
        (8, "votes.csv: this line has 3 cells, while the first line has 5."),
        (9, "votes.csv: in column “comment-id”, “-4” is not a whole number from 0 on."),
        (9, "votes.csv: in column “vote”, “=1+1” should be 1, 0 or -1."),
    ]


def test_a_comment_that_is_there_twice_is_refused() -> None:
    twice = COMMENTS + "1,,0,3,0,0,1,Again\n"
    assert told(files(comments=twice)) == [(5, "comments.csv: comment 0 is there twice. Keep one of them.")]


@pytest.mark.parametrize(
    ("given_files", "sentence"),
    [
        ({}, "comments.csv is missing. A Polis export holds comments.csv and votes.csv."),
        (
            files(comments=""),
            "comments.csv has no column “timestamp, comment-id, author-id, moderated, comment-body”",
        ),
        (files(votes="voter,vote\n1,1\n"), "votes.csv has no column “timestamp, comment-id, voter-id”"),
        ({**files(), "votes.csv": b"\xff\xfe\x00"}, "votes.csv is not a text in UTF-8."),
        (files(votes=VOTES + '1,"open,2,3,4\n'), "votes.csv: from this line on the file cannot be read"),
        (files(comments=COMMENTS + f'1,,2,3,0,0,1,"{"x" * 200_000}"\n'), "comments.csv: from this line on"),
        (files(votes=VOTES + f"{'9' * 40},,0,1,1\n"), "votes.csv: in column “timestamp”"),
    ],
    ids=["nothing", "empty", "other columns", "not text", "open quotation", "endless cell", "endless number"],
)
def test_what_cannot_be_read_says_why(given_files: dict[str, bytes], sentence: str) -> None:
    assert any(text.startswith(sentence) for _, text in told(given_files))


def test_a_file_full_of_faults_tells_the_first_of_them_and_how_many_more() -> None:
    found = told(files(votes=VOTES + "1,,0,5,2\n" * 1000))
    assert len(found) == 201
    assert found[-1][1] == "There are 800 more faults. Mend these first, then try again."
