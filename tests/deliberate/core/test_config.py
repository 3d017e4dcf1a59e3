"""Settings: where they come from, and the sentence that a wrong one stops the start with."""

import dataclasses
import stat
from pathlib import Path

import pytest

from deliberate.core.config import Settings, instance_folder, load
from deliberate.core.errors import SettingsError


def test_a_fresh_instance_needs_no_settings(tmp_path: Path) -> None:
    settings = load(tmp_path / "fresh", {})
    assert settings.instance.is_dir()
    assert settings.database == f"sqlite:///{(tmp_path / 'fresh' / 'deliberate.sqlite3').as_posix()}"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert not settings.secure


def test_the_file_says_settings_and_the_environment_has_the_last_word(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('name = "Chartes"\nport = 8100\n', "utf-8")
    settings = load(tmp_path, {"DELIBERATE_PORT": "8200", "HOME": "/root"})
    assert (settings.name, settings.port) == ("Chartes", 8200)


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = load(tmp_path, {}), load(tmp_path, {})
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_two_instances_have_two_secret_keys(tmp_path: Path) -> None:
    assert load(tmp_path / "a", {}).secret_key != load(tmp_path / "b", {}).secret_key


def test_settings_do_not_change_after_the_start(tmp_path: Path) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        load(tmp_path, {}).port = 1  # type: ignore[misc]


def test_an_address_over_tls_makes_cookies_secure(tmp_path: Path) -> None:
    settings = load(tmp_path, {"DELIBERATE_BASE_URL": "https://charters.example.org/"})
    assert settings.secure
    assert settings.base_url == "https://charters.example.org"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("secret_key", "short", "secret_key must be at least 32 characters"),
        ("base_url", "charters.example.org", "base_url must be the address readers use"),
        ("base_url", "ftp://charters.example.org", "base_url must be the address readers use"),
        ("base_url", "https://charters.example.org/?x=1", "base_url must be the address readers use"),
        ("database_url", "mysql://db", "database_url must start with sqlite:/// or postgresql+psycopg://"),
        ("mail_server", "mail.example.org", "mail_server must look like smtp://"),
        ("mail_from", "nobody", "mail_from must be a mail address"),
        ("language", "de", "language must be one of fr, en"),
        ("time_zone", "Mars/Olympus", "time_zone must be a name such as Europe/Paris"),
        ("time_zone", "../etc/passwd", "time_zone must be a name such as Europe/Paris"),
        ("port", "eighty", "port must be a whole number"),
        ("port", "0", "port must be between 1 and 65535"),
        ("port", "65536", "port must be between 1 and 65535"),
        ("upload_megabytes", "0", "upload_megabytes must be between 1 and 512"),
        ("proxies", "-1", "proxies must be between 0 and 5"),
        ("kept_days", "0", "kept_days must be between 1 and 3650"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_takes(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, {f"DELIBERATE_{name.upper()}": value})
    assert said in str(refused.value)
    assert value in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("port = ", "settings.toml is not valid TOML"),
        ("\xff", "settings.toml is not valid TOML"),
        ('colour = "red"', "a setting that does not exist: colour"),
        ('instance = "elsewhere"', "a setting that does not exist: instance"),
        ("name = 12", "name must be text in quotes, not 12"),
        ('port = "x"', "port must be a whole number, not 'x'"),
    ],
)
def test_a_file_that_cannot_be_followed_says_why(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "settings.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, {})
    assert said in str(refused.value)


def test_an_instance_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="instance folder"):
        load(tmp_path / "file" / "instance", {})


def test_the_environment_names_the_instance_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELIBERATE_INSTANCE", str(tmp_path / "here"))
    assert instance_folder() == tmp_path / "here"
    monkeypatch.delenv("DELIBERATE_INSTANCE")
    monkeypatch.chdir(tmp_path)
    assert instance_folder() == tmp_path / "instance"


def test_every_setting_can_come_from_the_environment_as_text(tmp_path: Path) -> None:
    given = {
        "secret_key": "k" * 40,
        "base_url": "https://charters.example.org",
        "host": "0.0.0.0",
        "port": 8080,
        "database_url": "postgresql+psycopg://db/deliberate",
        "mail_server": "smtps://user:word@mail.example.org:465",
        "mail_from": "charters@example.org",
        "language": "en",
        "time_zone": "Europe/Brussels",
        "name": "Charters",
        "upload_megabytes": 8,
        "proxies": 1,
        "kept_days": 10,
    }
    settings = load(tmp_path, {f"DELIBERATE_{name.upper()}": str(value) for name, value in given.items()})
    assert settings == Settings(instance=tmp_path.resolve(), **given)  # type: ignore[arg-type]
