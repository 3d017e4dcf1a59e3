import pytest
from flask import Flask

from deliberate.process.work import work


@pytest.mark.parametrize(
    ("roles", "situation", "expected"),
    [
        ({"organiser"}, "open", ["Organiser’s desk"]),
        ({"facilitator"}, "open", ["My panel", "Paper and workshops"]),
        ({"moderator"}, "settling", ["Paper and workshops", "Moderation"]),
        ({"rapporteur"}, "open", ["My panel", "Statements", "Synthesis"]),
        ({"rapporteur"}, "rest", ["My panel", "Statements", "Answering contributions"]),
        ({"guarantor"}, "open", ["My panel", "Volunteers", "Appeals"]),
        ({"board citizen"}, "open", ["Lines put to the mixed board"]),
        ({"organiser", "moderator"}, "open", ["Organiser’s desk", "Paper and workshops", "Moderation"]),
        (set(), "open", []),
    ],
)
def test_each_role_is_led_to_its_work(
    app: Flask, roles: set[str], situation: str, expected: list[str]
) -> None:
    with app.test_request_context():
        assert [label for _, label in work("time", situation, roles)] == expected
