"""A volunteer's own page, behind their secret link: it shows, and its buttons act."""

from flask import redirect, render_template, request, url_for

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.sending import Page, send
from deliberate.panels import queries, recruitment
from deliberate.panels import seats as seat_acts
from deliberate.panels.erasure import erase_by_link
from deliberate.panels.forms import ContactForm, filled_in, with_answers
from deliberate.panels.places import place_of
from deliberate.panels.rules import kept_until
from deliberate.panels.views.blueprint import blueprint, do
from deliberate.people.acts import count_attempt
from deliberate.people.rules import read_code
from deliberate.process.current import process_here

PER_ADDRESS = 60


@blueprint.get("/processes/<slug>/receipt/<secret>")
def receipt(slug: str, secret: str) -> str:
    """What one registered, one's chance once a lottery is sealed, one's seat once it is revealed."""
    process = process_here(slug)
    registrant = queries.registrant_by_link(db.session(), process, secret)
    draw = queries.current_draw(db.session(), process)
    return render_template(
        "panels/receipt.html",
        process=process,
        secret=secret,
        registrant=registrant,
        categories=queries.categories(db.session(), process),
        draw=draw,
        place=place_of(db.session(), draw, registrant) if draw else None,
        seat=(seat := queries.seat_of_registrant(db.session(), registrant)),
        may_answer=seat is not None and seat_acts.may_answer(db.session(), seat),
        kept_until=kept_until(process.protocol, now()),
    )


@blueprint.route("/processes/<slug>/receipt/<secret>/correct", methods=["GET", "POST"])
def correct(slug: str, secret: str) -> Page:
    """Correct one's own answers and contact data."""
    process = process_here(slug)
    registrant = queries.registrant_by_link(db.session(), process, secret)
    categories = queries.categories(db.session(), process)
    form = with_answers(ContactForm, categories)(data=filled_in(registrant, list(categories)))
    status = 422 if form.is_submitted() else 200

    def do() -> str:
        recruitment.correct_by_link(db.session(), process, secret, form.values, form.contact, now())
        return url_for("panels.receipt", slug=slug, secret=secret)

    if form.validate_on_submit():
        try:
            return send(do, again=url_for("panels.received", slug=slug))
        except Refusal as refusal:
            form, status = web.show_refusal(form, refusal), refusal.status
    return render_template("panels/correct.html", process=process, form=form, secret=secret), status


@blueprint.route("/processes/<slug>/receipt/<secret>/withdraw", methods=["GET", "POST"])
def withdraw(slug: str, secret: str) -> Page:
    """Leave the pool: a page that asks, then a button."""
    process = process_here(slug)
    if request.method == "GET":
        queries.registrant_by_link(db.session(), process, secret)
        return render_template("panels/withdraw.html", process=process, secret=secret, act="withdraw")
    return do(
        lambda: recruitment.withdraw_by_link(db.session(), process, secret, now()),
        url_for("panels.receipt", slug=slug, secret=secret),
        N_("You have withdrawn. Nobody will call you."),
        again=url_for("panels.received", slug=slug),
    )


@blueprint.route("/processes/<slug>/receipt/<secret>/erase", methods=["GET", "POST"])
def erase(slug: str, secret: str) -> Page:
    """Have everything about oneself deleted: a page that asks, then a button."""
    process = process_here(slug)
    if request.method == "GET":
        queries.registrant_by_link(db.session(), process, secret)
        return render_template("panels/withdraw.html", process=process, secret=secret, act="erase")
    try:
        erase_by_link(db.session(), process, secret, now())
    except Refusal:
        db.session.rollback()
        raise
    db.session.commit()
    return render_template("panels/withdraw.html", process=process, secret=secret, act="erased")


@blueprint.post("/processes/<slug>/receipt/<secret>/answer")
def answer(slug: str, secret: str) -> Page:
    """Accept or decline one's seat; declining is asked once more."""
    process = process_here(slug)
    said = request.form.get("answer", "")
    if said == "declined" and request.form.get("step") != "sure":
        registrant = queries.registrant_by_link(db.session(), process, secret)
        return render_template("panels/decline.html", process=process, secret=secret, registrant=registrant)
    return do(
        lambda: seat_acts.answer_by_link(db.session(), process, secret, said, now()),
        url_for("panels.receipt", slug=slug, secret=secret),
        N_("Your answer was recorded. Thank you."),
        again=url_for("panels.received", slug=slug),
    )


@blueprint.route("/processes/<slug>/answer", methods=["GET", "POST"])
def answer_code(slug: str) -> Page:
    """Where the code on a letter is typed: it leads to the person's own page."""
    process = process_here(slug)
    refused: Refusal | None = None
    typed = request.form.get("code", "")
    if request.method == "POST":
        try:
            count_attempt(db.session(), f"answer:{request.remote_addr}", PER_ADDRESS, now())
            db.session.commit()
            code = read_code(typed)
            queries.registrant_by_link(db.session(), process, code)
            return redirect(url_for("panels.receipt", slug=slug, secret=code))
        except NotFound:
            refused = NotFound(
                N_("No letter has this code. Check it letter by letter, or ask the organisers.")
            )
        except Refusal as refusal:
            refused = refusal
    page = render_template("panels/answer_code.html", process=process, typed=typed, refused=refused)
    return (page, refused.status) if refused else page
