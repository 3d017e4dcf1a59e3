"""Letters by mail and on paper: to those drawn, reminded, waiting or not drawn; and the codes of those confirmed."""

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from deliberate.core import mail, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, NotPermitted, Refusal
from deliberate.core.i18n import in_language, language, localdate, localized_text, sentence
from deliberate.core.jobs import Job
from deliberate.core.sending import Page
from deliberate.panels import letters as acts
from deliberate.panels import queries
from deliberate.panels.models import Draw, Registrant, Seat
from deliberate.panels.rules import REMINDER_DAYS, final_from
from deliberate.panels.views.blueprint import blueprint
from deliberate.people.current import actor
from deliberate.process.current import process_here, require_here
from deliberate.process.models import Process

SUBJECTS = {
    "drawn": N_("You were drawn by lot"),
    "reminder": N_("Your place waits for your answer"),
    "alternate": N_("You are an alternate"),
    "not drawn": N_("How the draw went"),
}

# What is printed for one person: their contact, their language, the text.
Sheet = dict[str, object]


@blueprint.get("/processes/<slug>/seats/letters")
@auth_required("session")
def letters_page(slug: str) -> str:
    """What was written to whom: what is due, sent, printed, failed; a button for each kind."""
    process = process_here(slug)
    require_here(process, "change", "seat")
    draw = _draw(process)
    return render_template(
        "panels/outbox.html",
        process=process,
        outbox=acts.outbox(db.session(), draw, now()),
        draw=draw,
        days=REMINDER_DAYS,
    )


@blueprint.post("/processes/<slug>/seats/letters")
@auth_required("session")
def seat_letters(slug: str) -> Page:
    """Write to everyone of a kind not yet written to: by mail where there is an address, and to print."""
    process = process_here(slug)
    require_here(process, "change", "seat")
    draw, kind = _draw(process), request.form.get("kind", "drawn")

    def write() -> list[acts.Written]:
        return acts.send_letters(db.session(), actor(), draw, kind, now(), _post(process, draw, kind))

    return _printed(process, draw, kind, write)


@blueprint.post("/processes/<slug>/seats/<int:number>/letter")
@auth_required("session")
def letter_again(slug: str, number: int) -> Page:
    """One person's letter once more, with a new code."""
    process = process_here(slug)
    seat = queries.seat_by_number(db.session(), process, number)
    kind = "alternate" if seat.state == "waiting" else "drawn"
    post = _post(process, seat.draw, kind)
    return _printed(
        process, seat.draw, kind, lambda: [acts.write_again(db.session(), actor(), seat, now(), post)]
    )


def _draw(process: Process) -> Draw:
    draw = queries.current_draw(db.session(), process)
    if draw is None or draw.state != "revealed":
        raise NotFound(N_("No draw has been revealed yet."))
    return draw


def _post(process: Process, draw: Draw, kind: str) -> acts.Post:
    """Lay a mail into the outbox, in the language of the person."""

    def post(to: acts.Addressee, code: str) -> Job | None:
        contact = to.registrant.contact
        if contact is None or not contact.email:
            return None
        with in_language(contact.language):
            subject, body = (
                gettext(SUBJECTS[kind]),
                _words("panels/letter.txt", process, draw, kind, to, code),
            )
        return mail.post(db.session(), contact.email, subject, body, now())

    return post


def _printed(process: Process, draw: Draw, kind: str, write: Callable[[], Sequence[acts.Written]]) -> Page:
    """The pages to print: all letters to those drawn, else those that no mail takes."""

    def pages() -> tuple[list[Sheet], int]:
        written = write()
        sheets = [
            _sheet(
                one.to.registrant, _words("panels/letter_page.html", process, draw, kind, one.to, one.code)
            )
            for one in written
            if one.printed
        ]
        return sheets, sum(1 for one in written if one.mail)

    return _print_once(process, kind, url_for("panels.letters_page", slug=process.slug), pages)


def _print_once(process: Process, kind: str, back: str, write: Callable[[], tuple[list[Sheet], int]]) -> Page:
    """Write letters and show them to be printed, with how many left by mail. Sent twice, done once; a refusal is said
    on the page at `back`."""
    if (before := web.once(db.session(), now())) is not None:
        return redirect(before)
    try:
        sheets, mails = write()
    except NotPermitted:
        raise
    except Refusal as refusal:
        db.session.rollback()
        flash(sentence(refusal.template, refusal.values), "error")
        return redirect(back)
    web.once_done(db.session(), back)
    db.session.commit()
    return render_template("panels/printed.html", process=process, letters=sheets, kind=kind, mails=mails)


def _sheet(registrant: Registrant, text: str) -> Sheet:
    return {"contact": registrant.contact, "language": _language(registrant), "text": text}


def _language(registrant: Registrant) -> str:
    """The language of the person, else that of whoever prints."""
    return registrant.contact.language if registrant.contact else language()


def _words(template: str, process: Process, draw: Draw, kind: str, to: acts.Addressee, code: str) -> str:
    assert draw.revealed_at is not None
    with in_language(_language(to.registrant)):
        return render_template(
            template,
            kind=kind,
            process=process,
            draw=draw,
            seat=to.seat,
            registrant=to.registrant,
            people=draw.seal["people"],
            code=code,
            link=web.outside_address("panels.receipt", slug=process.slug, secret=code),
            typed=web.outside_address("panels.answer_code", slug=process.slug),
            panel=web.outside_address("panels.panel", slug=process.slug),
            home=web.outside_address("publication.process", slug=process.slug),
            title=localized_text(process.title),
            question=localized_text(process.question),
            day=localdate(to.seat.answer_by) if to.seat and to.seat.answer_by else "",
            final=localdate(final_from(process.protocol, draw.revealed_at)),
        )


# Codes: each is shown once


def code_letters(process: Process, confirm: Callable[[], Sequence[tuple[Seat, str]]]) -> Page:
    """Confirm seats or renew codes, then a page to print for each; a second sending shows no code again."""
    address = web.outside_address("people.sign_in")

    def pages() -> tuple[list[Sheet], int]:
        sheets = []
        for seat, code in confirm():
            with in_language(_language(seat.registrant)):
                text = render_template(
                    "panels/code_page.html", process=process, seat=seat, address=address, code=code
                )
            sheets.append(_sheet(seat.registrant, text))
        return sheets, 0

    return _print_once(process, "code", url_for("panels.seats", slug=process.slug), pages)
