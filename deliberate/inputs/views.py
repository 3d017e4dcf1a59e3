"""Public pages of the open input: contributions, what became of them, and the dossier of a round.

Those who answer find their pages in `answering.py`; the team in `entering.py`, `moderating.py` and `board.py`; lessons
are in `experience.py`.
"""

from math import ceil
from typing import Any

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext

from deliberate.core import typed, web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, NotPermitted, Refusal
from deliberate.core.fields import texts
from deliberate.core.sending import Page, send
from deliberate.inputs import (
    acts,
    answering,
    board,
    dossiers,
    entering,
    experience,
    moderating,
    queries,
    reports,
    rules,
    synthesis,
)
from deliberate.inputs.blueprint import blueprint, hidden_round, page_asked
from deliberate.inputs.forms import OutcomeForm
from deliberate.inputs.models import Contribution, Dossier
from deliberate.people.current import actor
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

DOSSIER_PAGE = 50
# Importing a module of pages is what puts them at their addresses.
__all__ = ["answering", "blueprint", "board", "entering", "experience", "moderating"]


@blueprint.get("/processes/<slug>/contributions")
def contributions(slug: str) -> Page:
    """What everyone said: search and filters."""
    process = process_here(slug)
    asked = {name: request.args.get(name, "").strip() for name in ("question", "theme", "language")}
    words, number = request.args.get("words", "").strip()[:200], request.args.get("round", None, typed.whole)
    hidden = hidden_round(process)
    found, total = queries.search(
        db.session(), process, words=words, round=number, hidden_round=hidden, page=page_asked(), **asked
    )
    return render_template(
        "inputs/contributions.html",
        process=process,
        contributions=found,
        total=total,
        page=page_asked(),
        pages=ceil(total / queries.PER_PAGE),
        asked={**asked, "words": words, "round": number or ""},
        questions=queries.questions_of(db.session(), process),
        values=reports.values_in_use(db.session(), process),
        rounds=sorted({phase.round for phase in process.phases}),
        hidden=hidden,
        dossiers=queries.dossiers_of(db.session(), process),
    )


@blueprint.get("/processes/<slug>/contributions/<key>")
def contribution(slug: str, key: str) -> Page:
    """One contribution: its words, where they were placed, and what became of them."""
    process = process_here(slug)
    found = queries.contribution(db.session(), process, key)
    if found.state == "waiting":
        raise NotFound(N_("There is no contribution at this address."))
    if found.round == hidden_round(process):
        raise NotPermitted(
            N_(
                "Everyone answers alone before reading the others. Answer a question of this round, or come back once its open phase has closed."
            )
        )
    return render_template("inputs/contribution.html", process=process, contribution=found)


# You said, we did


@blueprint.get("/processes/<slug>/answers")
def answers(slug: str) -> Page:
    """What became of each contribution."""
    process = process_here(slug)
    outcome = request.args.get("outcome", "")
    found, total = reports.answered(
        db.session(), process, outcome if outcome in rules.OUTCOMES else "", page_asked()
    )
    return render_template(
        "inputs/answers.html",
        process=process,
        contributions=found,
        outcome=outcome,
        total=total,
        counts=reports.outcome_counts(db.session(), process),
        page=page_asked(),
        pages=ceil(total / queries.PER_PAGE),
        hidden=hidden_round(process),
    )


@blueprint.route("/processes/<slug>/answers/missing", methods=["GET", "POST"])
def missing_answers(slug: str) -> Page:
    """The contributions that nobody has answered; those who may answer do it here, many at once."""
    process = process_here(slug)
    form = OutcomeForm()
    if request.method == "GET":
        return _missing_page(process, form)
    require_here(process, "create", "answer")
    ticked = queries.contributions_by_key(db.session(), process, request.form.getlist("contribution"))

    def do() -> str:
        if not ticked:
            raise Refusal(N_("Tick at least one contribution."))
        for one in ticked.values():
            acts.answer_contribution(
                db.session(), actor(), process, one, form.outcome.data, texts(form, "reason"), now(),
                charter=(form.charter.data or "").strip(), clause=(form.clause.data or "").strip(),
            )  # fmt: skip
        flash(gettext("Recorded. Each of those who wrote can read it from their receipt."), "success")
        return url_for("inputs.missing_answers", slug=slug)

    try:
        return send(do)
    except Refusal as refusal:
        return _missing_page(process, web.show_refusal(form, refusal)), refusal.status


def _missing_page(process: Process, form: OutcomeForm) -> str:
    found, total = reports.unanswered(db.session(), process, page_asked())
    hidden = hidden_round(process)
    return render_template(
        "inputs/missing.html",
        process=process,
        contributions=[one for one in found if one.round != hidden],
        total=total,
        page=page_asked(),
        pages=ceil(total / queries.PER_PAGE),
        form=form,
        ticked=request.form.getlist("contribution"),
        may_answer=allowed(process, "create", "answer"),
    )


# The dossier


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
        words=queries.contributions_by_key(db.session(), process, [one["key"] for one in shown]),
        page=page_asked(),
        pages=ceil(len(listed) / DOSSIER_PAGE),
        may_settle=allowed(process, "settle", "dossier") and process.round(now()) == number,
    )


def _words(process: Process, found: Dossier) -> dict[str, Contribution]:
    """The contributions of a dossier as they stand now, by key: a withdrawn one has no words left."""
    return queries.contributions_by_key(
        db.session(), process, [one["key"] for one in found.content["contributions"]]
    )


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
            dossiers.settle_dossier(db.session(), actor(), process, now())
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
        waiting=len(queries.waiting(db.session(), process, number)),
        coverage=synthesis.coverage(db.session(), process, number),
        dossier=queries.dossier(db.session(), process, number),
        may_settle=allowed(process, "settle", "dossier") and process.round(now()) == number,
    )
