"""What one votes: the list, the link that opens it elsewhere, leaving this computer, withdrawing everything.

Opening a link shows; buttons act.
"""

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.core.sending import Page, send
from deliberate.inputs.blueprint import blueprint
from deliberate.inputs.contributing.visit import shared
from deliberate.inputs.forms import ConsentForm
from deliberate.inputs.statements import acts, queries, rules
from deliberate.inputs.statements.current import (
    forget_secret,
    keep_secret,
    participant_here,
    secret_here,
)
from deliberate.inputs.statements.models import Participant
from deliberate.inputs.statements.views.voting import voting_open
from deliberate.people.current import actor
from deliberate.process.current import process_here
from deliberate.process.models import Process


@blueprint.get("/processes/<slug>/votes")
def my_votes(slug: str) -> Page:
    """Every vote given here, each of which can be changed until voting closes."""
    process = process_here(slug)
    return _mine(process, _about(participant_here(process)))


def _about(participant: Participant | None) -> ConsentForm:
    said = participant.categories if participant else {}
    return ConsentForm(data={**said, "consent": bool(said)}, formdata=None)


def _mine(process: Process, form: ConsentForm, status: int = 200) -> Response:
    participant = participant_here(process)
    link = ""
    if participant is not None and participant.user_id is None:
        link = web.outside_address("inputs.votes_elsewhere", secret=secret_here(process))
    return _page(process, participant, "inputs.my_votes", status, form=form, link=link)


def _page(
    process: Process, participant: Participant | None, here: str, status: int = 200, **more: object
) -> Response:
    found = {
        "process": process,
        "participant": participant,
        "votes": queries.list_of_votes(db.session(), participant) if participant else [],
        "proposed": queries.proposed_by(db.session(), participant) if participant else [],
        "names": rules.VOTE_NAMES,
        "here": here,
        "open": voting_open(process),
        "round": process.round(now()),
        "signed": actor().user_id is not None,
    }
    response = make_response(render_template("inputs/statements/votes.html", **(found | more)), status)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/processes/<slug>/votes/take-back")
def take_back_vote(slug: str) -> Page:
    """Take one vote back."""
    process = process_here(slug)
    participant = _voter(process)
    statement = queries.statement(db.session(), process, request.form.get("statement", ""))

    def do() -> str:
        acts.take_back(db.session(), process, participant, statement, now())
        flash(gettext("This vote was taken back: it counts no more."), "success")
        return url_for("inputs.my_votes", slug=slug)

    return send(do)


@blueprint.post("/processes/<slug>/votes/about")
def about_voter(slug: str) -> Page:
    """Say something about oneself, or nothing any more."""
    process = process_here(slug)
    participant, form = _voter(process), ConsentForm()
    if not form.validate():
        return _mine(process, form, 422)

    def do() -> str:
        said = form.categories() if form.consent.data else {}
        acts.say_about_oneself(db.session(), participant, said, now())
        flash(
            gettext("Thank you, this was recorded.") if said else gettext("Nothing about you is kept."),
            "success",
        )
        return url_for("inputs.my_votes", slug=slug)

    return send(do)


@blueprint.post("/processes/<slug>/votes/finish")
def finish_voting(slug: str) -> Response:
    """Leave nothing on this computer, for the next person."""
    process, together = process_here(slug), shared()
    session.clear()
    flash(gettext("Nothing of your votes remains on this computer. They are recorded."), "success")
    address = (
        url_for("inputs.vote", slug=slug, shared=1) if together else url_for("inputs.statements", slug=slug)
    )
    return forget_secret(_to(address), process)


@blueprint.route("/processes/<slug>/votes/withdraw", methods=["GET", "POST"])
def withdraw_my_votes(slug: str) -> Page:
    """Say what withdrawing does, then do it."""
    process = process_here(slug)
    participant = participant_here(process)
    if request.method == "GET" or participant is None:
        back, action = (url_for(f"inputs.{name}", slug=slug) for name in ("my_votes", "withdraw_my_votes"))
        return _confirm(process, participant, action, back)
    acts.withdraw_votes(db.session(), participant, now())
    db.session.commit()
    return forget_secret(_gone(process), process)


@blueprint.get("/votes/<secret>")
def votes_elsewhere(secret: str) -> Page:
    """What a link opens, on any device."""
    participant = queries.holder_of(db.session(), secret)
    return _page(participant.process, participant, "inputs.votes_elsewhere", secret=secret)


@blueprint.post("/votes/<secret>/go-on")
def go_on_voting(secret: str) -> Response:
    """Go on voting on this device with the same votes."""
    process = queries.holder_of(db.session(), secret).process
    return keep_secret(_to(url_for("inputs.vote", slug=process.slug)), process, secret)


@blueprint.route("/votes/<secret>/withdraw", methods=["GET", "POST"])
def withdraw_votes_elsewhere(secret: str) -> Page:
    """Say what withdrawing does, then do it."""
    participant = queries.holder_of(db.session(), secret)
    if request.method == "GET":
        action = url_for("inputs.withdraw_votes_elsewhere", secret=secret)
        return _confirm(
            participant.process, participant, action, url_for("inputs.votes_elsewhere", secret=secret)
        )
    process = participant.process
    acts.withdraw_votes(db.session(), participant, now())
    db.session.commit()
    return _gone(process)


def _voter(process: Process) -> Participant:
    participant = participant_here(process)
    if participant is None:
        raise NotFound(N_("No vote was given from this browser. Open the link you kept, or vote first."))
    return participant


def _confirm(process: Process, participant: Participant | None, action: str, back: str) -> Response:
    if participant is None:
        raise NotFound(N_("No vote was given from this browser. Open the link you kept, or vote first."))
    count = len(queries.list_of_votes(db.session(), participant))
    proposed = queries.proposed_by(db.session(), participant)
    page = render_template(
        "inputs/statements/withdraw.html",
        process=process,
        count=count,
        proposed=proposed,
        action=action,
        back=back,
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _gone(process: Process) -> Response:
    flash(gettext("Your votes were withdrawn and erased, with all that was kept about you."), "success")
    return _to(url_for("inputs.statements", slug=process.slug))


def _to(address: str) -> Response:
    return make_response(redirect(address))
