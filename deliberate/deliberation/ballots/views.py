"""Pages of a ballot: voting, its paper, entering what was done on paper, closing, the result."""

from flask import flash, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from deliberate.core import typed
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import Refusal
from deliberate.core.i18n import sentence
from deliberate.core.sending import Page, send
from deliberate.deliberation.ballots import acts, queries
from deliberate.deliberation.ballots.models import Ballot, Vote
from deliberate.deliberation.ballots.rules import differences
from deliberate.deliberation.blueprint import blueprint
from deliberate.deliberation.queries import members
from deliberate.panels.queries import seat_of
from deliberate.people.current import actor, user
from deliberate.process.current import allowed, process_here, require_here
from deliberate.process.models import Process

KINDS = {"yes": "for", "no": "against", "abstain": "abstain"}


@blueprint.get("/processes/<slug>/ballots")
def ballots(slug: str) -> Page:
    """Every ballot, those that wait for the reader first."""
    process = process_here(slug)
    me = user()
    return render_template(
        "deliberation/ballots.html",
        process=process,
        ballots=queries.ballots(db.session(), process),
        due=queries.ballots_due(db.session(), process, me.id, now()) if me else [],
    )


@blueprint.get("/processes/<slug>/ballots/<int:number>")
def ballot(slug: str, number: int) -> Page:
    """A ballot: before it closes a paper to fill in and no figures, afterwards its result."""
    process = process_here(slug)
    return _ballot(process, queries.ballot(db.session(), process, number))


def _ballot(process: Process, found: Ballot, problem: Refusal | None = None) -> str:
    if found.closed_at is not None:
        return _result(process, found)
    return render_template(
        "deliberation/ballot.html",
        process=process,
        ballot=found,
        may_see=allowed(process, "see", "amendment"),
        may_vote=_may_vote(process, found),
        may_count=allowed(process, "count", "ballot"),
        may_close=allowed(process, "close", "ballot"),
        mine=_mine(found),
        turnout=queries.turnout(db.session(), found),
        problem=sentence(problem.template, problem.values) if problem else None,
    )


def _result(process: Process, found: Ballot) -> str:
    counts = found.counts or {}
    rows = [
        {
            "key": option["key"],
            "label": option["label"],
            "count": counts.get(option["key"], 0),
            "kind": KINDS.get(option["key"], "for"),
        }
        for option in found.options
    ]
    outcome = found.outcome or {}
    return render_template(
        "deliberation/result.html",
        process=process,
        ballot=found,
        rows=rows,
        figures=outcome["figures"],
        reading=[sentence(template, values) for template, values in outcome["reading"]],
        votes=sorted(found.votes, key=lambda vote: vote.voter),
        inside=allowed(process, "see", "amendment"),
    )


def _may_vote(process: Process, found: Ballot) -> bool:
    me = user()
    return (
        me is not None
        and allowed(process, "vote", "ballot")
        and queries.may_vote(db.session(), found, me.id, now())
    )


def _mine(found: Ballot) -> Vote | None:
    me = user()
    return queries.vote_of(db.session(), found, me.id) if me else None


@blueprint.post("/processes/<slug>/ballots/<int:number>/vote")
@auth_required("session")
def vote(slug: str, number: int) -> Page:
    """Vote, or change one's vote."""
    process = process_here(slug)
    found = queries.ballot(db.session(), process, number)

    def do() -> str:
        acts.cast_vote(db.session(), actor(), found, request.form.getlist("choice"), now())
        flash(gettext("Your vote was received. You can change it until the ballot closes."), "success")
        return url_for("deliberation.ballot", slug=slug, number=number)

    try:
        return send(do)
    except Refusal as refusal:
        process = process_here(slug)
        return _ballot(process, queries.ballot(db.session(), process, number), refusal), refusal.status


@blueprint.get("/processes/<slug>/ballots/<int:number>/paper")
@auth_required("session")
def paper(slug: str, number: int) -> Page:
    """The ballot to print: one paper per person present."""
    process = process_here(slug)
    require_here(process, "see", "amendment")
    found = queries.ballot(db.session(), process, number)
    return render_template("deliberation/paper.html", process=process, ballot=found)


@blueprint.get("/processes/<slug>/ballots/<int:number>/entry")
@auth_required("session")
def entry(slug: str, number: int) -> Page:
    """Type in what was done in the room: votes by hand, or a count of papers."""
    process = process_here(slug)
    require_here(process, "count", "ballot")
    return _entry(process, queries.ballot(db.session(), process, number))


def _entry(process: Process, found: Ballot, problem: Refusal | None = None) -> str:
    me = user()
    voters = [
        one
        for one in members(db.session(), process, now())
        if queries.may_vote(db.session(), found, one.id, now())
    ]
    given = {one.user_id: one.choice for one in found.votes}
    return render_template(
        "deliberation/entry.html",
        process=process,
        ballot=found,
        voters=[(one, seat_of(db.session(), process, one.id), given.get(one.id, [])) for one in voters],
        mine=next((one for one in found.papers if me and one.counter_id == me.id), None),
        typed=request.form if problem else {},
        problem=sentence(problem.template, problem.values) if problem else None,
    )


@blueprint.post("/processes/<slug>/ballots/<int:number>/entry")
@auth_required("session")
def enter(slug: str, number: int) -> Page:
    """Record the votes or the count."""
    process = process_here(slug)
    require_here(process, "count", "ballot")
    found = queries.ballot(db.session(), process, number)

    def do() -> str:
        if found.secret:
            counts = {
                option["key"]: request.form.get(f"n-{option['key']}", 0, typed.whole)
                for option in found.options
            }
            acts.count_paper(
                db.session(), actor(), found, counts, now(), request.form.get("papers", None, typed.whole)
            )
        else:
            acts.enter_votes(db.session(), actor(), found, _votes_typed(process, found), now())
        flash(gettext("Recorded."), "success")
        return url_for("deliberation.ballot", slug=slug, number=number)

    try:
        return send(do)
    except Refusal as refusal:
        process = process_here(slug)
        return _entry(process, queries.ballot(db.session(), process, number), refusal), refusal.status


def _votes_typed(process: Process, found: Ballot) -> dict[int, list[str]]:
    """One row per member; a member whose row was left empty (or, in an approval, marked absent) has not voted."""
    rows = {one.id: request.form.getlist(f"choice-{one.id}") for one in members(db.session(), process, now())}
    return {user_id: [key for key in keys if key] for user_id, keys in rows.items() if keys and keys != [""]}


@blueprint.route("/processes/<slug>/ballots/<int:number>/close", methods=["GET", "POST"])
@auth_required("session")
def close(slug: str, number: int) -> Page:
    """Close and count, after a page that says so; two counts of papers that differ are shown side by side."""
    process = process_here(slug)
    require_here(process, "close", "ballot")
    found = queries.ballot(db.session(), process, number)
    if request.method == "GET":
        return _closing(process, found)

    def do() -> str:
        acts.close_ballot(db.session(), actor(), found, now())
        return url_for("deliberation.ballot", slug=slug, number=number)

    try:
        return send(do)
    except Refusal as refusal:
        process = process_here(slug)
        return _closing(process, queries.ballot(db.session(), process, number), refusal), refusal.status


def _closing(process: Process, found: Ballot, problem: Refusal | None = None) -> str:
    papers = found.papers
    return render_template(
        "deliberation/close.html",
        process=process,
        ballot=found,
        turnout=queries.turnout(db.session(), found),
        differences=differences(papers[0].counts, papers[1].counts) if problem and len(papers) > 1 else {},
        problem=sentence(problem.template, problem.values) if problem else None,
    )
