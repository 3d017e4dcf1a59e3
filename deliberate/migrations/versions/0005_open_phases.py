"""Open phases complete: what hearing everyone needs beyond the first tables.

Each room of the open input has a function of its own below; all of them are one revision.

Revision ID: 0005
Revises: 0004
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring every room of the open input up to this release."""
    _statements()
    _contributing()


def _contributing() -> None:
    """Where contributors asked to be told what became of their words, and from which network answers came."""
    op.create_table(
        "contributor_contact",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contributor_contact_contribution_id_contribution"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_contributor_contact")),
    )
    op.create_table(
        "answer_source",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_answer_source_contribution_id_contribution"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_answer_source")),
    )
    with op.batch_alter_table("answer_source", schema=None) as batch_op:
        batch_op.create_index("ix_answer_source_source_at", ["source", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_answer_source_at"), ["at"], unique=False)


def _statements() -> None:
    """Statements, those who vote on them, and their votes."""
    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("channel in ('web','import')", name=op.f("ck_participant_channel")),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_participant_process_id_process")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_participant_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("process_id", "user_id", name="uq_participant_process_id_user_id"),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_participant_secret_hash")),
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participant_process_id"), ["process_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participant_user_id"), ["user_id"], unique=False)
    op.create_table(
        "statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moderated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agrees", sa.Integer(), nullable=False),
        sa.Column("disagrees", sa.Integer(), nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("commitment", sa.String(length=71), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting','published','refused','retired','withdrawn')",
            name=op.f("ck_statement_state"),
        ),
        sa.CheckConstraint(
            "source in ('contribution','participant','team','import')", name=op.f("ck_statement_source")
        ),
        sa.CheckConstraint("state <> 'withdrawn' or folded = ''", name=op.f("ck_statement_withdrawn")),
        sa.CheckConstraint(
            "agrees >= 0 and disagrees >= 0 and passes >= 0", name=op.f("ck_statement_tallies")
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_statement_process_id_process")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_statement_contribution_id_contribution")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_statement_participant_id_participant"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("process_id", "key", name="uq_statement_process_id_key"),
        sa.UniqueConstraint("process_id", "round", "number", name="uq_statement_process_id_round_number"),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_process_id"), ["process_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_contribution_id"), ["contribution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_participant_id"), ["participant_id"], unique=False)
    op.create_table(
        "statement_vote",
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value in (-1, 0, 1)", name=op.f("ck_statement_vote_value")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_statement_vote_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_statement_vote_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("participant_id", "statement_id", name=op.f("pk_statement_vote")),
    )
    with op.batch_alter_table("statement_vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_vote_statement_id"), ["statement_id"], unique=False)
