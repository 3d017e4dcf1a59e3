"""The chain: every act one entry, private parts that can go, faults that show."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from deliberate.core import events
from deliberate.journal.acts import Withdrawn, disclose, record, withdraw
from deliberate.journal.canonical import canonical, digest
from deliberate.journal.queries import chain, openings
from deliberate.journal.rules import chain_faults, commitment

VECTORS = json.loads((Path(__file__).parents[2] / "canonical_vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS)
def test_canonical_bytes_and_digests_are_those_of_the_shared_vectors(vector: dict[str, str]) -> None:
    assert canonical(vector["value"]).decode() == vector["canonical"]
    assert digest(vector["kind"], vector["value"]) == vector["digest"]


def test_a_float_has_no_canonical_form() -> None:
    with pytest.raises(TypeError):
        canonical({"share": 0.5})


def test_the_chain_is_whole_and_a_changed_entry_is_found(session: Session, now: datetime) -> None:
    for number in range(3):
        record(
            session, "s", actor="clock", act="open", object=f"phase:{number}", now=now, public={"n": number}
        )
    entries = list(chain(session, "s"))
    assert chain_faults(entries, head=entries[1]["digest"]) == []
    entries[1]["public"]["n"] = 7
    assert chain_faults(entries) == ["entry 2: its digest does not match what it says"]


def test_a_rewritten_chain_does_not_pass_through_the_printed_digest(session: Session, now: datetime) -> None:
    record(session, "s", actor="clock", act="open", object="phase:1", now=now)
    printed = "sha256:" + "a" * 64
    assert chain_faults(list(chain(session, "s")), head=printed) == [
        f"the journal does not pass through {printed}"
    ]


def test_a_withdrawn_private_part_leaves_the_chain_whole_and_says_which_entry(
    session: Session, now: datetime
) -> None:
    record(
        session, "s", actor="visitor", act="contribute", object="contribution:1", now=now,
        private={"text": "Du temps."}, person="user:1", published=True,
    )  # fmt: skip
    opening = openings(session, "s")["1"]
    entry = next(chain(session, "s"))
    assert commitment(opening["nonce"], opening["content"]) == entry["private"]
    assert withdraw(session, "user:1", actor="operator", now=now) == 1
    assert openings(session, "s") == {}
    entries = list(chain(session, "s"))
    assert entries[-1]["public"] == {"withdrawn": [1]}
    assert chain_faults(entries) == []


def test_what_is_disclosed_can_be_read_until_it_is_closed_again_and_copies_hear_of_that(
    session: Session, now: datetime
) -> None:
    heard: list[frozenset[str]] = []
    events.on(Withdrawn, lambda _session, event, _now: heard.append(event.scopes))
    record(
        session, "s", actor="visitor", act="contribute", object="contribution:1", now=now,
        private={"text": "Du temps."}, person="contribution:1",
    )  # fmt: skip
    disclose(session, "contribution:1", False, now)
    assert (openings(session, "s"), heard) == ({}, [])
    disclose(session, "contribution:1", True, now)
    assert openings(session, "s")["1"]["content"] == {"text": "Du temps."}
    disclose(session, "contribution:1", False, now)
    assert (openings(session, "s"), heard) == ({}, [frozenset({"s"})])
    assert chain_faults(list(chain(session, "s"))) == []
