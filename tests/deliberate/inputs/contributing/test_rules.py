"""What is kept of a text, which wording is offered, and how far a visit has come."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.core.errors import Refusal
from deliberate.inputs.contributing.rules import network, progress, source, typed_secret
from deliberate.inputs.rules import (
    KEY_LETTERS,
    clean_text,
    in_groups,
    new_receipt,
    plain_text,
    receipt_of,
    too_quick,
)

FAMILY = "👨\u200d👩\u200d👧"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202eabc\u202c", "abc"),
        ("a \u2066b\u2069 c", "a b c"),
        ("e\u0301", "é"),
        (f"{FAMILY} {SCOTLAND}", f"{FAMILY} {SCOTLAND}"),
        ("hidden\U000e0068\U000e0069", "hidden"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("one\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("bell\x07 tab\t.", "bell tab\t."),
        ("half \ud83d", "half"),
        ("مرحبا \u200fبكم", "مرحبا \u200fبكم"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_a_text_keeps_what_people_see_and_loses_what_turns_or_hides_it(typed: str, kept: str) -> None:
    assert plain_text(typed) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing_more_and_the_text_can_be_stored(text: str) -> None:
    once = plain_text(text)
    assert plain_text(once) == once
    once.encode()


@pytest.mark.parametrize("nothing", ["", " \n ", "\u200b\u202e\u2066", "\u200d"])
def test_a_text_that_shows_nothing_is_empty(nothing: str) -> None:
    with pytest.raises(Refusal, match="Write something first"):
        clean_text(nothing)


def test_a_receipt_has_128_bits_in_letters_that_paper_can_carry() -> None:
    secret = new_receipt()
    assert len(KEY_LETTERS) ** len(secret) >= 2**128
    assert set(secret) <= set(KEY_LETTERS)
    assert typed_secret(in_groups(secret).upper())[1] == secret
    assert typed_secret(f" https://example.org/receipts/{secret}/ ")[0] == secret
    assert receipt_of(b"x" * 32) == receipt_of(b"x" * 32) != receipt_of(b"y" * 32)


def test_a_form_without_the_moment_it_was_begun_counts_as_too_quick(now: datetime) -> None:
    assert too_quick(None, now)
    assert not too_quick(now - timedelta(seconds=10), now)


def test_the_way_leads_on_to_the_next_question_and_then_back_to_those_passed_over() -> None:
    keys = ["a", "b", "c", "d"]
    assert progress(keys, ["b"], "b").left == ("c", "d", "a")
    assert progress(keys, ["b", "c", "d"], "d").left == ("a",)
    done = progress(keys, keys, "a")
    assert (done.answered, done.total, done.left) == (4, 4, ())


def test_a_source_says_the_network_and_differs_in_every_process() -> None:
    assert network("2001:db8:1:2:3:4:5:6") == network("2001:db8:1:2::1") != network("2001:db8:1:3::1")
    assert network("192.0.2.7") != network("192.0.2.8")
    assert network("::ffff:192.0.2.7") == network("192.0.2.7"), "written inside one /64 of IPv6"
    assert network("no address") == ""
    assert source("k", "time", "192.0.2.7") == source("k", "time", "192.0.2.7")
    assert source("k", "time", "192.0.2.7") != source("k", "commons", "192.0.2.7")
    assert "192" not in source("k", "time", "192.0.2.7")[:3]
