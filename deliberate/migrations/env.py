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


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
