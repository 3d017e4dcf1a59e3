"""Pages of the clause editor: what is typed becomes an amendment, seen before it is proposed."""

from typing import Any

from flask import render_template, request, url_for
from flask_security import auth_required

from charters.labels import NAMES
from charters.model import KINDS, Clause
from charters.model import Charter as Document
from deliberate.core import web
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.fields import in_my_language
from deliberate.core.sending import Page, send
from deliberate.drafting import acts
from deliberate.drafting.blueprint import (
    blueprint,
    charter_here,
    latest_text,
    outline,
    readers_first,
    shown_changes,
)
from deliberate.drafting.editing import EDITS, languages, parent_of, siblings
from deliberate.drafting.forms import ProposalForm
from deliberate.drafting.models import Charter
from deliberate.drafting.rules import amended
from deliberate.people.current import actor
from deliberate.process.current import require_here

PREVIEW = "preview"
EDIT_NAMES = {
    "words": N_("Change the words"),
    "insert": N_("Add a clause"),
    "strike": N_("Strike the clause"),
    "move": N_("Move the clause"),
    "split": N_("Split the clause"),
    "join": N_("Join with another clause"),
}


@blueprint.route("/processes/<slug>/drafting/<key>/clauses/<clause>/<edit>", methods=["GET", "POST"])
@auth_required("session")
def edit(slug: str, key: str, clause: str, edit: str) -> Page:
    """Edit a clause: see what changes, then propose it."""
    process, charter = charter_here(slug, key)
    require_here(process, "create", "amendment")
    text = latest_text(charter)
    here = next((one for one, _parent, _depth in text.walk() if one.id == clause), None)
    if here is None or edit not in EDITS:
        raise NotFound(N_("This version has no clause “%(clause)s”."), clause=clause)
    form = ProposalForm()
    if request.method == "GET":
        return _page(charter, text, here, edit, form)
    steps = EDITS[edit](text, here, request.form.to_dict())
    if request.form.get("action") == PREVIEW:
        return _preview(charter, text, here, edit, steps)
    if not form.validate_on_submit():
        return _page(charter, text, here, edit, form), 422
    try:
        return send(lambda: _propose(charter, steps, form))
    except Refusal as refusal:
        _process, charter = charter_here(slug, key)
        return _page(charter, text, here, edit, web.show_refusal(form, refusal)), refusal.status


def _propose(charter: Charter, steps: list[dict[str, Any]], form: ProposalForm) -> str:
    reason = in_my_language(form.reason.data)
    found = acts.propose(
        db.session(), actor(), charter, steps, reason, form.sources(), now(), table=form.table.data or ""
    )
    return url_for("drafting.amendment", slug=charter.process.slug, key=found.key)


def _preview(charter: Charter, text: Document, here: Clause, edit: str, steps: list[dict[str, Any]]) -> Page:
    form = ProposalForm()
    try:
        acts.checked(PREVIEW, steps, text)
    except Refusal as refusal:
        return _page(charter, text, here, edit, web.show_refusal(form, refusal)), refusal.status
    return _page(charter, text, here, edit, form, shown_changes(text, amended(PREVIEW, steps, text)))


def _page(
    charter: Charter, text: Document, here: Clause, edit: str, form: ProposalForm, preview: Any = None
) -> str:
    places = outline(text)
    return render_template(
        "drafting/edit.html",
        process=charter.process,
        charter=charter,
        clause=here,
        label=next(label for one, label, _depth in places if one.id == here.id),
        edit=edit,
        edits=EDIT_NAMES,
        form=form,
        preview=preview,
        languages=readers_first(languages(text)),
        kinds=[(kind, NAMES) for kind in KINDS],
        typed=request.form,
        destinations=_destinations(text, here) if edit == "move" else [],
        others=[(one.id, label) for one, label, _d in places if one in siblings(text, here.id)]
        if edit == "join"
        else [],
    )


def _destinations(text: Document, here: Clause) -> list[tuple[str, str | None, str | None]]:
    """Where a clause can go: value of the choice, label of the clause it comes after, or of the one it opens."""
    inside = {here.id} | {one.id for one in _below(here)}
    found: list[tuple[str, str | None, str | None]] = [("|", None, None)]
    for one, label, _depth in outline(text):
        if one.id not in inside:
            found.append((f"{parent_of(text, one.id) or ''}|{one.id}", label, None))
            found.append((f"{one.id}|", None, label))
    return found


def _below(clause: Clause) -> list[Clause]:
    return [found for child in clause.clauses for found in (child, *_below(child))]
