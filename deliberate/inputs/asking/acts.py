"""Acts on the questions of the open phases, and the questions that ship as templates."""

import tomllib
from datetime import datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.inputs.models import Question
from deliberate.inputs.queries import questions_of
from deliberate.inputs.rules import KEY
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note


def templates() -> list[dict[str, Any]]:
    """The questions that ship: the three of SPIRAL (roadmap, §2) and that of CO-ACTE with its wordings (§4)."""
    text = (files("deliberate.inputs.asking") / "question-templates.toml").read_text("utf-8")
    return list(tomllib.loads(text)["questions"])


def add_question(
    session: Session,
    actor: Actor,
    process: Process,
    key: str,
    round: int,
    text: dict[str, str],
    now: datetime,
    *,
    variants: list[dict[str, Any]] | None = None,
    theme: str = "",
) -> Question:
    """Add an open question to a round. `variants`: [{"key", "for": {language: text}, "text": {language: text}}].

    Raises Refusal for a key that is no short address, an unknown round or an empty text; Conflict for a key in use.
    """
    require(session, actor, process, "create", "question", now)
    if not KEY.fullmatch(key):
        raise Refusal(
            N_("A short name is made of small letters without accents, digits and dashes."), field="key"
        )
    if session.scalar(select(Question.id).where(Question.process_id == process.id, Question.key == key)):
        raise Conflict(N_("Another question of this process already has this short name."), field="key")
    _refuse_begun(process, round, now)
    last = select(func.max(Question.number)).where(Question.process_id == process.id, Question.round == round)
    question = Question(
        process_id=process.id,
        key=key,
        round=round,
        number=(session.scalar(last) or 0) + 1,
        text=_texts(text),
        variants=_variants(variants or []),
        theme=theme,
    )
    session.add(question)
    session.flush()
    _record(session, actor, process, "add", question, now)
    return question


def change_question(
    session: Session,
    actor: Actor,
    process: Process,
    question: Question,
    text: dict[str, str],
    now: datetime,
    *,
    variants: list[dict[str, Any]] | None = None,
    theme: str = "",
) -> None:
    """Reword a question before its open phase begins; afterwards everyone answers the same words.

    Raises Conflict then, and Refusal as `add_question` does.
    """
    require(session, actor, process, "change", "question", now)
    _refuse_begun(process, question.round, now)
    question.text, question.variants, question.theme = _texts(text), _variants(variants or []), theme
    session.flush()
    _record(session, actor, process, "change", question, now)


def move_question(
    session: Session, actor: Actor, process: Process, question: Question, places: int, now: datetime
) -> None:
    """Move a question up (`places` below 0) or down among those of its round, before the open phase begins.

    Raises Conflict afterwards.
    """
    require(session, actor, process, "change", "question", now)
    _refuse_begun(process, question.round, now)
    ordered = list(questions_of(session, process, question.round))
    at = ordered.index(question)
    ordered.insert(max(0, at + places), ordered.pop(at))
    for number, one in enumerate(ordered, 1):
        one.number = number
    session.flush()
    order = [one.key for one in ordered]
    note(session, actor, process, "move", f"question:{question.key}", now, {"order": order})


def remove_question(
    session: Session, actor: Actor, process: Process, question: Question, now: datetime
) -> None:
    """Remove a question before its open phase begins; its words stay in the journal of the process.

    Raises Conflict afterwards.
    """
    require(session, actor, process, "change", "question", now)
    _refuse_begun(process, question.round, now)
    session.delete(question)
    session.flush()
    note(session, actor, process, "remove", f"question:{question.key}", now, {"round": question.round})


def begun(process: Process, round: int, now: datetime) -> bool:
    """Whether the open phase of a round has begun, so that its questions stay as they are."""
    phase = process.open_phase(round)
    return phase is not None and phase.opens_at is not None and phase.opens_at <= now


def _refuse_begun(process: Process, round: int, now: datetime) -> None:
    planned = {phase["round"] for phase in process.protocol.get("phases", [])}
    if round not in planned:
        raise Refusal(N_("The protocol has no round %(round)s."), field="round", round=round)
    if begun(process, round, now):
        raise Conflict(
            N_("The open phase of round %(round)s has begun: its questions stay as they are."), round=round
        )


def _texts(text: dict[str, str]) -> dict[str, str]:
    kept = {code: said.strip() for code, said in text.items() if said.strip()}
    if not kept:
        raise Refusal(N_("Write the question in at least one language."), field="text")
    return kept


def _variants(variants: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for variant in variants:
        if not KEY.fullmatch(variant["key"]) or variant["key"] in [one["key"] for one in kept]:
            raise Refusal(
                N_(
                    "Each wording has its own short name of small letters without accents, digits and dashes."
                ),
                field="variants",
            )
        kept.append(
            {"key": variant["key"], "for": dict(variant.get("for", {})), "text": _texts(variant["text"])}
        )
    return kept


def _record(
    session: Session, actor: Actor, process: Process, act: str, question: Question, now: datetime
) -> None:
    public = {
        "round": question.round,
        "text": question.text,
        "variants": question.variants,
        "theme": question.theme,
    }
    note(session, actor, process, act, f"question:{question.key}", now, public)
