"""A bundle verifies by itself; any change of it is found, and whatever is thrown at it becomes a sentence."""

import json
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from deliberate.journal.acts import record, withdraw
from deliberate.people.models import User
from deliberate.people.rules import Actor
from deliberate.process.models import Process
from deliberate.publication.acts import publish
from deliberate.publication.bundle import as_json
from deliberate.publication.findings import Report
from deliberate.publication.folder import file_digest, head_text
from deliberate.publication.verify import NotABundleError, main, verify


@pytest.fixture
def bundle(session: Session, process: Process, organiser: User, now: datetime, tmp_path: Path) -> Path:
    """A published bundle with a private part that is open, and one that is not."""
    for number, published in ((1, True), (2, False)):
        record(
            session, process.slug, actor="visitor", act="contribute", object=f"contribution:{number}", now=now,
            private={"text": f"Du temps {number}."}, person=f"contribution:{number}", published=published,
        )  # fmt: skip
    with publish(session, Actor(organiser.id), process, tmp_path / "bundles", now) as prepared:
        session.flush()
    return prepared.place


def sentences(report: Report) -> str:
    return "\n".join(str(said) for said in report.faults)


def rebound(bundle: Path) -> None:
    """Make manifest and HEAD fit what lies in the folder, as whoever rewrites a bundle would."""
    files = {
        path.relative_to(bundle).as_posix(): path.read_bytes()
        for path in bundle.rglob("*")
        if path.is_file() and path.name not in ("manifest.json", "HEAD")
    }
    manifest = as_json(
        {"files": {p: {"bytes": len(b), "sha256": file_digest(b)} for p, b in sorted(files.items())}}
    )
    last = json.loads(files["journal.jsonl"].splitlines()[-1])["digest"]
    (bundle / "manifest.json").write_bytes(manifest)
    (bundle / "HEAD").write_bytes(head_text(last, manifest))


def test_a_published_bundle_verifies_and_says_what_it_could_not_check(bundle: Path) -> None:
    report = verify(bundle)
    assert report.faults == []
    assert "1 published texts, each the one its entry commits to" in [str(said) for said in report.checked]
    assert [str(said) for said in report.unchecked] == [
        "1 entries keep a part that is not published: only its commitment is here"
    ]


def test_the_file_in_the_bundle_checks_it_with_nothing_but_python(bundle: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py"], cwd=bundle, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "This bundle verifies" in done.stdout
    (bundle / "journal.jsonl").write_bytes((bundle / "journal.jsonl").read_bytes().replace(b"lock", b"look"))
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py"], cwd=bundle, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "entry 2: its digest does not match what it says" in done.stdout


def test_any_byte_changed_anywhere_is_found_and_placed(bundle: Path) -> None:
    for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
        good = path.read_bytes()
        name = path.relative_to(bundle).as_posix()
        for position in {0, len(good) // 3, len(good) // 2, len(good) - 2, len(good) - 1}:
            changed = bytearray(good)
            changed[position] ^= 1
            path.write_bytes(changed)
            report = verify(bundle)
            assert not report.verifies, f"{name}, byte {position}"
            places = {said.where.split(" ")[0] for said in report.faults}
            assert places & {name, "manifest.json", "HEAD"}, f"{name}, byte {position}: {sentences(report)}"
        path.write_bytes(good)
    assert verify(bundle).verifies


def test_a_byte_added_a_file_added_and_a_file_taken_away_are_found(bundle: Path) -> None:
    protocol = bundle / "protocol/1.json"
    protocol.write_bytes(protocol.read_bytes() + b"\n")
    assert "protocol/1.json: it has" in sentences(verify(bundle))
    protocol.unlink()
    assert "protocol/1.json: this file is missing" in sentences(verify(bundle))
    (bundle / "more.txt").write_text("more")
    assert "more.txt: the manifest does not list this file" in sentences(verify(bundle))


def test_a_file_changed_with_its_manifest_is_not_what_the_journal_published(bundle: Path) -> None:
    content = json.loads((bundle / "protocol/1.json").read_bytes())
    content["reason"] = "another"
    (bundle / "protocol/1.json").write_bytes(as_json(content))
    rebound(bundle)
    assert sentences(verify(bundle)) == "journal.jsonl: the files are not those that its last entry published"


def test_a_protocol_that_is_not_the_one_locked_is_found(bundle: Path) -> None:
    content = json.loads((bundle / "protocol/1.json").read_bytes())
    content["content"]["panel"]["size"] = 7
    (bundle / "protocol/1.json").write_bytes(as_json(content))
    rebound(bundle)
    assert "protocol/1.json: it is not the protocol that the journal fixed" in sentences(verify(bundle))


def test_a_bundle_rewritten_as_a_whole_does_not_pass_through_a_printed_digest(
    bundle: Path, session: Session, process: Process, organiser: User, now: datetime, tmp_path: Path
) -> None:
    printed = json.loads((bundle / "journal.jsonl").read_bytes().splitlines()[1])["digest"]
    assert verify(bundle, [printed]).verifies
    another = "sha256:" + "7" * 64
    assert (
        sentences(verify(bundle, [printed, another]))
        == f"journal.jsonl: the journal does not pass through {another}"
    )


def test_what_was_withdrawn_is_gone_from_the_next_bundle_which_verifies_and_says_so(
    bundle: Path, session: Session, process: Process, organiser: User, now: datetime
) -> None:
    assert b"Du temps 1" in (bundle / "openings.json").read_bytes()
    withdraw(session, "contribution:1", actor="operator", now=now)
    with publish(session, Actor(organiser.id), process, bundle.parent, now):
        session.flush()
    assert b"Du temps 1" not in b"".join(path.read_bytes() for path in bundle.rglob("*") if path.is_file())
    report = verify(bundle)
    assert report.faults == []
    assert [str(said) for said in report.withdrawn] == ["entry 3 (contribute contribution:1)"]


def test_links_and_paths_that_leave_the_folder_are_not_followed(bundle: Path) -> None:
    (bundle / "passwd").symlink_to("/etc/passwd")
    assert "passwd: only plain files and folders belong in a bundle" in sentences(verify(bundle))
    (bundle / "passwd").unlink()
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    manifest["files"]["../../secret"] = {"bytes": 1, "sha256": "sha256:" + "0" * 64}
    (bundle / "manifest.json").write_bytes(as_json(manifest))
    assert "it names a file outside the bundle: ../../secret" in sentences(verify(bundle))


def test_a_file_too_large_to_read_is_named_and_not_read(bundle: Path) -> None:
    with (bundle / "openings.json").open("r+b") as file:
        file.truncate(1 << 40)
    assert "openings.json: this file is too large to be read: 1099511627776 bytes" in sentences(
        verify(bundle)
    )


@pytest.mark.parametrize(
    "name", ["manifest.json", "journal.jsonl", "openings.json", "protocol/1.json", "HEAD"]
)
@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[" * 100_000, b"9" * 6000, b"1e999", b"NaN", b'{"a":1,"a":2}', b"null", b"[[]]", b'"\\ud800"',
     b'{"files": 3}', b'{"files": {"a": null}}', b'{"public": []}', b'{"public": {}, "number": {}}', b'{"1": 0}', b"{}"],
)  # fmt: skip
def test_nonsense_in_any_file_is_a_sentence_and_never_a_traceback(
    bundle: Path, name: str, content: bytes
) -> None:
    (bundle / name).write_bytes(content)
    assert not verify(bundle).verifies
    if name not in ("manifest.json", "HEAD", "journal.jsonl"):
        rebound(bundle)
        assert not verify(bundle).verifies


def test_what_is_no_bundle_is_refused_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NotABundleError, match="holds no manifest"):
        verify(tmp_path)
    assert main([str(tmp_path / "nowhere")]) == 2
    assert "is not a folder that can be read" in capsys.readouterr().err
    assert main([str(tmp_path), "--head", "sha256:12"]) == 2
    assert "--head takes sha256: and 64 digits" in capsys.readouterr().err


def test_the_command_answers_with_its_exit_code(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(bundle)]) == 0
    (bundle / "HEAD").unlink()
    assert main([str(bundle)]) == 1
    assert "HEAD: this file is missing" in capsys.readouterr().out


def test_a_bundle_that_was_not_committed_leaves_no_trace(
    bundle: Path, session: Session, process: Process, organiser: User, now: datetime
) -> None:
    before = {path: path.read_bytes() for path in bundle.parent.rglob("*") if path.is_file()}
    with pytest.raises(ZeroDivisionError), publish(session, Actor(organiser.id), process, bundle.parent, now):
        _: Any = 1 // 0
    assert {path: path.read_bytes() for path in bundle.parent.rglob("*") if path.is_file()} == before
    shutil.rmtree(bundle)
