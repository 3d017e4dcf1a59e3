"""Bring a database to the shape the code expects. Forward only: to go back, restore a backup."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

FOLDER = Path(__file__).parents[1] / "migrations"


def migrate(engine: Engine) -> None:
    """Run every migration that the database lacks, in one transaction."""
    with engine.connect() as connection, connection.begin():
        if _at(connection) != newest():
            command.upgrade(_config(connection), "head")


def write_migration(engine: Engine, message: str) -> None:
    """Write the next migration by comparing the tables in code with an up-to-date database."""
    with engine.connect() as connection, connection.begin():
        command.revision(_config(connection), message, autogenerate=True)


def newest() -> str | None:
    """The revision that the code expects."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def _at(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
