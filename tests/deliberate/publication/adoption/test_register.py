"""The register in a bundle: every decision is recounted, and what was forged in it is named."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from deliberate.drafting.models import Charter
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.publication.acts import publish
from deliberate.publication.adoption import acts
from deliberate.publication.adoption.acts import Decision
from deliberate.publication.bundle import as_json
from deliberate.publication.verify import verify

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def bundle(session: Session, charter: Charter, organiser: User, now: datetime, tmp_path: Path) -> Path:
    """A bundle with one territory that adopted a clause, for a reason that would do harm."""
    actor = Actor(organiser.id)
    one = acts.enter_territory(session, actor, charter, "Bourg", "municipality", now, contact="b@example.org")
    acts.decide(session, actor, one, Decision("adopt", 1, ("t1",), {"fr": HOSTILE}), now, after=0)
    with publish(session, actor, charter.process, tmp_path, now) as prepared:
        session.flush()
    return prepared.place


def test_a_decision_is_recounted_and_its_contact_is_nowhere(bundle: Path) -> None:
    report = verify(bundle)
    assert report.faults == []
    said = [str(one) for one in report.checked]
    assert "1 decisions of territories, on versions and clauses as published" in said
    everything = b"".join(path.read_bytes() for path in bundle.rglob("*") if path.is_file())
    assert b"b@example.org" not in everything
    assert HOSTILE.encode() not in (bundle / "fr/adoptions.html").read_bytes()
    assert b"&lt;script&gt;alert" in (bundle / "fr/adoptions.html").read_bytes()


def _other_version(one: dict[str, Any]) -> None:
    one["decisions"][0]["version"] = 2


def _other_reason(one: dict[str, Any]) -> None:
    one["decisions"][0]["reason"] = {"fr": "Pour rien."}


def _other_territory(one: dict[str, Any]) -> None:
    one["territory"] = "Ville"


def _nothing(one: dict[str, Any]) -> None:
    one["decisions"].clear()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_other_version, "decision 1 is not the one journalled"),
        (_other_reason, "decision 1 is not in the words that the journal opens"),
        (_other_territory, "decision 1 is not in the words that the journal opens"),
        (_nothing, "decision 1 of the journal is missing"),
    ],
)
def test_a_forged_register_is_named(bundle: Path, change: Callable[[Any], None], sentence: str) -> None:
    register = json.loads((bundle / "adoptions.json").read_bytes())
    change(register[0])
    (bundle / "adoptions.json").write_bytes(as_json(register))
    faults = [str(fault) for fault in verify(bundle).faults]
    assert any(sentence in fault for fault in faults), faults


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_clause_that_is_not_the_one_adopted_is_named(bundle: Path) -> None:
    path = bundle / "charters/time/1.json"
    version = json.loads(path.read_bytes())
    version["charter"]["clauses"][1]["text"]["fr"] = "Autre chose."
    path.write_bytes(as_json(version))
    faults = [str(fault) for fault in verify(bundle).faults]
    assert any("clause t1 is not the one adopted" in fault for fault in faults), faults


def test_a_territory_that_stands_twice_is_named(bundle: Path) -> None:
    register = json.loads((bundle / "adoptions.json").read_bytes())
    (bundle / "adoptions.json").write_bytes(as_json([{**register[0], "territory": "Ville"}, *register]))
    assert "adoptions.json: a territory stands in it twice" in [str(one) for one in verify(bundle).faults]


def test_words_of_a_territory_that_nothing_opens_are_named(bundle: Path) -> None:
    register = json.loads((bundle / "adoptions.json").read_bytes())
    register[0]["territory"] = "Ville"
    (bundle / "adoptions.json").write_bytes(as_json(register))
    (bundle / "openings.json").write_text("{}")
    faults = [str(one) for one in verify(bundle).faults]
    where = f"adoptions.json {register[0]['key']}"
    assert f"{where}: the journal does not open the words of decision 1" in faults
