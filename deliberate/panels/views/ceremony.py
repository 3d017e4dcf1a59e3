"""The public ceremony: what was drawn is typed, read again, and reveals the panel, once, before everybody's eyes."""

from collections.abc import Iterable
from typing import Any

from flask import Response as JsonResponse
from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required
from werkzeug.datastructures import MultiDict

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.sending import Page, send
from deliberate.panels import acts, queries, vacancies
from deliberate.panels.figures import is_sealed
from deliberate.panels.forms import RandomnessForm
from deliberate.panels.models import Draw
from deliberate.panels.views.blueprint import blueprint
from deliberate.panels.views.draws import draw_here
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process
from sortition import SortitionError
from sortition.randomness import digits_needed, ticket


@blueprint.get("/processes/<slug>/draws/<int:number>/ceremony")
def ceremony(slug: str, number: int) -> str:
    """For a projector, and for everyone at home: the sealed list before the draw, the panel after it."""
    process = process_here(slug)
    found = _sealed(process, number)
    return render_template(
        "panels/ceremony.html",
        process=process,
        draw=found,
        balls=balls_of(found),
        people=drawn(found, "reveal"),
        alternates=drawn(found, "alternates"),
        search=vacancies.search(db.session(), found),
        may_create=allowed(process, "create", "draw"),
    )


@blueprint.get("/processes/<slug>/draws/<int:number>/ceremony.json")
def ceremony_state(slug: str, number: int) -> JsonResponse:
    """Whether the panel is known by now, for pages that wait for it."""
    found = _sealed(process_here(slug), number)
    return jsonify({"finished": found.state != "prepared"})


@blueprint.get("/processes/<slug>/draws/<int:number>/certificate")
def certificate(slug: str, number: int) -> str:
    """One sheet to print and sign: what was sealed, what was drawn, which panel it names, before whom."""
    process = process_here(slug)
    found = _sealed(process, number)
    return render_template(
        "panels/certificate.html",
        process=process,
        draw=found,
        digits=digits(found),
        signature=queries.last_signature(db.session(), process),
    )


def _sealed(process: Process, number: int) -> Draw:
    found = draw_here(process, number)
    if not is_sealed(found):
        raise NotFound(N_("This page exists once the draw is sealed."))
    return found


def digits(draw: Draw) -> int:
    """How many balls name the panel; 0 when a text does."""
    return digits_needed(draw.settings["panels"]) if draw.settings["ticket"] == "digits" else 0


def balls_of(draw: Draw) -> list[str]:
    """What was drawn, ball by ball; as one text when the rule is not that of digits."""
    if draw.ticket is None:
        return []
    return list(f"{draw.ticket:0{digits(draw)}d}") if digits(draw) else [draw.randomness or ""]


def drawn(draw: Draw, document: str) -> list[str]:
    """The pseudonyms that a document of the outcome names, in its order; nobody before the draw."""
    return list(((draw.outcome or {}).get(document) or {}).get("people", []))


@blueprint.route("/processes/<slug>/draws/<int:number>/reveal", methods=["GET", "POST"])
@auth_required("session")
def reveal(slug: str, number: int) -> Page:
    """Type what was drawn, read it again, then reveal, once."""
    process = process_here(slug)
    found = queries.draw_by_number(db.session(), process, number)
    require_here(process, "create", "draw")
    if found.state == "revealed" and request.method == "GET":
        return redirect(url_for("panels.ceremony", slug=slug, number=number))
    form = RandomnessForm(formdata=_typed())
    if not form.validate_on_submit():
        return _reveal_page(process, found, form), 422 if form.is_submitted() else 200
    typed = form.randomness.data.strip()

    def do() -> str:
        acts.reveal(db.session(), actor(), found, typed, now())
        flash(gettext("Panel number %(ticket)s was drawn.", ticket=found.ticket), "success")
        return url_for("panels.ceremony", slug=slug, number=number)

    try:
        if request.form.get("step") == "reveal":
            return send(do)
        _refuse_unfit(found, typed)
        return _reveal_page(process, found, form, typed)
    except Refusal as refusal:
        return _reveal_page(process, found, web.show_refusal(form, refusal)), refusal.status


def _typed() -> MultiDict[str, str] | None:
    """What was typed; balls entered one by one are one text."""
    if request.method != "POST":
        return None
    values = MultiDict(request.form)
    if "randomness" not in values and "ball" in values:
        values["randomness"] = " ".join(filter(None, _stripped(values.getlist("ball"))))
    return values


def _stripped(texts: Iterable[str]) -> list[str]:
    return [text.strip() for text in texts]


def _refuse_unfit(draw: Draw, typed: str) -> None:
    """Say at once, before it is read again, that what was typed cannot name a panel."""
    if draw.state != "prepared":
        return
    try:
        ticket(draw.settings["ticket"], draw.commitment or "", draw.settings["panels"], typed)
    except SortitionError as error:
        raise acts.DrawRefused(error, field="randomness") from error


def _reveal_page(process: Process, draw: Draw, form: RandomnessForm, typed: str | None = None) -> str:
    needed = digits(draw)
    entered = _stripped(request.form.getlist("ball")) or [one for one in typed or "" if one.isdigit()]
    context: dict[str, Any] = {
        "balls": (entered + [""] * needed)[:needed],
        "digits": needed,
        "panels": draw.settings["panels"],
    }
    return render_template(
        "panels/reveal.html", process=process, draw=draw, form=form, typed=typed, **context
    )
