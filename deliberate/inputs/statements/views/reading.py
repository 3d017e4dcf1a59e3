"""The list of statements, and the page of one."""

from math import ceil
from typing import Any

from flask import Response, jsonify, render_template

from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.core.sending import Page
from deliberate.inputs.blueprint import blueprint, hidden_round, page_asked, round_asked, text_asked
from deliberate.inputs.opinions.categories import by_category
from deliberate.inputs.opinions.picture import key_shape
from deliberate.inputs.opinions.queries import row_of
from deliberate.inputs.queries import PER_PAGE
from deliberate.inputs.statements import queries, rules
from deliberate.inputs.statements.current import participant_here, results_shown
from deliberate.inputs.statements.models import Statement
from deliberate.inputs.statements.views.voting import voting_open
from deliberate.process.current import allowed, process_here


@blueprint.get("/processes/<slug>/statements")
def statements(slug: str) -> Page:
    """The statements of a round: search, and figures for those who may see them."""
    process, session = process_here(slug), db.session()
    number = round_asked(process)
    shown = results_shown(process, number)
    figures = queries.figures(session, process, number)
    words = text_asked("words")
    order = text_asked("order") if shown else ""
    found, total = queries.search(session, process, number, words, order=order, page=page_asked())
    return render_template(
        "inputs/statements/statements.html",
        process=process,
        statements=found,
        total=total,
        page=page_asked(),
        pages=ceil(total / PER_PAGE),
        asked={"words": words, "order": order, "round": number},
        rounds=process.rounds,
        shown=shown,
        figures=figures,
        mine=queries.votes_by(session, participant_here(process), number),
        names=rules.VOTE_NAMES,
        open=voting_open(process) and number == process.round(now()),
        enough=rules.enough(figures["statements"]),
        at_close=rules.results_rule(process.protocol) == "at the close",
        may_change=allowed(process, "change", "statement"),
    )


@blueprint.get("/processes/<slug>/statements.json")
def statements_data(slug: str) -> Response:
    """The statements of every round; how many agreed, disagreed and passed once the open phase has closed."""
    process = process_here(slug)
    return jsonify(
        [
            _record(one, process.open_phase_over(number, now()))
            for number in process.rounds
            for one in queries.statements_of(db.session(), process, number, queries.COUNTED)
        ]
    )


def _record(one: Statement, counted: bool) -> dict[str, Any]:
    plain = {
        name: getattr(one, name) for name in ("key", "round", "number", "text", "language", "source", "state")
    }
    if one.contribution is not None:
        plain["contribution"] = one.contribution.key
    figures = one.told if counted else None
    return plain | ({"reason": one.reason} if one.reason else {}) | (figures or {})


@blueprint.get("/processes/<slug>/statements/<key>")
def statement(slug: str, key: str) -> Page:
    """One statement: its words, what it was drawn from, how people voted."""
    process = process_here(slug)
    found = queries.statement(db.session(), process, key)
    if found.state == "waiting" and not allowed(process, "change", "statement"):
        raise NotFound(N_("There is no statement at this address."))
    mine = queries.votes_by(db.session(), participant_here(process), found.round)
    shown = results_shown(process, found.round)
    row = row_of(db.session(), process, found.round, found.number) if shown else None
    return render_template(
        "inputs/statements/statement.html",
        process=process,
        statement=found,
        shown=shown,
        row=row,
        key_shape=key_shape,
        # Watched while votes arrive, a table would tell what each newcomer said of themselves.
        categories=by_category(db.session(), found) if process.open_phase_over(found.round, now()) else {},
        # Everyone answers alone before reading the others: the page of the contribution says so.
        root_hidden=found.contribution is not None and found.contribution.round == hidden_round(process),
        vote=mine.get(found.id),
        names=rules.VOTE_NAMES,
        open=voting_open(process) and found.round == process.round(now()),
        may_change=allowed(process, "change", "statement"),
    )
