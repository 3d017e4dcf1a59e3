"""Pages that set amendments side by side: those of one clause, and all of a charter as a booklet to print."""

from dataclasses import dataclass

from flask import Response, jsonify, render_template, request
from flask_security import auth_required

from charters.comparing.readable import Segment, segments
from charters.model import MAX_TEXT
from charters.model import Charter as Document
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound
from deliberate.core.sending import Page
from deliberate.drafting import pending, queries
from deliberate.drafting.amendment_views import OPEN
from deliberate.drafting.blueprint import Shown, blueprint, charter_here, latest_text, outline, shown_changes
from deliberate.drafting.models import Amendment, Charter
from deliberate.drafting.rules import amended
from deliberate.people.current import user
from deliberate.process.current import allowed, require_here


@dataclass(frozen=True)
class Row:
    """An amendment of a clause: the clause as it would have it, per language (None when it goes), and what opposes it."""

    amendment: Amendment
    words: dict[str, list[Segment]] | None
    rivals: list[str]
    supported: bool


@blueprint.get("/processes/<slug>/drafting/<key>/clauses/<clause>")
@auth_required("session")
def clause(slug: str, key: str, clause: str) -> Page:
    """The amendments of one clause, side by side."""
    process, found = charter_here(slug, key)
    text = latest_text(found)
    here = next((one for one in outline(text) if one[0].id == clause), None)
    if here is None:
        raise NotFound(N_("This version has no clause “%(clause)s”."), clause=clause)
    rows = _rows(found, text, clause)
    return render_template(
        "drafting/clause.html",
        process=process,
        charter=found,
        clause=here[0],
        label=here[1],
        rows=rows,
        conflicting=any(row.rivals for row in rows),
        changes=[change for row in rows for change in row.amendment.changes if change.state in OPEN],
        may_propose=allowed(process, "create", "amendment"),
        may_support=allowed(process, "support", "amendment"),
        may_open=allowed(process, "create", "ballot"),
    )


@blueprint.post("/processes/<slug>/drafting/<key>/words")
@auth_required("session")
def compared(slug: str, key: str) -> Response:
    """The readable difference of two texts as `[kind, text]` pairs, for the editor to show while somebody types."""
    process, _charter = charter_here(slug, key)
    require_here(process, "create", "amendment")
    before, after = (
        request.form.get(name, "").replace("\r\n", "\n")[:MAX_TEXT] for name in ("before", "after")
    )
    return jsonify(segments(before, after))


@blueprint.get("/processes/<slug>/drafting/<key>/booklet")
@auth_required("session")
def booklet(slug: str, key: str) -> Page:
    """Every open amendment of a charter on paper, to vote on at the table."""
    process, found = charter_here(slug, key)
    open_ = queries.amendments(db.session(), found, "proposed", "ballot")
    rows = [(one, shown) for one in open_ if (shown := _effect(one))]
    return render_template("drafting/booklet.html", process=process, charter=found, rows=rows)


def _rows(charter: Charter, text: Document, clause: str) -> list[Row]:
    open_ = pending.amended_here(db.session(), charter, *OPEN)
    concerned = [
        one for one in queries.by_clause(open_).get(clause, []) if one.base_number == charter.latest.number
    ]
    against = pending.rivals(db.session(), charter, concerned)
    me = user()
    return [
        Row(
            one,
            _words(text, one, clause),
            sorted(against[one.key]),
            me is not None and any(mark.user_id == me.id for mark in one.supports),
        )
        for one in concerned
    ]


def _words(text: Document, one: Amendment, clause: str) -> dict[str, list[Segment]] | None:
    after = {found.id: found for found, _parent, _depth in amended(one.key, one.operations, text).walk()}
    if clause not in after:
        return None
    old, new = text.clause(clause), after[clause]
    langs = dict.fromkeys([*old.text, *new.text])
    return {lang: list(segments(old.text.get(lang, ""), new.text.get(lang, ""))) for lang in langs}


def _effect(one: Amendment) -> list[Shown]:
    base = pending.written_on(db.session(), one)
    return shown_changes(base, amended(one.key, one.operations, base))
