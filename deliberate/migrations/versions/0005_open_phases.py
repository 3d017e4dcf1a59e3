"""Open phases complete: what hearing everyone needs beyond the first tables.

Each room of the open input has a function of its own below; all of them are one revision.

Revision ID: 0005
Revises: 0004
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring every room of the open input up to this release."""
    _statements()
    _opinions()
    _contributing()
    _synthesis()
    _moderating()
    _answers()
    _telling()
    _entering()
    _dossiers()
    _fulltext()
    _experience()
    _evidence()


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


def _moderating() -> None:
    """The public log of moderation with what was decided so far, appeals, contributions that say the same."""
    op.create_table(
        "moderation_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("thing", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("before", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision in ('publish','refuse','uphold','overturn')",
            name=op.f("ck_moderation_decision_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_moderation_decision_process_id_process")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_decision")),
    )
    with op.batch_alter_table("moderation_decision", schema=None) as batch_op:
        batch_op.create_index("ix_moderation_decision_process_id_at", ["process_id", "at"], unique=False)
        batch_op.create_index(
            "ix_moderation_decision_process_id_thing", ["process_id", "thing"], unique=False
        )
    for kind in ("contribution", "lesson"):
        op.execute(
            "insert into moderation_decision"  # noqa: S608 (the two names above)
            " (process_id, thing, kind, round, decision, before, rule, reason, received_at, at)"
            f" select process_id, '{kind}:' || key, '{kind}', round,"
            " case state when 'refused' then 'refuse' else 'publish' end, 'waiting', '', reason, at, moderated_at"
            f" from {kind} where moderated_at is not null order by moderated_at, id"
        )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting','upheld','overturned','dropped')", name=op.f("ck_appeal_state")
        ),
        sa.CheckConstraint(
            "(state in ('upheld','overturned')) = (answered_at is not null)", name=op.f("ck_appeal_answered")
        ),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_appeal_process_id_process")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["moderation_decision.id"],
            name=op.f("fk_appeal_decision_id_moderation_decision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeal_decision_id")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_process_id"), ["process_id"], unique=False)
    op.create_table(
        "alike",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("group_key", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_alike_process_id_process")),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_alike_contribution_id_contribution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alike")),
        sa.UniqueConstraint("contribution_id", name="uq_alike_contribution_id"),
    )
    with op.batch_alter_table("alike", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alike_process_id"), ["process_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alike_group_key"), ["group_key"], unique=False)


def _answers() -> None:
    """Answers that were replaced, and answers being prepared."""
    said: list[tuple[str, sa.types.TypeEngine[Any]]] = [
        ("outcome", sa.String(length=12)),
        ("charter", sa.String(length=60)),
        ("clause", sa.String(length=60)),
        ("reason", sa.JSON()),
        ("at", sa.DateTime(timezone=True)),
    ]
    op.create_table(
        "earlier_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        *(sa.Column(name, type_, nullable=False) for name, type_ in said),
        sa.CheckConstraint(
            "outcome in ('adopted','partly','rejected','out-of-scope')",
            name=op.f("ck_earlier_answer_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answer.id"], name=op.f("fk_earlier_answer_answer_id_answer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_answer")),
    )
    with op.batch_alter_table("earlier_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_earlier_answer_answer_id"), ["answer_id"], unique=False)
    op.create_table(
        "answer_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        *(sa.Column(name, type_, nullable=False) for name, type_ in said),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_answer_draft_contribution_id_contribution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_draft")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_answer_draft_contribution_id")),
    )


def _telling() -> None:
    """What contributors who left an address are to be told in the next letter."""
    op.create_table(
        "contributor_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "what in ('moderated','placed','contest answered','answered')",
            name=op.f("ck_contributor_notice_what"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contributor_notice_contribution_id_contribution"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributor_notice")),
        sa.UniqueConstraint("contribution_id", "what", name="uq_contributor_notice_contribution_id_what"),
    )


def _synthesis() -> None:
    """Every wording of a line, lines split and merged, what was read, what the board and others say of a line."""
    with op.batch_alter_table("grid", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moved", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("grid", schema=None) as batch_op:
        batch_op.alter_column("moved", server_default=None)
    with op.batch_alter_table("synthesis_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wording", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("synthesis_line", schema=None) as batch_op:
        batch_op.alter_column("wording", server_default=None)
    op.create_table(
        "line_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["synthesis_line.id"], name=op.f("fk_line_wording_line_id_synthesis_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_wording")),
        sa.UniqueConstraint("line_id", "number", name="uq_line_wording_line_id_number"),
    )
    op.execute(
        "insert into line_wording (line_id, number, text, at) select id, 1, text, at from synthesis_line"
    )
    _reshaping()
    _saying()


def _reshaping() -> None:
    op.create_table(
        "reshaping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('split','merge')", name=op.f("ck_reshaping_kind")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_reshaping_process_id_process")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reshaping")),
    )
    with op.batch_alter_table("reshaping", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reshaping_process_id"), ["process_id"], unique=False)
    op.create_table(
        "line_ancestry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reshaping_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("parent_id <> child_id", name=op.f("ck_line_ancestry_itself")),
        sa.ForeignKeyConstraint(
            ["reshaping_id"], ["reshaping.id"], name=op.f("fk_line_ancestry_reshaping_id_reshaping")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["synthesis_line.id"], name=op.f("fk_line_ancestry_parent_id_synthesis_line")
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["synthesis_line.id"], name=op.f("fk_line_ancestry_child_id_synthesis_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_ancestry")),
        sa.UniqueConstraint("parent_id", "child_id", name="uq_line_ancestry_parent_id_child_id"),
    )
    with op.batch_alter_table("line_ancestry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_line_ancestry_reshaping_id"), ["reshaping_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_line_ancestry_child_id"), ["child_id"], unique=False)


def _saying() -> None:
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_reading_contribution_id_contribution")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reading_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("contribution_id", "user_id", name="uq_reading_contribution_id_user_id"),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reading_user_id"), ["user_id"], unique=False)
    kinds, positions = (
        "'researcher','official','activist','citizen'",
        "'agrees','reservations','disagrees'",
    )
    op.create_table(
        "line_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("position", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"kind in ({kinds})", name=op.f("ck_line_review_kind")),
        sa.CheckConstraint(f"position in ({positions})", name=op.f("ck_line_review_position")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["synthesis_line.id"], name=op.f("fk_line_review_line_id_synthesis_line")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_line_review_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_review")),
        sa.UniqueConstraint("line_id", "wording", "user_id", name="uq_line_review_line_id_wording_user_id"),
    )
    with op.batch_alter_table("line_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_line_review_user_id"), ["user_id"], unique=False)
    op.create_table(
        "wording_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moderated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("receipt_hash", sa.String(length=64), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('waiting','published','refused','withdrawn')", name=op.f("ck_wording_proposal_state")
        ),
        sa.CheckConstraint("outcome in ('','taken up','declined')", name=op.f("ck_wording_proposal_outcome")),
        sa.CheckConstraint("state <> 'withdrawn' or text = ''", name=op.f("ck_wording_proposal_withdrawn")),
        sa.CheckConstraint("outcome = '' or answer <> ''", name=op.f("ck_wording_proposal_answer")),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_wording_proposal_process_id_process")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["synthesis_line.id"], name=op.f("fk_wording_proposal_line_id_synthesis_line")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_wording_proposal_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_proposal")),
        sa.UniqueConstraint("process_id", "key", name="uq_wording_proposal_process_id_key"),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_wording_proposal_receipt_hash")),
    )
    with op.batch_alter_table("wording_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wording_proposal_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_wording_proposal_user_id"), ["user_id"], unique=False)


def _opinions() -> None:
    """Opinion maps."""
    op.create_table(
        "opinion_map",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.JSON(), nullable=False),
        sa.Column("display", sa.JSON(), nullable=False),
        sa.Column("picture", sa.JSON(), nullable=False),
        sa.Column("extremity", sa.JSON(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("shown_votes", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_opinion_map_process_id_process")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_map")),
        sa.UniqueConstraint("process_id", "round", "number", name="uq_opinion_map_process_id_round_number"),
    )
    with op.batch_alter_table("opinion_map", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opinion_map_process_id"), ["process_id"], unique=False)
    op.create_table(
        "imported_conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("topic", sa.String(length=500), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_imported_conversation_process_id_process")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_conversation")),
        sa.UniqueConstraint("process_id", "digest", name="uq_imported_conversation_process_id_digest"),
    )
    with op.batch_alter_table("imported_conversation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_conversation_process_id"), ["process_id"], unique=False)


def _entering() -> None:
    """Batches of what was typed together, group sessions, numbered sheets of paper."""
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("variant", sa.String(length=40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_batch_process_id_process")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_batch_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("process_id", "number", name="uq_batch_process_id_number"),
    )
    op.create_table(
        "batch_contribution",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batch.id"], name=op.f("fk_batch_contribution_batch_id_batch")
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_batch_contribution_contribution_id_contribution"),
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_batch_contribution")),
    )
    with op.batch_alter_table("batch_contribution", schema=None) as batch_op:
        batch_op.create_index("ix_batch_contribution_batch_id", ["batch_id"], unique=False)

    op.create_table(
        "group_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("variant", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("group_name", sa.String(length=90), nullable=False),
        sa.Column("place", sa.String(length=90), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("step", sa.String(length=8), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(step = 'closed') = (closed_at is not null)", name=op.f("ck_group_session_closed")
        ),
        sa.CheckConstraint("step in ('alone','together','closed')", name=op.f("ck_group_session_step")),
        sa.CheckConstraint("people >= 1", name=op.f("ck_group_session_people")),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_group_session_batch_id_batch")),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_group_session_process_id_process")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_group_session_question_id_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_session")),
        sa.UniqueConstraint("process_id", "key", name="uq_group_session_process_id_key"),
    )
    op.create_table(
        "paper_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("variant", sa.String(length=40), nullable=False),
        sa.Column("receipt_hash", sa.String(length=64), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contribution.id"], name=op.f("fk_paper_sheet_contribution_id_contribution")
        ),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_paper_sheet_process_id_process")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_paper_sheet_question_id_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sheet")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_paper_sheet_contribution_id")),
        sa.UniqueConstraint("process_id", "code", name="uq_paper_sheet_process_id_code"),
    )
    op.create_table(
        "group_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("component", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("count >= 1", name=op.f("ck_group_answer_count")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["group_session.id"], name=op.f("fk_group_answer_session_id_group_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_answer")),
        sa.UniqueConstraint("session_id", "token", name="uq_group_answer_session_id_token"),
    )


def _dossiers() -> None:
    """The texts of a dossier that its digest stands for and that may be withdrawn."""
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.add_column(sa.Column("texts", sa.JSON(), server_default="{}", nullable=False))
    with op.batch_alter_table("dossier", schema=None) as batch_op:
        batch_op.alter_column("texts", server_default=None)


def _fulltext() -> None:
    """The index of everything public, and the work of filling it from what is there."""
    vector = postgresql.TSVECTOR() if op.get_context().dialect.name == "postgresql" else sa.Text()
    op.create_table(
        "indexed_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stems", vector, nullable=False),
        sa.Column("title_stems", sa.Text(), nullable=False),
        sa.Column("words", vector, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indexed_text")),
        sa.UniqueConstraint("process_id", "kind", "key", "language", name="uq_indexed_text_process_id"),
    )
    if op.get_context().dialect.name == "postgresql":
        op.create_index("ix_indexed_text_stems", "indexed_text", ["stems"], postgresql_using="gin")
        op.create_index("ix_indexed_text_words", "indexed_text", ["words"], postgresql_using="gin")
    else:
        for line in FTS5:
            op.execute(line)
    fill = sa.text(
        "INSERT INTO job (kind, payload, state, attempts, not_before, progress, created_at)"
        " SELECT 'index', '{}', 'waiting', 0, CURRENT_TIMESTAMP, '{}', CURRENT_TIMESTAMP"
        " WHERE EXISTS (SELECT 1 FROM contribution) OR EXISTS (SELECT 1 FROM lesson)"
    )
    op.execute(fill)


FTS5 = (
    """CREATE VIRTUAL TABLE indexed_text_words USING fts5(
    title, stems, words, content='', tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER indexed_text_added AFTER INSERT ON indexed_text BEGIN
    INSERT INTO indexed_text_words(rowid, title, stems, words)
    VALUES (new.id, new.title_stems, new.stems, new.words); END""",
    """CREATE TRIGGER indexed_text_removed AFTER DELETE ON indexed_text BEGIN
    INSERT INTO indexed_text_words(indexed_text_words, rowid, title, stems, words)
    VALUES ('delete', old.id, old.title_stems, old.stems, old.words); END""",
)


def _experience() -> None:
    """Lessons that can be corrected, withdrawn by who told them, and brought in from another process."""
    op.create_table(
        "lesson_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lesson.id"], name=op.f("fk_lesson_version_lesson_id_lesson")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_version")),
        sa.UniqueConstraint("lesson_id", "number", name="uq_lesson_version_lesson_id_number"),
    )
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("origin", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("receipt_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("ck_lesson_state"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_lesson_state"), "state in ('waiting','published','refused','withdrawn')"
        )
        batch_op.create_index(batch_op.f("ix_lesson_user_id"), ["user_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_lesson_receipt_hash"), ["receipt_hash"])
        batch_op.create_foreign_key(batch_op.f("fk_lesson_user_id_user"), "user", ["user_id"], ["id"])
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.alter_column("version", server_default=None)
        batch_op.alter_column("origin", server_default=None)


def _evidence() -> None:
    """Lessons attached to clauses after these were adopted."""
    op.create_table(
        "new_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("clause", sa.String(length=80), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("receipt_hash", sa.String(length=64), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting','published','refused','removed','withdrawn')",
            name=op.f("ck_new_evidence_state"),
        ),
        sa.ForeignKeyConstraint(
            ["charter_id"], ["charter.id"], name=op.f("fk_new_evidence_charter_id_charter")
        ),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_new_evidence_lesson_id_lesson")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_new_evidence_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_new_evidence")),
        sa.UniqueConstraint("key", name=op.f("uq_new_evidence_key")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_new_evidence_receipt_hash")),
    )
    with op.batch_alter_table("new_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_new_evidence_charter_id"), ["charter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_new_evidence_lesson_id"), ["lesson_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_new_evidence_user_id"), ["user_id"], unique=False)
