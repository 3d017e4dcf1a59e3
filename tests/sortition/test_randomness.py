import hashlib
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sortition import SortitionError
from sortition.proofs.ceremony import ticket_of
from sortition.randomness import Stream, ticket

COMMITMENT = "sha256:" + "ab" * 32


@pytest.mark.parametrize("text", ["407", "4 0 7", "4-0-7", " 4, 0; 7\n"])
def test_three_balls_are_the_number_of_the_panel(text: str) -> None:
    assert ticket("digits", COMMITMENT, 1000, text) == 407


@pytest.mark.parametrize("text", ["", "40", "4077", "4 0 x", "٤٠٧", "4.0.7", "-07"])
def test_anything_but_the_digits_awaited_is_refused(text: str) -> None:
    with pytest.raises(SortitionError, match="awaits 3 digits"):
        ticket("digits", COMMITMENT, 1000, text)


@pytest.mark.parametrize("panels", [1, 999, 2000])
def test_digits_need_a_power_of_ten(panels: int) -> None:
    with pytest.raises(SortitionError, match="10, 100, 1000"):
        ticket("digits", COMMITMENT, panels, "1")


def test_the_hash_rule_is_the_one_published() -> None:
    # printf 'deliberate/ticket/1\n<64 × ab>\nsix dice: 1 2 3 4 5 6\n0' | sha256sum, modulo 1000
    assert ticket("hash", COMMITMENT, 1000, "  six dice: 1 2 3 4 5 6 ") == 3


def test_an_empty_text_draws_nothing() -> None:
    with pytest.raises(SortitionError, match="empty"):
        ticket("hash", COMMITMENT, 1000, "  ")


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(SortitionError, match="unknown"):
        ticket("dice", COMMITMENT, 1000, "6")


def beacon(**changed: object) -> str:
    """What a drand node answers for a round."""
    signature = "0123456789abcdef" * 6
    stated = hashlib.sha256(bytes.fromhex(signature)).hexdigest()
    return json.dumps({"round": 4, "randomness": stated, "signature": signature} | changed)


def test_of_a_drand_answer_the_randomness_draws() -> None:
    drawn = ticket("hash", COMMITMENT, 1000, beacon())
    assert drawn == ticket("hash", COMMITMENT, 1000, json.loads(beacon())["randomness"])
    assert drawn == ticket_of("hash", COMMITMENT, 1000, beacon(previous_signature="00"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (beacon(randomness="ab" * 32), "not the SHA-256 of the signature"),
        (beacon(signature="ab" * 48), "not the SHA-256 of the signature"),
        (beacon(round=0), "is none"),
        (beacon(round=True), "is none"),
        (beacon(round="4"), "is none"),
        (beacon(signature="xy"), "is none"),
        (beacon(signature=""), "is none"),
        (beacon(signature="a" * 10_000), "have|has|is none"),
        (beacon(randomness=7), "is none"),
        ('{"round": 4}', "is none"),
        ("{", "is none"),
        ("{" + "[" * 5000, "is none"),
        ("7" * 10_001, "10001 letters"),
    ],
    ids=map(str, range(13)),
)
def test_a_broken_drand_answer_draws_nothing(text: str, sentence: str) -> None:
    with pytest.raises(SortitionError, match=sentence):
        ticket("hash", COMMITMENT, 1000, text)
    assert ticket_of("hash", COMMITMENT, 1000, text[:10_000]) is None or not text.startswith("{")


@given(
    rule=st.sampled_from(["digits", "hash"]), panels=st.sampled_from([10, 100, 37]), text=st.text(max_size=8)
)
def test_the_verifier_finds_the_sameticket_of(rule: str, panels: int, text: str) -> None:
    try:
        expected: int | None = ticket(rule, COMMITMENT, panels, text)
    except SortitionError:
        expected = None
    assert ticket_of(rule, COMMITMENT, panels, text) == expected


def test_a_stream_repeats_itself_and_depends_on_its_purpose() -> None:
    assert Stream(b"x", "a").take(100) == Stream(b"x", "a").take(100)
    assert Stream(b"x", "a").take(100) != Stream(b"x", "b").take(100)


def test_a_shuffle_reaches_every_order_about_equally_often() -> None:
    stream = Stream(b"x", "orders")
    orders = Counter(tuple(stream.shuffled("abc")) for _ in range(1200))
    assert len(orders) == 6
    assert min(orders.values()) > 140


@given(limit=st.integers(1, 2**63), entropy=st.binary())
def test_numbers_stay_below_their_limit(limit: int, entropy: bytes) -> None:
    assert 0 <= Stream(entropy, "numbers").below(limit) < limit
