"""The confirmation desk: answers, refusals confirmed, alternates called, seats confirmed, letters printed."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from deliberate.core import mail, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Conflict
from deliberate.core.i18n import in_language, localized_text
from deliberate.core.sending import Page
from deliberate.panels import queries
from deliberate.panels import seats as acts
from deliberate.panels.models import Seat
from deliberate.panels.recruitment import invite_to_receipt
from deliberate.panels.views.blueprint import blueprint, do
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process


@blueprint.get("/processes/<slug>/seats")
@auth_required("session")
def seats(slug: str) -> str:
    """Every seat with its state and what can be done about it; names for organisers alone."""
    process = process_here(slug)
    require_here(process, "see", "seat")
    draw = queries.current_draw(db.session(), process)
    revealed = draw if draw is not None and draw.state == "revealed" else None
    return render_template(
        "panels/seats.html",
        process=process,
        draw=revealed,
        seats=queries.seats(db.session(), revealed) if revealed else [],
        vacant=queries.vacant(db.session(), revealed) if revealed else 0,
        may_change=allowed(process, "change", "seat"),
        may_confirm=allowed(process, "confirm", "seat"),
        now=now(),
    )


@blueprint.post("/processes/<slug>/seats/<int:number>/answer")
@auth_required("session")
def answer_seat(slug: str, number: int) -> Page:
    """Note an answer given by telephone or letter."""
    process = process_here(slug)
    seat = queries.seat_by_number(db.session(), process, number)
    answer, channel = request.form.get("answer", ""), request.form.get("channel", "telephone")
    return do(
        lambda: acts.answer_seat(db.session(), actor(), seat, answer, now(), channel),
        url_for("panels.seats", slug=slug, _anchor=f"seat-{number}"),
        N_("The answer is recorded."),
    )


@blueprint.post("/processes/<slug>/seats/<int:number>/confirm-refusal")
@auth_required("session")
def confirm_refusal(slug: str, number: int) -> Page:
    """A guarantor stands behind a refusal."""
    process = process_here(slug)
    seat = queries.seat_by_number(db.session(), process, number)
    return do(
        lambda: acts.confirm_refusal(db.session(), actor(), seat, now()),
        url_for("panels.seats", slug=slug),
        N_("The refusal is confirmed: an alternate may be called."),
    )


@blueprint.post("/processes/<slug>/seats/call")
@auth_required("session")
def call_alternate(slug: str) -> Page:
    """Offer a place left empty to the next alternate."""
    process = process_here(slug)
    draw = queries.current_draw(db.session(), process)
    if draw is None:
        raise Conflict(N_("No draw has been revealed yet."))
    return do(
        lambda: acts.call_alternate(db.session(), actor(), draw, now()),
        url_for("panels.seats", slug=slug),
        N_("The next alternate is called: send the letter."),
    )


@blueprint.post("/processes/<slug>/seats/<int:number>/give-up")
@auth_required("session")
def give_up_seat(slug: str, number: int) -> Page:
    """Note that a member leaves."""
    process = process_here(slug)
    seat = queries.seat_by_number(db.session(), process, number)
    reason = request.form.get("reason", "")
    return do(
        lambda: acts.give_up_seat(db.session(), actor(), seat, reason, now()),
        url_for("panels.seats", slug=slug),
        N_("The seat is given up; an alternate may be called."),
    )


@blueprint.post("/processes/<slug>/seats/<int:number>/confirm")
@auth_required("session")
def confirm_seat(slug: str, number: int) -> Page:
    """Confirm a seat, and print its letter with the code, which is shown this once."""
    process = process_here(slug)
    seat = queries.seat_by_number(db.session(), process, number)
    if (before := web.once(db.session(), now())) is not None:
        return redirect(before)
    _, code = acts.confirm_seat(db.session(), actor(), seat, now())
    return _code_letter(process, seat, code)


@blueprint.post("/processes/<slug>/seats/<int:number>/code")
@auth_required("session")
def renew_code(slug: str, number: int) -> Page:
    """A new code for a member who lost theirs."""
    process = process_here(slug)
    seat = queries.seat_by_number(db.session(), process, number)
    if (before := web.once(db.session(), now())) is not None:
        return redirect(before)
    return _code_letter(process, seat, acts.renew_code(db.session(), actor(), seat, now()))


def _code_letter(process: Process, seat: Seat, code: str) -> str:
    web.once_done(db.session(), url_for("panels.seats", slug=process.slug))
    db.session.commit()
    address = web.outside_address("people.sign_in")
    return render_template(
        "panels/letters.html", process=process, letters=[(seat.registrant, seat, address, code)], kind="code"
    )


@blueprint.post("/processes/<slug>/seats/letters")
@auth_required("session")
def seat_letters(slug: str) -> Page:
    """A letter with a link for everyone who has not answered: by mail where there is an address, and to print."""
    process = process_here(slug)
    require_here(process, "change", "seat")
    if (before := web.once(db.session(), now())) is not None:
        return redirect(before)
    draw = queries.current_draw(db.session(), process)
    waiting = [seat for seat in queries.seats(db.session(), draw) if seat.state == "offered"] if draw else []
    letters = []
    for seat in waiting:
        secret = invite_to_receipt(db.session(), actor(), seat.registrant, now())
        address = web.outside_address("panels.receipt", slug=slug, secret=secret)
        _send(process, seat, address)
        letters.append((seat.registrant, seat, address, None))
    web.once_done(db.session(), url_for("panels.seats", slug=slug))
    db.session.commit()
    return render_template("panels/letters.html", process=process, letters=letters, kind="seat")


def _send(process: Process, seat: Seat, address: str) -> None:
    contact = seat.registrant.contact
    if contact is None or not contact.email:
        return
    with in_language(contact.language):
        body = gettext(
            "You were drawn by lot: %(title)s.\n\n"
            "Your place is kept until you answer. To accept or decline it, open your own page and press a button:\n"
            "%(address)s\n\n"
            "Nobody is obliged to take part.",
            title=localized_text(process.title),
            address=address,
        )
        mail.post(db.session(), contact.email, gettext("You were drawn by lot"), body, now())
