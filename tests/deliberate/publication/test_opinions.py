"""Opinion maps in the bundle: what is public of them, and what a verification counts again."""

import csv
import io
import warnings
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core import jobs
from deliberate.core.jobs import Run
from deliberate.inputs.opinions.jobs import compute_map
from deliberate.inputs.opinions.refreshing import KIND
from deliberate.inputs.statements.models import Statement
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.acts import close_phase
from deliberate.process.models import Process
from deliberate.publication.acts import publish
from deliberate.publication.verify import verify
from tests.deliberate.inputs.opinions.conftest import fill

VOTES, MAP = "opinions/1/votes.csv", "opinions/1.json"


@pytest.fixture
def bundle(session: Session, open_process: Process, organiser: User, now: datetime, tmp_path: Path) -> Path:
    """The bundle of a process whose first open phase has closed, with its votes public."""
    open_process.protocol = {**open_process.protocol, "votes_public": True}
    fill(session, open_process, now, range(24))
    session.scalars(select(Statement).where(Statement.number == 3)).one().state = "refused"
    then = now + timedelta(hours=1)
    close_phase(session, Actor(organiser.id), open_process.phases[0], then)
    payload = {"process": open_process.id, "round": 1}
    job = jobs.ask(session, KIND, payload, then)
    compute_map(Run(session, lambda: session, job.id, "", payload, None, lambda: then))
    with publish(session, Actor(organiser.id), open_process, tmp_path, then) as prepared:
        session.flush()
    return prepared.place


def test_a_bundle_with_a_map_verifies_and_its_votes_recount(bundle: Path) -> None:
    report = verify(bundle)
    assert report.faults == []
    assert any("opinion maps, as the journal names them" in str(one) for one in report.checked)
    page = (bundle / "fr" / "opinions-1.html").read_text("utf-8")
    assert "Ce que tous les groupes partagent" in page
    assert page.count('href="#dot-A"') == 12
    assert "opinions.css" in page
    assert "opinions-1.html" in (bundle / "en" / "index.html").read_text("utf-8")


def test_a_vote_turned_round_in_the_bundle_is_found(bundle: Path) -> None:
    rows = list(csv.reader(io.StringIO((bundle / VOTES).read_text("utf-8"), newline="")))
    rows[1][-1] = str(-int(rows[1][-1]) or 1)
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    (bundle / VOTES).write_bytes(out.getvalue().encode())
    found = " ".join(str(one) for one in verify(bundle).faults)
    assert "not the votes that the journal commits to" in found
    assert "recount otherwise" in found


def test_figures_changed_in_the_map_are_found(bundle: Path) -> None:
    text = (bundle / MAP).read_text("utf-8")
    (bundle / MAP).write_text(text.replace('"letter": "A",', '"letter": "A", "a": 1,', 1), "utf-8")
    assert "it is not the map that the journal names" in " ".join(str(one) for one in verify(bundle).faults)


def test_a_file_of_votes_that_is_none_is_said_so(bundle: Path) -> None:
    (bundle / VOTES).write_bytes(b"\xff\xfe nothing")
    assert "this is not a file of votes" in " ".join(str(one) for one in verify(bundle).faults)


def test_the_map_recounts_as_the_readme_says(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    program = readme.partition("## The opinion map")[2].partition("```python\n")[2].partition("```")[0]
    monkeypatch.chdir(bundle)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # a short program leaves closing files to its end
        exec(compile(program, "README.md", "exec"), {})
    assert capsys.readouterr().out == "True\n"
