"""Tables of a session."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add plans of tables, and who sits where."""
    op.create_table(
        "table_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("tables", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tables >= 1 and rounds >= 1", name=op.f("ck_table_plan_numbers")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_table_plan_sitting_id_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_plan")),
        sa.UniqueConstraint("sitting_id", name=op.f("uq_table_plan_sitting_id")),
    )
    op.create_table(
        "table_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("host", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["table_plan.id"], name=op.f("fk_table_place_plan_id_table_plan")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_table_place_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_place")),
        sa.UniqueConstraint("plan_id", "user_id", "round", name="uq_table_place_plan_id_user_id_round"),
    )
    with op.batch_alter_table("table_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_table_place_user_id"), ["user_id"], unique=False)
