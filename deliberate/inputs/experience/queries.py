"""Reading lessons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, NotFound
from deliberate.core.fulltext import asking
from deliberate.core.fulltext.index import Found, found, matches
from deliberate.inputs.experience import rules
from deliberate.inputs.experience.facets import Card, counted, narrowed, relaxed
from deliberate.inputs.experience.models import Lesson
from deliberate.people.queries import DataRequested
from deliberate.process.models import Process

PER_PAGE = 20
KIND = "lesson"


def lessons_of(session: Session, process: Process) -> Sequence[Lesson]:
    """The public lessons of a process, by short name."""
    query = select(Lesson).where(Lesson.process_id == process.id, Lesson.state == "published")
    return session.scalars(query.order_by(Lesson.key)).all()


def lessons_by_key(session: Session, process: Process, keys: Iterable[str]) -> dict[str, Lesson]:
    """Those of these lessons that are public, by key."""
    wanted = set(keys)
    return {lesson.key: lesson for lesson in lessons_of(session, process) if lesson.key in wanted}


def lesson(session: Session, process: Process, key: str) -> Lesson:
    """A lesson by its key, whatever its state. Raises NotFound."""
    found = session.scalar(select(Lesson).where(Lesson.process_id == process.id, Lesson.key == key))
    if found is None:
        raise NotFound(N_("There is no experience at this address."))
    return found


def as_record(lesson: Lesson) -> dict[str, Any]:
    """A lesson as plain data: what is exported, and what its digest is computed on."""
    origin = {"origin": lesson.origin} if lesson.origin else {}
    return {name: getattr(lesson, name) for name in rules.FIELDS} | origin


@dataclass(frozen=True)
class Shelf:
    """A page of the bank: lessons with the passages that were found in them, and what may be narrowed further.

    `total` counts those that words and filters leave, `whole` all public ones; `counts` has, per filter, its values
    and how many lessons each would leave; `relaxed` how many there would be without a filter in use.
    """

    lessons: Sequence[Lesson]
    passages: dict[str, Found]
    total: int
    whole: int
    counts: dict[str, list[tuple[str, int]]]
    relaxed: list[tuple[str, int]]
    without_words: int


def shelf(
    session: Session, process: Process, asked: dict[str, str], words: str, sort: str, page: int, language: str
) -> Shelf:
    """The public lessons that hold the words and pass every filter (see `facets`), a page of them in order."""
    cards = _cards(session, process)
    terms = asking.read(words)
    hits: dict[str, tuple[int, float]] = {}
    if terms:
        match = matches(session, process.id, [KIND], terms, language)
        hits = {
            key: (row, rank)
            for key, row, rank in session.execute(select(match.c.key, match.c.id, match.c.rank))
        }
    held = [card for card in cards if card.key in hits] if terms else cards
    left = narrowed(held, asked)
    titles = _titles(session, left, language) if sort == "title" else {}
    if sort == "title":
        left.sort(key=lambda card: (titles.get(card.id, ""), card.key))
    elif sort == "best" and terms:
        left.sort(key=lambda card: (hits[card.key][1], card.key))
    shown = left[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Shelf(
        _in_order(session, [card.id for card in shown]),
        {one.key: one for one in found(session, [hits[card.key][0] for card in shown], words)}
        if terms
        else {},
        len(left),
        len(cards),
        counted(held, asked),
        [] if left else relaxed(held, asked),
        0 if left or not terms else len(narrowed(cards, asked)),
    )


def _cards(session: Session, process: Process) -> list[Card]:
    """What the public lessons are filtered by, newest first."""
    columns = (Lesson.theme, Lesson.level, Lesson.outcome, Lesson.country, Lesson.territory)
    query = select(Lesson.id, Lesson.key, *columns, Lesson.sdg, Lesson.sectors)
    shown = query.where(Lesson.process_id == process.id, Lesson.state == "published")
    rows = session.execute(shown.order_by(Lesson.at.desc(), Lesson.id.desc()))
    return [_card(row, key, plain, goals, sectors) for row, key, *plain, goals, sectors in rows]


def _card(row: int, key: str, plain: Sequence[str], goals: Sequence[int], sectors: Sequence[str]) -> Card:
    theme, level, outcome, country, territory = ((value,) if value else () for value in plain)
    return Card(row, key, theme, level, outcome, country, territory, tuple(map(str, goals)), tuple(sectors))


def _titles(session: Session, cards: Iterable[Card], language: str) -> dict[int, str]:
    wanted = {card.id for card in cards}
    rows = session.execute(select(Lesson.id, Lesson.title).where(Lesson.id.in_(wanted)))
    return {row: (title.get(language) or next(iter(title.values()), "")).casefold() for row, title in rows}


def _in_order(session: Session, ids: Sequence[int]) -> list[Lesson]:
    rows = {one.id: one for one in session.scalars(select(Lesson).where(Lesson.id.in_(ids)))}
    return [rows[one] for one in ids]


def latest(session: Session, process: Process, most: int) -> Sequence[Lesson]:
    """The public lessons that were told last."""
    query = select(Lesson).where(Lesson.process_id == process.id, Lesson.state == "published")
    return session.scalars(query.order_by(Lesson.at.desc(), Lesson.id.desc()).limit(most)).all()


def elsewhere(session: Session, process: Process, words: str, most: int = 50) -> list[Lesson]:
    """The newest public lessons of other processes, or those of them that hold the words."""
    others = (
        select(Lesson)
        .join(Process)
        .where(
            Lesson.process_id != process.id,
            Lesson.state == "published",
            Lesson.origin == "",
            Process.locked_at.is_not(None),
        )
    )
    wanted = asking.read(words)
    if wanted:
        match = matches(session, None, [KIND], wanted)
        others = others.join(match, (match.c.key == Lesson.key) & (match.c.process_id == Lesson.process_id))
    return list(session.scalars(others.order_by(Lesson.at.desc(), Lesson.id.desc()).limit(most)))


def brought(session: Session, process: Process, chosen: Iterable[str]) -> list[Lesson]:
    """The public lessons of other processes that are named `process/key`; others are left out."""
    named = {name for name in chosen if "/" in name}
    slugs = {name.partition("/")[0] for name in named}
    query = select(Lesson).join(Process).where(Process.slug.in_(slugs), Lesson.state == "published")
    found = session.scalars(query.where(Lesson.process_id != process.id).order_by(Lesson.id))
    return [one for one in found if f"{one.process.slug}/{one.key}" in named]


def add_held(session: Session, request: DataRequested, _now: datetime) -> None:
    """What an account told while signed in; a receipt alone opens what was told without an account."""
    told = select(Lesson).where(Lesson.user_id == request.user.id).order_by(Lesson.id)
    request.held["lessons"] = [as_record(one) for one in session.scalars(told)]
