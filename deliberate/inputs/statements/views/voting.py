"""The voting page: one statement, three buttons, and the few that come next for when the network is slow.

A form that arrives twice is recorded once (its token), and a vote in place of another stands. The script sends the same
forms and is led to the part of the page that changes.
"""

from collections.abc import Sequence

from flask import get_flashed_messages, make_response, redirect, render_template, request, url_for

from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.current import settings
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.sending import Page
from deliberate.inputs.blueprint import blueprint
from deliberate.inputs.contributing.rules import source
from deliberate.inputs.contributing.visit import shared
from deliberate.inputs.opinions.queries import extremity
from deliberate.inputs.statements import acts, queries, rules
from deliberate.inputs.statements.current import (
    keep_secret,
    new_secret,
    participant_here,
    secret_here,
    shown_after,
)
from deliberate.inputs.statements.models import Participant
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
        return _page(process, request.args.get("statement", ""), request.args.get("after", ""))
    key = request.form.get("statement", "")
    try:
        _record(process, key)
    except Refusal as refusal:
        db.session.rollback()
        return render_template(_template(), **_context(process, refusal=refusal)), refusal.status
    # Reading what comes next is another transaction, which holds up nobody who votes.
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


def _template() -> str:
    """The whole page, or for the script the part of it that changes."""
    return f"inputs/statements/{'_voting' if FRAGMENT in request.headers else 'vote'}.html"


def _page(process: Process, asked: str, after: str) -> Page:
    response = make_response(render_template(_template(), **_context(process, asked, after)))
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
    there = queries.tallies_of(session, process, number)
    last = next((one.id for one in there if one.key == after and one.id in mine), None)
    ahead = _next(process, number, there, mine, participant, asked)
    return {
        "process": process,
        "round": number,
        "open": voting_open(process),
        "deck": queries.statements_by_id(session, ahead),
        "again": bool(asked),
        "mine": mine,
        "voted": len(mine),
        "total": len(there),
        "last": queries.statements_by_id(session, [last])[0] if last else None,
        "refusal": refusal,
        "shown": shown_after(process, number, len(mine), len(there)),
        "enough": rules.enough(len(there)),
        "shared": shared(),
        "newcomers": NEWCOMERS_PER_SOURCE,
        "at_close": rules.results_rule(process.protocol) == "at the close",
    }


def voting_open(process: Process) -> bool:
    """Whether votes are being collected."""
    phase = process.phase(now())
    return phase is not None and phase.kind == "open"


def _next(
    process: Process,
    number: int,
    there: Sequence[queries.Tally],
    mine: dict[int, int],
    participant: Participant | None,
    asked: str,
) -> list[int]:
    """The statement to vote on and the few after it, each drawn by the priority rule among those not voted on."""
    weights = rules.weights(there, extremity(db.session(), process, number))
    seed = f"{participant.id if participant else secret_here(process)}:{len(mine)}"
    first = [one.id for one in there if one.key == asked]
    return first + rules.next_ones(weights, {*mine, *first}, DECK - len(first), seed)
