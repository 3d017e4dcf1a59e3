"""Pages where accepted amendments become a version: seen together, conflicts side by side, voted, adopted."""

from collections.abc import Sequence

from flask import flash, render_template, request, url_for
from flask_babel import gettext
from flask_security import auth_required

from charters.amendment import content_digest
from charters.merging.merge import Merge
from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, Refusal
from deliberate.core.fields import in_my_language
from deliberate.core.i18n import sentence
from deliberate.core.sending import Page, send
from deliberate.deliberation.forms import PresenceForm
from deliberate.drafting import adoption, pending, queries, voting
from deliberate.drafting.amendment_views import OPEN, chosen_presence, presence_form
from deliberate.drafting.blueprint import blueprint, charter_here, in_place, latest_text, outline
from deliberate.drafting.models import Amendment, Candidate, Charter
from deliberate.people.current import actor
from deliberate.process.current import allowed, require_here


def _chosen(charter: Charter) -> list[Amendment]:
    """The amendments ticked in the address or the form; all those accepted when none is named."""
    keys = request.values.getlist("a")
    if not keys:
        return pending.amended_here(db.session(), charter, "accepted")
    return [one for one in pending.amended_here(db.session(), charter, *OPEN) if one.key in keys]


@blueprint.get("/processes/<slug>/drafting/<key>/merge")
@auth_required("session")
def merging(slug: str, key: str) -> Page:
    """What amendments make together: the next version, or conflicts to settle."""
    process, charter = charter_here(slug, key)
    return _page(charter, presence_form(process))


def _page(charter: Charter, form: PresenceForm) -> str:
    session, process = db.session(), charter.process
    found = [
        one
        for one in pending.amended_here(session, charter, *OPEN)
        if one.base_number == charter.latest.number
    ]
    chosen = [one for one in _chosen(charter) if one in found]
    rivals = pending.rivals(session, charter, found)
    merge = voting.merged(session, charter, chosen) if chosen else Merge(None, ())
    accepted = [one for one in found if one.state == "accepted"]
    return render_template(
        "drafting/merge.html",
        process=process,
        charter=charter,
        accepted=accepted,
        others=[one for one in found if one not in accepted],
        chosen=[one.key for one in chosen],
        rivals={key: sorted(names) for key, names in rivals.items()},
        uncontested=[one.key for one in pending.uncontested(accepted, rivals)],
        complete=bool(chosen) and all(one in accepted for one in chosen),
        merge=merge,
        shown=in_place(latest_text(charter), merge.charter) if merge.charter else [],
        conflicts=[(one, sentence(one.why.template, dict(one.why.values))) for one in merge.conflicts],
        labels={one.id: label for one, label, _depth in outline(latest_text(charter))},
        settlements=queries.settlements(session, charter),
        candidate=_voted_on(charter, merge),
        form=form,
        typed=request.form,
        may_open=allowed(process, "create", "ballot"),
        may_adopt=allowed(process, "adopt", "version"),
    )


def _voted_on(charter: Charter, merge: Merge) -> Candidate | None:
    """The vote on the whole, when it was held on this very text."""
    found = queries.candidate(db.session(), charter)
    if found is None or merge.charter is None or found.content_digest != content_digest(merge.charter):
        return None
    return found


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
            wording = {
                lang: request.form.get(f"wording_{lang}", "") for lang in latest_text(charter).languages
            }
            reason = in_my_language(request.form.get("reason"))
            ballot = voting.open_conflict_ballot(
                db.session(),
                actor(),
                charter,
                chosen,
                clause,
                now(),
                wording=wording,
                reason=reason,
                **presence,
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
        version = adoption.adopt(db.session(), actor(), charter, chosen, now())
        flash(gettext("Version %(number)s is adopted.", number=version.number), "success")
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
        one
        for one in pending.amended_here(db.session(), charter, "proposed", "accepted")
        if one not in chosen
    ]
    return render_template(
        "drafting/adopt.html",
        process=charter.process,
        charter=charter,
        chosen=chosen,
        others=others,
        problem=sentence(problem.template, problem.values) if problem else None,
    )
