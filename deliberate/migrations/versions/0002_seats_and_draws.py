"""Seats and draws: what the desk and the draw pages keep."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

import sqlalchemy as sa
from alembic import op

from deliberate.panels.rules import household_key

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Add draws of empty seats, last days to answer, letters, contests and decisions on households; read older draws as those of today."""
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("answer_by", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("passed_over", sa.JSON(), nullable=True))
    _replacements()
    _letters()
    _contests()
    _households()
    _draws()


def _replacements() -> None:
    under_way = "'requested','computing','prepared'"
    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_draw_replaces_id_draw"), "draw", ["replaces_id"], ["id"])
        batch_op.create_check_constraint(op.f("ck_draw_replaces"), "replaces_id is null or not rehearsal")
        batch_op.drop_index("uq_draw_live")
    for name, where in (
        ("uq_draw_live", f"state in ({under_way},'revealed') and not rehearsal and replaces_id is null"),
        ("uq_draw_replacing", f"state in ({under_way}) and not rehearsal and replaces_id is not null"),
    ):
        op.create_index(
            name,
            "draw",
            ["process_id"],
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def _letters() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('drawn', 'reminder', 'alternate', 'not drawn')", name=op.f("ck_letter_kind")
        ),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_letter_draw_id_draw")),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_letter_registrant_id_registrant")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_letter_job_id_job"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("draw_id", "registrant_id", "kind", "day", name="uq_letter_once"),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_registrant_id"), ["registrant_id"], unique=False)


def _contests() -> None:
    op.create_table(
        "contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("remarked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(answered_at is null) = (answer = '')", name=op.f("ck_contest_answered")),
        sa.CheckConstraint("(remarked_at is null) = (remark = '')", name=op.f("ck_contest_remarked")),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_contest_draw_id_draw")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest")),
        sa.UniqueConstraint("draw_id", "number", name="uq_contest_draw_id_number"),
        sa.UniqueConstraint("key", name=op.f("uq_contest_key")),
    )


def _households() -> None:
    op.create_table(
        "household_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.String(length=64), nullable=False),
        sa.Column("second", sa.String(length=64), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.CheckConstraint("first < second", name=op.f("ck_household_decision_order")),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_household_decision_process_id_process")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_decision")),
        sa.UniqueConstraint("process_id", "first", "second", name="uq_household_decision_pair"),
    )
    _mark_addresses()


def _mark_addresses() -> None:
    """Marks of households made before addresses were brought into one form."""
    registrant = sa.table("registrant", sa.column("id"), sa.column("household"))
    contact = sa.table("registrant_contact", sa.column("registrant_id"), sa.column("address"))
    bind = op.get_bind()
    kept = sa.select(registrant.c.id, contact.c.address).where(
        registrant.c.id == contact.c.registrant_id, registrant.c.household != ""
    )
    for number, address in bind.execute(kept).all():
        changed = sa.update(registrant).where(registrant.c.id == number)
        bind.execute(changed.values(household=household_key(address)))


def _draws() -> None:
    """Panels and certificate of draws sealed in the open, where those of today have them; what was sealed stays."""
    json = sa.JSON()
    draw = sa.table(
        "draw",
        sa.column("id"),
        sa.column("lottery", json),
        sa.column("attributes", json),
        sa.column("figures", json),
    )
    bind = op.get_bind()
    for number, lottery, attributes, figures in bind.execute(sa.select(draw)).all():
        if lottery:
            changed = sa.update(draw).where(draw.c.id == number)
            bind.execute(
                changed.values(
                    attributes={
                        **attributes,
                        "panels": lottery["panels"],
                        "certificate": {"levels": attributes["levels"]},
                    },
                    figures={**figures, "chances": _distribution(lottery)},
                )
            )


def _distribution(lottery: dict[str, Any]) -> list[list[int]]:
    """How many people are in how many panels, fewest panels first: [panels, people]."""
    held = Counter(chain.from_iterable(lottery["panels"]))
    people = Counter(held[position] for position in range(len(lottery["pseudonyms"])))
    return [list(pair) for pair in sorted(people.items())]
