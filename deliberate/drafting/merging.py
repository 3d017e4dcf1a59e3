"""Pages where accepted amendments become a version: seen together, conflicts side by side, voted, adopted."""

from collections.abc import Sequence

from flask import render_template, request, url_for
from flask_security import auth_required

from charters.amendment import content_digest
from charters.merging import Merge
from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.i18n import sentence
from deliberate.core.sending import Page, send
from deliberate.deliberation.forms import PresenceForm
from deliberate.drafting import adoption, queries, voting
from deliberate.drafting.amendment_views import chosen_presence, presence_form
from deliberate.drafting.blueprint import blueprint, charter_here, latest_text, outline, shown_changes
from deliberate.drafting.models import Amendment, Charter
from deliberate.people.current import actor
from deliberate.process.current import allowed, require_here


def _chosen(charter: Charter) -> list[Amendment]:
    """The accepted amendments ticked in the address or the form; all of them when none is named."""
    accepted = queries.amendments(db.session(), charter, "accepted")
    keys = request.values.getlist("a")
    return [one for one in accepted if one.key in keys] if keys else accepted


@blueprint.get("/processes/<slug>/drafting/<key>/merge")
@auth_required("session")
def merging(slug: str, key: str) -> Page:
    """What the accepted amendments make together: the next version, or conflicts to settle."""
    process, charter = charter_here(slug, key)
    return _page(charter, presence_form(process))


def _page(charter: Charter, form: PresenceForm) -> str:
    chosen = _chosen(charter)
    merge = voting.merged(db.session(), charter, chosen) if chosen else Merge(None, ())
    text = latest_text(charter)
    candidate = queries.candidate(db.session(), charter)
    voted = (
        candidate is not None
        and merge.charter is not None
        and candidate.content_digest == content_digest(merge.charter)
    )
    process = charter.process
    return render_template(
        "drafting/merge.html",
        process=process,
        charter=charter,
        accepted=queries.amendments(db.session(), charter, "accepted"),
        chosen=[one.key for one in chosen],
        merge=merge,
        shown=shown_changes(text, merge.charter) if merge.charter else [],
        conflicts=[(one, sentence(one.why.template, dict(one.why.values))) for one in merge.conflicts],
        labels={one.id: label for one, label, _depth in outline(text)},
        settlements=queries.settlements(db.session(), charter),
        candidate=candidate if voted else None,
        form=form,
        may_open=allowed(process, "create", "ballot"),
        may_adopt=allowed(process, "adopt", "version"),
    )


@blueprint.post("/processes/<slug>/drafting/<key>/merge")
@auth_required("session")
def put_to_ballot_together(slug: str, key: str) -> Page:
    """Put a conflict, or the whole version, to the vote."""
    process, charter = charter_here(slug, key)
    require_here(process, "create", "ballot")
    form = presence_form(process)
    if not form.validate_on_submit():
        return _page(charter, form), 422

    def do() -> str:
        chosen, presence = _chosen(charter), chosen_presence(process, form)
        if "clause" in request.form:
            clause = request.form["clause"] or None
            ballot = voting.open_conflict_ballot(
                db.session(), actor(), charter, chosen, clause, now(), **presence
            ).ballot
        else:
            ballot = voting.put_version_to_ballot(db.session(), actor(), charter, chosen, now(), **presence)
        return url_for("deliberation.ballot", slug=slug, number=ballot.number)

    try:
        return send(do)
    except Refusal as refusal:
        _process, charter = charter_here(slug, key)
        return _page(charter, web.show_refusal(form, refusal)), refusal.status


@blueprint.route("/processes/<slug>/drafting/<key>/adopt", methods=["GET", "POST"])
@auth_required("session")
def adopt(slug: str, key: str) -> Page:
    """Adopt the next version, after a page that says what happens."""
    process, charter = charter_here(slug, key)
    require_here(process, "adopt", "version")
    chosen = _chosen(charter)
    if request.method == "GET":
        return _confirmation(charter, chosen)

    def do() -> str:
        adoption.adopt(db.session(), actor(), charter, chosen, now())
        return url_for("drafting.charter", slug=slug, key=key)

    try:
        return send(do)
    except Refusal as refusal:
        _process, charter = charter_here(slug, key)
        return _confirmation(charter, _chosen(charter), refusal), refusal.status


def _confirmation(charter: Charter, chosen: Sequence[Amendment], problem: Refusal | None = None) -> str:
    if not chosen and problem is None:
        problem = Refusal(N_("Choose at least one accepted amendment."))
    others = [
        one for one in queries.amendments(db.session(), charter, "proposed", "accepted") if one not in chosen
    ]
    return render_template(
        "drafting/adopt.html",
        process=charter.process,
        charter=charter,
        chosen=chosen,
        others=others,
        problem=sentence(problem.template, problem.values) if problem else None,
    )
