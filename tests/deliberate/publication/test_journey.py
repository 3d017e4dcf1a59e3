"""The bundle of a whole journey: everything decided in it can be counted again from the folder alone."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from deliberate.inputs.contributing.acts import withdraw_contribution
from deliberate.publication.acts import publish
from deliberate.publication.bundle import as_json
from deliberate.publication.recount import decided
from deliberate.publication.verify import verify
from tests.conftest import undone
from tests.deliberate.publication.conftest import journey_in


@pytest.fixture(scope="module")
def published(
    request: pytest.FixtureRequest, engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The bundle of the journey, written once from each database."""
    played = request.getfixturevalue(f"played_on_{engine.dialect.name}")
    with undone(played.engine) as session:
        found = journey_in(session, played)
        folder = tmp_path_factory.mktemp("bundles")
        with publish(session, found.organiser, found.process, folder, found.now) as prepared:
            session.flush()
    return prepared.place


@pytest.fixture
def bundle(published: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return shutil.copytree(published, tmp_path / "bundles" / published.name)


def test_everything_decided_is_in_the_bundle_and_verifies(bundle: Path) -> None:
    report = verify(bundle)
    assert [str(fault) for fault in report.faults] == []
    said = "\n".join(str(one) for one in report.checked)
    assert "draws sealed before chance named their panel: 1" in said
    assert "2 ballots, counted again under the rule of the protocol" in said
    assert "1 dossiers, as they were settled" in said
    assert "2 contributions and 1 lessons, word for word as the journal opens them" in said
    assert "2 versions of charters, as adopted, each after the one before it" in said


def test_the_file_in_the_bundle_checks_it_with_nothing_but_python(bundle: Path) -> None:
    command = [sys.executable, "-I", "-S", "verify.py"]
    done = subprocess.run(command, cwd=bundle, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 versions of charters" in done.stdout


def test_no_name_contact_or_row_of_a_volunteer_is_published(bundle: Path) -> None:
    everything = b"".join(path.read_bytes() for path in bundle.rglob("*") if path.is_file())
    for private in (b"Volunteer 1", b"@example.org", b"Main Street"):
        assert private not in everything
    assert not (bundle / "draws/1/attributes.json").exists()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_any_byte_changed_in_any_file_is_found(bundle: Path) -> None:
    for number, path in enumerate(sorted(path for path in bundle.rglob("*") if path.is_file())):
        good = path.read_bytes()
        position = (0, len(good) // 2, len(good) - 1)[number % 3]
        changed = bytearray(good)
        changed[position] ^= 1
        path.write_bytes(changed)
        assert not verify(bundle).verifies, f"{path}, byte {position}"
        path.write_bytes(good)


def _other_winner(ballot: Any) -> None:
    for vote in ballot["votes"]:
        vote["choice"] = ["no"]


def _other_text(version: Any) -> None:
    version["charter"]["clauses"][0]["text"]["fr"] = "Le temps est à quelques-uns."


def _other_panel(revealed: Any) -> None:
    revealed["people"] = revealed["people"][::-1]


def _other_dossier(dossier: Any) -> None:
    dossier["synthesis"] = []


def _other_part(dossier: Any) -> None:
    dossier["contributions"][0]["count"] = 1000


def _other_told(texts: Any) -> None:
    texts["lessons"]["l-1"]["outcome"] = "worked"


def _other_words(contributions: Any) -> None:
    contributions[0]["text"] = "Autre chose."


def _other_lesson(lessons: Any) -> None:
    lessons[0]["outcome"] = "worked"


@pytest.mark.parametrize(
    ("path", "change", "sentence"),
    [
        ("ballots/1.json", _other_winner, "the rule gives another result"),
        ("charters/time/2.json", _other_text, "its text is not the one that the journal names"),
        ("draws/1/reveal.json", _other_panel, "its people is not the journal's"),
        ("dossiers/1.json", _other_dossier, "it is not the dossier that was settled"),
        ("dossiers/1.json", _other_part, "contributions/c-1 is not what its digest says"),
        ("dossiers/1-texts.json", _other_told, "the text of l-1 is not the one that was settled"),
        (
            "contributions.json",
            _other_words,
            "the words of contribution c-1 are not those that the journal opens",
        ),
        ("lessons.json", _other_lesson, "lesson l-1 is not the one that the journal opens"),
    ],
)
def test_what_is_counted_again_is_said_where_it_differs(
    bundle: Path, path: str, change: Callable[[Any], None], sentence: str
) -> None:
    value = json.loads((bundle / path).read_bytes())
    change(value)
    (bundle / path).write_bytes(as_json(value))
    faults = [str(fault) for fault in verify(bundle).faults]
    assert any(sentence in fault for fault in faults), faults


def test_a_withdrawn_contribution_is_gone_and_the_bundle_says_so(
    session: Session, journey: Any, tmp_path: Path
) -> None:
    with publish(session, journey.organiser, journey.process, tmp_path, journey.now) as prepared:
        session.flush()
    bundle = prepared.place
    withdraw_contribution(session, journey.receipt, journey.now)
    with publish(session, journey.organiser, journey.process, bundle.parent, journey.now):
        session.flush()
    everything = b"".join(path.read_bytes() for path in bundle.rglob("*") if path.is_file())
    assert b"Moins de courses" not in everything
    report = verify(bundle)
    assert [str(fault) for fault in report.faults] == []
    assert any("contribution:c-2" in str(said) for said in report.withdrawn)


@pytest.mark.parametrize(
    ("rule", "counts", "present", "papers", "expected"),
    [
        (("yes-no", "3/4", "present", "2/3"), {"yes": 18, "no": 3, "abstain": 1}, 22, 22, (True, None)),
        (("yes-no", "3/4", "present", "2/3"), {"yes": 16, "no": 3, "abstain": 3}, 22, 22, (False, None)),
        (("yes-no", "1/2", "cast", "0"), {"yes": 5, "no": 5, "abstain": 9}, 22, 19, (False, None)),
        (("yes-no", "1/2", "seated", "1"), {"yes": 20, "no": 0, "abstain": 0}, 22, 20, (False, None)),
        (("approval", "1/2", "cast", "0"), {"a": 6, "b": 4}, 12, 10, (True, "a")),
        (("approval", "1/2", "cast", "0"), {"a": 6, "b": 6}, 12, 10, (False, None)),
        (("approval", "0", "cast", "0"), {"a": 0, "b": 0}, 12, 0, (False, None)),
    ],
)
def test_a_rule_is_applied_again_from_its_words(
    rule: tuple[str, str, str, str],
    counts: dict[str, int],
    present: int,
    papers: int,
    expected: tuple[bool, str],
) -> None:
    method, threshold, denominator, quorum = rule
    stated = {"method": method, "threshold": threshold, "denominator": denominator, "quorum": quorum}
    assert decided(stated, counts, present, 24, papers) == expected


def test_the_first_page_of_a_bundle_leads_to_every_charter_in_both_languages(bundle: Path) -> None:
    page = (bundle / "index.html").read_text("utf-8")
    assert "Comment vérifier vous-même" in page
    assert "How to verify it yourself" in page
    assert "<script" not in page
    for path in re.findall(r'href="([^"]+)"', page):
        assert (bundle / path).is_file(), path
    for language in ("fr", "en"):
        charter = (bundle / language / "charter-time.html").read_text("utf-8")
        assert 'href="../charters/time/2.fr.pdf"' in charter


def test_a_pdf_in_the_bundle_prints_how_the_journal_stood_when_its_version_was_published(
    bundle: Path,
) -> None:
    entries = [json.loads(line) for line in (bundle / "journal.jsonl").read_bytes().splitlines()]
    published = next(one for one in entries if (one["act"], one["object"]) == ("publish", "version:time:2"))
    printed = "".join(page.extract_text() for page in PdfReader(bundle / "charters/time/2.fr.pdf").pages)
    assert published["digest"] in re.sub(r"\s", "", printed)
    assert verify(bundle, [published["digest"]]).verifies
