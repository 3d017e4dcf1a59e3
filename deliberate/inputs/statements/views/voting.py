"""The voting page: one statement, three buttons, and the few that come next for when the network is slow.

A form that arrives twice is recorded once (its token), and a vote in place of another stands. The script sends the same
forms and is answered with the part of the page that changes.
"""

from flask import get_flashed_messages, make_response, redirect, render_template, request, url_for

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.current import settings
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.sending import Page
from deliberate.inputs.blueprint import blueprint
from deliberate.inputs.contributing.rules import source
from deliberate.inputs.opinions.queries import extremity
from deliberate.inputs.statements import acts, queries, rules
from deliberate.inputs.statements.current import (
    keep_secret,
    new_secret,
    participant_here,
    results_shown,
    secret_here,
)
from deliberate.inputs.statements.models import Participant, Statement
from deliberate.people.acts import count_attempt
from deliberate.people.current import actor
from deliberate.process.current import process_here
from deliberate.process.models import Process

# People who begin to vote from one network in a quarter of an hour: a whole workshop sits behind one address.
NEWCOMERS_PER_SOURCE = 300
# Statements kept ready in the page.
DECK = 4
FRAGMENT = "X-Voting"


@blueprint.route("/processes/<slug>/vote", methods=["GET", "POST"])
def vote(slug: str) -> Page:
    """Vote on the statement shown, and go on to the next; `?statement=` shows one again."""
    process = process_here(slug)
    if request.method == "GET":
        return _page(process, asked=request.args.get("statement", ""))
    key = request.form.get("statement", "")
    try:
        _record(process, key)
    except Refusal as refusal:
        db.session.rollback()
        return _answer(process, key, refusal), refusal.status
    if FRAGMENT in request.headers:
        return _answer(process, key)
    return redirect(url_for("inputs.vote", slug=slug, after=key))


def _record(process: Process, key: str) -> None:
    if web.once(db.session(), now()) is not None:
        get_flashed_messages()  # the page shows what was recorded
        return
    statement = queries.statement(db.session(), process, key)
    value = rules.VALUES.get(request.form.get("vote", ""))
    if value is None:
        raise Refusal(N_("Choose to agree, to disagree, or to pass."), field="vote")
    welcome(process)
    acts.vote(db.session(), actor(), process, statement, value, now(), secret=secret_here(process))
    db.session.commit()


def welcome(process: Process) -> None:
    """Count someone who begins to take part against what one network may send. Raises TooMany."""
    if participant_here(process) is None:
        came_from = source(settings().secret_key, process.slug, request.remote_addr)
        count_attempt(db.session(), f"voting:{came_from}", NEWCOMERS_PER_SOURCE, now())


def _answer(process: Process, key: str, refusal: Refusal | None = None) -> str:
    """What a sending is answered with: the whole page, or the part of it that the script replaces."""
    whole = FRAGMENT not in request.headers
    template = "inputs/statements/vote.html" if whole else "inputs/statements/_voting.html"
    return render_template(template, **_context(process, after="" if refusal else key, refusal=refusal))


def _page(process: Process, asked: str) -> Page:
    context = _context(process, asked=asked, after=request.args.get("after", ""))
    response = make_response(render_template("inputs/statements/vote.html", **context))
    response.headers["Cache-Control"] = "no-store"
    if actor().user_id is None and not secret_here(process):
        keep_secret(response, process, new_secret())
    return response


def _context(
    process: Process, asked: str = "", after: str = "", refusal: Refusal | None = None
) -> dict[str, object]:
    number, session = process.round(now()), db.session()
    participant = participant_here(process, anew=True)
    mine = queries.votes_by(session, participant, number)
    statements = {one.id: one for one in queries.statements_of(session, process, number)}
    last = next((one for one in statements.values() if one.key == after and one.id in mine), None)
    return {
        "process": process,
        "round": number,
        "open": voting_open(process),
        "deck": _deck(process, number, statements, mine, participant, asked),
        "again": bool(asked),
        "mine": mine,
        "voted": len(mine),
        "total": len(statements),
        "last": last,
        "refusal": refusal,
        "shown": results_shown(process, number),
        "enough": rules.ENOUGH_VOTES,
        "newcomers": NEWCOMERS_PER_SOURCE,
        "at_close": rules.results_rule(process.protocol) == "at the close",
    }


def voting_open(process: Process) -> bool:
    """Whether votes are being collected."""
    phase = process.phase(now())
    return phase is not None and phase.kind == "open"


def _deck(
    process: Process,
    number: int,
    statements: dict[int, Statement],
    mine: dict[int, int],
    participant: Participant | None,
    asked: str,
) -> list[Statement]:
    """The statement to vote on and the few after it, each drawn by the priority rule among those not voted on."""
    told = extremity(db.session(), process, number)
    weights = rules.weights(list(statements.values()), told)
    seed = f"{participant.id if participant else secret_here(process)}:{len(mine)}"
    first = [one for one in statements.values() if one.key == asked]
    seen = {*mine, *(one.id for one in first)}
    return first + [statements[one] for one in rules.next_ones(weights, seen, DECK - len(first), seed)]
