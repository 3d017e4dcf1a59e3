"""Bulk entry: what a group or paper sheets said, typed or read from a file, all of it or nothing; and its undoing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from deliberate.core.database import lock
from deliberate.core.errors import N_, Conflict, Refusal
from deliberate.inputs.contributing.acts import contribute, take_back
from deliberate.inputs.dossiers.queries import dossier
from deliberate.inputs.entering import queries, rules
from deliberate.inputs.entering.models import Batch, PaperSheet
from deliberate.inputs.entering.rules import Entry, Origin
from deliberate.inputs.models import Contribution, Question
from deliberate.inputs.rules import Fault, FaultyEntry, new_receipt, random_letters, receipt_hash
from deliberate.inputs.synthesis.queries import grid_codes
from deliberate.people.rules import Actor
from deliberate.process.acts import require
from deliberate.process.models import Process
from deliberate.process.record import note, stated_reason

MOST_SHEETS = 300


def enter_lines(
    session: Session,
    actor: Actor,
    process: Process,
    question: Question,
    text: str,
    origin: Origin,
    now: datetime,
    group_answer: str = "",
) -> Batch:
    """Record every line of `text` (see `rules.read_lines`) and then the answer the group made from them, if any.

    What a line says of its language, theme or categories stands before what `origin` says for all. Raises FaultyEntry
    with every fault at once, then nothing is written; else as `enter_batch`.
    """
    require(session, actor, process, "enter", "contribution", now)
    entries, faults = rules.read_entries(text, grid_codes(session, process))
    if faults:
        raise FaultyEntry(faults)
    together = [Entry(1, group_answer)] if group_answer.strip() else []
    return enter_batch(session, actor, process, question, entries, origin, now, together)


def enter_batch(
    session: Session,
    actor: Actor,
    process: Process,
    question: Question,
    entries: Sequence[Entry],
    origin: Origin,
    now: datetime,
    together: Sequence[Entry] = (),
) -> Batch:
    """Record answers as one batch, then what the group answered `together`, made from them.

    The count of a collective answer is that of the people it was made from. Raises Refusal as `contribute` does, and
    FaultyEntry for numbered sheets that do not fit.
    """
    require(session, actor, process, "enter", "contribution", now)
    lock(session, process)
    sheets = _sheets(session, process, question, origin.variant, entries)
    alone = [
        _enter(session, actor, process, question, one, origin, now, sheets.get(one.sheet)) for one in entries
    ]
    people = sum(one.count for one in entries) or 1
    whole = [_enter(session, actor, process, question, one, origin, now, people=people) for one in together]
    batch = Batch(
        process_id=process.id,
        number=queries.last_batch(session, process) + 1,
        question_id=question.id,
        variant=origin.variant,
        round=(alone or whole)[0].round,
        channel=origin.channel,
        note=origin.note.strip()[:200],
        received_at=origin.received,
        at=now,
        contributions=[*alone, *whole],
    )
    session.add(batch)
    session.flush()
    public = {
        "question": question.key, "round": batch.round, "channel": batch.channel, "people": people,
        "answers": len(alone), "together": len(whole),
    }  # fmt: skip
    note(session, actor, process, "enter", batch.object, now, public)
    return batch


def _enter(
    session: Session,
    actor: Actor,
    process: Process,
    question: Question,
    one: Entry,
    origin: Origin,
    now: datetime,
    sheet: PaperSheet | None = None,
    people: int = 0,
) -> Contribution:
    """One answer of a batch; `people` when it is that of a whole group."""
    categories = {**origin.categories, **(one.categories or {})}
    found, _ = contribute(
        session, actor, process, question, one.text, one.language or origin.language, origin.channel, categories,
        one.theme or origin.theme, now, variant=origin.variant, received=origin.received, collective=people > 0,
        count=people or one.count, component=one.component, note=origin.note, late=origin.late, key=one.key,
    )  # fmt: skip
    if sheet is not None:
        found.receipt_hash = sheet.receipt_hash
        sheet.contribution_id = found.id
        session.flush()
    return found


def _sheets(
    session: Session, process: Process, question: Question, variant: str, entries: Sequence[Entry]
) -> dict[str, PaperSheet]:
    """The numbered sheets that these answers stand on, by code. Raises FaultyEntry for one that does not fit."""
    wanted = [(place, one.sheet) for place, one in enumerate(entries, start=1) if one.sheet]
    found = queries.sheets(session, process, [code for _, code in wanted])
    faults = []
    for place, code in wanted:
        sheet = found.get(code)
        if sheet is None:
            said = N_("No sheet with the code %(sheet)s was printed here. Read it again letter by letter.")
        elif sheet.contribution_id is not None:
            said = N_("Sheet %(sheet)s was already typed.")
        elif (sheet.question_id, sheet.variant) != (question.id, variant):
            said = N_("Sheet %(sheet)s was printed for another question or wording: type it there.")
        else:
            continue
        faults.append(Fault(place, said, {"sheet": code}))
    if faults:
        raise FaultyEntry(faults)
    return found


def take_back_batch(
    session: Session, actor: Actor, process: Process, batch: Batch, reason: str, now: datetime
) -> int:
    """Undo a whole batch: its words go, and sheets of it can be typed again. Returns how many answers it took back.

    Raises Conflict once it was undone, or once the dossier of its round is settled.
    """
    require(session, actor, process, "enter", "contribution", now)
    lock(session, batch)
    why = stated_reason(reason)
    if batch.taken_back_at is not None:
        raise Conflict(N_("This batch was already taken back."))
    if dossier(session, process, batch.round) is not None:
        raise Conflict(N_("The dossier of this round is settled: its answers stay as they are."))
    batch.taken_back_at, batch.reason = now, why
    left = [one for one in batch.contributions if one.state != "withdrawn"]
    for one in left:
        take_back(session, one, now)
        one.reason, one.receipt_hash = why, None
    _free_sheets(session, batch)
    keys = [one.key for one in left]
    note(session, actor, process, "take back", batch.object, now, {"reason": why, "contributions": keys})
    return len(left)


def _free_sheets(session: Session, batch: Batch) -> None:
    for sheet in queries.sheets_of(session, batch):
        sheet.contribution_id = None
    session.flush()


def print_sheets(
    session: Session,
    actor: Actor,
    process: Process,
    question: Question,
    variant: str,
    number: int,
    now: datetime,
) -> list[tuple[PaperSheet, str]]:
    """Make numbered sheets of a question, each with the secret of its receipt, of which only the hash is kept."""
    require(session, actor, process, "enter", "contribution", now)
    if not 1 <= number <= MOST_SHEETS:
        raise Refusal(N_("Print between 1 and %(most)d sheets at once."), field="number", most=MOST_SHEETS)
    made = []
    for _ in range(number):
        secret = new_receipt()
        sheet = PaperSheet(
            process_id=process.id, code=random_letters(rules.SHEET_LENGTH), question=question, variant=variant,
            receipt_hash=receipt_hash(secret), at=now,
        )  # fmt: skip
        session.add(sheet)
        made.append((sheet, secret))
    session.flush()
    public = {"question": question.key, "wording": variant, "sheets": number}
    note(session, actor, process, "print", "sheets", now, public)
    return made
