"""The settings of an instance: read once, checked, then frozen.

They come from `settings.toml` in the instance folder; an environment variable `DELIBERATE_` + the setting's name
in capitals overrides each. A wrong value stops the start with a sentence that names the setting.
"""

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deliberate.core.errors import SettingsError

LANGUAGES = ("fr", "en")


@dataclass(frozen=True)
class Settings:
    """Every setting, with its default. The comments are the documentation that `README.md` repeats."""

    instance: Path
    secret_key: str
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str = ""
    mail_server: str = ""
    mail_from: str = "deliberate@localhost"
    language: str = "fr"
    time_zone: str = "Europe/Paris"
    name: str = "Deliberate"
    upload_megabytes: int = 16
    proxies: int = 0
    kept_days: int = 30

    @property
    def database(self) -> str:
        """The SQLAlchemy address: the setting, or an SQLite file in the instance folder."""
        return self.database_url or f"sqlite:///{(self.instance / 'deliberate.sqlite3').as_posix()}"

    @property
    def secure(self) -> bool:
        """Whether readers reach this instance over TLS."""
        return self.base_url.startswith("https://")


def instance_folder() -> Path:
    """`DELIBERATE_INSTANCE`, or `instance/` where the command is run."""
    return Path(os.environ.get("DELIBERATE_INSTANCE") or "instance").resolve()


def load(instance: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read, check and freeze the settings of an instance folder, which is made if it is missing.

    Raises SettingsError with a sentence that names the setting at fault.
    """
    folder = (instance or instance_folder()).resolve()
    environ = os.environ if environ is None else environ
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"The instance folder {folder} cannot be made: {error.strerror}.") from error
    values = _read_file(folder / "settings.toml")
    for name in _names():
        if (given := environ.get(f"DELIBERATE_{name.upper()}")) is not None:
            values[name] = given
    values.setdefault("secret_key", _secret_key(folder))
    checked = {name: _checked(name, value) for name, value in values.items()}
    # Links must lead to the port that is listened on, where nobody says another address.
    checked.setdefault("base_url", f"http://127.0.0.1:{checked.get('port', Settings.port)}")
    return Settings(instance=folder, **checked)


def _names() -> list[str]:
    return [field.name for field in fields(Settings) if field.name != "instance"]


def _read_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error
    if unknown := sorted(set(values) - set(_names())):
        raise SettingsError(f"{path} names a setting that does not exist: {', '.join(unknown)}.")
    return values


def _secret_key(folder: Path) -> str:
    """The key that signs sessions: made once, readable by the owner of the instance alone."""
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(handle, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key


def _checked(name: str, value: Any) -> Any:
    kind = Settings.__annotations__[name]
    if kind is int:
        try:
            value = int(value)
        except (TypeError, ValueError):
            raise SettingsError(f"{name} must be a whole number, not {value!r}.") from None
    elif not isinstance(value, str):
        raise SettingsError(f"{name} must be text in quotes, not {value!r}.")
    if complaint := _CHECKS.get(name, _anything)(value):
        raise SettingsError(f"{name} {complaint}, not {value!r}.")
    return value.rstrip("/") if name == "base_url" else value


def _anything(value: Any) -> str:
    return ""


def _check_base_url(value: str) -> str:
    parts = urlsplit(value)
    complete = parts.scheme in ("http", "https") and parts.netloc and not parts.query and not parts.fragment
    return "" if complete else "must be the address readers use, such as https://charters.example.org"


def _check_database(value: str) -> str:
    known = value == "" or value.startswith(("sqlite:///", "postgresql+psycopg://"))
    return "" if known else "must start with sqlite:/// or postgresql+psycopg://"


def _check_mail_server(value: str) -> str:
    parts = urlsplit(value)
    known = value == "" or (parts.scheme in ("smtp", "smtps") and parts.hostname)
    return "" if known else "must look like smtp://user:password@mail.example.org:587"


def _check_time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        return "must be a name such as Europe/Paris"
    return ""


_CHECKS: dict[str, Callable[[Any], str]] = {
    "secret_key": lambda value: "" if len(value) >= 32 else "must be at least 32 characters",
    "base_url": _check_base_url,
    "database_url": _check_database,
    "mail_server": _check_mail_server,
    "mail_from": lambda value: "" if "@" in value else "must be a mail address",
    "language": lambda value: "" if value in LANGUAGES else f"must be one of {', '.join(LANGUAGES)}",
    "time_zone": _check_time_zone,
    "port": lambda value: "" if 0 < value < 65536 else "must be between 1 and 65535",
    "upload_megabytes": lambda value: "" if 1 <= value <= 512 else "must be between 1 and 512",
    "kept_days": lambda value: "" if 1 <= value <= 3650 else "must be between 1 and 3650",
    "proxies": lambda value: "" if 0 <= value <= 5 else "must be between 0 and 5",
}
