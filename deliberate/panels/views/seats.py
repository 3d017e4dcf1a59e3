"""The confirmation desk: answers, refusals confirmed, alternates called, seats confirmed, what is overdue."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from flask import render_template, request, url_for
from flask_security import auth_required

from deliberate.core import typed, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.sending import Page
from deliberate.panels import letters, outlook, queries, vacancies
from deliberate.panels import seats as acts
from deliberate.panels.models import Draw, Seat
from deliberate.panels.views.blueprint import blueprint, do
from deliberate.panels.views.letters import code_letters
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

FILTERS = {
    "offered": N_("has not answered"),
    "late": N_("late to answer"),
    "accepted": N_("accepted"),
    "unconfirmed": N_("refusal to be confirmed"),
    "confirmed": N_("confirmed"),
    "gone": N_("declined, not reached or given up"),
    "waiting": N_("waits as an alternate"),
}


@blueprint.get("/processes/<slug>/seats")
@auth_required("session")
def seats(slug: str) -> str:
    """Every seat with its state, its last day to answer and the next step; names for organisers alone."""
    process = process_here(slug)
    require_here(process, "see", "seat")
    draw = revealed_draw(process)
    if draw is None:
        return render_template("panels/seats.html", process=process, draw=None)
    may_change = allowed(process, "change", "seat")
    found = queries.seats(db.session(), draw)
    words, state = request.args.get("q", "").strip(), request.args.get("state", "")
    moment = now()
    late = {seat.number for seat in found if queries.overdue(process.protocol, seat, moment)}
    shown = [seat for seat in found if _is(seat, state, late) and _matches(seat, words, may_change)]
    vacant, empty = (count(db.session(), draw, found) for count in (vacancies.vacant, vacancies.empty))
    ends = vacancies.calls_end(db.session(), draw)
    return render_template(
        "panels/seats.html",
        process=process,
        draw=draw,
        shown=shown,
        late=late,
        numbers=outlook.seat_numbers(draw, found, empty, sum(seat.final(moment) for seat in found)),
        outlook=outlook.outlook(db.session(), draw, found),
        next_called=vacancies.next_in_order(db.session(), draw, found) if vacant else (None, []),
        searches=vacancies.searches(db.session(), draw),
        ends=ends,
        filling=vacancies.under_way(db.session(), draw),
        over=ends is not None and ends <= moment,
        due=letters.due_numbers(db.session(), draw, moment, found),
        unanswered=[one for one in draw.contests if one.answered_at is None],
        filters=FILTERS,
        words=words,
        state=state,
        may_change=may_change,
        may_draw=allowed(process, "create", "draw"),
        may_confirm=allowed(process, "confirm", "seat"),
        now=moment,
    )


def revealed_draw(process: Process) -> Draw | None:
    """The draw whose seats these are."""
    draw = queries.current_draw(db.session(), process)
    return draw if draw is not None and draw.state == "revealed" else None


def draw_to_seat(process: Process) -> Draw:
    """The same, for an act. Raises NotFound before the reveal."""
    draw = revealed_draw(process)
    if draw is None:
        raise NotFound(N_("No draw has been revealed yet."))
    return draw


def _is(seat: Seat, state: str, late: set[int]) -> bool:
    refused = seat.state in ("declined", "no answer")
    return {
        "late": seat.number in late,
        "unconfirmed": refused and not seat.refusal_confirmed_at,
        "gone": refused or seat.state == "given up",
    }.get(state, not state or seat.state == state)


def _matches(seat: Seat, words: str, names: bool) -> bool:
    contact = seat.registrant.contact if names else None
    said = [str(seat.number), seat.registrant.pseudonym]
    said += [contact.name, contact.email, contact.phone] if contact else []
    return any(words.casefold() in one.casefold() for one in said)


def _back(slug: str, number: int | None = None) -> str:
    """The desk as it was filtered when the button was pressed."""
    kept: dict[str, Any] = {
        name: text for name in ("q", "state") if (text := request.form.get(f"keep-{name}", ""))
    }
    return url_for("panels.seats", slug=slug, _anchor=f"seat-{number}" if number else None, **kept)


@blueprint.post("/processes/<slug>/seats/<int:number>/answer")
@auth_required("session")
def answer_seat(slug: str, number: int) -> Page:
    """Note an answer given by telephone or letter."""
    seat = queries.seat_by_number(db.session(), process_here(slug), number)
    answer, channel = request.form.get("answer", ""), request.form.get("channel", "telephone")
    return do(
        lambda: acts.answer_seat(db.session(), actor(), seat, answer, now(), channel),
        _back(slug, number),
        N_("The answer is recorded."),
    )


@blueprint.post("/processes/<slug>/seats/<int:number>/correct")
@auth_required("session")
def correct_answer(slug: str, number: int) -> Page:
    """Put right an answer noted by mistake, with a reason."""
    seat = queries.seat_by_number(db.session(), process_here(slug), number)
    answer, reason = request.form.get("answer", ""), request.form.get("reason", "")
    return do(
        lambda: acts.correct_answer(db.session(), actor(), seat, answer, reason, now()),
        _back(slug, number),
        N_("The answer is corrected; the reason is in the public journal."),
    )


@blueprint.post("/processes/<slug>/seats/<int:number>/confirm-refusal")
@auth_required("session")
def confirm_refusal(slug: str, number: int) -> Page:
    """A guarantor stands behind a refusal."""
    seat = queries.seat_by_number(db.session(), process_here(slug), number)
    return do(
        lambda: acts.confirm_refusal(db.session(), actor(), seat, now()),
        _back(slug),
        N_("The refusal is confirmed: an alternate may be called."),
    )


@blueprint.post("/processes/<slug>/seats/call")
@auth_required("session")
def call_alternate(slug: str) -> Page:
    """Offer a place left empty to the next alternate."""
    draw = draw_to_seat(process_here(slug))
    return do(
        lambda: acts.call_alternate(db.session(), actor(), draw, now()),
        _back(slug),
        N_("The next alternate is called: send the letter."),
    )


@blueprint.post("/processes/<slug>/seats/<int:number>/give-up")
@auth_required("session")
def give_up_seat(slug: str, number: int) -> Page:
    """Note that a member leaves."""
    seat = queries.seat_by_number(db.session(), process_here(slug), number)
    reason = request.form.get("reason", "")
    return do(
        lambda: acts.give_up_seat(db.session(), actor(), seat, reason, now()),
        _back(slug),
        N_("The seat is given up; an alternate may be called."),
    )


@blueprint.post("/processes/<slug>/seats/<int:number>/confirm")
@auth_required("session")
def confirm_seat(slug: str, number: int) -> Page:
    """Confirm a seat, and print its letter with the code, which is shown this once."""
    process = process_here(slug)
    seat = queries.seat_by_number(db.session(), process, number)
    return code_letters(process, lambda: [(seat, acts.confirm_seat(db.session(), actor(), seat, now())[1])])


@blueprint.post("/processes/<slug>/seats/<int:number>/code")
@auth_required("session")
def renew_code(slug: str, number: int) -> Page:
    """A new code for a member who lost theirs."""
    process = process_here(slug)
    seat = queries.seat_by_number(db.session(), process, number)
    return code_letters(process, lambda: [(seat, acts.renew_code(db.session(), actor(), seat, now()))])


# Several at once

Act = Callable[[Seat, datetime], object]


@blueprint.post("/processes/<slug>/seats/several")
@auth_required("session")
def several_seats(slug: str) -> Page:
    """Do the same for every seat ticked, all or none; confirming prints every code at once."""
    process = process_here(slug)
    if not allowed(process, "confirm", "seat"):
        require_here(process, "change", "seat")
    ticked = _ticked(process)
    action = request.form.get("action", "")
    if action == "confirm" and ticked:
        return code_letters(
            process,
            lambda: [(seat, acts.confirm_seat(db.session(), actor(), seat, now())[1]) for seat in ticked],
        )
    return do(lambda: _for_all(ticked, _several(action)), _back(slug), N_("Done for every seat ticked."))


def _ticked(process: Process) -> list[Seat]:
    wanted = set(request.form.getlist("seat", type=typed.whole))
    draw = draw_to_seat(process)
    return [seat for seat in queries.seats(db.session(), draw) if seat.number in wanted]


def _for_all(ticked: Sequence[Seat], act: Act) -> None:
    if not ticked:
        raise Refusal(N_("Tick the seats first."))
    for seat in ticked:
        act(seat, now())


def _several(action: str) -> Act:
    session, form = db.session(), request.form
    acts_of: dict[str, Act] = {
        "no answer": lambda seat, at: acts.answer_seat(session, actor(), seat, "no answer", at),
        "confirm refusal": lambda seat, at: acts.confirm_refusal(session, actor(), seat, at),
        "extend": lambda seat, at: acts.extend_deadline(
            session, actor(), seat, _day(form.get("until", "")), form.get("reason", ""), at
        ),
    }
    if action not in acts_of:
        raise Refusal(N_("Choose what to do with the seats ticked."))
    return acts_of[action]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refusal(N_("Write a date such as 2026-05-31."), field="until") from None


# Answers from the telephone list


@blueprint.route("/processes/<slug>/seats/calls", methods=["GET", "POST"])
@auth_required("session")
def calls(slug: str) -> Page:
    """Whom to call, what to say, boxes to tick on paper; and the same page to enter the answers."""
    process = process_here(slug)
    require_here(process, "change", "seat")
    draw = draw_to_seat(process)
    pending = [seat for seat in queries.seats(db.session(), draw) if seat.state in ("offered", "no answer")]
    pending = [seat for seat in pending if not seat.refusal_confirmed_at]
    if request.method == "GET":
        return _calls_page(process, pending)
    answers = {seat: said for seat in pending if (said := request.form.get(f"answer-{seat.number}"))}

    def enter() -> None:
        if not answers:
            raise Refusal(N_("Tick at least one answer."))
        for seat, said in answers.items():
            acts.answer_seat(db.session(), actor(), seat, said, now())

    return do(enter, url_for("panels.calls", slug=slug), N_("The answers are recorded."))


def _calls_page(process: Process, pending: Sequence[Seat]) -> str:
    def order(seat: Seat) -> tuple[Any, ...]:
        return (seat.answer_by or date.max, seat.number)

    late = {seat.number for seat in pending if queries.overdue(process.protocol, seat, now())}
    address = web.outside_address("panels.answer_code", slug=process.slug)
    return render_template(
        "panels/calls.html", process=process, pending=sorted(pending, key=order), late=late, address=address
    )
