"""The index: what is public of each thing, in each language, with its words as a search compares them.

On SQLite an FTS5 table stands beside it, kept by triggers; on PostgreSQL two columns are vectors with an index.
"""

from sqlalchemy import Index, String, Text, UniqueConstraint, event
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.core.database import Base

VECTOR = Text().with_variant(TSVECTOR(), "postgresql")


class IndexedText(Base):
    """A text that can be found: of which kind of thing, in which process, under which key, in which language."""

    __tablename__ = "indexed_text"
    __table_args__ = (
        UniqueConstraint("process_id", "kind", "key", "language", name="uq_indexed_text_process_id"),
        Index("ix_indexed_text_stems", "stems", postgresql_using="gin").ddl_if(dialect="postgresql"),
        Index("ix_indexed_text_words", "words", postgresql_using="gin").ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    stems: Mapped[str] = mapped_column(VECTOR)
    title_stems: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(VECTOR)


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


def _beside(_table: object, connection: Connection, **_: object) -> None:
    if connection.dialect.name == "sqlite":
        for line in FTS5:
            connection.exec_driver_sql(line)


event.listen(IndexedText.__table__, "after_create", _beside)
