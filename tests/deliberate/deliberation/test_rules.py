"""How ballots are counted: thresholds, denominators, quorums, ties."""

from typing import Any

import pytest

from deliberate.deliberation.ballots.rules import (
    choice_fault,
    count_fault,
    differences,
    frozen_rule,
    needed,
    result,
    tally,
)


def rule(method: str = "yes-no", **changes: str) -> dict[str, Any]:
    given = {
        "method": method,
        "threshold": "3/4",
        "denominator": "present",
        "quorum": "2/3",
        "secrecy": "open",
    }
    return frozen_rule("amendment", {**given, **changes})


@pytest.mark.parametrize(
    ("threshold", "base", "votes"),
    [
        ("3/4", 22, 17),
        ("3/4", 24, 18),
        ("1/2", 23, 12),
        ("1/2", 22, 11),
        ("2/3", 24, 16),
        ("1", 5, 5),
        ("0", 9, 1),
    ],
)
def test_a_share_is_reached_by_the_next_whole_vote(threshold: str, base: int, votes: int) -> None:
    assert needed(threshold, base) == votes


@pytest.mark.parametrize(
    ("yes", "no", "abstain", "present", "changes", "adopted"),
    [
        (18, 3, 1, 22, {}, True),
        (17, 3, 2, 22, {}, True),
        (16, 3, 3, 22, {}, False),
        # Those who abstain, or do not vote, count among those present.
        (15, 0, 0, 22, {}, False),
        # Votes cast are those for and against: abstentions do not weigh.
        (15, 5, 2, 22, {"denominator": "cast"}, True),
        (14, 5, 3, 22, {"denominator": "cast"}, False),
        # Empty seats count when the base is the seats.
        (17, 0, 0, 17, {"denominator": "seated"}, False),
        (18, 0, 0, 18, {"denominator": "seated"}, True),
        # The quorum: 16 of 24.
        (15, 0, 0, 15, {}, False),
        (16, 0, 0, 16, {}, True),
        (3, 0, 0, 3, {"quorum": "0"}, True),
        # One half never adopts on a tie.
        (11, 11, 0, 22, {"threshold": "1/2"}, False),
        (12, 10, 0, 22, {"threshold": "1/2"}, True),
        (0, 0, 22, 22, {"denominator": "cast", "threshold": "1/2"}, False),
    ],
)
def test_a_yes_no_ballot_adopts_when_the_rule_says_so(
    yes: int, no: int, abstain: int, present: int, changes: dict[str, str], adopted: bool
) -> None:
    counts = {"yes": yes, "no": no, "abstain": abstain}
    assert result(rule(**changes), counts, present, 24).adopted is adopted


def test_the_reading_says_the_votes_and_what_was_needed() -> None:
    found = result(rule(), {"yes": 18, "no": 3, "abstain": 1}, 22, 24)
    sentences = [template % values for template, values in found.reading]
    assert sentences == [
        "18 for out of 22; 17 were needed.",
        "At least 3/4 of the 22 people present had to be in favour, and more than were against.",
        "22 of 24 were present when the ballot opened; 16 were needed for it to count.",
        "Adopted.",
    ]


@pytest.mark.parametrize(
    ("counts", "changes", "winner"),
    [
        ({"am-1": 17, "am-2": 9}, {}, "am-1"),
        ({"am-1": 9, "am-2": 17, "none": 3}, {}, "am-2"),
        ({"am-1": 12, "am-2": 12}, {}, None),
        ({"am-1": 11, "am-2": 9}, {}, None),
        ({"am-1": 11, "am-2": 9}, {"denominator": "cast"}, "am-1"),
        ({"am-1": 0, "am-2": 0}, {"threshold": "0"}, None),
        ({"none": 15, "am-1": 4}, {}, "none"),
    ],
)
def test_an_approval_chooses_the_most_approved_option_and_none_on_a_tie(
    counts: dict[str, int], changes: dict[str, str], winner: str | None
) -> None:
    found = result(rule("approval", **{"threshold": "1/2", **changes}), counts, 23, 24, papers=20)
    assert (found.winner, found.adopted) == (winner, winner is not None)


def test_an_approval_without_a_quorum_chooses_nothing() -> None:
    assert result(rule("approval", threshold="1/2"), {"a": 10, "b": 1}, 12, 24, papers=12).winner is None


def test_votes_are_added_up_in_the_order_of_the_options() -> None:
    options = [{"key": "b"}, {"key": "a"}, {"key": "c"}]
    assert list(tally(options, [["a", "b"], ["a"], []]).items()) == [("b", 1), ("a", 2), ("c", 0)]


@pytest.mark.parametrize(
    ("method", "choice", "fine"),
    [
        ("yes-no", ["yes"], True),
        ("yes-no", [], False),
        ("yes-no", ["yes", "no"], False),
        ("yes-no", ["perhaps"], False),
        ("approval", [], True),
        ("approval", ["yes", "no"], True),
        ("approval", ["yes", "yes"], False),
    ],
)
def test_a_vote_names_options_of_the_ballot(method: str, choice: list[str], fine: bool) -> None:
    options = [{"key": "yes"}, {"key": "no"}]
    assert (choice_fault(rule(method), options, choice) is None) is fine


@pytest.mark.parametrize(
    ("method", "counts", "papers", "fine"),
    [
        ("yes-no", {"yes": 3, "no": 2}, 5, True),
        ("yes-no", {"yes": 3, "no": 1}, 5, False),
        ("yes-no", {"yes": 6, "no": -1}, 5, False),
        ("yes-no", {"yes": 9, "no": 0}, 9, False),
        ("approval", {"yes": 5, "no": 4}, 5, True),
        ("approval", {"yes": 6, "no": 0}, 5, False),
    ],
)
def test_a_count_that_cannot_be_true_is_refused(
    method: str, counts: dict[str, int], papers: int, fine: bool
) -> None:
    assert (count_fault(rule(method), counts, papers, present=6) is None) is fine


def test_two_counts_are_compared_option_by_option() -> None:
    assert differences({"yes": 5, "no": 1}, {"yes": 4, "no": 1}) == {"yes": (5, 4)}
