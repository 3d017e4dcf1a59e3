"""The command line of an instance."""

from pathlib import Path

import pytest

from deliberate.cli import main


def test_an_address_that_is_none_makes_no_organiser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DELIBERATE_INSTANCE", str(tmp_path / "instance"))
    assert main(["init", "--email", "nobody", "--name", "Odile"]) == 2
    assert "“nobody” does not look like an e-mail address" in capsys.readouterr().err
    assert not (tmp_path / "instance").exists()
