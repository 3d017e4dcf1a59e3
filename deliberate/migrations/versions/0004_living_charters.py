"""Living charters: what amendments, translations and adoptions need beyond the first tables.

Each part of the house has a function of its own below; all of them are one revision.

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Sequence

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring every part of the house up to this release."""
