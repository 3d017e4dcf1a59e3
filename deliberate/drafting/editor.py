"""Pages of the clause editor: what is typed is seen in its place, then joins the amendment being prepared."""

from typing import Any

from flask import render_template, request, url_for
from flask_security import auth_required

from charters.labels import COMMITTED, NAMES
from charters.model import COMMITS, KINDS, Clause
from charters.model import Charter as Document
from deliberate.core.clock import now
from deliberate.core.database import db
from deliberate.core.errors import N_, NotFound, Refusal
from deliberate.core.i18n import sentence
from deliberate.core.sending import Page, send
from deliberate.drafting import acts, pending, preparing
from deliberate.drafting.blueprint import (
    blueprint,
    charter_here,
    in_place,
    latest_text,
    outline,
    readers_first,
)
from deliberate.drafting.editing import EDITS, languages, neighbours, parent_of, siblings
from deliberate.drafting.models import Charter, Preparation
from deliberate.drafting.rules import DRAFT, amended, numbered
from deliberate.people.current import actor
from deliberate.process.current import require_here

PREVIEW = "preview"
EDIT_NAMES = {
    "words": N_("Change the words"),
    "nature": N_("Change its kind, whom it commits, its references"),
    "insert": N_("Add a clause"),
    "move": N_("Move the clause"),
    "split": N_("Split the clause"),
    "join": N_("Join with another clause"),
    "strike": N_("Strike the clause"),
}


@blueprint.route("/processes/<slug>/drafting/<key>/clauses/<clause>/<edit>", methods=["GET", "POST"])
@auth_required("session")
def edit(slug: str, key: str, clause: str, edit: str) -> Page:
    """Edit a clause: see what changes, then keep it for the amendment one prepares."""
    process, charter = charter_here(slug, key)
    require_here(process, "create", "amendment")
    desk = Desk(charter)
    here = desk.clause(clause)
    if edit not in EDITS:
        raise NotFound(N_("A clause cannot be changed in this way."))
    if request.method == "GET":
        return _page(desk, here, edit)
    steps = EDITS[edit](desk.text, here, _typed())
    try:
        if request.form.get("action") == PREVIEW:
            return _page(desk, here, edit, preview=desk.with_(steps))
        return send(lambda: _keep(charter, desk, steps))
    except Refusal as refusal:
        desk = Desk(charter_here(slug, key)[1])
        return _page(desk, desk.clause(clause), edit, refusal=refusal), refusal.status


class Desk:
    """A charter as one's amendment in preparation would leave it so far: what the editor shows and changes."""

    def __init__(self, charter: Charter) -> None:
        self.charter = charter
        self.draft: Preparation | None = pending.preparation(db.session(), charter, actor().user_id)
        self.base = pending.prepared_on(db.session(), self.draft) if self.draft else latest_text(charter)
        self.text: Document = self._after(self.draft.operations if self.draft else [])

    def clause(self, id: str) -> Clause:
        """A clause of the text. Raises NotFound."""
        found = next((one for one, _parent, _depth in self.text.walk() if one.id == id), None)
        if found is None:
            raise NotFound(N_("This text has no clause “%(clause)s”."), clause=id)
        return found

    def with_(self, steps: list[dict[str, Any]]) -> Document:
        """The text with further changes. Raises Refusal when they cannot be applied or change nothing."""
        begun = list(self.draft.operations) if self.draft else []
        found = numbered(steps, begun, self.base)
        return self._after(acts.checked(DRAFT, [*begun, *found], self.base, touching=found))

    def _after(self, operations: list[dict[str, Any]]) -> Document:
        return amended(DRAFT, operations, self.base) if operations else self.base


def _typed() -> dict[str, str]:
    typed: dict[str, str] = request.form.to_dict()
    if "shown_commits" in typed:
        typed["commits"] = " ".join(request.form.getlist("commits"))
    return typed


def _keep(charter: Charter, desk: Desk, steps: list[dict[str, Any]]) -> str:
    preparing.prepare(
        db.session(), actor(), charter, steps, now(), amends=desk.draft.amends if desk.draft else None
    )
    return url_for("drafting.preparation", slug=charter.process.slug, key=charter.key)


def _page(
    desk: Desk, here: Clause, edit: str, preview: Document | None = None, refusal: Refusal | None = None
) -> str:
    places = outline(desk.text)
    labels = {one.id: label for one, label, _depth in places}
    above, below = neighbours(desk.text, here.id)
    return render_template(
        "drafting/edit.html",
        process=desk.charter.process,
        charter=desk.charter,
        draft=desk.draft,
        clause=here,
        labels=labels,
        above=above,
        below=below,
        edit=edit,
        edits=EDIT_NAMES,
        problem=sentence(refusal.template, refusal.values) if refusal else None,
        preview=in_place(desk.text, preview) if preview else None,
        languages=readers_first(languages(desk.text)),
        kinds=[(kind, NAMES) for kind in KINDS],
        addressees=[(name, COMMITTED) for name in COMMITS],
        typed=request.form,
        committed=_committed(here, edit),
        destinations=_destinations(desk.text, here) if edit == "move" else [],
        others=[(one.id, labels[one.id]) for one in siblings(desk.text, here.id)] if edit == "join" else [],
    )


def _committed(here: Clause, edit: str) -> list[str]:
    """Whom the clause commits, as typed or as it stands."""
    if request.method == "POST":
        return request.form.getlist("commits")
    return list(here.commits) if edit == "nature" else []


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
