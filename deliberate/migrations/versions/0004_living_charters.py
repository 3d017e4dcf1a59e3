"""Living charters: what amendments, translations and adoptions need beyond the first tables.

Each part of the house has a function of its own below; all of them are one revision.

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring every part of the house up to this release."""
    _drafting()
    _adoption()
    _panels()
    _seals()


def _drafting() -> None:
    """Amendments to amendments, amendments in preparation, words that settle a conflict, statements withdrawn."""
    states = "'proposed','ballot','accepted','rejected','adopted','withdrawn','stranded','folded'"
    with op.batch_alter_table("amendment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("amends_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("onto", sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_amendment_amends_id"), ["amends_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_amendment_amends_id_amendment"), "amendment", ["amends_id"], ["id"]
        )
        batch_op.drop_constraint(batch_op.f("ck_amendment_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_amendment_state"), f"state in ({states})")
        batch_op.create_check_constraint(
            batch_op.f("ck_amendment_onto"), "(amends_id is null) = (onto is null)"
        )
    op.create_table(
        "preparation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("amends_id", sa.Integer(), nullable=True),
        sa.Column("base_number", sa.Integer(), nullable=False),
        sa.Column("operations", sa.JSON(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("table_label", sa.String(length=40), nullable=False),
        sa.Column("lost", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["amends_id"], ["amendment.id"], name=op.f("fk_preparation_amends_id_amendment")
        ),
        sa.ForeignKeyConstraint(
            ["charter_id"], ["charter.id"], name=op.f("fk_preparation_charter_id_charter")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_preparation_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preparation")),
        sa.UniqueConstraint("charter_id", "user_id", name="uq_preparation_charter_id_user_id"),
    )
    with op.batch_alter_table("settlement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wording", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("reason", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("settlement", schema=None) as batch_op:
        batch_op.alter_column("wording", server_default=None)
        batch_op.alter_column("reason", server_default=None)
    with op.batch_alter_table("minority_statement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def _adoption() -> None:
    """The register of adoptions."""
    op.create_table(
        "adoption",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("charter_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("territory", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("wants_mail", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["charter_id"], ["charter.id"], name=op.f("fk_adoption_charter_id_charter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption")),
        sa.UniqueConstraint("key", name=op.f("uq_adoption_key")),
    )
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adoption_charter_id"), ["charter_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adoption_contact"), ["contact"], unique=False)
    op.create_table(
        "adoption_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adoption_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decision in ('adopt','follow','stay','end')", name=op.f("ck_adoption_decision_decision")
        ),
        sa.CheckConstraint(
            "state in ('waiting','public','refused')", name=op.f("ck_adoption_decision_state")
        ),
        sa.ForeignKeyConstraint(
            ["adoption_id"], ["adoption.id"], name=op.f("fk_adoption_decision_adoption_id_adoption")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_decision")),
        sa.UniqueConstraint("adoption_id", "number", name="uq_adoption_decision_adoption_id_number"),
    )
    op.create_table(
        "adoption_link",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("adoption_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["adoption_id"], ["adoption.id"], name=op.f("fk_adoption_link_adoption_id_adoption")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_adoption_link")),
    )
    with op.batch_alter_table("adoption_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adoption_link_adoption_id"), ["adoption_id"], unique=False)
    op.create_table(
        "adoption_contest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("adoption_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["adoption_id"], ["adoption.id"], name=op.f("fk_adoption_contest_adoption_id_adoption")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_contest")),
        sa.UniqueConstraint("adoption_id", "number", name="uq_adoption_contest_adoption_id_number"),
    )
    with op.batch_alter_table("adoption_contest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adoption_contest_contact"), ["contact"], unique=False)


def _panels() -> None:
    """Alternates found by a worker, what pages read of a lottery, links by the hands they went through, lasting letters."""
    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.add_column(sa.Column("awaited", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("seal", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.drop_constraint(batch_op.f("fk_draw_job_id_job"), type_="foreignkey")
        batch_op.create_foreign_key(
            batch_op.f("fk_draw_job_id_job"), "job", ["job_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_check_constraint(batch_op.f("ck_draw_awaited"), "awaited = 0 or state = 'revealed'")
    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.alter_column("awaited", server_default=None)
        batch_op.alter_column("seal", server_default=None)
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("as_sealed", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("handed", sa.Boolean(), nullable=True))
    with op.batch_alter_table("registrant_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("handed", sa.Boolean(), nullable=True))
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mailed", sa.Boolean(), nullable=True))
    op.execute("update letter set mailed = (job_id is not null)")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.alter_column("mailed", existing_type=sa.Boolean(), nullable=False)
    op.create_table(
        "place",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(length=40), nullable=False),
        sa.Column("panels", sa.JSON(), nullable=False),
        sa.Column("row", sa.JSON(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.String(length=71), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_place_draw_id_draw")),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_place_registrant_id_registrant")
        ),
        sa.PrimaryKeyConstraint("draw_id", "registrant_id", name=op.f("pk_place")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_registrant_id"), ["registrant_id"], unique=False)
    _read_lotteries()


def _read_lotteries() -> None:
    """What pages read of the lotteries sealed before: their quotas, everyone's place, what those seated had said."""
    json = sa.JSON()
    draw = sa.table(
        "draw",
        sa.column("id"),
        sa.column("process_id"),
        sa.column("rehearsal"),
        *(sa.column(name, json) for name in ("lottery", "attributes", "key", "inputs", "seal")),
    )
    bind = op.get_bind()
    for one in bind.execute(sa.select(draw).order_by(draw.c.id)).mappings().all():
        if one["lottery"]:
            sealed = sa.update(draw).where(draw.c.id == one["id"])
            bind.execute(sealed.values(seal=_seal(one["lottery"], one["key"])))
            if not one["rehearsal"]:
                _place(one)
                _say(one)


def _seal(lottery: dict[str, Any], key: dict[str, str]) -> dict[str, Any]:
    return {
        "quotas": [[one["category"], one["value"], one["min"], one["max"]] for one in lottery["quotas"]],
        "one_per_household": bool(lottery.get("one_per_household")),
        "people": len(lottery["pseudonyms"]),
        "replaces": lottery.get("replaces", ""),
        "whole": len(key) >= len(lottery["pseudonyms"]),
    }


def _registrants(process: int) -> dict[str, int]:
    table = sa.table("registrant", sa.column("id"), sa.column("process_id"), sa.column("pseudonym"))
    query = sa.select(table.c.pseudonym, table.c.id).where(table.c.process_id == process)
    return {row.pseudonym: row.id for row in op.get_bind().execute(query)}


def _place(draw: Any) -> None:
    lottery, attributes, people = draw["lottery"], draw["attributes"], _registrants(draw["process_id"])
    held: list[list[int]] = [[] for _ in lottery["pseudonyms"]]
    for number, panel in enumerate(attributes["panels"]):
        for position in panel:
            held[position].append(number)
    place = sa.table(
        "place",
        *(sa.column(name) for name in ("draw_id", "registrant_id", "pseudonym", "nonce", "commitment")),
        sa.column("panels", sa.JSON()),
        sa.column("row", sa.JSON()),
    )
    rows = [
        {
            "draw_id": draw["id"],
            "registrant_id": people[draw["key"][own]],
            "pseudonym": own,
            "panels": held[position],
            "row": attributes["rows"][position],
            "nonce": attributes["nonces"][position],
            "commitment": lottery["commitments"][position],
        }
        for position, own in enumerate(lottery["pseudonyms"])
        if own in draw["key"] and attributes["rows"][position] is not None
    ]
    if rows:
        op.get_bind().execute(sa.insert(place), rows)


def _say(draw: Any) -> None:
    """The draw of empty seats comes after the first one in this order, and says it again for who is in both."""
    people = _registrants(draw["process_id"])
    seat = sa.table("seat", sa.column("registrant_id"), sa.column("as_sealed", sa.JSON()))
    held = set(op.get_bind().scalars(sa.select(seat.c.registrant_id)))
    for one in (*draw["inputs"]["respondents"], *draw["inputs"].get("seated", [])):
        if (number := people.get(one["id"])) in held:
            said = {"values": one["values"], "household": one.get("household", "")}
            op.get_bind().execute(
                sa.update(seat).where(seat.c.registrant_id == number).values(as_sealed=said)
            )


def _seals() -> None:
    """What binds each pseudonym of a sealed lottery to its volunteer."""
    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.add_column(sa.Column("salts", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.alter_column("salts", server_default=None)
