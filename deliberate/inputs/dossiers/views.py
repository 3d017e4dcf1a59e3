"""Pages of the dossier of a round: read, searched, printed, taken away as data; and the checklist that settles it."""

from math import ceil

from flask import Response, flash, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint, page_asked, text_asked
from deliberate.inputs.dossiers import acts, queries
from deliberate.inputs.dossiers.checklist import ADVICE, STOPS, checklist
from deliberate.inputs.dossiers.content import late_arrivals
from deliberate.inputs.dossiers.models import Dossier
from deliberate.inputs.dossiers.printing import as_pdf, names_of_grid
from deliberate.inputs.dossiers.reading import holding, read
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here
from deliberate.process.models import Process

DOSSIER_PAGE = 50


@blueprint.get("/processes/<slug>/dossiers/<int:number>")
def dossier(slug: str, number: int) -> Page:
    """What the deliberation of a round works from."""
    process = process_here(slug)
    if number not in process.rounds:
        raise NotFound(N_("The protocol has no round %(round)s."), round=number)
    found = queries.dossier(db.session(), process, number)
    if found is None:
        return render_template(
            "inputs/dossiers/unsettled.html",
            process=process,
            round=number,
            may_settle=_may_settle(process, number),
        )
    reading = read(db.session(), found)
    words = text_asked("words")
    listed = holding(reading, words)
    return render_template(
        "inputs/dossiers/dossier.html",
        process=process,
        dossier=found,
        reading=reading,
        content=found.content,
        names=names_of_grid(db.session(), found),
        shown=listed[(page_asked() - 1) * DOSSIER_PAGE :][:DOSSIER_PAGE],
        total=len(listed),
        words=words,
        page=page_asked(),
        pages=ceil(len(listed) / DOSSIER_PAGE),
        late=late_arrivals(db.session(), process, number),
    )


def _settled(slug: str, number: int) -> tuple[Process, Dossier]:
    process = process_here(slug)
    found = queries.dossier(db.session(), process, number)
    if found is None:
        raise NotFound(N_("The dossier of round %(round)s is not settled yet."), round=number)
    return process, found


@blueprint.get("/processes/<slug>/dossiers/<int:number>.json")
def dossier_json(slug: str, number: int) -> Response:
    """The settled content, its code, and the texts of those who have not withdrawn them."""
    process, found = _settled(slug, number)
    texts = read(db.session(), found).texts()
    return make_response(
        jsonify(
            digest=found.digest,
            settled_at=found.settled_at.isoformat(),
            content=found.content,
            words=texts["contributions"],
            texts=texts,
            late=[
                one.key for one in late_arrivals(db.session(), process, number) if one.state == "published"
            ],
        )
    )


@blueprint.get("/processes/<slug>/dossiers/<int:number>.pdf")
def dossier_pdf(slug: str, number: int) -> Response:
    """The dossier to print, in the reader's language."""
    found = _settled(slug, number)[1]
    address = web.outside_address("inputs.dossier", slug=slug, number=number)
    pdf = as_pdf(read(db.session(), found), address, names_of_grid(db.session(), found))
    return web.file(pdf, "application/pdf", f"{slug}-dossier-{number}.pdf", inline=True)


@blueprint.route("/processes/<slug>/dossiers/<int:round>/settle", methods=["GET", "POST"])
def settle(slug: str, round: int) -> Page:
    """What still stands in the way, what settling does, then the act itself."""
    process = process_here(slug)
    if request.method == "GET" or round != process.round(now()):
        return _settle_page(process, round)

    def do() -> str:
        paper_typed = bool(request.form.get("paper_typed"))
        acts.settle_dossier(db.session(), actor(), process, now(), paper_typed=paper_typed)
        flash(gettext("The dossier is settled and its code is published."), "success")
        return url_for("inputs.dossier", slug=slug, number=round)

    try:
        return send(do)
    except Refusal as refusal:
        return _settle_page(process, round, refusal), refusal.status


def _may_settle(process: Process, number: int) -> bool:
    return allowed(process, "settle", "dossier") and process.round(now()) == number


def _settle_page(process: Process, number: int, refusal: Refusal | None = None) -> str:
    may_settle = _may_settle(process, number)
    steps = checklist(db.session(), process, number, now()) if may_settle else []
    return render_template(
        "inputs/dossiers/settle.html",
        process=process,
        round=number,
        refusal=refusal,
        stops=[step for step in steps if step.kind in STOPS],
        advice=[step for step in steps if step.kind in ADVICE],
        ready=not any(step.stops for step in steps),
        dossier=queries.dossier(db.session(), process, number),
        may_settle=may_settle,
    )
