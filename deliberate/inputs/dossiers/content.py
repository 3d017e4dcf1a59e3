"""What a dossier holds, as plain data.

Everything in it has an address within the process and a digest of its own. Words that somebody may withdraw are not
in it: contributions and statements stand there by the code that the journal commits to, lessons and what the mixed
board said by the digest of their text. So the digest over the whole stays good when words go.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.inputs.entering.queries import made_from
from deliberate.inputs.experience.queries import as_record as lesson_record
from deliberate.inputs.experience.queries import lessons_of
from deliberate.inputs.models import Contribution
from deliberate.inputs.opinions.queries import final_map
from deliberate.inputs.queries import published, questions_of
from deliberate.inputs.statements.models import Statement
from deliberate.inputs.statements.queries import statements_of
from deliberate.inputs.synthesis.models import SynthesisLine
from deliberate.inputs.synthesis.queries import as_record as line_record
from deliberate.inputs.synthesis.queries import category_tables, coverage, grid_number, opened_lines_of
from deliberate.journal.canonical import digest
from deliberate.process.models import Process

Record = dict[str, Any]
VERSION = 2


def dossier_content(session: Session, process: Process, round: int) -> tuple[Record, Record]:
    """What a dossier of this round holds now, and beside it the texts that may be withdrawn (see `Dossier.texts`)."""
    texts: Record = {"lessons": {}, "reviews": {}}
    content = {
        "version": VERSION,
        "process": process.slug,
        "round": round,
        "grid": grid_number(session, process),
        "questions": [
            {"key": one.key, "text": one.text, "variants": one.variants}
            for one in questions_of(session, process, round)
        ],
        "contributions": _contributions(session, process, round),
        "synthesis": [
            _line(process, one, texts["reviews"]) for one in opened_lines_of(session, process, round)
        ],
        "coverage": _coverage(session, process, round),
        "by_category": _tables(category_tables(session, process, round)),
        "statements": [
            _item("statements", "statement", _statement(one))
            for one in statements_of(session, process, round)
        ],
        "opinions": final_map(session, process, round),
        "lessons": _lessons(session, process, round, texts["lessons"]),
    }
    return content, texts


def _item(folder: str, kind: str, record: Record) -> Record:
    """A record with its address and its digest, which is over the record as it was without them."""
    return {**record, "address": f"{folder}/{record['key']}", "digest": digest(kind, record)}


def _contributions(session: Session, process: Process, round: int) -> list[Record]:
    shown = published(process).where(Contribution.round == round).order_by(Contribution.key)
    members = made_from(session, process)
    return [
        _item("contributions", "contribution", _contribution(one, members.get(one.key, [])))
        for one in session.scalars(shown)
    ]


def _contribution(one: Contribution, made_from: list[str]) -> Record:
    return {
        "key": one.key,
        "question": one.question.key,
        "variant": one.variant,
        "theme": one.theme,
        "language": one.language,
        "channel": one.channel,
        "count": one.count,
        "collective": one.collective,
        "made_from": made_from,
        "commitment": one.commitment,
    }


def _statement(one: Statement) -> Record:
    return {
        "key": one.key,
        "number": one.number,
        "source": one.source,
        "contribution": one.contribution.key if one.contribution else "",
        "language": one.language,
        "votes": one.votes,
        **(one.told or {}),
        "commitment": one.commitment,
    }


def _line(process: Process, line: SynthesisLine, texts: Record) -> Record:
    record = line_record(process, line)
    reviews = []
    for number, said in enumerate(record["validation"]["reviews"], start=1):
        if said["words"]:
            texts[f"{line.key}/{number}"] = said["words"]
        reviews.append({**said, "words": digest("review", said["words"])})
    record["validation"] = {**record["validation"], "reviews": reviews}
    return _item("synthesis/lines", "line", record)


def _coverage(session: Session, process: Process, round: int) -> Record:
    found = coverage(session, process, round)
    return {
        "total": found["total"],
        "placed": found["placed"],
        "unplaced": sorted(one.key for one in found["unplaced"]),
        "unread": sorted(one.key for one in found["unread"]),
    }


def _tables(tables: Mapping[str, Mapping[str, Mapping[str, int | None]]]) -> list[Record]:
    """Tables as lists: what people call themselves is no key of canonical JSON."""
    return [
        {
            "category": category,
            "rows": [
                {"dimension": row, "cells": [{"value": value, "people": n} for value, n in cells.items()]}
                for row, cells in table.items()
            ],
        }
        for category, table in tables.items()
    ]


def _lessons(session: Session, process: Process, round: int, texts: Record) -> list[Record]:
    found = []
    for lesson in lessons_of(session, process):
        if lesson.round <= round:
            texts[lesson.key] = record = lesson_record(lesson)
            short = {"key": lesson.key, "outcome": lesson.outcome, "version": lesson.version}
            found.append(
                {**short, "address": f"experiences/{lesson.key}", "digest": digest("lesson", record)}
            )
    return found


def late_arrivals(session: Session, process: Process, round: int) -> list[Contribution]:
    """What answers the questions of a round and came or was typed too late for its dossier: it waits in a later one."""
    keys = [one.id for one in questions_of(session, process, round)]
    query = select(Contribution).where(
        Contribution.question_id.in_(keys),
        Contribution.round > round,
        Contribution.state.in_(("waiting", "published")),
    )
    return list(session.scalars(query.order_by(Contribution.id)))
