"""Pages of the dossier of a round."""

from math import ceil
from typing import Any

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.sending import Page
from deliberate.inputs.blueprint import blueprint, page_asked
from deliberate.inputs.dossiers import acts, queries
from deliberate.inputs.dossiers.models import Dossier
from deliberate.inputs.models import Contribution
from deliberate.inputs.moderating.queries import waiting
from deliberate.inputs.queries import contributions_by_key
from deliberate.inputs.synthesis.queries import coverage
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here
from deliberate.process.models import Process

DOSSIER_PAGE = 50


@blueprint.get("/processes/<slug>/dossiers/<int:number>")
def dossier(slug: str, number: int) -> Page:
    """What the deliberation of a round works from."""
    process = process_here(slug)
    if number not in {phase.round for phase in process.phases}:
        raise NotFound(N_("The protocol has no round %(round)s."), round=number)
    found = queries.dossier(db.session(), process, number)
    listed: list[dict[str, Any]] = found.content["contributions"] if found else []
    shown = listed[(page_asked() - 1) * DOSSIER_PAGE :][:DOSSIER_PAGE]
    return render_template(
        "inputs/dossier.html",
        process=process,
        round=number,
        dossier=found,
        contributions=shown,
        words=contributions_by_key(db.session(), process, [one["key"] for one in shown]),
        page=page_asked(),
        pages=ceil(len(listed) / DOSSIER_PAGE),
        may_settle=allowed(process, "settle", "dossier") and process.round(now()) == number,
    )


def _words(process: Process, found: Dossier) -> dict[str, Contribution]:
    """The contributions of a dossier as they stand now, by key: a withdrawn one has no words left."""
    return contributions_by_key(db.session(), process, [one["key"] for one in found.content["contributions"]])


@blueprint.get("/processes/<slug>/dossiers/<int:number>.json")
def dossier_json(slug: str, number: int) -> Response:
    """The settled content, its code, and the words of those who have not withdrawn them."""
    process = process_here(slug)
    found = queries.dossier(db.session(), process, number)
    if found is None:
        raise NotFound(N_("The dossier of round %(round)s is not settled yet."), round=number)
    words: dict[str, Any] = {
        key: one.text for key, one in _words(process, found).items() if one.state == "published"
    }
    return make_response(
        jsonify(
            digest=found.digest, settled_at=found.settled_at.isoformat(), content=found.content, words=words
        )
    )


@blueprint.route("/processes/<slug>/dossiers/<int:round>/settle", methods=["GET", "POST"])
def settle(slug: str, round: int) -> Page:
    """Say what settling does and what still stands in its way, then settle."""
    process = process_here(slug)
    if request.method == "GET" or round != process.round(now()):
        return _settle_page(process, round)
    if web.once(db.session(), now()) is None:
        try:
            acts.settle_dossier(db.session(), actor(), process, now())
        except Refusal as refusal:
            db.session.rollback()
            return _settle_page(process, round, refusal), refusal.status
        db.session.commit()
        flash(gettext("The dossier is settled and its code is published."), "success")
    return redirect(url_for("inputs.dossier", slug=slug, number=round))


def _settle_page(process: Process, number: int, refusal: Refusal | None = None) -> str:
    return render_template(
        "inputs/settle.html",
        process=process,
        round=number,
        refusal=refusal,
        waiting=len(waiting(db.session(), process, number)),
        coverage=coverage(db.session(), process, number),
        dossier=queries.dossier(db.session(), process, number),
        may_settle=allowed(process, "settle", "dossier") and process.round(now()) == number,
    )
