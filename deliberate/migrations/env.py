"""How Alembic reaches the database: the connection is given by `deliberate.core.migration`."""

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from deliberate.core.database import Base


def plain_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as those of the database, so that a migration stands alone."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def in_code(_object: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """Leave alone the tables that SQLite keeps behind its full text."""
    return kind != "table" or not (name or "").startswith("indexed_text_words")


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=plain_type,
    include_object=in_code,
)
with context.begin_transaction():
    context.run_migrations()
