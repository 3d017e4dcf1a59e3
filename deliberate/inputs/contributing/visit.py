"""What this browser remembers of a visit: in its session cookie, nowhere else, until it is closed or told to forget."""

import secrets

from flask import request, session

from deliberate.inputs.blueprint import mark
from deliberate.inputs.contributing import rules
from deliberate.inputs.models import Question
from deliberate.process.models import Process

ABOUT = "about-me"
SHARED = "shared"
WORDINGS = "wordings"
RECEIPT = "receipt"


def answered(process: Process, round: int) -> list[str]:
    """The questions of a round answered in this visit."""
    kept = session.get(mark(process, round))
    return list(kept) if isinstance(kept, list) else []


def remember_answer(process: Process, question: Question) -> None:
    """Note that a question was answered: from now on the others' answers are shown."""
    before = answered(process, question.round)
    if question.key not in before:
        session[mark(process, question.round)] = [*before, question.key]


def wording(process: Process, question: Question) -> str:
    """The wording this visitor gets: by a link or a choice, which is kept; else by their group, or by chance."""
    keys = ["", *(variant["key"] for variant in question.variants)]
    asked = request.args.get("wording")
    if asked in keys:
        return _keep_wording(process, question, str(asked))
    kept = session.get(WORDINGS, {}).get(_place(process, question))
    if kept in keys:
        return str(kept)
    if rules.for_groups(question.variants):
        group = session.get(WORDINGS, {}).get(process.slug)
        return str(group) if group in keys else ""
    return _keep_wording(process, question, secrets.choice(keys)) if len(keys) > 1 else ""


def _place(process: Process, question: Question) -> str:
    return f"{process.slug}/{question.key}"


def _keep_wording(process: Process, question: Question, variant: str) -> str:
    kept = dict(session.get(WORDINGS, {}))
    kept[_place(process, question)] = variant
    if rules.for_groups(question.variants):
        kept[process.slug] = variant
    if kept != session.get(WORDINGS):
        session[WORDINGS] = kept
    return variant


def about() -> dict[str, str]:
    """What this visitor said about themselves and asked to keep for the next answer."""
    return dict(session.get(ABOUT, {}))


def remember_about(said: dict[str, str]) -> None:
    """Keep what a visitor says about themselves for the next answer, or forget it."""
    if said:
        session[ABOUT] = said
    else:
        session.pop(ABOUT, None)


def shared() -> bool:
    """Whether several people use this computer one after the other, as the link they came by says."""
    if request.args.get("shared") == "1":
        session[SHARED] = True
    return bool(session.get(SHARED))


def remember_receipt(secret: str) -> None:
    """Keep the receipt of the last answer until the visit ends: on a shared computer no address may hold it."""
    session[RECEIPT] = secret


def receipt() -> str:
    """The receipt of the last answer given on a shared computer, in this visit."""
    return str(session.get(RECEIPT, ""))


def anything() -> bool:
    """Whether this browser remembers anything of a visit."""
    return any(name in (ABOUT, SHARED, WORDINGS) or name.startswith("answered:") for name in session)


def forget() -> None:
    """Forget the whole visit, signing in included."""
    session.clear()
