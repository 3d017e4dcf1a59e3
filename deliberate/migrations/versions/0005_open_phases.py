"""Open phases complete: what hearing everyone needs beyond the first tables.

Each room of the open input has a function of its own below; all of them are one revision.

Revision ID: 0005
Revises: 0004
"""

from collections.abc import Sequence

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring every room of the open input up to this release."""
