"""What no column can hold is refused at the door, in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from deliberate.core import typed

GIANT = "1" + "0" * 30


@contextmanager
def view_that_raises(app: Flask, error: Exception) -> Iterator[str]:
    """The address of a page whose database call fails as a real one would."""

    def fail() -> Any:
        raise error

    app._got_first_request = False
    app.add_url_rule("/fails", "fails", fail)
    yield "/fails"


@pytest.mark.parametrize("text", [GIANT, "9" * 5000, "-" + GIANT, "", "x", "1e9"])
def test_a_number_that_no_column_holds_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        typed.whole(text)


@pytest.mark.parametrize("text", ["1e9999999", "9" * 5000, "1/0", "", "²", "-1", "3 / 4", "nan"])
def test_a_share_that_is_none_is_refused_without_computing_it(text: str) -> None:
    with pytest.raises(ValueError):
        typed.fraction(text)


@pytest.mark.parametrize(("text", "share"), [("3/4", "3/4"), ("0.75", "3/4"), (" 1 ", "1")])
def test_a_share_is_read_as_it_is_written(text: str, share: str) -> None:
    assert str(typed.fraction(text)) == share


@pytest.mark.parametrize("address", [f"/processes/x/draws/{GIANT}", f"/processes/x/ballots/{2**31}"])
def test_a_giant_number_in_an_address_leads_nowhere(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/processes/a%00b", "/verification?q=%00"])
def test_a_character_that_is_none_is_refused(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "could not be read" in answer.text


def test_a_form_with_a_character_that_is_none_is_refused(client: FlaskClient) -> None:
    assert client.post("/sign-in", data={"email": "a\0@example.org"}).status_code == 400


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (IntegrityError("insert", {}, Exception("unique")), 409, "Someone changed the same thing"),
        (DataError("insert", {}, Exception("value too long")), 422, "too long, or a number too large"),
        (OperationalError("insert", {}, Exception("database is locked")), 503, "Try again in a few minutes"),
    ],
)
def test_what_the_database_refuses_is_said_to_the_person(
    app: Flask, client: FlaskClient, error: Exception, status: int, said: str
) -> None:
    with view_that_raises(app, error) as address:
        answer = client.get(address)
    assert answer.status_code == status
    assert said in answer.text
    assert "insert" not in answer.text


def test_a_giant_page_number_shows_the_first_page(client: FlaskClient, app: Flask) -> None:
    with app.test_request_context(f"/?page={GIANT}"):
        assert request.args.get("page", 1, type=typed.whole) == 1
